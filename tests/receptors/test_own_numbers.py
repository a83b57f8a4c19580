"""A user's own numbers of a receptor, the potency ratio, and that every function follows them."""

import numpy as np
import pytest
from brian2 import mV, second
from numpy.testing import assert_allclose

from allotone.errors import InputError
from allotone.receptors import (
    DECAY,
    GATING,
    PARAMETERS,
    PREPARATIONS,
    SUBTYPES,
    constants,
    decay_factor,
    direct_open_probability,
    gaba_ec50,
    open_probability,
    receptor,
    receptor_table,
    steady_state_open_probability,
    tonic_fold,
)
from allotone.units import nM, uM

NAME = "alpha4_beta_delta"


def test_the_names_that_may_be_replaced():
    assert set(PARAMETERS) == {*GATING, *DECAY, "Q0", "q", "K_q"}


@pytest.mark.parametrize("value", ["0.1 uM", "100 nM", 100 * nM, 0.1 * uM])
def test_a_value_is_text_with_a_unit_or_a_quantity(value):
    number = receptor(NAME, parameters={"K_allo": value}).K_allo
    assert_allclose([number.value, number.low, number.high], 0.1, rtol=1e-12)
    assert (number.unit, number.origin, number.source) == ("uM", "assumed", "set by the user")


@pytest.mark.parametrize("value", [0.2, np.float64(0.2), "0.2"])
def test_a_number_without_a_unit_may_be_plain(value):
    assert receptor(NAME, parameters={"c_allo": value}).c_allo.value == 0.2


@pytest.mark.parametrize("key", PARAMETERS)
@pytest.mark.parametrize("name", ["alpha4_beta_delta", "alpha1_beta_gamma2"])
def test_one_number_changes_and_all_others_stay(name, key):
    before = receptor(name)
    number = getattr(before, key)
    value = 0.9 * number.value or 0.5
    after = receptor(name, parameters={key: f"{max(value, 1.5) if key == 'decay_max' else value} {number.unit}"})
    changed = [field for field in vars(before) if getattr(before, field) != getattr(after, field)]
    assert changed == [key]


@pytest.mark.parametrize(
    "key, value, function",
    [
        ("L", 2e4, lambda one: direct_open_probability(0, one)),
        ("K_gaba", "2 uM", gaba_ec50),
        ("c_gaba", 0.05, lambda one: one.maximal_open_probability),
        ("K_allo", "50 nM", lambda one: tonic_fold(0.16, 100, one)),
        ("c_allo", 0.3, lambda one: receptor_table(one, 0.2, 100)["fold"][0]),
        ("decay_max", 8, lambda one: decay_factor(100, one)),
        ("decay_ec50", "2 uM", lambda one: decay_factor(100, one)),
        ("decay_hill", 1, lambda one: decay_factor(100, one)),
        ("Q0", 5, lambda one: steady_state_open_probability(100, 100, one)),
        ("q", 1, lambda one: steady_state_open_probability(100, 100, one)),
        ("K_q", "1 uM", lambda one: steady_state_open_probability(100, 100, one)),
    ],
)
def test_every_number_is_read(key, value, function):
    deepened = {} if key == "q" else {"q": 0.5}
    before = function(receptor(NAME, parameters=deepened))
    assert abs(function(receptor(NAME, parameters=deepened | {key: value})) / before - 1) > 1e-3


def test_the_numbers_handed_to_brian2_follow():
    found = constants(receptor(NAME, parameters={"K_allo": "0.1 uM"}), "a")
    assert_allclose(float(found["a_K_allo"] / nM), 100, rtol=1e-12)


def test_a_table_cell_of_a_changed_receptor():
    """The closed form with the numbers written out."""
    changed = receptor(
        NAME, parameters={"L": 5000, "K_gaba": "1 uM", "c_gaba": 0.02, "K_allo": "0.1 uM", "c_allo": 0.2}
    )
    closed = 5000 * ((1 + 0.5 / 1.0) / (1 + 0.5 / 0.02)) ** 2 * ((1 + 0.3 / 0.1) / (1 + 0.3 / 0.02)) ** 2
    assert_allclose(open_probability(0.5, 300, changed), 1 / (1 + closed), rtol=1e-12)


@pytest.mark.parametrize("preparation", ["slice", "recombinant", "native"])
def test_potency_ratio(preparation):
    gamma2 = receptor("alpha1_beta_gamma2", preparation).K_allo.value
    for ratio in (0.3, 0.6, "1"):
        number = receptor(NAME, preparation, potency_ratio=ratio).K_allo
        assert_allclose(number.value / gamma2, float(ratio), rtol=1e-12)
        assert number.origin == "assumed" and "set by the user" in number.source


def test_a_ratio_of_1_is_no_preference_at_low_gaba():
    """Far below the EC50 a delta and a gamma2 receptor then gain the same; a ratio below 1 prefers delta."""
    gamma2 = receptor("alpha1_beta_gamma2", "recombinant")
    gain = {
        ratio: float(
            open_probability(1e-3, 100, one := receptor(NAME, "recombinant", potency_ratio=ratio))
            / open_probability(1e-3, 0, one)
        )
        for ratio in (0.3, 1)
    }
    same = float(open_probability(1e-3, 100, gamma2) / open_probability(1e-3, 0, gamma2))
    assert_allclose(gain[1], same, rtol=0.01)
    assert gain[0.3] > 2 * same


def test_without_a_ratio_each_class_has_its_own_number():
    ratios = [
        receptor(NAME, one).K_allo.value / receptor("alpha1_beta_gamma2", one).K_allo.value
        for one in ("recombinant", "slice", "native")
    ]
    assert_allclose(ratios, [0.625, 0.19 / 0.3, 1], rtol=1e-12)


@pytest.mark.parametrize("preparation", PREPARATIONS)
@pytest.mark.parametrize("name", SUBTYPES)
def test_nothing_given_is_the_published_set(name, preparation):
    assert receptor(name, preparation, parameters={}) == receptor(name, preparation) == SUBTYPES[name](preparation)


@pytest.mark.parametrize(
    "arguments, path, words",
    [
        ({"parameters": {"K_alo": 0.1}}, "parameters.K_alo", "unknown receptor number 'K_alo'; did you mean 'K_allo'?"),
        ({"parameters": {"K_alo": 0.1}, "path": "p.a"}, "p.a.receptor_parameters.K_alo", "'K_allo'"),
        ({"parameters": {"K_allo": "0.1"}}, "parameters.K_allo", "no unit"),
        ({"parameters": {"K_allo": "30 ms"}}, "parameters.K_allo", "concentration"),
        ({"parameters": {"K_allo": 3 * second}}, "parameters.K_allo", "concentration"),
        ({"parameters": {"L": "3 mV"}}, "parameters.L", "plain number"),
        ({"parameters": {"c_gaba": 3 * mV}}, "parameters.c_gaba", "plain number"),
        ({"parameters": {"K_allo": "0 uM"}}, "parameters.K_allo", "more than 0"),
        (
            {"parameters": {"K_allo": 100}},
            "parameters.K_allo",
            "100 has no unit; expected a concentration such as '1 uM'",
        ),
        ({"parameters": {"K_allo": "-1 uM"}}, "parameters.K_allo", "-1 uM is negative"),
        ({"parameters": {"q": -0.1}}, "parameters.q", "negative"),
        ({"parameters": {"L": float("nan")}}, "parameters.L", "finite"),
        ({"parameters": {"L": float("inf")}}, "parameters.L", "finite"),
        ({"parameters": {"L": True}}, "parameters.L", "True"),
        ({"parameters": {"K_allo": [0.1, 0.2] * uM}}, "parameters.K_allo", "2 values"),
        ({"parameters": {"c_gaba": 1}}, "parameters.c_gaba", "below 1"),
        ({"parameters": {"c_allo": 1.2}}, "parameters.c_allo", "at most 1"),
        ({"parameters": {"decay_max": 0.5}, "path": "p.a"}, "p.a.receptor_parameters.decay_max", "at least 1"),
        ({"parameters": {"K_allo": 0.1}, "preparation": "insensitive"}, "parameters.K_allo", "nothing reads this"),
        ({"parameters": {"q": 1}, "preparation": "insensitive"}, "parameters.q", "nothing reads this"),
        ({"potency_ratio": 0.5, "name": "alpha1_beta_gamma2"}, "potency_ratio", "nothing reads this"),
        ({"potency_ratio": 0.5, "preparation": "insensitive"}, "potency_ratio", "nothing reads this"),
        ({"potency_ratio": 0.5, "parameters": {"K_allo": "0.1 uM"}}, "potency_ratio", "give one of them"),
        ({"potency_ratio": 0}, "potency_ratio", "above 0"),
        ({"potency_ratio": float("nan")}, "potency_ratio", "finite"),
        ({"potency_ratio": "0.5 nM"}, "potency_ratio", "plain number"),
        ({"potency_ratio": "much"}, "potency_ratio", "'much' is not a finite number; expected a plain number"),
    ],
)
def test_bad_input_is_told_where_and_what(arguments, path, words):
    with pytest.raises(InputError) as raised:
        receptor(**({"name": NAME} | arguments))
    assert raised.value.path == path
    assert words in raised.value.message


def test_an_insensitive_receptor_still_takes_numbers_of_gaba():
    assert receptor(NAME, "insensitive", parameters={"K_gaba": "1 uM"}).K_gaba.value == 1


@pytest.mark.parametrize("key", ["K_allo", "c_allo", "decay_max", "decay_ec50", "decay_hill", "q", "K_q"])
def test_an_insensitive_receptor_takes_no_number_of_the_steroid(key):
    with pytest.raises(InputError, match=f"^parameters.{key}: nothing reads this"):
        receptor(NAME, "insensitive", parameters={key: getattr(receptor(NAME), key).value})

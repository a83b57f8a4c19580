"""Slow regulation of receptors: published ratios, closed forms of the time courses, and what input is refused."""

import csv
from importlib.resources import files

import numpy as np
import pytest
from brian2 import mV, nmolar, second
from numpy.testing import assert_allclose, assert_array_equal

from allotone.errors import InputError
from allotone.receptors import REGULATIONS, metabotropic_arm, regulate, withdrawal_phenotype
from allotone.receptors.regulation_presets import mouse_dentate, rat_hippocampus

MOUSE = {name: level.value for name, level in mouse_dentate().levels.items()}
PAIRS = [("diestrus", "estrus"), ("pregnant", "virgin"), ("postpartum", "virgin")]
ROW = {"pregnant": "pregnant_d18", "postpartum": "postpartum_48h"}


@pytest.fixture(scope="module")
def published():
    with (files("allotone") / "published" / "pharmacology.csv").open() as file:
        rows = {row["key"]: row for row in csv.DictReader(file)}

    def ratio(quantity, high, low):
        pair = [rows[f"{quantity}_{ROW.get(state, state)}"] for state in (high, low)]
        assert all(row["status"] == "seen" for row in pair)
        return float(pair[0]["value"]) / float(pair[1]["value"])

    return ratio


def level(state, **keywords):
    return regulate([0.0], [MOUSE[state]], "mouse_dentate", **keywords)


@pytest.mark.parametrize("high, low", PAIRS)
@pytest.mark.parametrize("row, output", [("delta_OD", "delta"), ("g2_OD", "gamma2"), ("tonic_dgc", "tonic_density")])
def test_ratios_of_the_mouse(published, high, low, row, output):
    model = getattr(level(high), output)[0] / getattr(level(low), output)[0]
    assert_allclose(model, published(row, high, low), rtol=0.15)


def test_amplitudes_are_solved_from_the_published_ratios(published):
    for state, reference, row, output in (
        ("diestrus", "estrus", "delta_OD", "delta"),
        ("pregnant", "virgin", "delta_OD", "delta"),
        ("diestrus", "estrus", "g2_OD", "gamma2"),
    ):
        model = getattr(level(state), output)[0] / getattr(level(reference), output)[0]
        assert_allclose(model, published(row, state, reference), rtol=1e-12)


def test_one_exponent_joins_delta_and_tonic_current(published):
    slopes = [np.log(published("tonic_dgc", *pair)) / np.log(published("delta_OD", *pair)) for pair in PAIRS[:2]]
    exponent = mouse_dentate().numbers["tonic_exponent"]
    assert_allclose([exponent.low, exponent.high], sorted(slopes), rtol=1e-12)
    assert 1.75 < exponent.value < 1.85
    amounts = regulate([0, 100], [0, 20], "mouse_dentate")
    assert_allclose(amounts.tonic_density, amounts.delta**exponent.value, rtol=1e-14)


def test_the_reference_state_is_exactly_one():
    virgin, estrus = level("virgin"), regulate([0.0], [0.0], "rat_hippocampus")
    assert virgin.delta[0] == virgin.gamma2[0] == virgin.tonic_density[0] == 1
    assert estrus.delta[0] == estrus.gamma2[0] == estrus.alpha4[0] == estrus.tonic_density[0] == 1
    assert virgin.alpha4 is None and virgin.metabotropic is None


def test_delta_is_not_monotonic_and_gamma2_is():
    u = np.geomspace(0.1, 100, 60)
    delta, gamma2 = np.array([(r.delta[0], r.gamma2[0]) for r in (regulate([0], [x], "mouse_dentate") for x in u)]).T
    assert 1.3 < delta.max() < 1.6 and 0.5 < delta[-1] < 0.6 and 0 < delta.argmax() < 59
    assert (np.diff(gamma2) < 0).all()


@pytest.mark.parametrize("tau_h", [0.5, 12, 16])
def test_rebound_after_delivery_is_full_by_48_h(tau_h):
    delivery = regulate(
        [0, 0, 6, 24, 48],
        [MOUSE["pregnant"]] + [MOUSE["postpartum"]] * 4,
        "mouse_dentate",
        parameters={"tau": f"{tau_h} h"},
    )
    for amounts, steady in ((delivery.delta, level("postpartum").delta), (delivery.gamma2, level("postpartum").gamma2)):
        expected = steady + (amounts[0] - steady) * np.exp(-np.array([0, 0, 6, 24, 48]) / tau_h)
        assert_allclose(amounts, expected, rtol=1e-8)
        assert (amounts[-1] - amounts[0]) / (steady[0] - amounts[0]) >= 0.95


def test_at_48_h_the_mouse_is_back_at_the_virgin_level():
    amounts = regulate([0, 0, 48], [MOUSE["pregnant"], MOUSE["postpartum"], MOUSE["postpartum"]], "mouse_dentate")
    assert 0.95 < amounts.delta[-1] < 1.05 and 0.95 < amounts.gamma2[-1] < 1.05


def test_range_of_the_time_constant():
    tau = mouse_dentate().numbers["tau"]
    assert tau.unit == "h" and tau.low == 0.5 and tau.high == 16 and tau.origin == "assumed"


@pytest.mark.parametrize("preset, u", [("mouse_dentate", 3.0), ("rat_hippocampus", 0.7)])
def test_a_constant_exposure_leads_to_the_steady_state(preset, u):
    from_nothing = regulate([0, 1000], [u, u], preset, start="unexposed")
    steady = regulate([0, 1000], [u, u], preset)
    assert from_nothing.delta[0] != pytest.approx(steady.delta[0], rel=0.01)
    for output in ("delta", "gamma2", "tonic_density"):
        values = getattr(steady, output)
        assert_allclose(values, values[0], rtol=1e-9)
        assert_allclose(getattr(from_nothing, output)[-1], values[0], rtol=1e-8)


def ramps(preset):
    top = 12.0 if preset == "mouse_dentate" else 1.0
    return np.array([0, 100, 100, 130, 400, 1000.0]), top * np.array([0.05, 1, 0.1, 0.1, 0.8, 0.0])


@pytest.mark.parametrize("preset", REGULATIONS)
def test_a_finer_grid_changes_nothing(preset):
    times, u = ramps(preset)
    nanomolar = 100 * u / u.max()
    coarse = regulate(times, u, preset, metabotropic=nanomolar)
    pieces = [np.linspace(a, b, 40) for a, b in zip(times[:-1], times[1:]) if b > a]
    values = [[np.linspace(x[k], x[k + 1], 40) for k in (0, 2, 3, 4)] for x in (u, nanomolar)]
    fine = regulate(
        np.concatenate(pieces), np.concatenate(values[0]), preset, metabotropic=np.concatenate(values[1])
    )  # fmt: skip
    for output in ("delta", "gamma2", "tonic_density", "metabotropic", "alpha4"):
        if getattr(coarse, output) is not None:
            ends = getattr(fine, output)[39::40]
            assert_allclose(ends, getattr(coarse, output)[[1, 3, 4, 5]], rtol=1e-6)


def test_a_ramp_of_a_linear_system_in_closed_form():
    rise, tau, slope = rat_hippocampus().numbers["delta_rise"].value, 12.0, 1 / 60
    times = np.array([0, 5, 20, 60.0])
    expected = 1 + rise * slope * (times - tau * (1 - np.exp(-times / tau)))
    assert_allclose(regulate(times, slope * times, "rat_hippocampus").delta, expected, rtol=1e-9)


def test_alpha4_of_the_rat_rises_adapts_and_rises_on_withdrawal():
    days = np.array([0, 1, 2, 3, 5.5])
    on = regulate(24 * days, np.ones(5), "rat_hippocampus", start="unexposed")
    s = days / 0.8
    assert_allclose(on.alpha4, 1 + 7 * s**2 / 2 * np.exp(-s), rtol=1e-8)
    assert_allclose(on.alpha4[2:], [2.8, 2.2, 1.2], atol=0.05)
    off = regulate([0, 0, 24, 48], [1, 0, 0, 0], "rat_hippocampus")
    assert_allclose(off.alpha4, [1, 1, 2.6, 2.8], atol=0.05)


def test_species_differ_in_the_sign_of_delta_in_pregnancy():
    rat = regulate([0.0], [1.0], "rat_hippocampus")
    assert level("pregnant").delta[0] < 0.75 < 1.25 < rat.delta[0]
    assert rat.gamma2[0] < 1 and level("pregnant").gamma2[0] < 1
    assert level("pregnant").tonic_density[0] < 1 < rat.tonic_density[0]


TIMES, PULSE = np.array([0, 0, 0.5, 0.5, 12, 24.5, 200]), np.array([0, 100, 100, 0, 0, 0, 0.0])


def test_the_metabotropic_rise_outlives_wash_out_and_is_off_unless_asked_for():
    ones = np.ones(TIMES.size)
    off, on = regulate(TIMES, ones, "mouse_dentate"), regulate(TIMES, ones, "mouse_dentate", metabotropic=PULSE)
    assert_array_equal(off.tonic_density, 1)
    assert_array_equal(on.delta, off.delta)
    assert on.tonic_density[0] == 1 and on.tonic_density[3] > 1.2
    assert on.tonic_density[4] > 1.1 and on.tonic_density[-1] < 1.001
    assert_allclose(on.tonic_density[5] - 1, (on.tonic_density[3] - 1) / np.e, rtol=1e-7)
    without = regulate(TIMES, ones, "mouse_dentate", metabotropic=0 * PULSE)
    assert_array_equal(without.tonic_density, 1)


def test_the_metabotropic_rise_in_closed_form():
    n = {name.removeprefix("metabotropic_"): number.value for name, number in metabotropic_arm().items()}
    at_100_nM = 1 / (1 + (n["ec50"] / 100) ** n["hill"])
    rate = at_100_nM / n["tau_on"] + 1 / n["tau_off"]
    steady = at_100_nM / n["tau_on"] / rate
    times = np.array([0, 0.1, 0.5, 3, 100])
    on = regulate(times, np.ones(5), "mouse_dentate", metabotropic=np.full(5, 100) * nmolar, start="unexposed")
    # Unexposed also means delta and gamma2 without the virgin's exposure; the arm is told by its own factor.
    assert_allclose(on.metabotropic, 1 + n["rise"] * steady * (1 - np.exp(-rate * times)), rtol=1e-8)
    adapted = regulate(times, np.ones(5), "mouse_dentate", metabotropic=np.full(5, 100))
    assert_allclose(adapted.metabotropic, 1 + n["rise"] * steady, rtol=1e-9)


def test_parameters_act_and_keep_their_origin():
    slow = regulate([0, 0, 12], [10, 0, 0], "mouse_dentate", parameters={"tau": 7200 * second, "tonic_exponent": 1})
    assert slow.numbers["tau"].value == pytest.approx(2) and slow.numbers["tau"].origin == "assumed"
    assert slow.numbers["tau"].source == "set by the user"
    assert_array_equal(slow.tonic_density, slow.delta)
    flat = regulate([0.0], [10], "mouse_dentate", parameters={"delta_fall": 0, "delta_rise": "0"})
    assert flat.delta[0] == 1


def test_every_number_says_where_it_comes_from():
    sets = [make().numbers | make().levels for make in REGULATIONS.values()] + [
        metabotropic_arm(),
        withdrawal_phenotype(),
    ]
    for numbers in sets:
        assert all(len(number.source) > 10 for number in numbers.values())
    assert {number.origin for number in metabotropic_arm().values()} == {"assumed"}
    assert withdrawal_phenotype()["neurosteroid_potency"].value == pytest.approx(3, rel=0.05)


def test_withdrawal_of_the_rat_leaves_its_tonic_density_falling_to_one():
    off = regulate([0, 0, 24, 1000], [1, 0, 0, 0], "rat_hippocampus")
    assert (np.diff(off.tonic_density[1:]) < 0).all() and off.tonic_density[-1] == pytest.approx(1)


@pytest.mark.filterwarnings("ignore:lsoda")
@pytest.mark.parametrize(
    "arguments, keywords, path, words",
    [
        (([0, 2, 1], [1, 1, 1], "mouse_dentate"), {}, "times_h", "1 h comes after"),
        (([], [], "mouse_dentate"), {}, "times_h", "shape"),
        (([0, np.nan], [1, 1], "mouse_dentate"), {}, "times_h", "finite"),
        (([0, 1] * mV, [1, 1], "mouse_dentate"), {}, "times_h", "expected h"),
        (([0, 1], [1, -1], "mouse_dentate"), {}, "exposure", "negative"),
        (([0, 1], [1, np.nan], "mouse_dentate"), {}, "exposure", "not finite"),
        (([0, 1], [1, np.inf], "mouse_dentate"), {}, "exposure", "not finite"),
        (([0, 1], [1, 1, 1], "mouse_dentate"), {}, "exposure", "2 times"),
        (([0, 1], 1.0, "mouse_dentate"), {}, "exposure", "one value for each"),
        (([0, 1], [1, 1] * nmolar, "mouse_dentate"), {}, "exposure", "concentration"),
        (([0, 1], [0, 2], "rat_hippocampus"), {}, "exposure", "above 1"),
        (([0, 1], [1, 1], "mouse_dentat"), {}, "preset", "did you mean 'mouse_dentate'"),
        (([0, 1], [1, 1], "mouse_dentate"), {"start": "steddy"}, "start", "did you mean 'steady'"),
        (([0, 1], [1, 1], "mouse_dentate"), {"metabotropic": True}, "metabotropic", "no concentration"),
        (([0, 1], [1, 1], "mouse_dentate"), {"metabotropic": [1]}, "metabotropic", "2 times"),
        (([0, 1], [1, 1], "mouse_dentate"), {"metabotropic": [1, -1]}, "metabotropic", "negative"),
        (([0, 1], [1, 1], "mouse_dentate"), {"parameters": {"taw": 1}}, "parameters.taw", "did you mean 'tau'"),
        (([0, 1], [1, 1], "mouse_dentate"), {"parameters": {"tau": "0 h"}}, "parameters.tau", "above 0"),
        (([0, 1], [1, 1], "mouse_dentate"), {"parameters": {"tau": 12}}, "parameters.tau", "has no unit"),
        (([0, 1], [1, 1], "mouse_dentate"), {"parameters": {"tau": "1 mV"}}, "parameters.tau", "voltage"),
        (([0, 1], [1, 1], "mouse_dentate"), {"parameters": {"tau": float("nan")}}, "parameters.tau", "finite"),
        (([0, 1], [9, 9], "mouse_dentate"), {"parameters": {"delta_fall": 5}}, "parameters", "more receptors"),
        # The solver gives up where a receptor would follow within a nanosecond.
        (([0, 1], [1, 9], "mouse_dentate"), {"parameters": {"tau": "1e-12 h"}}, "parameters", "cannot be solved"),
        # A number of the arm that nothing reads, for the arm is off.
        (
            ([0, 1], [1, 1], "mouse_dentate"),
            {"parameters": {"metabotropic_rise": 1}},
            "parameters.metabotropic_rise",
            "unknown",
        ),
    ],
)
def test_bad_input(arguments, keywords, path, words):
    with pytest.raises(InputError) as error:
        regulate(*arguments, **keywords)
    assert error.value.path == path and words in error.value.message

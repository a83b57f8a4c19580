"""Slow time: what is solved beforehand against plain numbers, what each run meets, the table, and its figure."""

import json

import numpy as np
import pytest
import xarray

from allotone import InputError, Network, figures, read_table, regulate, run_along, schedule, slow_time, write_table
from allotone.receptors import REGULATIONS

STEP = "step:compartment=plasma,before=1nM,after=4nM,onset=10h"


def follow(given, times, **more):
    """Slow time under the mouse preset, whose exposure is plasma in nM as it stands."""
    return slow_time(given, times, regulation="mouse_dentate", exposure=lambda plasma: plasma, **more)


def steady(level: float) -> float:
    """Delta adapted to an exposure, over no exposure, from the printed equation of the preset."""
    n = {name: number.value for name, number in REGULATIONS["mouse_dentate"]().numbers.items()}
    cycle, pregnancy = (
        level ** n["hill"] / (level ** n["hill"] + n[K] ** n["hill"]) for K in ("K_cycle", "K_pregnancy")
    )
    return 1 + n["delta_rise"] * cycle - n["delta_fall"] * pregnancy


@pytest.fixture(scope="module")
def network():
    return Network.load("principal_pv")


@pytest.fixture(scope="module")
def table(network):
    conditions = {
        "infusion": (network, slow_time("infusion", [0, 52])),
        "regulated": (network, follow("constant:compartment=plasma,concentration=4nM,map=free", [0, 52])),
        "at the receptor": (network, slow_time("30 nM", [0, 52])),
    }
    return run_along(conditions, seeds=[3, 7], duration="0.6 s", statistics=("mean_rate", "band_power"))


def test_courses_are_those_of_the_schedule():
    slow = slow_time("infusion", [4, 24, 52])
    given = schedule("infusion")
    for name, found in (("plasma", slow.plasma), ("brain", slow.brain), ("receptor", slow.receptor)):
        np.testing.assert_allclose(found, getattr(given, name)([4, 24, 52]).values, rtol=1e-6)
    assert slow.tonic_density is None and slow.regulated is None


def test_times_count_from_at():
    later = slow_time("infusion:at=24h", [0, 28])
    np.testing.assert_allclose(later.plasma, slow_time("infusion", [24, 52]).plasma, rtol=1e-12)
    points = later.points(Network.load("principal_pv"), duration="1 s")
    assert [one.definition.data["medium"]["allopregnanolone"]["at"] for one, _ in points] == ["24.0 h", "52.0 h"]
    assert all(run == {"duration": "1 s"} for _, run in points)


def test_what_a_schedule_does_not_have_is_none():
    assert slow_time("30 nM", [0]).plasma is None and slow_time("30 nM", [0]).brain is None
    nominal = slow_time(schedule("infusion", map="nominal"), [52])
    assert nominal.brain is None and nominal.receptor == nominal.plasma
    assert set(nominal.dataset().data_vars) == {"plasma", "allopregnanolone"}


def test_receptors_relax_after_a_step_as_the_equation_says():
    times, tau = np.array([0, 9.9, 11, 15, 22, 34, 100.0]), 12.0
    found = follow(STEP, times)
    since = np.maximum(times - 10, 0)
    expected = (steady(4) + (steady(1) - steady(4)) * np.exp(-since / tau)) / steady(1)
    np.testing.assert_allclose(found.regulated.delta, expected, rtol=1e-5)
    exponent = found.regulated.numbers["tonic_exponent"].value
    np.testing.assert_allclose(found.tonic_density, expected**exponent, rtol=1e-5)


def test_receptors_are_those_of_regulate_on_a_finer_grid():
    given, times = schedule("infusion:regimen=constant,rate=1ug/kg/h,duration=30h"), [12.0, 30.0, 48.0]
    fine = np.linspace(0, 48, 4001)
    by_hand = regulate(fine, given.plasma(fine).values, "mouse_dentate").tonic_density
    np.testing.assert_allclose(
        follow(given, times, history=12).tonic_density, np.interp(times, fine, by_hand), rtol=1e-4
    )


def test_a_pulse_shorter_than_the_grid_is_not_missed():
    """Half an hour in six weeks: 400 even points lie 2.5 h apart."""
    pulse = "pulses:compartment=plasma,baseline=1nM,peak=4nM,onset=500.3h,width=0.5h"
    found = follow(pulse, [0, 500.3, 500.8, 1008])
    reached = steady(1) + (steady(4) - steady(1)) * (1 - np.exp(-0.5 / 12))
    np.testing.assert_allclose(found.regulated.delta, [1, 1, reached / steady(1), 1], rtol=1e-5)


def test_history_is_how_long_receptors_were_followed_before():
    exponent = REGULATIONS["mouse_dentate"]().numbers["tonic_exponent"].value
    two_hours_after = (steady(4) + (steady(1) - steady(4)) * np.exp(-2 / 12)) / steady(1)
    found = [follow(STEP, [12], history=hours).tonic_density[0] for hours in (0, 12)]
    np.testing.assert_allclose(found, [(steady(4) / steady(1)) ** exponent, two_hours_after**exponent], rtol=1e-5)


def test_parameters_reach_the_regulation():
    slow = follow(STEP, [0, 22], parameters={"tau": "6 h"})
    expected = (steady(4) + (steady(1) - steady(4)) * np.exp(-2)) / steady(1)
    assert slow.regulated.delta[1] == pytest.approx(expected, rel=1e-5)


def test_alpha4_comes_along_where_the_preset_has_it():
    rat = slow_time(STEP, [0, 58], regulation="rat_hippocampus", exposure=lambda plasma: (plasma > 2).astype(float))
    # gain * exp(-s) s^2 / 2 after a step, s the time over 19.2 h.
    assert rat.regulated.alpha4[1] == pytest.approx(1 + 7 * np.exp(-2.5) * 2.5**2 / 2, rel=1e-4)
    assert follow(STEP, [0]).regulated.alpha4 is None


@pytest.mark.parametrize(
    "arguments, named",
    [
        ({"times": [2, 1]}, "times"),
        ({"times": [1, 1]}, "times"),
        ({"times": []}, "times"),
        ({"times": [0, np.nan]}, "times"),
        ({"times": "3 nM"}, "times"),
        ({"regulation": "mouse_dentate"}, "exposure"),
        ({"exposure": lambda plasma: plasma}, "exposure"),
        ({"history": "3 h"}, "history"),
        ({"history": -3}, "history"),
        ({"parameters": {"tau": "6 h"}}, "parameters"),
        ({"regulation": "mouse", "exposure": lambda plasma: plasma}, "mouse_dentate"),
        ({"regulation": "rat_hippocampus", "exposure": lambda plasma: plasma}, "exposure"),
        ({"given": "30 nM", "regulation": "mouse_dentate", "exposure": lambda plasma: plasma}, "plasma"),
        ({"given": "infsion"}, "infusion"),
    ],
)
def test_bad_input_is_named(arguments, named):
    with pytest.raises(InputError, match=named):
        slow_time(**{"given": "infusion", "times": [1, 52], **arguments})


def test_a_table_that_covers_less_is_refused():
    given = {"schedule": "table", "compartment": "plasma", "times": ["0 h", "9 h"], "concentrations": ["1 nM", "2 nM"]}
    assert slow_time(given, [0, 9]).plasma.tolist() == [1, 2]
    with pytest.raises(InputError, match="covers 0 to 9 h"):
        slow_time(given, [0, 10])
    with pytest.raises(InputError, match="covers 0 to 9 h"):
        follow(given, [3], history=4)


def test_densities_of_delta_receptors_are_multiplied(network):
    slow = follow(STEP, [0, 100])
    halved = network.override({"populations.pv.tonic.delta.density": 0.5})
    densities = [
        [float(one.definition.data["populations"][name]["tonic"]["delta"]["density"]) for name in ("principal", "pv")]
        for one, _ in slow.points(halved)
    ]
    np.testing.assert_allclose(densities, slow.tonic_density[:, np.newaxis] * [1, 0.5], rtol=1e-12)
    assert slow.tonic_density[1] > 1.3
    # A schedule without regulation leaves them.
    ((plain, _),) = slow_time(STEP, [100]).points(halved)
    assert plain.definition.data["populations"] == halved.definition.data["populations"]


def test_regulation_needs_receptors_with_one_density(network):
    slow = follow(STEP, [0])
    with pytest.raises(InputError, match="delta"):
        slow.points(Network.load("wang_buzsaki_1996"))
    spread = network.override({"populations.pv.tonic.delta.density": {"mean": 1, "sd": 0.1}})
    with pytest.raises(InputError, match="populations.pv.tonic.delta.density.*spread"):
        slow.points(spread)


def test_each_run_is_that_of_the_same_override_by_hand(network):
    """The same concentration and density give the same spikes whichever schedule they came from."""
    slow = follow("infusion:rate=1ug/kg/h,regimen=constant,duration=30h", [0, 24])
    run = {"duration": "0.3 s", "seed": 5, "statistics": ("mean_rate",)}
    (made, settings) = slow.points(network, **run)[1]
    by_hand = network.override({
        "medium.allopregnanolone": f"{slow.receptor[1]:.12g} nM",
        "populations.*.tonic.delta.density": float(slow.tonic_density[1]),
    })  # fmt: skip
    ours, theirs, plain = made.run(**settings), by_hand.run(**run), network.run(**run)
    for name in ("principal", "pv"):
        assert ours.spikes[name].times.size > 10
        np.testing.assert_array_equal(ours.spikes[name].times, theirs.spikes[name].times)
        np.testing.assert_array_equal(ours.spikes[name].node_ids, theirs.spikes[name].node_ids)
    assert not np.array_equal(ours.spikes["pv"].times, plain.spikes["pv"].times)


def test_table_has_condition_time_seed(table, network):
    assert dict(table.sizes) == {"condition": 3, "time": 2, "seed": 2, "band": 6}
    assert table["seed"].values.tolist() == [3, 7] and table["time"].attrs["units"] == "h"
    assert table["pv_mean_rate"].dims == ("condition", "time", "seed")
    assert table["pv_band_power"].dims == ("condition", "time", "seed", "band")
    run = network.run("0.6 s", seed=7, allopregnanolone="30 nM", statistics=("mean_rate",))
    by_hand = float(run.statistics["pv"]["mean_rate"].value)
    rates = table["pv_mean_rate"].sel(condition="at the receptor", seed=7).values
    assert rates.tolist() == [by_hand, by_hand]
    assert table["pv_mean_rate"].attrs["units"] == "Hz"


def test_what_a_condition_lacks_is_nan(table):
    has = {name: np.isfinite(table[name]).all("time").values.tolist() for name in table.data_vars if "_" not in name}
    assert has == {"plasma": [True, True, False], "brain": [True, False, False], "allopregnanolone": [True] * 3}
    assert np.isfinite(table["tonic_density"]).all("time").values.tolist() == [False, True, False]
    assert table["allopregnanolone"].sel(condition="regulated").values.tolist() == [0.04, 0.04]


def test_table_says_what_was_run_and_survives_the_file(table, tmp_path):
    definitions, schedules = (json.loads(table.attrs[name]) for name in ("definitions", "schedules"))
    assert list(definitions) == list(schedules) == table["condition"].values.tolist()
    assert (
        schedules["regulated"]["map"] == "free" and definitions["infusion"]["populations"]["principal"]["size"] == 900
    )
    write_table(table, tmp_path / "table.h5")
    there = read_table(tmp_path / "table.h5")
    for name in table.data_vars:
        np.testing.assert_array_equal(there[name], table[name])


def test_conditions_at_different_times_are_refused(network):
    conditions = {"a": (network, slow_time("30 nM", [0, 1])), "b": (network, slow_time("30 nM", [0, 2]))}
    with pytest.raises(InputError, match="different times"):
        run_along(conditions, seeds=1, duration="0.1 s")


@pytest.mark.parametrize("seeds", [0, []])
def test_no_seed_and_no_condition_are_refused(network, seeds):
    with pytest.raises(InputError, match="seed"):
        run_along({"a": (network, slow_time("30 nM", [0]))}, seeds=seeds, duration="0.1 s")
    with pytest.raises(InputError, match="conditions"):
        run_along({}, seeds=1, duration="0.1 s")


def test_figure_draws_each_condition_where_it_has_values(table):
    figure = figures.slow_time(table, ["plasma", "allopregnanolone", "pv_mean_rate"], hue="condition")
    plasma, receptor, rate = figure.axes
    assert [ax.get_ylabel() for ax in figure.axes] == ["plasma (nM)", "allopregnanolone (nM)", "pv mean rate (Hz)"]
    assert rate.get_xlabel() == "time (h)"
    drawn = {line.get_label(): line for line in plasma.lines}
    assert np.isfinite(drawn["infusion"].get_ydata()).all()
    assert not np.isfinite(np.asarray(drawn["at the receptor"].get_ydata(), dtype=float)).any()
    expected = table["pv_mean_rate"].mean("seed")
    for line, name in zip(rate.lines, table["condition"].values):
        np.testing.assert_allclose(line.get_ydata(), expected.sel(condition=name))
    named = {text.get_text() for ax in figure.axes for text in ax.texts}
    assert named == set(table["condition"].values.tolist()) and not plasma.texts


@pytest.mark.parametrize("last, unit", [(96, "h"), (97, "days"), (1681, "weeks")])
def test_axis_goes_from_hours_to_weeks(last, unit):
    (axis,) = figures.slow_time(slow_time("30 nM", [0, last]).dataset(), ["allopregnanolone"]).axes
    assert axis.get_xlabel() == f"time ({unit})"
    hours = {"h": 1, "days": 24, "weeks": 168}[unit]
    np.testing.assert_allclose(axis.lines[0].get_xdata(), [0, last / hours])


def test_figure_refuses_what_it_cannot_draw(table):
    with pytest.raises(InputError, match="plasma"):
        figures.slow_time(table, ["plasmma"])
    with pytest.raises(InputError, match="'band'"):
        figures.slow_time(table, ["pv_band_power"], hue="condition")
    with pytest.raises(InputError, match="hue='condition'"):
        figures.slow_time(table, ["pv_mean_rate"])
    with pytest.raises(InputError, match="no coordinate 'time'"):
        figures.slow_time(xarray.Dataset({"plasma": ("hour", [1.0])}), ["plasma"])

"""Figures show what the run and the table hold: looked up in what was drawn, not in pixels."""

import re
from types import SimpleNamespace

import matplotlib
import matplotlib.image
import numpy as np
import pytest
import xarray
from brian2 import ms, mV, nS, second
from matplotlib.figure import Figure

from allotone import figures, over_seeds
from allotone.errors import InputError
from allotone.figures.raster import drawn_agents
from allotone.figures.style import spread
from allotone.units import nM


def gamma_spikes(rng, size, taking_part, duration_s=1.0):
    """A 40 Hz rhythm in which each agent takes part in a fraction of the cycles, with 1.5 ms of jitter."""
    times, node_ids = [], []
    for cycle in np.arange(0.0125, duration_s, 0.025):
        firing = np.flatnonzero(rng.random(size) < taking_part)
        times.append(cycle + rng.normal(0, 0.0015, firing.size))
        node_ids.append(firing)
    times, node_ids = np.concatenate(times), np.concatenate(node_ids)
    order = np.lexsort((node_ids, times))
    return SimpleNamespace(times=times[order] * second, node_ids=node_ids[order])


def make_run(changing=True):
    """The parts of a run that figures look at: a gamma network of 800 and 200 cells, and 50 silent ones."""
    rng = np.random.default_rng(1)
    frequency = np.arange(201.0)
    power = 0.01 + np.exp(-((frequency - 40) ** 2) / 4)

    def statistics(value, peak):
        spectrum = SimpleNamespace(value=value, unit="Hz", coordinates={"frequency": (frequency, "Hz")})
        return {"rate_spectrum": spectrum, "peak_frequency": SimpleNamespace(value=np.array(peak), unit="Hz")}

    sizes = {"pyramidal": 800, "pv": 200, "silent": 50}
    times = np.arange(0, 1000, 0.5) * ms
    return SimpleNamespace(
        sizes=sizes,
        duration=1 * second,
        discard=200 * ms,
        spikes={
            "pyramidal": gamma_spikes(rng, 800, 0.1),
            "pv": gamma_spikes(rng, 200, 0.9),
            "silent": SimpleNamespace(times=np.array([]) * second, node_ids=np.array([], dtype=int)),
        },
        statistics={
            "pyramidal": statistics(power, 40.2),
            "pv": statistics(1000 * power, 40.2),
            "silent": statistics(0 * power, np.nan),
        },
        allopregnanolone=SimpleNamespace(
            times=np.array([0.0, 0.5, 1.0]) * second,
            concentration=np.array([0, 50, 100] if changing else [30, 30, 30]) * nM,
        ),
        traces={
            "pv": [
                SimpleNamespace(variable="v", node_ids=np.arange(8), times=times, values=np.zeros((2000, 8)) * mV),
                SimpleNamespace(
                    variable="g_tonic", node_ids=np.array([3]), times=times, values=np.ones((2000, 1)) * nS
                ),
            ]
        },
    )


def lines(axes):
    return {line.get_label(): line for line in axes.lines}


# Raster


def test_raster_draws_every_spike_of_the_agents_it_draws():
    run = make_run()
    strip, spikes, rate = figures.raster(run).axes
    drawn = lines(spikes)
    pv = run.spikes["pv"]
    np.testing.assert_allclose(drawn["pv"].get_xdata(), np.asarray(pv.times) * 1e3)
    np.testing.assert_array_equal(drawn["pv"].get_ydata() - drawn["pv"].get_ydata().min(), pv.node_ids)
    expected = np.isin(run.spikes["pyramidal"].node_ids, drawn_agents(800)).sum()
    assert drawn["pyramidal"].get_xdata().size == expected < run.spikes["pyramidal"].node_ids.size
    assert drawn["silent"].get_xdata().size == 0
    assert drawn["pyramidal"].get_ydata().max() < drawn["pv"].get_ydata().min()
    texts = [text.get_text() for text in spikes.get_yticklabels()]
    assert texts == ["pyramidal\n200 of 800", "pv\n200", "silent\n50"]
    assert "no spikes" in [text.get_text() for text in spikes.texts]
    assert rate.get_xlabel() == "time (ms)" and rate.get_xlim() == (0, 1000)
    assert strip.get_ylabel() == "allo (nM)" and list(strip.lines[0].get_ydata()) == [0, 50, 100]


def test_raster_rate_is_of_all_agents_and_its_label_says_how():
    run = make_run()
    rate = figures.raster(run).axes[-1]
    for population, spikes in run.spikes.items():
        curve = lines(rate)[population].get_ydata()
        counts = np.bincount((np.asarray(spikes.times) * 1e3 + 1e-6).astype(int), minlength=curve.size)[: curve.size]
        apart = np.arange(curve.size)[:, np.newaxis] - np.arange(curve.size)
        # scipy cuts the Gaussian at 4 standard deviations.
        weights = np.exp(-(apart**2) / (2 * 5**2)) * (np.abs(apart) <= 20)
        expected = weights @ counts / weights.sum(axis=1) / run.sizes[population] * 1e3
        np.testing.assert_allclose(curve, expected, rtol=1e-9, atol=1e-9)
    assert "rate (Hz)" in rate.get_ylabel() and "1 ms bins" in rate.get_ylabel() and "5 ms" in rate.get_ylabel()


def test_raster_shades_what_was_discarded():
    for axes in figures.raster(make_run()).axes:
        (shade,) = axes.patches
        assert (shade.get_x(), shade.get_width()) == (0, 200)
    assert not any(axes.patches for axes in figures.raster(make_run(), start=200 * ms).axes)


def test_raster_window_populations_and_given_axes():
    run = make_run()
    figure = Figure()
    spikes, rate = figure.subplots(2, 1)
    assert figures.raster(run, ["pv"], (spikes, rate), start=400 * ms, stop=0.6 * second) is figure
    inside = (run.spikes["pv"].times >= 400 * ms) & (run.spikes["pv"].times <= 600 * ms)
    assert list(lines(spikes)) == ["pv"] and lines(spikes)["pv"].get_xdata().size == inside.sum() > 0
    assert rate.get_xlim() == (400, 600)
    assert len(figures.raster(make_run(changing=False)).axes) == 2


def test_raster_refuses_unknown_populations_and_empty_windows():
    with pytest.raises(InputError, match="did you mean 'pv'"):
        figures.raster(make_run(), ["pvs"])
    with pytest.raises(InputError, match="nothing to draw from 2000 to 1000 ms"):
        figures.raster(make_run(), start=2 * second)


def test_drawn_agents_are_even_and_at_most_200():
    np.testing.assert_array_equal(drawn_agents(200), np.arange(200))
    chosen = drawn_agents(1000)
    assert chosen.size == 200 and chosen[0] == 0 and chosen[-1] == 999 and set(np.diff(chosen)) <= {5, 6}


# Traces


def test_traces_have_a_panel_for_each_variable_with_its_unit():
    run = make_run()
    run.traces["pv"][0].values[:, 7] = -60 * mV
    v, g = figures.traces(run).axes
    assert v.get_ylabel() == "v (mV)" and g.get_ylabel() == "g_tonic (nS)" and g.get_xlabel() == "time (ms)"
    assert list(lines(v)) == ["0", "2", "4", "5", "7"] and "of 8 recorded" in v.get_title(loc="left")
    np.testing.assert_allclose(lines(v)["7"].get_ydata(), -60)
    np.testing.assert_allclose(lines(g)["3"].get_ydata(), 1)
    np.testing.assert_allclose(lines(g)["3"].get_xdata(), np.arange(0, 1000, 0.5))


def test_traces_say_when_nothing_was_recorded():
    with pytest.raises(InputError, match="--record"):
        figures.traces(SimpleNamespace(traces={}, sizes={}))


# Spectrum


def test_spectrum_marks_peaks_and_names_who_has_none():
    run = make_run()
    (axes,) = figures.spectrum(run).axes
    curve = lines(axes)["pv"]
    np.testing.assert_array_equal(curve.get_xdata(), np.arange(1.0, 201))
    np.testing.assert_array_equal(curve.get_ydata(), run.statistics["pv"]["rate_spectrum"].value[1:])
    assert [float(line.get_xdata()[0]) for line in axes.lines if line.get_label() == "peak"] == [40.2, 40.2]
    texts = [text.get_text() for text in axes.texts]
    assert "pv\n40.2 Hz" in texts and "pyramidal\n40.2 Hz" in texts and "θ" in texts
    assert "silent" not in lines(axes) and axes.get_title(loc="right") == "no power: silent"
    assert axes.get_xlabel() == "frequency (Hz)" and axes.get_ylabel() == "power density of the rate (Hz²/Hz)"


def test_spectrum_of_silence_and_of_nothing():
    run = make_run()
    run.statistics = {"silent": run.statistics["silent"]}
    assert not figures.spectrum(run).axes[0].lines
    with pytest.raises(InputError, match="rate_spectrum"):
        figures.spectrum(SimpleNamespace(statistics={"pv": {}}, sizes={"pv": 1}))


# Dose


def make_table():
    """Rates over 2 densities, 5 doses in shuffled order and 4 seeds; one point missing, one with 2 seeds left."""
    rng = np.random.default_rng(3)
    doses = np.array([30.0, 0.0, 3.0, 10.0, 100.0])
    rate = 40 - np.array([0, 1])[:, None, None] * doses[:, None] / 10 + rng.normal(0, 1, (2, 5, 4))
    rate[0, 3] = np.nan
    rate[1, 4, :2] = np.nan
    return xarray.Dataset(
        {"pv_mean_rate": (("density", "allopregnanolone", "seed"), rate, {"units": "Hz"})},
        coords={
            "density": ("density", [0.0, 1.0], {"units": "1"}),
            "allopregnanolone": ("allopregnanolone", doses, {"units": "nM"}),
            "seed": ("seed", np.arange(4), {"units": "1"}),
        },
    )


def test_dose_draws_means_and_standard_deviations():
    table = make_table()
    (axes,) = figures.dose(table, "pv_mean_rate", hue="density").axes
    sorted_rate = table.pv_mean_rate.sortby("allopregnanolone").values
    for row, name in enumerate(("density 0", "density 1")):
        curve = lines(axes)[name]
        np.testing.assert_allclose(curve.get_xdata(), [0, 3, 10, 30, 100])
        for drawn, samples in zip(curve.get_ydata(), sorted_rate[row], strict=True):
            left = samples[~np.isnan(samples)]
            np.testing.assert_allclose(drawn, left.mean() if left.size else np.nan)
    segments = axes.collections[1].get_segments()
    samples = sorted_rate[1, 0]
    np.testing.assert_allclose(
        segments[0][:, 1], samples.mean() + np.array([-1, 1]) * np.std(samples, ddof=1), rtol=1e-12
    )
    assert len(axes.collections[0].get_segments()) == 4 and len(segments) == 5
    assert axes.get_xlabel() == "allopregnanolone (nM)"
    assert axes.get_ylabel() == "pv mean rate (Hz)\nmean ± SD, 4 seeds"
    assert {text.get_text() for text in axes.texts} == {"density 0", "density 1"}


def test_dose_shows_holes_as_holes_and_thin_points_open():
    (axes,) = figures.dose(make_table(), "pv_mean_rate", hue="density").axes
    full = [line for line in axes.lines if line.get_label() == "_points"]
    thin = [line for line in axes.lines if line.get_label() == "_open"]
    assert [list(line.get_xdata()) for line in full] == [[0, 3, 30, 100], [0, 3, 10, 30]]
    assert [list(line.get_xdata()) for line in thin] == [[], [100]]
    assert thin[1].get_markerfacecolor() == "white" and axes.get_title(loc="right") == (
        "open: some seeds missing\n1 of 10 points without a value"
    )


def test_dose_axis_has_a_marked_zero_or_is_logarithmic():
    table = make_table()
    (axes,) = figures.dose(table.isel(density=0), "pv_mean_rate").axes
    assert axes.get_xscale() == "symlog" and "_break" in lines(axes)
    assert [text.get_text() for text in axes.get_xticklabels()] == ["0", "3", "10", "30", "100"]
    (axes,) = figures.dose(table.isel(density=0, allopregnanolone=[0, 2, 3, 4]), "pv_mean_rate").axes
    assert axes.get_xscale() == "log" and "_break" not in lines(axes)


def test_dose_converts_to_nM_and_finds_the_dotted_name():
    table = make_table().isel(density=0, seed=0, drop=True).rename(allopregnanolone="medium.allopregnanolone")
    dose = table["medium.allopregnanolone"]
    table = table.assign_coords({dose.name: dose.copy(data=dose.values / 1000).assign_attrs(units="uM")})
    (axes,) = figures.dose(table, "pv_mean_rate").axes
    np.testing.assert_allclose(axes.lines[0].get_xdata(), [0, 3, 10, 30, 100])
    assert axes.get_ylabel() == "pv mean rate (Hz)" and not axes.collections[0].get_segments()


def test_dose_with_a_second_dimension_in_line_styles():
    table = make_table().expand_dims(receptor=["delta", "alpha5"])
    (axes,) = figures.dose(table, "pv_mean_rate", hue="density", style="receptor").axes
    drawn = {name: line.get_linestyle() for name, line in lines(axes).items() if not name.startswith("_")}
    assert drawn == {
        "density 0, delta": "-",
        "density 0, alpha5": "--",
        "density 1, delta": "-",
        "density 1, alpha5": "--",
    }
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["delta", "alpha5"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"variable": "pv_mean_rat"}, "did you mean 'pv_mean_rate'"),
        ({"variable": "pv_mean_rate"}, "further dimension 'density'"),
        ({"variable": "pv_mean_rate", "hue": "densty"}, "did you mean 'density'"),
        ({"variable": "pv_mean_rate", "hue": "density", "style": "seed"}, "already drawn or averaged"),
    ],
)
def test_dose_says_what_is_wrong(arguments, message):
    with pytest.raises(InputError, match=message):
        figures.dose(make_table(), **arguments)
    with pytest.raises(InputError, match="no dose axis"):
        figures.dose(make_table().isel(allopregnanolone=0, drop=True), "pv_mean_rate", hue="density")


def make_points(words=False):
    """A rate at 30 points of a design without a grid, 4 seeds; point 2 has no value, point 5 two seeds."""
    rng = np.random.default_rng(4)
    doses, potentials = 10 ** rng.uniform(0, 3, 30), rng.uniform(-75, -55, 30)
    rate = (100 + potentials - doses / 50)[:, None] + rng.normal(0, 1, (30, 4))
    rate[2], rate[5, :2] = np.nan, np.nan
    coords = {
        "point": ("point", np.arange(30), {"units": "1"}),
        "medium.allopregnanolone": ("point", doses, {"units": "nM"}),
        "E_gaba": ("point", potentials, {"units": "mV"}),
        "seed": ("seed", np.arange(4), {"units": "1"}),
    }
    if words:
        coords["receptor"] = ("point", np.array(["delta", "alpha5"])[np.arange(30) % 2], {"units": "1"})
    return xarray.Dataset({"pv_mean_rate": (("point", "seed"), rate, {"units": "Hz"})}, coords=coords)


def renamed(table, name, values, unit):
    """The table with its dose axis made another one."""
    table = table.rename(allopregnanolone=name)
    return table.assign_coords({name: (name, np.asarray(values), {"units": unit})})


def test_dose_draws_the_intervals_of_a_table_that_has_them():
    averaged = over_seeds(make_table().isel(density=1), level=0.9)
    (axes,) = figures.dose(averaged, "pv_mean_rate").axes
    averaged = averaged.sortby("allopregnanolone")
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), averaged.pv_mean_rate)
    drawn = np.array([segment[:, 1] for segment in axes.collections[0].get_segments()])
    np.testing.assert_array_equal(drawn.T, [averaged.pv_mean_rate_low, averaged.pv_mean_rate_high])
    assert axes.get_ylabel() == "pv mean rate (Hz)\nmean, 90 % interval, 4 seeds"
    assert list(lines(axes)["_open"].get_xdata()) == [100]


@pytest.mark.parametrize(
    "name, values, unit, scale, title",
    [
        ("populations.pv.size", [100, 200, 50, 400, 800], "1", "linear", "pv size"),
        ("tau", [0.5, 3, 10, 60, 200], "ms", "log", "tau (ms)"),
        ("coupling", [0, 1, 10, 100, 1000], "1", "linear", "coupling"),
        ("allo", [0, 1, 10, 100, 1000], "nM", "symlog", "allopregnanolone (nM)"),
        ("dose", [1, 2, 3, 4, 5], "mg", "linear", "dose (mg)"),
    ],
)
def test_dose_takes_the_only_axis_of_numbers_on_the_scale_that_fits(name, values, unit, scale, title):
    table = renamed(make_table().isel(density=0), name, values, unit)
    (axes,) = figures.dose(table, "pv_mean_rate").axes
    assert (axes.get_xscale(), axes.get_xlabel()) == (scale, title)
    curve = axes.lines[0]
    np.testing.assert_array_equal(curve.get_xdata(), np.sort(values))
    np.testing.assert_allclose(curve.get_ydata(), table.sortby(name).pv_mean_rate.mean("seed"))
    low, high = axes.get_xlim()
    assert low < min(values) and high > max(values)


def test_dose_takes_the_axis_that_hue_leaves_or_that_x_names():
    table = renamed(make_table(), "size", [1, 2, 3, 4, 5], "1")
    with pytest.raises(InputError, match="several axes of numbers, density, size: choose one of them as x"):
        figures.dose(table, "pv_mean_rate")
    (axes,) = figures.dose(table, "pv_mean_rate", hue="density").axes
    assert axes.get_xlabel() == "size"
    (axes,) = figures.dose(make_table(), "pv_mean_rate", x="density", hue="allopregnanolone").axes
    assert axes.get_xlabel() == "density" and "allo 30 nM" in lines(axes)
    with pytest.raises(InputError, match="x: unknown axis 'densty'; did you mean 'density'"):
        figures.dose(make_table(), "pv_mean_rate", x="densty")


def test_dose_of_points_without_a_grid_has_no_lines_and_counts_what_it_cannot_draw():
    table = make_points()
    (axes,) = figures.dose(table, "pv_mean_rate").axes
    drawn = lines(axes)
    assert axes.lines[0].get_linestyle() == "None" and axes.get_xscale() == "log"
    assert drawn["_points"].get_xdata().size == 28
    doses = table["medium.allopregnanolone"].values
    np.testing.assert_array_equal(drawn["_points"].get_xdata(), np.sort(np.delete(doses, [2, 5])))
    np.testing.assert_array_equal(drawn["_open"].get_xdata(), doses[[5]])
    assert axes.get_title(loc="right") == "open: some seeds missing\n1 of 30 points without a value"


def test_dose_of_points_tells_the_words_of_another_axis_apart_by_colour():
    table = make_points(words=True)
    (axes,) = figures.dose(table, "pv_mean_rate", x="E_gaba", hue="receptor").axes
    full = [line for line in axes.lines if line.get_label() == "_points"]
    expected = table.dropna("point").groupby("receptor")
    for line, name in zip(full, ("alpha5", "delta"), strict=True):
        np.testing.assert_array_equal(line.get_xdata(), np.sort(expected[name].E_gaba))
    assert len({line.get_color() for line in full}) == 2
    with pytest.raises(InputError, match="30 values along the points; draw a heatmap"):
        figures.dose(table, "pv_mean_rate", hue="E_gaba")
    with pytest.raises(InputError, match="without a grid"):
        figures.dose(table, "pv_mean_rate", style="receptor")


def make_words(doses=(30.0,)):
    """Rates over 3 maps, doses and 4 seeds."""
    rate = np.random.default_rng(6).normal(40, 3, (3, len(doses), 4))
    return xarray.Dataset(
        {"pv_mean_rate": (("map", "allopregnanolone", "seed"), rate, {"units": "Hz"})},
        coords={
            "map": ("map", ["nominal", "anchored", "free"], {"units": "1"}),
            "allopregnanolone": ("allopregnanolone", list(doses), {"units": "nM"}),
            "seed": ("seed", np.arange(4), {"units": "1"}),
        },
    )


def test_dose_of_words_has_points_with_bars_at_equal_distances_in_their_order():
    table = make_words().isel(allopregnanolone=0)
    (axes,) = figures.dose(table, "pv_mean_rate").axes
    assert texts_of(axes, "x") == {0: "nominal", 1: "anchored", 2: "free"} and axes.get_xlabel() == "map"
    points = lines(axes)["_points"]
    np.testing.assert_array_equal(points.get_xdata(), [0, 1, 2])
    np.testing.assert_allclose(points.get_ydata(), table.pv_mean_rate.mean("seed"))
    bars = np.array([segment[:, 1] for segment in axes.collections[0].get_segments()])
    np.testing.assert_allclose(np.diff(bars).ravel(), 2 * table.pv_mean_rate.std("seed", ddof=1))
    assert all(line.get_linestyle() == "None" for line in (axes.lines[0], points))


def test_dose_prefers_numbers_to_words_and_draws_hues_side_by_side():
    table = make_words((3.0, 30.0))
    (axes,) = figures.dose(table, "pv_mean_rate", hue="map").axes
    assert axes.get_xlabel() == "allopregnanolone (nM)"
    (axes,) = figures.dose(table, "pv_mean_rate", x="map", hue="allopregnanolone").axes
    left, right = (line.get_xdata() for line in axes.lines if line.get_label() == "_points")
    np.testing.assert_allclose(left + right, [0, 2, 4])
    assert (0.1 < right - left).all() and (right - left < 0.5).all()
    with pytest.raises(
        InputError, match="style: 'allopregnanolone' would be told apart by lines, which an axis of words"
    ):
        figures.dose(table, "pv_mean_rate", x="map", style="allopregnanolone")
    several = table.isel(allopregnanolone=0).expand_dims(band=["theta"])
    with pytest.raises(InputError, match="several axes of words, band, map: choose one of them as x"):
        figures.dose(several, "pv_mean_rate")


def test_dose_of_words_along_points_puts_those_of_a_word_above_each_other():
    table = make_points(words=True)
    (axes,) = figures.dose(table, "pv_mean_rate", x="receptor").axes
    assert texts_of(axes, "x") == {0: "delta", 1: "alpha5"}
    drawn = lines(axes)["_points"]
    for place, name in enumerate(("delta", "alpha5")):
        expected = table.pv_mean_rate[table.receptor == name].dropna("point").mean("seed")
        np.testing.assert_allclose(np.sort(drawn.get_ydata()[drawn.get_xdata() == place]), np.sort(expected))


def test_dose_turns_long_words_and_keeps_the_names_of_hues_apart():
    names = ["alpha1_beta_gamma2_concatemer", "alpha4_beta_delta", "alpha5_beta_gamma2"]
    table = make_words((3.0, 30.0)).assign_coords(map=("map", names, {"units": "1"}))
    table.pv_mean_rate[2] = 40
    figure = figures.dose(table, "pv_mean_rate", x="map", hue="allopregnanolone")
    (axes,) = figure.axes
    figure.draw_without_rendering()
    for texts in (axes.get_xticklabels(), axes.texts):
        boxes = [text.get_window_extent() for text in texts]
        assert len(boxes) > 1 and not any(one.overlaps(other) for one, other in zip(boxes, boxes[1:]))
        assert all(box.y0 >= 0 and box.x0 >= 0 for box in boxes)


def test_dose_counts_points_without_a_value_only_where_there_are_some():
    table = make_table().isel(density=1)
    assert figures.dose(table.fillna(1), "pv_mean_rate").axes[0].get_title(loc="right") == ""
    table.pv_mean_rate[[0, 3]] = np.nan
    (axes,) = figures.dose(over_seeds(table), "pv_mean_rate").axes
    assert axes.get_title(loc="right") == "open: some seeds missing\n2 of 5 points without a value"


@pytest.mark.parametrize(
    ("doses", "scale"),
    [
        (np.linspace(20, 300, 30), "linear"),
        (np.linspace(0.5, 300, 300), "linear"),
        (np.geomspace(1, 300, 30), "log"),
        (np.concatenate([[0], np.geomspace(1, 300, 29)]), "linear"),
    ],
)
def test_dose_axis_of_points_is_logarithmic_only_where_they_are_spread_by_decades(doses, scale):
    table = xarray.Dataset(
        {"pv_mean_rate": ("point", doses, {"units": "Hz"})},
        coords={"allopregnanolone": ("point", doses, {"units": "nM"})},
    )
    assert figures.dose(table, "pv_mean_rate").axes[0].get_xscale() == scale


@pytest.mark.parametrize("lowest", [[], [0.0]])
@pytest.mark.parametrize("decades", [3, 6, 12])
def test_labels_of_a_logarithmic_axis_stay_apart(lowest, decades):
    doses = np.array([*lowest, *10.0 ** np.arange(-decades // 2, decades // 2 + 1)])
    table = make_words(doses)
    figure = figures.dose(table, "pv_mean_rate", hue="map")
    (axes,) = figure.axes
    figure.draw_without_rendering()
    ticks, boxes = axes.get_xticks(), [text.get_window_extent() for text in axes.get_xticklabels()]
    assert all(one.x1 + 5 < other.x0 for one, other in zip(boxes, boxes[1:]))
    assert len(ticks) >= 4 and (ticks[0] == 0) == bool(lowest)
    assert len(set(np.diff(np.log10(ticks[len(lowest) :])).round(9))) == 1


def test_a_figure_says_at_which_values_of_other_axes_it_is():
    table = make_words((3.0, 30.0)).isel(map=1).rename(allopregnanolone="medium.allopregnanolone")
    (axes,) = figures.dose(table, "pv_mean_rate").axes
    assert axes.get_title(loc="left") == "at map anchored"
    both = (
        make_table()
        .rename(density="populations.pv.E_gaba")
        .assign_coords(
            {
                "populations.pv.E_gaba": ("populations.pv.E_gaba", [-75.0, -65.0], {"units": "mV"}),
            }
        )
        .expand_dims(tau=[0.5, 5.0])
    )
    both.tau.attrs["units"] = "ms"
    axes = figures.heatmap(both.isel(tau=0), "pv_mean_rate").axes[0]
    # An empty line, in which the note on the right stands.
    assert axes.get_title(loc="left") == "at tau 0.5 ms\n"
    assert axes.get_title(loc="right") == "hatched grey: no value, dot: some seeds missing"
    chosen = both.isel({"tau": 1, "populations.pv.E_gaba": 0, "allopregnanolone": [0, 1, 2]})
    (axes,) = figures.dose(chosen, "pv_mean_rate").axes
    assert axes.get_title(loc="left") == "at tau 5 ms, E gaba \N{MINUS SIGN}75 mV"
    given = Figure().subplots()
    given.set_title("mine", loc="left")
    figures.dose(chosen, "pv_mean_rate", ax=given)
    assert given.get_title(loc="left") == "mine"


# Heatmap


def texts_of(axes, which):
    """Position of each tick and its text."""
    ticks = getattr(axes, f"get_{which}ticks")()
    return dict(zip(ticks.tolist(), [text.get_text() for text in getattr(axes, f"get_{which}ticklabels")()]))


def test_heatmap_has_the_mean_of_each_setting_in_its_cell_and_holes_hatched():
    table = make_table()
    axes, bar = figures.heatmap(table, "pv_mean_rate").axes
    (image,) = axes.images
    expected = table.pv_mean_rate.sortby("allopregnanolone").mean("seed").values
    np.testing.assert_allclose(image.get_array().filled(np.nan), expected)
    assert np.ma.getmaskarray(image.get_array()).sum() == np.isnan(expected).sum() == 1
    assert texts_of(axes, "x") == {0: "0", 1: "3", 2: "10", 3: "30", 4: "100"}
    assert texts_of(axes, "y") == {0: "0", 1: "1"}
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("allopregnanolone (nM)", "density")
    assert bar.get_ylabel() == "pv mean rate (Hz)\nmean of 4 seeds"
    assert axes.patch.get_hatch() and image.get_interpolation() == "nearest"
    assert [list(points) for points in lines(axes)["_dots"].get_data()] == [[4], [1]]
    assert axes.get_title(loc="right") == "hatched grey: no value, dot: some seeds missing"
    assert image.get_cmap().name == "viridis" and image.get_clim() == (np.nanmin(expected), np.nanmax(expected))


def test_heatmap_of_a_whole_table_says_nothing_of_holes():
    axes, _ = figures.heatmap(make_table().fillna(1), "pv_mean_rate").axes
    assert not axes.patch.get_hatch() and not axes.lines and not axes.get_title(loc="right")


def test_heatmap_diverges_around_zero_only_where_values_do():
    table = make_table()
    table["pv_mean_rate"] = (table.pv_mean_rate - 35).assign_attrs(units="Hz")
    image = figures.heatmap(table, "pv_mean_rate").axes[0].images[0]
    low, high = image.get_clim()
    assert image.get_cmap().name == "RdBu_r" and low == -high == -np.abs(table.pv_mean_rate.mean("seed")).max()
    np.testing.assert_allclose(image.get_cmap()(image.norm(0.0)), [0.97, 0.97, 0.97, 1], atol=0.01)


def test_heatmap_of_equal_values_and_of_none():
    table = make_table().isel(seed=0)
    same = table.assign(pv_mean_rate=table.pv_mean_rate.fillna(0) * 0 + 5)
    same.pv_mean_rate.attrs["units"] = "Hz"
    low, high = figures.heatmap(same, "pv_mean_rate").axes[0].images[0].get_clim()
    assert low < 5 < high
    none = table.assign(pv_mean_rate=(table.pv_mean_rate * np.nan).assign_attrs(units="Hz"))
    axes, bar = figures.heatmap(none, "pv_mean_rate").axes
    assert axes.get_title(loc="right") == "hatched grey: no value" and not bar.get_yticks().size


def test_heatmap_keeps_all_words_and_thins_numbers_evenly_without_overlap():
    rng = np.random.default_rng(5)
    receptors = ["alpha1_beta_delta", "alpha4_beta_delta", "alpha5_beta_gamma2", "insensitive"]
    table = xarray.Dataset(
        {"pv_mean_rate": (("receptor", "amplitude"), rng.random((4, 100)), {"units": "Hz"})},
        coords={
            "receptor": ("receptor", receptors, {"units": "1"}),
            "amplitude": ("amplitude", np.linspace(0, 9.9, 100).round(12), {"units": "pA"}),
        },
    )
    for x, y in (("receptor", "amplitude"), ("amplitude", "receptor")):
        figure = figures.heatmap(table, "pv_mean_rate", x=x, y=y)
        axes = figure.axes[0]
        assert axes.images[0].get_array().shape == (table.sizes[y], table.sizes[x])
        words, numbers = ("x", "y") if x == "receptor" else ("y", "x")
        assert list(texts_of(axes, words).values()) == receptors
        shown = texts_of(axes, numbers)
        assert 3 <= len(shown) <= 20 and len(set(np.diff(list(shown)))) == 1
        assert all(float(text) == pytest.approx(table.amplitude[int(place)]) for place, text in shown.items())
        figure.draw_without_rendering()
        for which in "xy":
            boxes = [text.get_window_extent() for text in getattr(axes, f"get_{which}ticklabels")()]
            assert not any(one.overlaps(other) for one, other in zip(boxes, boxes[1:]))
        assert all(0 <= box.x0 and box.y0 >= 0 for box in boxes)


def test_heatmap_of_points_without_a_grid_is_a_scatter_in_the_plane_of_two_axes():
    table = make_points()
    axes, _ = figures.heatmap(table, "pv_mean_rate").axes
    drawn, crosses = axes.collections[:2]
    plane = np.stack([table["medium.allopregnanolone"].values, table.E_gaba.values], axis=1)
    np.testing.assert_array_equal(drawn.get_offsets(), np.delete(plane, 2, axis=0))
    np.testing.assert_array_equal(crosses.get_offsets(), plane[[2]])
    np.testing.assert_allclose(drawn.get_array(), np.delete(table.pv_mean_rate.mean("seed").values, 2))
    assert (axes.get_xscale(), axes.get_yscale(), axes.get_ylabel()) == ("log", "linear", "E gaba (mV)")
    assert axes.get_title(loc="right") == "cross: no value, ring: some seeds missing"
    axes = figures.heatmap(table, "pv_mean_rate", x="E_gaba").axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")


@pytest.mark.parametrize(
    ("table", "arguments", "message"),
    [
        (make_table(), {"variable": "pv_mean_rat"}, "did you mean 'pv_mean_rate'"),
        (make_table(), {"x": "densty"}, "x: unknown axis 'densty'; did you mean 'density'"),
        (make_table(), {"x": "density", "y": "density"}, "y: 'density' is already drawn as x"),
        (make_table().isel(density=0), {}, "too few axes for a heatmap, allopregnanolone; draw a dose curve"),
        (make_table().expand_dims(band=["theta"]), {"x": "density", "y": "allopregnanolone"}, "--select band=VALUE"),
        (make_points(words=True), {}, "medium.allopregnanolone, E_gaba, receptor; choose two of them as x and y"),
        (make_points(words=True), {"x": "E_gaba", "y": "receptor"}, "y: 'receptor' holds words such as 'delta'"),
        (make_table().assign(error=("density", ["", "it broke"])), {"variable": "error"}, "error: holds no numbers"),
    ],
)
def test_heatmap_says_what_is_wrong(table, arguments, message):
    with pytest.raises(InputError, match=re.escape(message)):
        figures.heatmap(table, **({"variable": "pv_mean_rate"} | arguments))


# Labels, saving, style


def test_spread_keeps_labels_apart_and_near():
    np.testing.assert_allclose(spread([0.1, 0.5], 0.1), [0.1, 0.5])
    np.testing.assert_allclose(spread([0.5, 0.5, 0.5], 0.1), [0.4, 0.5, 0.6])
    rng = np.random.default_rng(0)
    wanted = np.sort(rng.random(12))
    assert np.diff(spread(wanted, 0.07)).min() > 0.07 - 1e-12
    assert spread(wanted, 0.07).mean() == pytest.approx(wanted.mean())


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_saving_twice_gives_the_same_bytes(tmp_path, suffix):
    for name in ("a", "b"):
        figures.save(figures.raster(make_run()), tmp_path / f"{name}.{suffix}")
    content = (tmp_path / f"a.{suffix}").read_bytes()
    assert content == (tmp_path / f"b.{suffix}").read_bytes() and len(content) > 5000
    assert content.startswith({"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}[suffix])
    assert len(list(tmp_path.iterdir())) == 2


def test_png_is_180_mm_wide_at_200_dpi(tmp_path):
    figures.save(figures.raster(make_run()), tmp_path / "a.png")
    assert matplotlib.image.imread(tmp_path / "a.png").shape[1] == int(180 / 25.4 * 200)


def test_save_refuses_other_suffixes_and_missing_folders(tmp_path):
    with pytest.raises(InputError, match=r"\.png, \.pdf or \.svg"):
        figures.save(Figure(), tmp_path / "a.jpg")
    with pytest.raises(InputError, match="No such file"):
        figures.save(Figure(), tmp_path / "none" / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_no_text_is_below_7_points_and_the_callers_settings_stay():
    before = dict(matplotlib.rcParams)
    with matplotlib.rc_context({"font.size": 20, "axes.grid": True}):
        drawn = [figures.raster(make_run()), figures.spectrum(make_run()), figures.traces(make_run())]
        drawn.append(figures.dose(make_table(), "pv_mean_rate", hue="density"))
        drawn += [figures.heatmap(table, "pv_mean_rate") for table in (make_table(), make_points())]
    for figure in drawn:
        sizes = {
            text.get_fontsize()
            for text in figure.findobj(matplotlib.text.Text)
            if text.get_text() and text.get_visible()
        }
        assert 7 <= min(sizes) and max(sizes) <= 9
    assert dict(matplotlib.rcParams) == before

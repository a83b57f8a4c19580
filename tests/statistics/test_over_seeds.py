"""Means and intervals over seeds: against scipy's bootstrap, by how often they hold the truth, and around holes."""

import inspect
import re

import numpy as np
import pytest
import xarray
from scipy.stats import bootstrap

import allotone
from allotone import InputError
from allotone.statistics import over_seeds


def made_table(samples, **variables):
    """A table of one variable over points and seeds, in Hz."""
    attrs = {"units": "Hz", "description": "mean firing rate of the agents"}
    size = {"point": np.shape(samples)[0], "seed": np.shape(samples)[-1]}
    return xarray.Dataset(
        {"pv_mean_rate": (("point", "seed"), np.asarray(samples, dtype=float), attrs), **variables},
        coords={
            "allopregnanolone": ("point", np.arange(size["point"]) * 10.0, {"units": "nM"}),
            "seed": ("seed", np.arange(size["seed"]), {"units": "1"}),
        },
        attrs={"definition": "{}"},
    )


def test_means_and_counts_are_those_of_what_is_there():
    samples = np.random.default_rng(0).normal(20, 3, (6, 5))
    samples[1, 2] = np.nan
    samples[2, 1:] = np.nan
    samples[3] = np.nan
    samples[4, 0] = np.inf
    found = over_seeds(made_table(samples))
    finite = np.where(np.isfinite(samples), samples, np.nan)
    np.testing.assert_allclose(found.pv_mean_rate[[0, 1, 2, 4, 5]], np.nanmean(finite[[0, 1, 2, 4, 5]], axis=1))
    assert np.isnan(found.pv_mean_rate[3])
    assert found.pv_mean_rate_count.values.tolist() == [5, 4, 1, 0, 4, 5]
    assert found.pv_mean_rate_count.dtype.kind == "i"
    for end in (found.pv_mean_rate_low, found.pv_mean_rate_high):
        assert np.isnan(end.values).tolist() == [False, False, True, True, False, False]
    some = found.isel(point=[0, 1, 4, 5])
    assert (some.pv_mean_rate_low < some.pv_mean_rate).all() and (some.pv_mean_rate < some.pv_mean_rate_high).all()


@pytest.mark.parametrize("level", [0.68, 0.95])
def test_the_ends_are_those_of_scipys_percentile_bootstrap(level):
    samples = np.random.default_rng(1).gamma(2, 1, (5, 12))
    found = over_seeds(made_table(samples), level, resamples=20_000)
    for row, low, high in zip(samples, found.pv_mean_rate_low, found.pv_mean_rate_high, strict=True):
        theirs = bootstrap(
            (row,), np.mean, n_resamples=20_000, confidence_level=level, method="percentile", random_state=2
        ).confidence_interval
        # An end is a quantile of 20 000 means: its own error is about 0.02 standard deviations of the mean.
        error = 5 * 0.02 * np.sqrt(2) * row.std() / np.sqrt(12)
        np.testing.assert_allclose([low, high], theirs, atol=error)


@pytest.mark.parametrize("draw, true", [("normal", 0.0), ("exponential", 1.0)])
def test_the_interval_holds_the_true_mean_as_often_as_the_docstring_says(draw, true):
    words = inspect.getdoc(over_seeds).replace("\n", " ")
    pattern = {
        "normal": r"in (0\.\d\d) of cases with 4 seeds, (0\.\d\d) with 8 and (0\.\d\d) with 30",
        "exponential": r"exponential ones in (0\.\d\d), (0\.\d\d) and (0\.\d\d)\.",
    }[draw]
    stated = [float(number) for number in re.search(pattern, words).groups()]
    cases = 4000
    for seeds, expected in zip((4, 8, 30), stated, strict=True):
        samples = getattr(np.random.default_rng(seeds), draw)(size=(cases, seeds))
        found = over_seeds(made_table(samples))
        held = ((found.pv_mean_rate_low <= true) & (true <= found.pv_mean_rate_high)).mean()
        # 4 standard errors, and half of the last digit stated.
        assert abs(held - expected) < 4 * np.sqrt(expected * (1 - expected) / cases) + 0.005
        assert held < 0.95


def test_an_interval_depends_on_nothing_but_its_own_values_and_the_settings():
    samples = np.random.default_rng(2).normal(0, 1, (50, 8))
    samples[::7, 3] = np.nan
    whole = over_seeds(made_table(samples))
    xarray.testing.assert_identical(over_seeds(made_table(samples)), whole)
    order = np.random.default_rng(3).permutation(50)
    for chosen in (order, [7], [8, 0]):
        alone = over_seeds(made_table(samples[chosen]))
        for name in ("pv_mean_rate", "pv_mean_rate_low", "pv_mean_rate_high"):
            np.testing.assert_array_equal(alone[name], whole[name][chosen])
    # Where a seed is missing, the rest is as if it had never been asked for.
    fewer = over_seeds(made_table(np.delete(samples, 3, axis=1)))
    np.testing.assert_array_equal(fewer.pv_mean_rate_low[::7], whole.pv_mean_rate_low[::7])
    assert (over_seeds(made_table(samples), seed=1).pv_mean_rate_low != whole.pv_mean_rate_low).all()


def test_equal_values_have_themselves_as_mean_and_both_ends():
    found = over_seeds(made_table(np.full((1, 7), 0.1)))
    assert found.pv_mean_rate == found.pv_mean_rate_low == found.pv_mean_rate_high == 0.1


def test_failed_and_missing_points_never_count():
    samples = np.random.default_rng(4).normal(20, 3, (3, 4))
    status = np.zeros((3, 4), dtype=np.uint8)
    status[0, 1], status[2] = 1, 2
    words = {
        "status": (("point", "seed"), status, {"units": "1", "flag_meanings": "done failed missing"}),
        "error": (("point", "seed"), np.full((3, 4), ""), {"units": "1"}),
    }
    found = over_seeds(made_table(samples, **words))
    assert found.pv_mean_rate_count.values.tolist() == [3, 4, 0]
    np.testing.assert_allclose(found.pv_mean_rate[0], samples[0, [0, 2, 3]].mean())
    assert np.isnan(found.pv_mean_rate[2]) and not {"status", "error"} & set(found.variables)


def test_units_coordinates_and_what_has_no_seeds_are_carried_over():
    rng = np.random.default_rng(5)
    banded = xarray.DataArray(rng.random((3, 2, 4)), dims=("point", "band", "seed"), attrs={"units": "Hz2"})
    effective = np.broadcast_to([[0.0], [10.0], [20.0]], (3, 4))
    table = made_table(
        rng.random((3, 4)),
        pv_band_power=banded.transpose("point", "seed", "band"),
        allopregnanolone_effective=(("point", "seed"), effective, {"units": "nM"}),
        depth=("point", [1.0, 2.0, 3.0], {"units": "um"}),
    ).assign_coords(
        band=("band", ["theta", "beta"], {"units": "1"}), network_seed=("seed", np.arange(4), {"units": "1"})
    )
    found = over_seeds(table)
    assert found.attrs == table.attrs and set(found.coords) == {"allopregnanolone", "band"}
    assert found.pv_mean_rate.attrs == table.pv_mean_rate.attrs
    assert found.pv_mean_rate_low.attrs["units"] == "Hz" and found.pv_mean_rate_low.attrs["level"] == 0.95
    assert found.pv_mean_rate_count.attrs["units"] == "1" and found.pv_mean_rate_count.attrs["seeds"] == 4
    assert found.pv_band_power.dims == found.pv_band_power_high.dims == ("point", "band")
    np.testing.assert_allclose(found.pv_band_power, banded.mean("seed"))
    np.testing.assert_array_equal(found.allopregnanolone_effective, [0, 10, 20])
    assert not [name for name in found if name.startswith("allopregnanolone_effective_")]
    xarray.testing.assert_identical(found.depth, table.depth)
    assert "seed" not in found.dims


@pytest.mark.parametrize(
    "settings, expected",
    [
        ({"level": 95}, "level: 95 is no share"),
        ({"resamples": 99}, "resamples: 99 is not possible; expected a whole number from 100 on"),
        ({"resamples": 1000.0}, "resamples: 1000.0 is not possible"),
        ({"level": 0.999, "resamples": 1000}, "resamples: 1000 are too few for a level of 0.999; give at least 2000"),
        ({"seed": -1}, "seed: -1 is not possible; expected a whole number from 0 on"),
    ],
)
def test_settings_that_make_no_interval_are_refused(settings, expected):
    with pytest.raises(InputError) as caught:
        over_seeds(made_table(np.zeros((2, 3))), **settings)
    assert str(caught.value).startswith(expected)


def test_a_table_without_seeds_or_with_the_names_taken_is_refused():
    table = made_table(np.zeros((2, 3)))
    with pytest.raises(InputError, match="has no dimension 'seed', only point"):
        over_seeds(over_seeds(table))
    with pytest.raises(InputError, match="already has 'pv_mean_rate_low'"):
        over_seeds(table.assign(pv_mean_rate_low=table.pv_mean_rate))


def test_it_stands_beside_the_other_names_of_the_package():
    assert allotone.over_seeds is over_seeds

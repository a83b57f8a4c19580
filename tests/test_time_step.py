"""Halving the shipped time step changes no statistic by more than its spread over seeds: the study, made small."""

import numpy as np
import pytest
import time_step

SETTINGS = {"duration": "1.5 s", "discard": "0.5 s", "show_progress": False}


def compared(name, seeds, **settings):
    return time_step.compare(name, [time_step.shipped_step(name)], seeds=seeds, **{**SETTINGS, **settings})


@pytest.mark.parametrize("name, seeds", [("pv_gamma", 16), ("wang_buzsaki_1996", 6), ("coba_driven", 16)])
def test_shipped_step(name, seeds):
    comparisons = compared(name, seeds)
    assert {one.statistic for one in comparisons} == set(time_step.SCALARS)
    found = {
        f"{one.population} {one.statistic}": (one.coarse.mean(), one.fine.mean(), one.sd)
        for one in comparisons
        if not one.passes
    }
    assert not found, f"means at the step and at half of it, SD over seeds: {found}"


def made_up(coarse, fine, resolution=0.0):
    return time_step.Comparison("net", 0.1, "cells", "mean_rate", "Hz", np.array(coarse), np.array(fine), resolution)


def test_a_difference_above_the_spread_fails():
    assert made_up([9.0, 11.0], [10.0, 12.0]).passes
    assert not made_up([9.0, 11.0], [11.0, 13.0]).passes
    assert made_up([9.0, 11.0], [9.0, 11.0]).sd == pytest.approx(np.sqrt(2))
    assert made_up([9.0, 11.0], [9.0, 11.0]).standard_error == pytest.approx(np.sqrt(2))


def test_without_spread_the_difference_is_relative_to_the_value():
    assert made_up([100.0, 100.0], [100.9, 100.9]).passes
    assert not made_up([100.0, 100.0], [102.0, 102.0]).passes
    assert made_up([0.0, 0.0], [0.0, 0.0]).passes
    assert not made_up([0.0, 0.0], [1e-4, 1e-4]).passes
    assert made_up([0.0, 0.0], [1e-4, 1e-4], resolution=1e-3).passes


def test_the_page_says_what_failed():
    own = time_step.Comparison(
        "pv_gamma", 0.05, "pv", "mean_rate", "Hz", np.array([9.0, 11.0]), np.array([13.0, 15.0]), 0.0
    )
    page = time_step.markdown([own], seeds=2)
    assert "| pv_gamma | 0.05 | shipped | 0 of 1 | pv mean_rate | pv mean_rate: 2.83 | 0, 0 |" in page
    assert "| pv | mean_rate | Hz | 10 | 14 | +4 | 29 | 1.4 | 1.4 | **no** |" in page


def test_one_seed_has_no_spread_and_is_refused(capsys):
    assert time_step.main(["--seeds", "1"]) == 2
    assert "at least 2" in capsys.readouterr().err

"""A network of twenty cells whose points take milliseconds, and sweeps of it."""

import tomllib
from pathlib import Path

import numpy as np
import xarray

from allotone import Network
from allotone.network.definition import Definition

CELLS = """
title = "Twenty cells that inhibit each other"
time_step = "0.1 ms"
[populations.cells]
size = 20
neuron = "conductance_lif"
reversal = { E_gaba = "-75 mV" }
[populations.cells.drive.current]
kind = "current"
amplitude = { mean = "300 pA", cv = 0.1 }
[populations.cells.drive.noise]
kind = "ornstein_uhlenbeck"
mean = "1 nS"
sd = "0.5 nS"
tau = "5 ms"
reversal = "0 mV"
[populations.cells.tonic.delta]
receptor = "alpha4_beta_delta"
conductance = { mean = "1 nS", cv = 0.1 }
[projections.inhibition]
source = "cells"
target = "cells"
receptor = "alpha1_beta_gamma2"
synapse = { kind = "exponential", tau_decay = "5 ms" }
connect = { rule = "fixed_indegree", indegree = 5 }
weight = "1 nS"
delay = "1 ms"
"""
DOSE, DENSITY = "medium.allopregnanolone", "populations.cells.tonic.delta.density"
AXES = {DOSE: ["0 nM", "30 nM", "100 nM"], DENSITY: [0.5, 1.0]}


def cells(**overrides) -> Network:
    """The network."""
    network = Network(Definition.from_data(tomllib.loads(CELLS)))
    return network.override(overrides) if overrides else network


def content(path: Path) -> xarray.Dataset:
    """All of a sweep's table but where and when it was made."""
    with xarray.open_dataset(path, engine="h5netcdf") as found:
        return found.load()


def assert_same(one: Path, other: Path) -> None:
    """Equal in every value, coordinate, attribute and type."""
    first, second = content(one), content(other)
    xarray.testing.assert_identical(first, second)
    assert {name: first[name].dtype for name in first.variables} == {
        name: second[name].dtype for name in second.variables
    }
    for name in first.data_vars:
        if first[name].dtype.kind == "f":
            assert np.array_equal(first[name].values, second[name].values, equal_nan=True)

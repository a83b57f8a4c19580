"""What our device makes of Brian2's C++: shared exponentials, kept values, refractoriness, and e^x itself."""

import math
import subprocess

import numpy as np
import pytest

from allotone import Network
from allotone.network.definition import Definition
from allotone.simulation.compile import compile_plan
from allotone.simulation.compiler import compiler
from allotone.simulation.device import functions
from allotone.simulation.device.choice import OURS, Choice
from allotone.simulation.device.powers import share_exponentials
from allotone.simulation.make import flags
from allotone.simulation.run import plan_run

SLOPES = """const double _lio_1 = 1.0f*(- 0.1)/mV;
const double _lio_2 = 1.0f*0.05/mV;
const double _lio_3 = 1.0f*0.0125/mV;
const double _lio_4 = 1.0f*0.03/mV;
const double _lio_5 = 1.0f*dt/tau;
"""
HEADERS = functions.__file__.rsplit("/", 1)[0]


def shared(vector):
    return share_exponentials(vector, SLOPES, ["const double mV = 0.001;"])


def test_slopes_that_are_multiples_share_an_exponential():
    changed = shared(
        "const double a = vector_exp(_lio_1 * v);\nconst double b = vector_exp((- 2.9) - (_lio_2 * v)) + vector_exp(- _lio_3 * v);\n"
        "const double c = vector_exp((- 0.5) - (_lio_3 * v));\n"
    )
    assert changed.count("vector_exp(") == 2, "that with a form of its own stays"
    assert changed.startswith("const double _e0_1 = vector_exp(-_lio_3 * v);\nconst double _e0_2 = _e0_1*_e0_1;")
    assert f"const double b = ({math.exp(-2.9)!r} * _e0_4) + vector_exp(- _lio_3 * v);" in changed
    assert "const double a = (1.0 * _e0_8);" in changed and f"const double c = ({math.exp(-0.5)!r} * _e0_1);" in changed


@pytest.mark.parametrize(
    "vector",
    [
        "x = vector_exp(_lio_1 * v);\n",
        "x = vector_exp(_lio_1 * v) + vector_exp(_lio_2 * v);\n",  # of unlike sign
        "x = vector_exp(_lio_1 * v) - vector_exp((- 1.0) - (_lio_4 * v));\n",  # no whole multiple
        "x = vector_exp(_lio_1 * v) + vector_exp((- 1.0) - (_lio_2 * w));\n",  # of unlike voltages
        "x = vector_exp(_lio_5 * v) + vector_exp(_lio_5 * w);\n",  # not known before the run
        "x = vector_exp(_lio_1 * (v) * (w)) + vector_exp((- 1.0) - (_lio_2 * v));\n",  # not linear
    ],
)
def test_other_exponentials_stay(vector):
    assert shared(vector) == vector


def test_a_shared_exponential_stands_before_a_whole_condition():
    vector = (
        "double x;\n"
        "if(!q)\n    x = 1.0;\nelse \n    x = vector_exp((- 1.0) - (_lio_2 * v)) + vector_exp((- 2.0) - (_lio_3 * v));\n"
    )
    assert shared(vector).startswith("double x;\nconst double _e0_1 = vector_exp(-_lio_3 * v);")
    assert shared(vector).index("if(!q)") > shared(vector).index("const double _e0_4")


@pytest.fixture(scope="module")
def exponential(tmp_path_factory):
    """Our e^x of an array, as the loops compute it."""
    folder = tmp_path_factory.mktemp("exponential")
    source = """#include "exponential.h"
    #include <cstdio>
    #include <vector>
    int main() {
        std::vector<double> x(1 << 20), y(1 << 20);
        size_t n = fread(x.data(), sizeof(double), x.size(), stdin);
        for (size_t i = 0; i < n; i++) y[i] = vector_exp(x[i]);
        fwrite(y.data(), sizeof(double), n, stdout);
    }"""
    (folder / "e.cpp").write_text(source)
    command = [compiler().command, *flags(Choice(OURS), compiler()), f"-I{HEADERS}", "e.cpp", "-o", "e"]
    subprocess.run(command, cwd=folder, check=True)

    def values(x):
        done = subprocess.run([folder / "e"], input=np.asarray(x, float).tobytes(), stdout=subprocess.PIPE, check=True)
        return np.frombuffer(done.stdout)

    return values


@pytest.mark.parametrize("span", [1e-12, 1e-3, 1.0, 30.0, 700.0])
def test_the_exponential_is_exact_to_the_last_digit(exponential, span):
    x = np.random.default_rng(1).uniform(-span, span, 1 << 18)
    true = np.exp(x.astype(np.longdouble))
    assert np.max(np.abs((exponential(x) - true) / true)) < 2.2e-16


def test_the_exponential_out_of_range_is_tiny_or_huge(exponential):
    assert exponential([0.0, -0.0]).tolist() == [1.0, 1.0]
    low, high = exponential([-1e5, -800.0]), exponential([800.0, 1e5])
    assert np.all((low > 0) & (low < 1e-300)) and np.all((high > 1e300) & np.isfinite(high))


def program(**changes):
    cells = {"size": 20, "neuron": "conductance_lif", "reversal": {"E_gaba": "-75 mV"}}
    synapse = {"kind": "exponential", "tau_decay": changes.pop("tau_decay", "10 ms")}
    projection = {
        "source": "cells", "target": "cells", "receptor": "alpha1_beta_gamma2", "weight": "1 nS", "synapse": synapse,
        "connect": {"rule": "probability", "probability": 0.5}, "delay": "1 ms",
    }  # fmt: skip
    data = {
        "title": "t",
        "time_step": "0.1 ms",
        "populations": {"cells": cells | changes},
        "projections": {"p": projection},
    }
    plan = plan_run(Network(Definition.from_data(data)).definition, duration_s=0.1)
    return (compile_plan(plan).folder / "main.cpp").read_text()


def test_an_own_decay_is_kept_between_changes_of_the_steroid(monkeypatch):
    monkeypatch.delenv("ALLOTONE_DEVICE", raising=False)
    own, common = program(tau_decay={"mean": "10 ms", "cv": 0.2}), program()
    assert "_kept_0[_idx] = vector_exp(" in own and "_version_ptr_array_pop_cells_tau_decay_p++;" in own
    assert "_kept_0" not in common


def test_refractoriness_is_stored_only_where_somebody_reads_it(monkeypatch):
    monkeypatch.delenv("ALLOTONE_DEVICE", raising=False)
    assert "_not_refractory[_idx] = not_refractory;" not in program()

"""One compartment: tonic conductance and IPSC decay of a run against the functions on plain arrays, to 1 %."""

import numpy as np
import pytest

from allotone import Network, decay_factor, receptor, tonic_fold
from allotone.concentration import Evaluator, schedule
from allotone.network.definition import Definition
from allotone.receptors import ReferenceState
from allotone.simulation.run import plan_run

REFERENCE = {"gaba": "0.2 uM", "allopregnanolone": "5 nM", "voltage": "-70 mV"}
TONIC = {
    "delta_slice": ("alpha4_beta_delta", "slice"),
    "delta_recombinant": ("alpha4_beta_delta", "recombinant"),
    "pv_slice": ("alpha1_beta_delta", "slice"),
    "alpha5_slice": ("alpha5_beta_gamma2", "slice"),
    "alpha5_recombinant": ("alpha5_beta_gamma2", "recombinant"),
}
PHASIC = {
    "gamma2_slice": ("alpha1_beta_gamma2", "slice", 8.0),
    "gamma2_recombinant": ("alpha1_beta_gamma2", "recombinant", 8.0),
    "alpha5": ("alpha5_beta_gamma2", "slice", 20.0),
}
SPIKES_MS = (100, 300, 500, 700, 900)
NETWORK = {
    "title": "One compartment", "time_step": "0.1 ms",
    "medium": {"gaba": "0.3 uM"},
    "populations": {
        "cell": {
            "size": 1, "neuron": "conductance_lif", "parameters": {"v_threshold": "900 mV"},
            "reversal": {"E_gaba": "-75 mV"},
            "tonic": {
                name: {"receptor": of, "preparation": preparation, "conductance": "1 nS", "reference": REFERENCE}
                for name, (of, preparation) in TONIC.items()
            },
        },
        "axon": {
            "size": 1,
            "neuron": {"kind": "spike_file", "path": "", "spikes": [[0, float(time)] for time in SPIKES_MS]},
        },
    },
    "projections": {
        name: {
            "source": "axon", "target": "cell", "receptor": of, "preparation": preparation, "weight": "1 nS",
            "connect": {"rule": "all_to_all"}, "synapse": {"kind": "exponential", "tau_decay": f"{tau} ms"},
        }
        for name, (of, preparation, tau) in PHASIC.items()
    },
}  # fmt: skip
RECORD = [*(f"g_tonic_{name}@cell/1ms" for name in TONIC), *(f"g_{name}@cell/0.1ms" for name in PHASIC)]
TABLE = {"schedule": "table", "times": ["0 s", "0.4 s", "1 s"], "concentrations": ["10 nM", "400 nM", "50 nM"]}
SCHEDULES = {
    "none": "0 nM", "low": "30 nM", "middle": "100 nM", "high": "1000 nM",
    "step": "step:before=10nM,after=300nM,onset=600ms", "ramp": "ramp:before=0nM,after=300nM,duration=1s", "table": TABLE,
}  # fmt: skip
# Another network altogether for its numbers, and the same binary.
OTHER_NUMBERS = {
    "receptors.potency_ratio": 0.35,
    "populations.cell.tonic.alpha5_slice.receptor_parameters.K_allo": "0.05 uM",
    "populations.cell.tonic.delta_slice.receptor_parameters.c_allo": 0.3,
    "populations.cell.tonic.delta_recombinant.receptor_parameters.K_gaba": "0.9 uM",
    "projections.alpha5.receptor_parameters.decay_ec50": "2 uM",
    "projections.gamma2_slice.receptor_parameters.decay_max": 8,
}


def numbers(definition, path):
    """What a definition says about the numbers of the receptor at a dotted path."""
    node = definition.data
    for key in path.split("."):
        node = node[key]
    return node["receptor_parameters"]


@pytest.fixture(scope="module")
def definition():
    return Definition.from_data(NETWORK)


@pytest.fixture(scope="module", params=[*SCHEDULES, "other numbers"])
def run(request, definition):
    """Definition, concentration in nM at times in s, and traces (time,) by variable."""
    if request.param == "other numbers":
        definition, given = definition.override(OTHER_NUMBERS), SCHEDULES["table"]
    else:
        given = SCHEDULES[request.param]
    made = Network(definition).run("1 s", allopregnanolone=given, record=RECORD)
    traces = {trace.variable: np.asarray(trace.values)[:, 0] for trace in made.traces["cell"]}
    course = Evaluator(schedule(given))
    return definition, lambda times_s: course.receptor(times_s / 3600), traces


def is_settled(times_s):
    """Where a step is not: the table of a run joins its two sides by a slope of 1 ms."""
    return (times_s > 0) & (np.abs(times_s - 0.6) > 3e-3)


@pytest.mark.parametrize("name", TONIC)
def test_tonic_conductance(run, name):
    definition, concentration, traces = run
    given = dict(numbers(definition, f"populations.cell.tonic.{name}"))
    of, preparation = TONIC[name]
    ratio = definition.schema.receptors.potency_ratio if "delta" in of else None
    subtype = receptor(of, preparation, potency_ratio=ratio, parameters=given or None)
    times = np.arange(1000) * 1e-3
    expected = 1e-9 * tonic_fold(0.3, concentration(times), subtype, ReferenceState(**REFERENCE))
    at = is_settled(times)
    np.testing.assert_allclose(traces[f"g_tonic_{name}"][at], expected[at], rtol=0.01)


@pytest.mark.parametrize("name", PHASIC)
@pytest.mark.parametrize("spike_ms", SPIKES_MS)
def test_decay_of_an_ipsc(run, name, spike_ms):
    definition, concentration, traces = run
    of, preparation, tau_ms = PHASIC[name]
    subtype = receptor(of, preparation, parameters=numbers(definition, f"projections.{name}") or None)
    first, last = 10 * spike_ms + 20, 10 * spike_ms + 120
    g = traces[f"g_{name}"]
    measured_ms = 0.1 * (last - first) / np.log(g[first] / g[last])
    # The rate of decay, which is what adds up where the concentration changes meanwhile.
    times = np.arange(first, last) * 1e-4
    expected_ms = 1 / np.mean(1 / (tau_ms * decay_factor(concentration(times), subtype)))
    assert measured_ms == pytest.approx(expected_ms, rel=0.01)


def test_the_steroid_does_something_to_each_of_them(definition):
    """So that what agrees is not two constants."""
    for of, preparation in TONIC.values():
        assert tonic_fold(0.3, 300, receptor(of, preparation)) > 1.5 * tonic_fold(0.3, 0, receptor(of, preparation))
    for of, preparation, _ in PHASIC.values():
        assert decay_factor(300, receptor(of, preparation)) > 1.5


def test_other_numbers_need_no_other_binary(definition):
    one, other = (plan_run(d, duration_s=1.0) for d in (definition, definition.override(OTHER_NUMBERS)))
    assert one.structure == other.structure
    changed = {name for name in one.arguments if one.arguments[name] != other.arguments[name]}
    assert changed == {
        *(f"pop_cell.tonic_{name}_K_allo" for name in ("delta_slice", "delta_recombinant", "pv_slice", "alpha5_slice")),
        "pop_cell.tonic_delta_slice_c_allo", "pop_cell.tonic_delta_recombinant_K_gaba",
        "pop_cell.phasic_alpha5_decay_ec50", "pop_cell.phasic_gamma2_slice_decay_max",
    }  # fmt: skip

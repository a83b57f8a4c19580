"""Short-term plasticity of a contact against the recursion it is defined by."""

import numpy as np
import pytest

from allotone import InputError, Network

SPIKES_MS = (10, 30, 50, 70, 90, 110, 300)
NETWORK = """
title = "one contact"
time_step = "0.1 ms"

[populations.train]
size = 1
neuron = { kind = "spike_file", path = "spikes.csv" }

[populations.cell]
size = 1
neuron = "conductance_lif"
parameters = { v_threshold = "100 mV" }

[projections.contact]
source = "train"
target = "cell"
receptor = "ampa"
reversal = "0 mV"
synapse = { kind = "exponential", tau_decay = "2 ms" }
plasticity = { kind = "tsodyks_markram", U = "0.2", tau_recovery = "100 ms", tau_facilitation = "50 ms" }
connect = { rule = "all_to_all" }
weight = "3 nS"
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plasticity")
    (folder / "spikes.csv").write_text("node_id,time_ms\n" + "".join(f"0,{time}\n" for time in SPIKES_MS))
    (folder / "contact.toml").write_text(NETWORK)
    return Network.load(folder / "contact.toml")


def recursion(release, recovery, facilitation):
    """Released share over that at rest, at each spike."""
    x, u, last, released = 1.0, 0.0, None, []
    for time in SPIKES_MS:
        if last is not None:
            x = 1 - (1 - x) * np.exp(-(time - last) / recovery)
            u = u * np.exp(-(time - last) / facilitation) if facilitation else 0.0
        u += release * (1 - u)
        released.append(u * x / release)
        x -= u * x
        last = time
    return np.array(released)


@pytest.mark.parametrize(("release", "recovery", "facilitation"), [(0.2, 100, 50), (0.6, 400, 0)])
def test_each_spike_releases_what_the_recursion_says(network, release, recovery, facilitation):
    path = "projections.contact.plasticity"
    values = {"U": release, "tau_recovery": f"{recovery} ms", "tau_facilitation": f"{facilitation} ms"}
    run = network.override({f"{path}.{key}": value for key, value in values.items()}).run(
        "0.35 s", record=["g_contact@cell/0.1ms"]
    )
    g_nS = np.asarray(run.traces["cell"][0].values)[:, 0] * 1e9
    # A step is recorded before it decays and before its spikes arrive.
    steps = np.rint(np.array(SPIKES_MS) / 0.1).astype(int)
    decay = np.exp(-0.1 / 2)
    jumps = g_nS[steps + 1] - g_nS[steps] * decay
    np.testing.assert_allclose(jumps, 3 * recursion(release, recovery, facilitation), rtol=1e-9)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("plasticity.U", 1.5, "above 1"),
        ("plasticity.U", 0, "not above 0"),
        ("plasticity.tau_recovery", "0 ms", "not above 0"),
        ("plasticity.tau_recovery", "-1 ms", "negative"),
        ("plasticity.kind", "tsodyks", "did you mean 'tsodyks_markram'"),
        ("plasticity", {"kind": "none", "U": 0.5}, "unknown parameter of plasticity 'none' 'U'"),
    ],
)
def test_what_is_refused(network, path, value, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        network.override({f"projections.contact.{path}": value})
    assert str(refused.value).startswith("projections.contact.plasticity")


def test_a_synapse_without_spikes_has_none():
    with pytest.raises(InputError, match="graded synapse passes no spikes"):
        Network.load("wang_buzsaki_1996").override(
            {"projections.interneurons_to_interneurons.plasticity": {"kind": "tsodyks_markram"}}
        )

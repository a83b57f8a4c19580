"""Short-term plasticity of a contact against the recursion it is defined by."""

import numpy as np
import pytest
from small_network import CONTACT_RECORD, CONTACT_SPIKES_MS

from allotone import InputError, Network


def recursion(release, recovery, facilitation):
    """Released share over that at rest, at each spike."""
    x, u, last, released = 1.0, 0.0, None, []
    for time in CONTACT_SPIKES_MS:
        if last is not None:
            x = 1 - (1 - x) * np.exp(-(time - last) / recovery)
            u = u * np.exp(-(time - last) / facilitation) if facilitation else 0.0
        u += release * (1 - u)
        released.append(u * x / release)
        x -= u * x
        last = time
    return np.array(released)


@pytest.fixture(scope="module")
def conductances(contact_network):
    """Of the first cell by projection, array (time,), nS."""
    run = contact_network.run("0.35 s", record=CONTACT_RECORD)
    return {trace.variable: np.asarray(trace.values)[:, 0] * 1e9 for trace in run.traces["cell"]}


@pytest.mark.parametrize(
    ("name", "release", "recovery", "facilitation"), [("contact", 0.2, 100, 50), ("depressing", 0.6, 400, 0)]
)
def test_each_spike_releases_what_the_recursion_says(conductances, name, release, recovery, facilitation):
    g_nS = conductances[f"g_{name}"]
    # A step is recorded before it decays and before its spikes arrive.
    steps = np.rint(np.array(CONTACT_SPIKES_MS) / 0.1).astype(int)
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
def test_what_is_refused(contact_network, path, value, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        contact_network.override({f"projections.contact.{path}": value})
    assert str(refused.value).startswith("projections.contact.plasticity")


def test_a_synapse_without_spikes_has_none():
    with pytest.raises(InputError, match="graded synapse passes no spikes"):
        Network.load("wang_buzsaki_1996").override(
            {"projections.interneurons_to_interneurons.plasticity": {"kind": "tsodyks_markram"}}
        )

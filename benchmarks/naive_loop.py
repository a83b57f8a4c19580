"""The loop that a Brian2 user writes over settings and seeds of `coba_driven`: runtime mode, one process, one point at a time.

Reads points from standard input as JSON, [[dose in nM, density, seed], ...]; writes JSON: of each point the seconds, the
processor seconds, and the mean rates of its excitatory and inhibitory cells in Hz.
"""

import json
import sys
import time

from brian2 import Network, NeuronGroup, SpikeMonitor, Synapses, defaultclock, ms, mV, nS, pA, pF, second, seed

from allotone import decay_factor, receptor, tonic_fold

N_EXCITATORY, N_INHIBITORY = 800, 200
DURATION = 1 * second

# Cells: Brette et al. 2007, as in coba_tonic.toml
C_m = 200 * pF  # Membrane capacitance
g_leak = 10 * nS  # Leak conductance
E_leak = -60 * mV  # Leak reversal potential
E_excitatory = 0 * mV  # Excitatory reversal potential
E_gaba = -80 * mV  # Inhibitory reversal potential
v_threshold = -50 * mV  # Spike threshold
v_reset = -60 * mV  # Potential after a spike
tau_excitatory = 5 * ms  # Decay of an excitatory conductance
weight_excitatory = 6 * nS  # Conductance of one excitatory contact
weight_inhibitory = 67 * nS  # Conductance of one inhibitory contact
tau_without_steroid = 10 * ms  # Decay of an inhibitory conductance
# Drive and tonic conductance: coba_driven.toml
I_drive = 200 * pA
gaba_uM = 0.16
g_reference = 1 * nS  # Tonic conductance at density 1 without steroid

EQUATIONS = """
dv/dt = (g_leak*(E_leak - v) + g_e*(E_excitatory - v) + (g_i + g_tonic)*(E_gaba - v) + I_drive)/C_m : volt (unless refractory)
dg_e/dt = -g_e/tau_excitatory : siemens
dg_i/dt = -g_i/tau_inhibitory : siemens
g_tonic : siemens (constant)
tau_inhibitory : second (constant, shared)
"""


def mean_rates(dose_nM: float, density: float, number: int) -> tuple[float, float]:
    """Mean rates of excitatory and inhibitory cells, Hz."""
    seed(number)
    # One group for both kinds of cell, which differ in their tonic receptors alone: faster than two.
    cells = NeuronGroup(
        N_EXCITATORY + N_INHIBITORY,
        EQUATIONS,
        threshold="v > v_threshold",
        reset="v = v_reset",
        refractory=5 * ms,
        method="exponential_euler",
        name="cells",
    )
    cells.tau_inhibitory = tau_without_steroid * float(decay_factor(dose_nM, receptor("alpha1_beta_gamma2", "slice")))
    excitatory, inhibitory = cells[:N_EXCITATORY], cells[N_EXCITATORY:]
    for group, subtype in ((excitatory, "alpha4_beta_delta"), (inhibitory, "alpha1_beta_delta")):
        group.g_tonic = density * g_reference * float(tonic_fold(gaba_uM, dose_nM, receptor(subtype, "slice")))
    cells.v = "-65*mV + 5*mV*randn()"
    cells.g_e = "clip(40 + 15*randn(), 0, inf)*nS"
    cells.g_i = "clip(200 + 120*randn(), 0, inf)*nS"
    from_excitatory = Synapses(
        excitatory, cells, on_pre="g_e += weight_excitatory", delay=1 * ms, name="from_excitatory"
    )
    from_excitatory.connect("i != j", p=0.02)
    from_inhibitory = Synapses(
        inhibitory, cells, on_pre="g_i += weight_inhibitory", delay=1 * ms, name="from_inhibitory"
    )
    from_inhibitory.connect("i + N_EXCITATORY != j", p=0.02)
    spikes = SpikeMonitor(cells, name="spikes")
    Network(cells, from_excitatory, from_inhibitory, spikes).run(DURATION)
    count = spikes.count[:]
    return tuple(float(some.mean() / DURATION) for some in (count[:N_EXCITATORY], count[N_EXCITATORY:]))


def main() -> None:
    """Time the points asked for."""
    defaultclock.dt = 0.1 * ms
    seconds, processor_seconds, rates = [], [], []
    for point in json.load(sys.stdin):
        start, used = time.perf_counter(), time.process_time()
        rates.append(mean_rates(*point))
        seconds.append(time.perf_counter() - start)
        processor_seconds.append(time.process_time() - used)
    json.dump({"seconds": seconds, "processor_seconds": processor_seconds, "rates": rates}, sys.stdout)


if __name__ == "__main__":
    main()

"""The networks of the workloads as a Brian2 user writes them: one group, default preferences, either mode.

Reads a JSON object from standard input: `workload` (A, B, C, D or F), `seconds`, `folder` (of the stand-alone program, which
is compiled and not run; empty for the runtime mode) and for B `time_step_ms`; writes `size`, and in runtime mode `loop_s`
and `rate_hz`.
"""

import json
import sys

import brian2
from brian2 import Hz, NeuronGroup, PoissonInput, SpikeMonitor, Synapses, TimedArray, ms, mV, np, nS, pA, pF, second

from allotone import decay_factor, receptor, tonic_fold

# Brian2 counts processor seconds; everybody else's are those of a clock on the wall.
_BEGIN = "timespec begin, end; clock_gettime(CLOCK_MONOTONIC, &begin);"
_END = """
clock_gettime(CLOCK_MONOTONIC, &end);
std::ofstream(brian::results_dir + "loop_s") << (end.tv_sec - begin.tv_sec) + 1e-9*(end.tv_nsec - begin.tv_nsec);
"""
COBA = {
    "C_m": 200 * pF, "g_leak": 10 * nS, "E_leak": -60 * mV, "E_e": 0 * mV, "E_gaba": -80 * mV, "tau_e": 5 * ms,
    "v_threshold": -50 * mV, "v_reset": -60 * mV, "I_drive": 200 * pA, "w_e": 6 * nS, "w_i": 67 * nS,
    # The noise of C.
    "x_mean": 1 * nS, "x_sd": 0.5 * nS, "tau_x": 2.73 * ms, "tau_b": 5 * ms,
}  # fmt: skip
COBA_EQUATIONS = """
    dv/dt = (g_leak*(E_leak - v) + {g_excitatory}*(E_e - v) + (g_i + g_tonic)*(E_gaba - v) + I_drive)/C_m : volt (unless refractory)
    dg_e/dt = -g_e/tau_e : siemens
    dg_i/dt = -g_i/tau_i : siemens
"""
NOISE_EQUATIONS = """
    x : siemens
    dg_b/dt = -g_b/tau_b : siemens
"""
SPREAD_EQUATIONS = """
    kind : integer (constant)
    density : 1 (constant)
    tau_0 : second (constant)
    tau_i = tau_0*prolonged(t) : second
    g_tonic = density*fold(t, kind)*nS : siemens
"""
WANG_BUZSAKI = """
    dv/dt = (I + I_gap - 0.1*(v + 65) - 35*m**3*h*(v - 55) - 9*n**4*(v + 90) - (g_tonic + decaying - rising)*(v + 75))/ms : 1
    m = a_m/(a_m + b_m) : 1
    a_m = 0.1*(v + 35.0000001)/(1 - exp(-0.1*(v + 35.0000001))) : 1
    b_m = 4*exp(-(v + 60)/18) : 1
    dh/dt = 5*(0.07*exp(-(v + 58)/20)*(1 - h) - h/(1 + exp(-0.1*(v + 28))))/ms : 1
    dn/dt = 5*(0.01*(v + 34.0000001)/(1 - exp(-0.1*(v + 34.0000001)))*(1 - n) - 0.125*exp(-(v + 44)/80)*n)/ms : 1
    ddecaying/dt = -decaying/(1.8*ms) : 1
    drising/dt = -rising/(0.16*ms) : 1
    I_0 : 1 (constant)
    begin : second (constant)
    g_0 : 1 (constant)
    I = I_0*int(t >= begin) : 1
    g_tonic = g_0*(1 + exp(-(-70 + 72.7)/25))/(1 + exp(-(v + 72.7)/25)) : 1 (constant over dt)
"""


def coba(workload: str) -> list:
    """Network of A, C and D: excitatory cells first, each kind with synapses to all."""
    brian2.defaultclock.dt = 0.1 * ms
    equations = COBA_EQUATIONS.format(
        g_excitatory="(g_e + g_b + clip(x, 0*nS, 1*siemens))" if workload == "C" else "g_e"
    )
    namespace = dict(COBA)
    if workload == "D":
        doses_nM = np.minimum(np.arange(1001) * 0.1, 100)
        folds = [tonic_fold(0.16, doses_nM, receptor(f"{name}_beta_delta", "slice")) for name in ("alpha4", "alpha1")]
        namespace["fold"] = TimedArray(np.array(folds).T, dt=1 * ms)
        namespace["prolonged"] = TimedArray(decay_factor(doses_nM, receptor("alpha1_beta_gamma2", "slice")), dt=1 * ms)
        equations += SPREAD_EQUATIONS
    else:
        namespace |= {"g_tonic": 1 * nS, "tau_i": 10 * ms}
    cells = NeuronGroup(
        4000, equations + (NOISE_EQUATIONS if workload == "C" else ""), namespace=namespace, threshold="v > v_threshold",
        reset="v = v_reset", refractory=5 * ms, method="exponential_euler",
    )  # fmt: skip
    made = [cells]
    if workload == "D":
        cells.kind = "int(i >= 3200)"
        cells.density = "clip(1 + 0.2*randn(), 0, inf)"
        cells.tau_0 = "clip(10 + 2*randn(), 0.1, inf)*ms"
    if workload == "C":
        cells.x = "x_mean + x_sd*randn()"
        cells.run_regularly("x = x_mean + (x - x_mean)*exp(-dt/tau_x) + x_sd*sqrt(1 - exp(-2*dt/tau_x))*randn()")
        made.append(PoissonInput(cells, "g_b", N=1000, rate=1 * Hz, weight=0.2 * nS))
    cells.v = "-65*mV + 5*mV*randn()"
    cells.g_e = "clip(40 + 15*randn(), 0, inf)*nS"
    cells.g_i = "clip(200 + 120*randn(), 0, inf)*nS"
    for first, last, on_pre in ((0, 3200, "g_e += w_e"), (3200, 4000, "g_i += w_i")):
        synapses = Synapses(cells[first:last], cells, on_pre=on_pre, delay=1 * ms, namespace=COBA)
        synapses.connect(f"i + {first} != j", p=0.02)
        made.append(synapses)
    return made


def wang_buzsaki(workload: str, time_step_ms: float) -> list:
    """Network of B and F; conductances in mS/cm2, currents in uA/cm2, potentials in mV."""
    brian2.defaultclock.dt = time_step_ms * ms
    ring = workload == "F"
    equations = WANG_BUZSAKI + ("I_gap : 1" if ring else "I_gap = 0 : 1")
    cells = NeuronGroup(200, equations, threshold="v > 0", refractory="v > 0", method="rk4")
    cells.v = "-70 + 20*rand()"
    cells.h = "1/(1 + 1/(1 + exp(-0.1*(v + 28)))/(0.07*exp(-(v + 58)/20)))"
    cells.n = "1/(1 + 0.125*exp(-(v + 44)/80)/(0.01*(v + 34.0000001)/(1 - exp(-0.1*(v + 34.0000001)))))"
    cells.I_0 = "1 + 0.1*randn()"
    cells.g_0 = "clip(0.010*(1 + 0.2*randn()), 0, inf)"
    t_peak = 1.8 * 0.16 / (1.8 - 0.16) * np.log(1.8 / 0.16)
    jump = 0.02 / (np.exp(-t_peak / 1.8) - np.exp(-t_peak / 0.16))
    on = "*int(t >= 150*ms)" if ring else ""
    synapses = Synapses(cells, cells, on_pre=f"decaying += jump{on}; rising += jump{on}", namespace={"jump": jump})
    if not ring:
        synapses.connect("i != j", p=0.3)
        synapses.delay = 1 * ms
        return [cells, synapses]
    cells.begin = "50*ms*rand()"
    synapses.connect(j="(i + k + 200) % 200 for k in range(-50, 51) if rand() < 0.99736*exp(-k**2/(2*24**2))")
    synapses.delay = "(0.5 + 0.2*(abs(i - j) + (200 - 2*abs(i - j))*int(2*abs(i - j) > 200)))*ms"
    gaps = Synapses(cells, cells, f"I_gap_post = 0.01*(v_pre - v_post){on} : 1 (summed)")
    near = np.array([(i, (i + k) % 200) for i in range(200) for k in range(1, 5)])
    near = near[np.random.default_rng().random(len(near)) < 0.5]
    gaps.connect(i=np.concatenate([near[:, 0], near[:, 1]]), j=np.concatenate([near[:, 1], near[:, 0]]))
    return [cells, synapses, gaps]


def main() -> None:
    """Compile or time the network asked for."""
    asked = json.load(sys.stdin)
    workload, seconds, folder = asked["workload"], asked["seconds"], asked["folder"]
    if folder:
        brian2.set_device("cpp_standalone", directory=folder, build_on_run=False)
    objects = wang_buzsaki(workload, asked.get("time_step_ms", 0.05)) if workload in "BF" else coba(workload)
    spikes = SpikeMonitor(objects[0], name="spikes")
    loop = []
    # The seconds that Brian2 itself counts from the first time step on.
    report = (
        {} if folder else {"report": lambda elapsed, *_: loop.append(float(elapsed)), "report_period": 1000 * second}
    )
    if folder:
        brian2.device.insert_code("before_network_run", _BEGIN)
        brian2.device.insert_code("after_network_run", _END)
    brian2.Network(*objects, spikes).run(seconds * second, **report)
    answer = {"size": len(objects[0])}
    if folder:
        brian2.device.build(directory=folder, run=False)
    else:
        answer |= {"loop_s": loop[-1], "rate_hz": spikes.num_spikes / len(objects[0]) / seconds}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()

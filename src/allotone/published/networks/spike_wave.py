"""Cortex and thalamus between spindles and spike-and-wave: frequency by the GABA-A inhibition that the cortex keeps."""

import functools

import numpy as np

from ...simulation.network import Network
from ...units import magnitude
from ..checks import Check, check, estimate
from ..targets import above, within
from .robustness import robust
from .runs import over_seeds

SEEDS = 2  # hardly differ: the relay cells' conductances have a spread of 0.1 %
CORTICAL = "projections.pv_to_pn.amplitude_factor"
SHARES = {1: "swd_peak_1", 0.75: "swd_peak_0p75", 0.5: "swd_peak_0p5", 0.25: "swd_peak_0p25"}
FAST = (
    "pn_to_pn", "pn_to_pv", "pv_to_pn", "pn_to_re", "pn_to_tc", "tc_to_pn", "tc_to_pv", "tc_to_re", "re_to_tc", "re_to_re",
)  # fmt: skip
# The pulse that the program names; in effect its own lasts one of its steps less.
AS_NAMED = {f"projections.{name}.synapse.pulse": "0.3 ms" for name in FAST}
DECLARED = {
    "swd_peak_1": "discharges come at 6 Hz in the first second and at 10 Hz when cells fall out of step; the mean over segments "
    "of 1 s takes the first, one spectrum of all 2.7 s the second: 9.6 Hz in an independent program of ours, 0.025 ms",
    "swd_peak_0p25": "2.6 to 2.7 Hz also in an independent program of ours, at 0.025 and 0.05 ms; it is steep in the pulse: "
    "there 1.5 Hz with 0.35 ms, one step of 0.05 ms more",
}
DURATION_S, DISCARD_S = 3.0, 0.3
PAUSE_MS, EVENT_PAUSE_MS = 30.0, 600.0  # assumed: spikes of a discharge are denser, and waves last about 300 ms
SPIKE_WAVE_HZ = 5.0  # assumed: above the 2.5 to 4 Hz of absence seizures and below spindles (7 to 14 Hz)


def discharges(times_ms: np.ndarray, node_ids: np.ndarray, size: int) -> np.ndarray:
    """Onset and end of each population discharge, array (discharges, 2), ms.

    A discharge is a run of spikes without a pause above 30 ms in which at least half of the cells fire.

    Parameters
    ----------
    times_ms : array (spikes,)   sorted
    node_ids : array of int (spikes,)
    size : int   cells of the population
    """
    starts = np.flatnonzero(np.diff(times_ms, prepend=-np.inf) > PAUSE_MS)
    stops = np.append(starts[1:], times_ms.size)
    found = [
        (times_ms[start], times_ms[stop - 1])
        for start, stop in zip(starts, stops)
        if np.unique(node_ids[start:stop]).size >= size / 2
    ]
    return np.reshape(found, (-1, 2))


def read(run) -> dict[str, float]:
    """Read-outs of the pyramidal cells, of discharges that begin after the first 0.3 s.

    An event is a run of at least three discharges of which each begins at most 600 ms after the one before; it is
    spike-and-wave where they come at up to 5 Hz. `event_rate` (Hz) counts those, `event_duration` (ms) is their mean
    length (NaN without any), `discharge_frequency` (Hz) that of the first event of either kind (NaN without any).
    """
    spikes, size = run.spikes["pn"], run.sizes["pn"]
    found = discharges(magnitude(spikes.times, "ms"), spikes.node_ids, size)
    found = found[found[:, 0] >= 1e3 * DISCARD_S]
    groups = np.split(found, np.flatnonzero(np.diff(found[:, 0]) > EVENT_PAUSE_MS) + 1)
    events = [one for one in groups if len(one) >= 3]
    frequencies = [1e3 * (len(one) - 1) / (one[-1, 0] - one[0, 0]) for one in events]
    slow = [one[-1, 1] - one[0, 0] for one, frequency in zip(events, frequencies) if frequency <= SPIKE_WAVE_HZ]
    duration_s = float(magnitude(run.duration, "ms")) / 1e3
    statistics = run.statistics["pn"]
    return {
        "event_rate": len(slow) / (duration_s - DISCARD_S),
        "event_duration": float(np.mean(slow)) if slow else np.nan,
        "discharge_frequency": frequencies[0] if frequencies else np.nan,
        "pn_peak_frequency": float(statistics["peak_frequency"].value),
        "pn_mean_rate": float(statistics["mean_rate"].value),
    }


SETTINGS = {
    "duration": f"{DURATION_S} s",
    "discard": f"{DISCARD_S} s",
    "statistics": ("peak_frequency", "mean_rate"),
}


@functools.cache
def _runs() -> dict[object, dict[str, np.ndarray]]:
    network = Network.load("spike_wave")
    blocked = network.override({CORTICAL: 0})
    cases = {
        **{share: network.override({CORTICAL: share, **AS_NAMED}) for share in SHARES},
        "control": network,
        "blocked": blocked,
        "half_dt": blocked.override({"time_step": "0.0125 ms"}),
        "double_size": blocked.override({f"populations.{name}.size": 200 for name in ("pn", "pv", "tc", "re")}),
    }
    return over_seeds(cases, read, SEEDS, **SETTINGS)


def _of(case, name: str = "pn_peak_frequency") -> np.ndarray:
    return _runs()[case][name]


def checks() -> list[Check]:
    """Checks of this room; nothing runs before a check is simulated."""
    network = f"spike_wave, {DURATION_S:g} s from the starting state, counted from {DISCARD_S:g} s"
    made = "re-implementation"
    rhythm = "discharge_frequency"
    return [
        *(
            check(
                key, made, f"{network}; transmitter for 0.3 ms, GABA-A onto pn x{share:g}",
                lambda share=share: estimate(_of(share)), declared=DECLARED.get(key, ""),
            )
            for share, key in SHARES.items()
        ),
        check(
            "swd_peak_1", made, f"{network}; GABA-A onto pn removed", lambda: estimate(_of("blocked", rhythm)),
            within(2.5, 4.0, "Hz", "spike-and-wave of absence seizures, 2.5 to 4 Hz (Errington et al. 2011, PMC3168769)"),
            name="spike_wave.no_cortical_gaba_a", quantity="frequency of PY discharges without cortical GABA-A",
        ),
        check(
            "swd_peak_1", made, f"{network}; GABA-A onto pn as it is, less removed",
            lambda: estimate(_of("control", rhythm) - _of("blocked", rhythm)), above("Hz"),
            name="spike_wave.gaba_a_speeds", quantity="what cortical GABA-A adds to the frequency of PY discharges",
        ),
        robust(
            "swd_peak_1", "spike_wave.half_dt", "frequency of discharges without cortical GABA-A at half the time step",
            f"{network}; 0.0125 instead of 0.025 ms", lambda: (_of("blocked", rhythm), _of("half_dt", rhythm)),
        ),
        robust(
            "swd_peak_1", "spike_wave.double_size", "frequency of discharges without cortical GABA-A on twice the length",
            f"{network}; 4 x 200 cells, reach and totals as they are",
            lambda: (_of("blocked", rhythm), _of("double_size", rhythm)),
        ),
    ]  # fmt: skip

"""The four-cell thalamus: frequency and cycles of its spindles, and what tonic inhibition and H channels do to them."""

import functools

import numpy as np

from ...simulation.network import Network
from ...units import magnitude
from ..checks import Check, check, estimate
from ..targets import below
from .robustness import robust
from .runs import over_seeds

SEEDS = 6
CYCLE_GAP_MS = 50.0  # assumed: a burst of reticular cells lasts 20 to 50 ms, their fastest rhythm has periods of 85 ms
SEQUENCE_GAP_MS = 500.0  # assumed: between the slowest rhythm, 330 ms, and the pauses of many seconds
# The program starts all cells at -70 mV; a mV to each side makes seeds of what has no chance in it.
START = {"distribution": "uniform", "min": "-71 mV", "max": "-69 mV"}
SCATTERED = {"populations.tc.initial.v": START, "populations.re.initial.v": START}
TONIC = "populations.tc.tonic.delta.conductance"
TONIC_MV = "populations.tc.tonic.delta.reversal"
TONIC_NS = (5.8, 7, 8, 9, 10, 11.6)
NO_GABA_A = {"projections.re_to_tc.amplitude_factor": 0, "projections.re_to_re.amplitude_factor": 0}
# As Fdelta.oc of ModelDB 3343 has it for its first relay cell, and locked H channels for both.
DELTA = {"populations.tc.parameters.g_H.min": "0.01 mS/cm2", "populations.tc.parameters.g_increase": 1}
DURATION, DELTA_DURATION = "4 s", "12 s"  # sequences of the delta set-up last 6 to 12 s


def sequences(times_ms: np.ndarray) -> list[np.ndarray]:
    """Onsets of the cycles of each sequence, from the sorted spike times of all reticular cells.

    A cycle is a burst of the population: spikes without a pause above 50 ms. A sequence is a run of cycles of which each
    begins at most 500 ms after the one before.

    Parameters
    ----------
    times_ms : array (spikes,)
    """
    times_ms = np.asarray(times_ms, dtype=float)
    onsets = times_ms[np.diff(times_ms, prepend=-np.inf) > CYCLE_GAP_MS]
    return np.split(onsets, np.flatnonzero(np.diff(onsets) > SEQUENCE_GAP_MS) + 1) if onsets.size else []


def first_sequence(run) -> dict[str, float]:
    """`cycles` of the first sequence of at least three (0 if there is none) and their `frequency` (Hz; then NaN)."""
    found = [one for one in sequences(magnitude(run.spikes["re"].times, "ms")) if one.size >= 3]
    if not found:
        return {"cycles": 0.0, "frequency": np.nan}
    onsets = found[0]
    return {"cycles": float(onsets.size), "frequency": 1e3 * (onsets.size - 1) / (onsets[-1] - onsets[0])}


@functools.cache
def _runs() -> dict[object, dict[str, np.ndarray]]:
    network = Network.load("thalamus_spindle").override(SCATTERED)
    cases = {
        "control": network,
        "half_dt": network.override({"time_step": "0.0125 ms"}),
        "no_gaba_a": network.override(NO_GABA_A),
        **{one: network.override({TONIC: f"{one} nS", TONIC_MV: "-80 mV"}) for one in TONIC_NS},
    }
    return over_seeds(cases, first_sequence, SEEDS, duration=DURATION)


@functools.cache
def _delta() -> np.ndarray:
    network = Network.load("thalamus_spindle").override({**SCATTERED, **DELTA})
    return over_seeds({"delta": network}, first_sequence, SEEDS, duration=DELTA_DURATION)["delta"]["frequency"]


def _frequency(case: str) -> np.ndarray:
    return _runs()[case]["frequency"]


def _abolishing() -> float:
    """Least tonic conductance, nS, at which no seed has a sequence; NaN if there is none."""
    silent = [one for one in TONIC_NS if not _runs()[one]["cycles"].any()]
    return min(silent, default=np.nan)


def checks() -> list[Check]:
    """Checks of this room; nothing runs before a check is simulated."""
    seeds = "starting potentials -71 to -69 mV; first sequence"
    network = f"thalamus_spindle, {DURATION}, {seeds}"
    made = "re-implementation"
    return [
        check("spindle_frequency", made, network, lambda: estimate(_frequency("control"))),
        check("spindle_tonic_abolishes", made, f"{network}; tonic 5.8 to 11.6 nS at -80 mV onto tc", _abolishing),
        check(
            "spindle_delta_frequency", made,
            f"thalamus_spindle, {DELTA_DURATION}, {seeds}; g_H 0.01 mS/cm2 in one tc, locked H channels conduct no more",
            lambda: estimate(_delta()),
        ),
        check(
            "spindle_frequency", made, f"{network}; GABA-A removed",
            lambda: estimate(_frequency("no_gaba_a") - _frequency("control")), below("Hz"),
            name="thalamus_spindle.no_gaba_a", quantity="what removing GABA-A adds to the frequency: bicuculline slows it",
        ),
        robust(
            "spindle_frequency", "thalamus_spindle.half_dt", "spindle frequency at half the time step",
            f"{network}; 0.0125 instead of 0.025 ms", lambda: (_frequency("control"), _frequency("half_dt")),
        ),
    ]  # fmt: skip

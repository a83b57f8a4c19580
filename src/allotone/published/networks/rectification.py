"""A pyramidal neuron whose tonic conductance rectifies or not: offset and gain of its spike probability."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...receptors import rectification_factor
from ...simulation.network import Network
from ..checks import Check, check, estimate
from ..targets import AMPLITUDE_UNCHANGED, above, below, ratio, unchanged, within
from .runs import over_seeds

NETWORK = "rectifying_cell"
AMPLITUDE = "projections.test_to_pn.weight"
_TONIC = "populations.pn.tonic.extrasynaptic"
# Without tonic conductance, and with 5 nS at -50 mV that depends on voltage in three ways.
CONDITIONS = {
    "none": {f"{_TONIC}.density": 0},
    "linear": {f"{_TONIC}.rectification": "none"},
    "weak": {f"{_TONIC}.rectification": "weak"},
    "strong": {f"{_TONIC}.rectification": "strong"},
}
# A spike counts within 20 ms of the volley at 150 ms; potentials are sampled in the stationary noise before it.
_SETTINGS = {
    "duration": "170 ms",
    "discard": "150 ms",
    "statistics": ("active_fraction",),
    "record": ("v@pn:0-1499/25ms",),
}
_STATIONARY_S = (0.099, 0.149)
_AMPLITUDES = tuple(np.arange(10, 16.1, 0.5).tolist())  # nS
_SEEDS = 8

# Of the curve that the tonic mechanism draws, as its table prints it, in mV.
_PRINTED = {-70: (0.0131, 5e-5), -50: (0.0751, 5e-5), -20: (0.486, 5e-4)}
_PRINTED_AT_0 = (0.799, 5e-4)
_NOT_SILENT_AT_REST = (
    "5 nS at -50 mV are still 1.2 nS at the resting potential of -66 mV, an eighth of all that is open there: the noise is "
    "shunted, if by half as much as with a linear conductance, and the curve steepens with it. Noise of three times the "
    "size gives the same change, and half the time step changes nothing"
)


@dataclass(frozen=True)
class Psychometric:
    """Spike probability against amplitude: a cumulative Gaussian of mean `offset` and standard deviation `spread`, nS."""

    offset: float
    spread: float

    def at(self, amplitudes) -> np.ndarray:
        """Probability at some amplitudes in nS, arrays of one shape."""
        from scipy.stats import norm

        return norm.cdf((np.asarray(amplitudes) - self.offset) / self.spread)

    @property
    def gain(self) -> float:
        """Slope at one half, per nS."""
        return 1 / (self.spread * np.sqrt(2 * np.pi))


def psychometric(amplitudes: Sequence[float], probabilities: Sequence[float]) -> Psychometric:
    """The curve of maximum likelihood for shares of equally many trials at some amplitudes, arrays (amplitudes,)."""
    from scipy.optimize import minimize

    amplitudes, shares = np.asarray(amplitudes), np.asarray(probabilities)

    def surprise(values):
        expected = np.clip(Psychometric(values[0], np.exp(values[1])).at(amplitudes), 1e-12, 1 - 1e-12)
        return -np.sum(shares * np.log(expected) + (1 - shares) * np.log(1 - expected))

    start = (float(np.interp(0.5, shares, amplitudes)), np.log(np.ptp(amplitudes) / 10))
    found = minimize(surprise, start, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-10}).x
    return Psychometric(float(found[0]), float(np.exp(found[1])))


def read(run) -> dict[str, float]:
    """Share of cells that the volley makes fire, and mean and SD of their potential before it in mV."""
    trace = run.traces["pn"][0]
    first, last = _STATIONARY_S
    times = np.asarray(trace.times)
    before = 1e3 * np.asarray(trace.values)[(times >= first) & (times <= last)]
    return {
        "probability": float(run.statistics["pn"]["active_fraction"].value),
        "membrane_sd": float(before.std(axis=1).mean()),
        "membrane_mean": float(before.mean()),
    }


def responses(
    amplitudes: Sequence[float], conditions: Sequence[str], seeds: int, values: Mapping[str, Any] | None = None
) -> dict[str, dict[str, np.ndarray]]:
    """What `read` finds in each condition, arrays (amplitudes, seeds), with other `values` at some paths of the network.

    A seed draws the same noise in all conditions and at all amplitudes.
    """
    network = Network.load(NETWORK).override(values or {})
    points = {
        (condition, amplitude): network.override({AMPLITUDE: f"{amplitude} nS", **CONDITIONS[condition]})
        for condition in conditions
        for amplitude in amplitudes
    }
    found = over_seeds(points, read, seeds, **_SETTINGS)
    names = next(iter(found.values()))
    return {
        condition: {name: np.array([found[condition, amplitude][name] for amplitude in amplitudes]) for name in names}
        for condition in conditions
    }


def checks() -> list[Check]:
    """The curve of the mechanism, what it does to offset and gain, and the weak one's rise."""
    return [*_mechanism(), *_directions(), _half_dt()]


def _mechanism() -> list[Check]:
    def of_curve(v_mV):
        return float(rectification_factor(v_mV, "strong", 0))

    at_0, error_at_0 = _PRINTED_AT_0
    printed = [
        check(
            "pavlov_minf", "input", "rectification strong", lambda v_mV=v_mV: of_curve(v_mV),
            within(
                (value - error) / (at_0 + error_at_0), (value + error) / (at_0 - error_at_0), "1",
                "rounding of the values in the table", value / at_0,
            ),
            name="pavlov_minf" if v_mV == -70 else f"pavlov_minf.{v_mV}",
            quantity=f"activation at {v_mV} mV over that at 0 mV",
        )
        for v_mV, (value, error) in _PRINTED.items()
    ]  # fmt: skip
    weak = check(
        "ransom_rectification tonic_g_40 tonic_g_80", "calibration", "rectification weak",
        lambda: float(rectification_factor(-40, "weak", -80)), ratio("tonic_g_40", "tonic_g_80"),
        quantity="tonic conductance at -40 mV over that at -80 mV",
    )  # fmt: skip
    return [*printed, weak]


@functools.cache
def _found() -> dict[str, dict[str, np.ndarray]]:
    """Offset in nS, gain per nS and membrane SD in mV of each condition over seeds, arrays (seeds,)."""
    conditions = ("none", "linear", "strong")
    found = responses(_AMPLITUDES, conditions, _SEEDS)
    found["half"] = responses(_AMPLITUDES, ("strong",), _SEEDS, {"time_step": "0.025 ms"})["strong"]
    table = {}
    for condition, of in found.items():
        curves = [psychometric(_AMPLITUDES, of_seed) for of_seed in of["probability"].T]
        table[condition] = {
            "offset": np.array([curve.offset for curve in curves]),
            "gain": np.array([curve.gain for curve in curves]),
            "membrane_sd": of["membrane_sd"].mean(axis=0),
        }
    return table


def _change(name: str, condition: str) -> np.ndarray:
    """Relative change of a read-out by a tonic conductance, array (seeds,)."""
    return _found()[condition][name] / _found()["none"][name] - 1


def _directions() -> list[Check]:
    def one(name, quantity, simulate, target, condition="strong", **more):
        return check(
            "pavlov_offset", "prediction", f"{NETWORK}, {condition} against none, low noise", lambda: estimate(simulate()),
            target, name=name, quantity=quantity, **more,
        )  # fmt: skip

    return [
        one(
            "pavlov_offset", "a rectifying tonic conductance raises the offset",
            lambda: _change("offset", "strong"), above("change"),
        ),
        one(
            "pavlov_offset.gain", "a rectifying tonic conductance leaves the gain",
            lambda: _change("gain", "strong"), unchanged(AMPLITUDE_UNCHANGED), declared=_NOT_SILENT_AT_REST,
        ),
        one(
            "pavlov_offset.linear", "a linear one raises the offset",
            lambda: _change("offset", "linear"), above("change"), "linear",
        ),
        one(
            "pavlov_offset.linear_gain", "a linear one changes the gain by more than a rectifying one",
            lambda: np.abs(_change("gain", "linear")) - np.abs(_change("gain", "strong")), above("change"),
            "linear and strong",
        ),
        one(
            "pavlov_offset.linear_sd", "a linear one lowers the SD of the membrane potential by more than a rectifying one",
            lambda: _change("membrane_sd", "linear") - _change("membrane_sd", "strong"), below("change"),
            "linear and strong",
        ),
    ]  # fmt: skip


def _half_dt() -> Check:
    def share():
        whole, half = _found()["strong"]["gain"], _found()["half"]["gain"]
        interval = estimate(whole)
        allowed = max(interval.high - interval.mean, 0.05 * interval.mean)
        return (half.mean() - whole.mean()) / allowed

    return check(
        "pavlov_offset", "re-implementation", f"{NETWORK}, strong, 0.025 against 0.05 ms", share,
        within(-1, 1, "1", "the 95 % interval over seeds or 5 %, whichever is larger"),
        name="rectification.half_dt", quantity="change of the gain by half the time step, over what it may be",
    )  # fmt: skip

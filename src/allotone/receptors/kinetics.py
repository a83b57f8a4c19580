"""Response of a kinetic scheme to GABA, and the steroid as the change of its rates that prolongs the IPSC."""

import numpy as np

from ..errors import InputError
from .numbers import Receptor, non_negative
from .phasic import decay_factor
from .schemes import DESENSITISATION_EXPONENT as DESENSITISATION_EXPONENT
from .schemes import Rate as Rate
from .schemes import Scheme, jones_westbrook
from .schemes import nieus_alpha1 as nieus_alpha1
from .schemes import nieus_alpha6 as nieus_alpha6

# Transmitter at a synapse: the pulse that stands for an IPSC.
IPSC_GABA_MM = 1.0
IPSC_PULSE_MS = 0.3
# Plateau of the concentration-response curve, at which its maximum is taken.
MAXIMUM_GABA_MM = 10.0
# Held against Wohlfarth et al. 2002, who kept 1 mM on the cell.
SATURATING_GABA_MM = 1.0
AMBIENT_GABA_MM = 2e-4
# Beyond a hundredfold slower closing a steroid is no longer a modulator.
LARGEST_X = 100.0

# Octaves from a microsecond to sixteen seconds, between which the peak is then sought.
_TIMES_MS = 1e-3 * 2.0 ** np.arange(25)

# Leaves 2e-14 of a step in which a quarter of the receptors move.
_TAYLOR_ORDER = 12


def response(scheme: Scheme, times_ms, gaba_mM: float, pulse_ms: float, x: float = 1.0) -> np.ndarray:
    """Open probability of receptors that were at rest when a pulse of GABA began.

    Parameters
    ----------
    times_ms : array
        From the beginning of the pulse, 0 or more.
    gaba_mM : float
        Held for `pulse_ms`, then 0.
    pulse_ms : float
        `numpy.inf` for a step.
    x : float
        The steroid's factor, see `Scheme` and `steroid_factor`; 1 without steroid.

    Returns
    -------
    numpy.ndarray
        Shape of `times_ms`.

    Raises
    ------
    InputError
        A negative time, concentration or duration, or x not above 0.
    """
    _check(gaba_mM, pulse_ms, x)
    return _occupancy(scheme, non_negative(times_ms, "1", "times_ms"), gaba_mM, pulse_ms, x) @ scheme.conducting


def peak(scheme: Scheme, gaba_mM: float = IPSC_GABA_MM, pulse_ms: float = IPSC_PULSE_MS, x: float = 1.0) -> float:
    """Highest open probability of a `response`; a step without overshoot gives its plateau."""
    from scipy.optimize import brentq

    _check(gaba_mM, pulse_ms, x)
    times = _TIMES_MS
    if np.isfinite(pulse_ms):
        times = np.concatenate([times[times < pulse_ms], pulse_ms + np.append(0, times)])
    values = response(scheme, times, gaba_mM, pulse_ms, x)
    highest = int(values.argmax())
    during, after = scheme.matrix(gaba_mM, x) @ scheme.conducting, scheme.matrix(0.0, x) @ scheme.conducting

    def slope(time_ms):
        return _occupancy(scheme, time_ms, gaba_mM, pulse_ms, x) @ (during if time_ms < pulse_ms else after)

    low, high = times[max(highest - 1, 0)], times[min(highest + 1, times.size - 1)]
    if slope(low) * slope(high) >= 0:
        return float(values[highest])
    return float(response(scheme, brentq(slope, low, high, xtol=1e-6), gaba_mM, pulse_ms, x))


def area_over_peak(
    scheme: Scheme, gaba_mM: float = IPSC_GABA_MM, pulse_ms: float = IPSC_PULSE_MS, x: float = 1.0
) -> float:
    """Integral of a `response` over all time divided by its peak, ms: the weighted decay of an IPSC.

    Raises
    ------
    InputError
        As `response`; no GABA, or a step, whose integral does not end.
    """
    _check(gaba_mM, pulse_ms, x)
    if not (0 < pulse_ms < np.inf and gaba_mM > 0):
        raise InputError("pulse_ms", f"{pulse_ms} ms of {gaba_mM} mM is no pulse; give a finite time and some GABA")
    size = len(scheme.states)
    # The integral is one more variable that the open states feed.
    fed = np.zeros((size + 1, size + 1))
    fed[:size, :size], fed[:size, size] = scheme.matrix(gaba_mM, x), scheme.conducting
    end = _exponential(fed, pulse_ms)[0]
    # From each state but the resting one: open time until it is reached.
    open_time = np.linalg.solve(-scheme.matrix(0.0, x)[1:, 1:], scheme.conducting[1:])
    return float((end[size] + end[1:size] @ open_time) / peak(scheme, gaba_mM, pulse_ms, x))


def steady_state(scheme: Scheme, gaba_mM: float, x: float = 1.0) -> float:
    """Open probability after GABA has been there for ever; errors as in `response`."""
    _check(gaba_mM, np.inf, x)
    balance = np.vstack([scheme.matrix(gaba_mM, x).T[1:], np.ones(len(scheme.states))])
    return float(np.linalg.solve(balance, np.append(np.zeros(len(scheme.states) - 1), 1.0)) @ scheme.conducting)


def peak_ec50(scheme: Scheme, x: float = 1.0) -> float:
    """GABA in uM at which the peak of the response to a step is half that at 10 mM."""
    from scipy.optimize import brentq

    half = peak(scheme, MAXIMUM_GABA_MM, np.inf, x) / 2
    logarithm = brentq(lambda log: peak(scheme, np.exp(log), np.inf, x) - half, np.log(1e-7), np.log(MAXIMUM_GABA_MM))
    return 1000 * float(np.exp(logarithm))


def steroid_factor(
    scheme: Scheme, decay_fold, gaba_mM: float = IPSC_GABA_MM, pulse_ms: float = IPSC_PULSE_MS
) -> np.ndarray:
    """Factor x by which closing slows, so that the IPSC lasts `decay_fold` times longer.

    Parameters
    ----------
    decay_fold : array
        `area_over_peak` of a pulse over that without steroid; 1 or more.
    gaba_mM, pulse_ms : float
        The pulse.

    Returns
    -------
    numpy.ndarray
        Shape of `decay_fold`, 1 or more.

    Raises
    ------
    InputError
        A fold below 1 or not finite, or longer than the scheme reaches with 100 times slower closing.
    """
    from scipy.optimize import brentq

    folds, where = np.unique(np.asarray(decay_fold, dtype=float), return_inverse=True)
    without = area_over_peak(scheme, gaba_mM, pulse_ms)

    def excess(log_x, fold):
        return area_over_peak(scheme, gaba_mM, pulse_ms, np.exp(log_x)) / without - fold

    longest = excess(np.log(LARGEST_X), 0.0)
    for fold in folds:
        if not 1 <= fold <= longest:
            raise InputError(
                "decay_fold",
                f"{fold:g} cannot be reached by the scheme '{scheme.name}', in which closing {LARGEST_X:g} times slower "
                f"makes the IPSC last {longest:.4g} times as long; give 1 to {longest:.4g}",
            )
    factors = [1.0 if fold == 1 else np.exp(brentq(excess, 0, np.log(LARGEST_X), args=(fold,))) for fold in folds]
    return np.array(factors)[where].reshape(np.shape(decay_fold))


def kinetic_effect(allopregnanolone, receptor: Receptor, scheme: Scheme | None = None) -> dict[str, np.ndarray]:
    """What the steroid does to a kinetic scheme whose IPSC it prolongs by `decay_factor`.

    One x gives all. The Hill law and the rule for the rates are put in, and the exponent of the latter is fitted to an
    unchanged peak of the IPSC; the saturating peak and the steady state follow. Zhu & Vicini 1997 (PMC6573570) saw in
    patches a lower peak at 1 mM GABA in 100 nM, which `jones_westbrook` gives with an exponent of 1, and by default only
    above 200 nM.

    Parameters
    ----------
    allopregnanolone : array or Quantity
        At the receptor; plain numbers are nM.
    receptor : Receptor
        Its decay numbers alone are read.
    scheme : Scheme, optional
        `jones_westbrook()` unless given.

    Returns
    -------
    dict of str to numpy.ndarray
        Each of the shape of `allopregnanolone`: `x`; and over the same without steroid, `ipsc_peak_fold` and
        `area_over_peak_fold` (0.3 ms of 1 mM GABA), `saturating_peak_fold` (1 mM held) and `steady_state_fold`
        (0.2 uM held for ever).

    Raises
    ------
    InputError
        Another dimension than concentration, a negative or not finite value, or a decay the scheme cannot reach.
    """
    scheme = scheme or jones_westbrook()
    x = steroid_factor(scheme, decay_factor(allopregnanolone, receptor))
    factors, where = np.unique(x, return_inverse=True)
    measures = {
        "ipsc_peak_fold": lambda factor: peak(scheme, x=factor),
        "area_over_peak_fold": lambda factor: area_over_peak(scheme, x=factor),
        "saturating_peak_fold": lambda factor: peak(scheme, SATURATING_GABA_MM, np.inf, factor),
        "steady_state_fold": lambda factor: steady_state(scheme, AMBIENT_GABA_MM, factor),
    }
    folds = {
        name: np.array([measure(factor) / measure(1.0) for factor in factors])[where].reshape(x.shape)
        for name, measure in measures.items()
    }
    return {"x": x, **folds}


def _check(gaba_mM: float, pulse_ms: float, x: float) -> None:
    non_negative(gaba_mM, "1", "gaba_mM")
    if not pulse_ms >= 0:
        raise InputError("pulse_ms", f"{pulse_ms} is not a duration; give 0 ms or more, or inf for a step")
    if not 0 < x < np.inf:
        raise InputError("x", f"{x} is not a factor on rates; give more than 0")


def _occupancy(scheme: Scheme, times_ms, gaba_mM: float, pulse_ms: float, x: float) -> np.ndarray:
    """Share of receptors in each state, shape (*times, states)."""
    times = np.asarray(times_ms, dtype=float)
    occupancy = np.empty((*times.shape, len(scheme.states)))
    inside = times <= pulse_ms
    occupancy[inside] = _exponential(scheme.matrix(gaba_mM, x), times[inside])[:, 0]
    if not inside.all():
        end = _exponential(scheme.matrix(gaba_mM, x), pulse_ms)[0]
        occupancy[~inside] = end @ _exponential(scheme.matrix(0.0, x), times[~inside] - pulse_ms)
    return occupancy


def _exponential(rates: np.ndarray, times_ms) -> np.ndarray:
    """Matrix exponential of `rates` times each time, shape (*times, states, states), by scaling and squaring.

    scipy's calls threaded LAPACK, which for matrices as small as these takes a thousand times longer on a busy machine.
    """
    times = np.asarray(times_ms, dtype=float)
    fastest = float(np.abs(rates).sum(axis=1).max())
    squarings = int(np.ceil(np.log2(max(2 * fastest * times.max(initial=0.0), 1.0))))
    step = rates * (times / 2**squarings)[..., None, None]
    result = identity = np.eye(len(rates))
    for order in range(_TAYLOR_ORDER, 0, -1):
        result = identity + step @ result / order
    for _ in range(squarings):
        result = result @ result
    return result

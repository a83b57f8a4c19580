"""In which rhythm a population fires: the spectrum of its rate, its peak and its power in bands."""

from collections.abc import Mapping

import numpy as np

from ..errors import InputError
from ..units import magnitude
from .data import SpikeTrains
from .registry import Inputs, Result, statistic

# Hz; the customary bands of the EEG, gamma split where fast rhythms of interneurons begin (borders assumed).
BANDS = {
    "delta": (1.0, 4.0),
    "theta": (4.0, 8.0),
    "alpha": (8.0, 12.0),
    "beta": (12.0, 30.0),
    "low_gamma": (30.0, 60.0),
    "high_gamma": (60.0, 120.0),
}
RATE_BIN_S = 0.001
SEGMENT_S = 1.0
PEAK_RANGE_HZ = (2.0, 200.0)
HARMONIC_POWER = 0.9  # assumed; of a peak against its highest harmonic: see `peak_frequency`

_WELCH = "Welch 1967, doi:10.1109/TAU.1967.1161901"


def power_spectrum(signal: np.ndarray, interval_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies, array (frequencies,), Hz, and one-sided power density of a signal, in its unit squared per Hz.

    Welch's mean over segments of 1 s that overlap by half, each without its mean and under a Hann window; what is left
    after the last whole segment is not used. A signal shorter than 1 s is one segment, with a resolution of one over
    its length. Both arrays are empty for fewer than two samples.

    Parameters
    ----------
    signal : array (samples,)
        Samples at equal intervals.
    interval_s : float
        Interval between samples, s.
    """
    samples = min(round(SEGMENT_S / interval_s), signal.size)
    if samples < 2:
        return np.empty(0), np.empty(0)
    # Written out because importing scipy.signal takes as long as all the rest.
    segments = np.lib.stride_tricks.sliding_window_view(signal, samples)[:: samples - samples // 2]
    window = np.sin(np.pi * np.arange(samples) / samples) ** 2
    amplitude = np.fft.rfft(window * (segments - segments.mean(axis=1, keepdims=True)))
    density = np.mean(np.abs(amplitude) ** 2, axis=0) * interval_s / np.sum(window**2)
    # One-sided: all but zero and, of an even number of samples, the highest frequency stand for two.
    density[1 : (samples + 1) // 2] *= 2
    return np.fft.rfftfreq(samples, interval_s), density


def checked_bands(bands: Mapping[str, tuple]) -> dict[str, tuple[float, float]]:
    """Bands as plain numbers, Hz.

    Raises
    ------
    InputError
        A band that is not two frequencies, the first at least 0 and below the second.
    """
    checked = {}
    for name, edges in bands.items():
        path = f"bands.{name}"
        if isinstance(edges, str) or np.shape(edges) != (2,):
            raise InputError(path, f"{edges!r} is not a band; expected a lower and an upper frequency in Hz, as (4, 8)")
        low, high = (float(magnitude(edge, "Hz", path)) for edge in edges)
        if not 0 <= low < high < np.inf:
            raise InputError(path, f"from {low:g} to {high:g} Hz is not a band; expected 0 <= lower < upper")
        checked[name] = (low, high)
    return checked


def band_powers(frequency: np.ndarray, density: np.ndarray, bands: Mapping[str, tuple[float, float]]) -> np.ndarray:
    """Integral of a power density over each band, array (bands,).

    Each value of the density stands for its surroundings, half way to its neighbours, and counts by the part of them
    that lies in the band, so that adjacent bands add up. NaN for a band narrower than the resolution.

    Raises
    ------
    InputError
        A band that ends above the highest frequency of the spectrum.
    """
    if not frequency.size:
        return np.full(len(bands), np.nan)
    resolution = frequency[1]
    powers = []
    for name, (low, high) in bands.items():
        if high > frequency[-1] + resolution:
            message = f"ends at {high:g} Hz, above the highest frequency, {frequency[-1]:g} Hz; lower its upper edge"
            raise InputError(f"bands.{name}", message)
        upper = np.minimum(high, frequency + resolution / 2)
        part = np.clip(upper - np.maximum(low, frequency - resolution / 2), 0, None)
        powers.append(part @ density if high - low >= resolution * (1 - 1e-9) else np.nan)
    return np.array(powers)


def band_labels(bands: Mapping[str, tuple]) -> dict[str, tuple[np.ndarray, str]]:
    """Labels along the dimension `band`: names (bands,), and lower and upper edges (bands,) in Hz."""
    low, high = np.array(list(bands.values()), dtype=float).T
    return {"band": (np.array(list(bands), dtype=str), ""), "band_low": (low, "Hz"), "band_high": (high, "Hz")}


def _rate_density(trains: SpikeTrains) -> tuple[np.ndarray, np.ndarray]:
    counts, bin_s = trains.population_counts(RATE_BIN_S)
    return power_spectrum(counts / (trains.size * bin_s), bin_s)


@statistic(
    "peak_frequency",
    unit="Hz",
    description=(
        "frequency from 2 to 200 Hz of the highest peak of rate_spectrum, by a parabola through the logarithm of power "
        "at the peak and its neighbours; the fundamental where the highest is a harmonic of a peak 0.9 times as high"
    ),
    source=_WELCH,
    silent=np.nan,
)
def peak_frequency(inputs: Inputs) -> float:
    """Frequency of the dominant rhythm, Hz; NaN in silence and when the spectrum has no peak from 2 to 200 Hz.

    The harmonics of a sharply synchronous rhythm are as high as the fundamental, so where the highest peak lies within
    the resolution at a multiple of lower ones at least 0.9 times as high, the lowest of them is taken. Perfectly sharp
    firing within about 0.1 Hz of a divisor of the bins' 1 kHz (49.9 Hz) can still give a harmonic, by aliasing.
    An analysed window shorter than 1 s is one segment (see `power_spectrum`), which blurs the peak.
    """
    frequency, density = _rate_density(inputs.trains)
    low, high = PEAK_RANGE_HZ
    inside = np.flatnonzero((frequency >= low) & (frequency <= high))
    # A rate that is constant to the last bits has a spectrum of rounding errors.
    if not inside.size or density[inside].max() * frequency[1] <= (1e-9 * inputs.trains.mean_rate_hz) ** 2:
        return np.nan
    # Nor may rounding errors on a flat spectrum or between the lines of a regular rhythm count as peaks.
    candidates = inside[(inside < frequency.size - 2) & (density[inside] > 1e-6 * density[inside].max())]
    here, before, after = density[candidates], density[candidates - 1], density[candidates + 1]
    # A line half way between two frequencies is as high at both.
    after = np.where(np.abs(after - here) <= 1e-9 * here, density[candidates + 2], after)
    peaks = candidates[(here > before * (1 + 2e-9)) & (here > after * (1 + 2e-9))]
    if not peaks.size:
        return np.nan
    power = np.log(np.maximum(density, 1e-15 * density.max()))
    left, centre, right = power[peaks - 1], power[peaks], power[peaks + 1]
    shift = 0.5 * (left - right) / (left - 2 * centre + right)
    height = centre - 0.25 * (left - right) * shift
    peak = frequency[peaks] + shift * frequency[1]
    highest = peak[np.argmax(height)]
    harmonic = np.abs(highest - np.rint(highest / peak) * peak) <= frequency[1]
    fundamental = harmonic & (height >= height.max() + np.log(HARMONIC_POWER))
    return np.clip(peak[fundamental][0], low, high)


@statistic(
    "band_power",
    unit="Hz2",
    description="integral over a band of the power density of the rate per agent in bins of 1 ms",
    source=_WELCH,
    dimensions=("band",),
    silent=0.0,
)
def band_power(inputs: Inputs) -> Result:
    """Power of the population rate per agent in each band, array (bands,), Hz2; 0 in silence.

    NaN for a band narrower than the resolution, 1 Hz, or one over the analysed window when that is shorter than 1 s.
    """
    powers = band_powers(*_rate_density(inputs.trains), inputs.bands)
    return Result(powers, band_labels(inputs.bands))


@statistic(
    "rate_spectrum",
    unit="Hz",
    description=(
        "one-sided power density, Hz2/Hz, of the rate per agent in bins of 1 ms: Welch, Hann segments of 1 s "
        "overlapping by half, 0 to 200 Hz"
    ),
    source=_WELCH,
    dimensions=("frequency",),
    silent=0.0,
)
def rate_spectrum(inputs: Inputs) -> Result:
    """Power density of the population rate per agent, array (frequencies,), Hz2/Hz; 0 in silence."""
    frequency, density = _rate_density(inputs.trains)
    shown = frequency <= PEAK_RANGE_HZ[1]
    return Result(density[shown], {"frequency": (frequency[shown], "Hz")})

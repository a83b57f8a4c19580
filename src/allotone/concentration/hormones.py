"""Allopregnanolone in plasma of women: menstrual cycle, perimenopause, menopause."""

import csv
import functools
from collections.abc import Callable
from importlib import resources

import numpy as np

from ..errors import InputError
from ..parameters import Parameter
from .kinds import NOT_GIVEN, ScheduleKind, Values, Word
from .steroids import to_ng_per_mL, to_nM

_ROBLITZ = "Roblitz et al. 2013, doi:10.1016/j.jtbi.2012.11.020 (BIOMD0000000494)"
_KIMBALL = "Kimball et al. 2020, Psychoneuroendocrinology (PMC6935417)"
_LUTEAL_DAYS = 14.1  # From the LH peak to the first row of the table, which begins 14.0 days before the next one.

# nM (base, amp) and days from the LH peak (mu, sL, sR): fit to days -6 to 14 of the table, 0.7 nM root mean square.
_SPLIT_GAUSSIAN = {"base": 0.43, "amp": 50.2, "mu": 5.52, "sL": 1.98, "sR": 4.08}


@functools.cache
def _table() -> tuple[np.ndarray, np.ndarray]:
    """Days from the LH peak and progesterone relative to its own peak, each array (rows,)."""
    path = resources.files(__package__) / "progesterone_cycle.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    days, progesterone = (np.array([float(row[key]) for row in rows]) for key in ("day_from_LH_peak", "P4_nM"))
    return days, progesterone / progesterone.max()


def _stretched(days: np.ndarray, length: float) -> np.ndarray:
    """Days from the LH peak in a cycle of another length: all that is longer or shorter lies before the peak."""
    return np.where(days < 0, days * (length - _LUTEAL_DAYS) / -_table()[0][0], days)


@functools.lru_cache(maxsize=64)
def _interpolator(length: float) -> Callable[[np.ndarray], np.ndarray]:
    """Progesterone relative to its peak, of days since an LH peak from 0 to `length`."""
    # Slow to import, and few runs need it.
    from scipy.interpolate import PchipInterpolator

    days, progesterone = _table()
    days = _stretched(days, length)
    # The cycles before and after close the 0.1 days that the table lacks, with a slope that is the same on both sides.
    return PchipInterpolator(np.concatenate([days - length, days, days + length]), np.tile(progesterone, 3))


def _split_gaussian(since_lh: np.ndarray, length: float) -> np.ndarray:
    """Progesterone relative to its peak, of days since an LH peak from 0 to `length`; each cycle's pulse adds up."""
    n = _SPLIT_GAUSSIAN
    from_peak = since_lh[..., None] - n["mu"] + length * np.arange(-1, 3)
    pulses = np.exp(-0.5 * (from_peak / np.where(from_peak < 0, n["sL"], n["sR"])) ** 2)
    return (n["base"] + n["amp"] * pulses.sum(axis=-1)) / (n["base"] + n["amp"])


def _from_lh(values: Values, times_h: np.ndarray) -> np.ndarray:
    """Days from the LH peak of the first cycle."""
    lh_peak = values.get("lh_peak", values["length"] - _LUTEAL_DAYS)
    return values["day"] + np.asarray(times_h, dtype=float) / 24 - lh_peak


def _cycle_progesterone(values: Values, times_h: np.ndarray) -> np.ndarray:
    since_lh = np.mod(_from_lh(values, times_h), values["length"])
    if values["curve"] == "split_gaussian":
        return values["progesterone_peak"] * _split_gaussian(since_lh, values["length"])
    return values["progesterone_peak"] * _interpolator(values["length"])(since_lh)


def _cycle(values: Values, times_h: np.ndarray) -> np.ndarray:
    """Total plasma allopregnanolone, nM, on the scale of mass spectrometry: offset + slope times progesterone.

    Radioimmunoassays read about ten times more: on day 26, 7.5 ng/mL (23.5 nM) in controls and 3.6 (11.3 nM) with
    premenstrual syndrome (Rapkin et al. 1997, Obstet Gynecol 90:709). Premenstrual dysphoric disorder is no
    other course: by mass spectrometry allopregnanolone did not differ and only progesterone rose earlier, by how much was
    not read (Hamidovic et al. 2024, doi:10.1038/s41380-024-02566-w). What differs belongs in the sensitivity of receptors.
    Below 0.5 nM of progesterone the line is extrapolated; it then gives little but the offset.
    """
    return values["offset"] + values["slope"] * _cycle_progesterone(values, times_h)


def _check_cycle(values: Values, path: str) -> None:
    length = values["length"]
    if length < _LUTEAL_DAYS + 1:
        raise InputError(
            f"{path}.length",
            f"{length:g} days leave less than one before the LH peak; give {_LUTEAL_DAYS + 1:g} or more",
        )
    if values.get("lh_peak", 0) > length:
        raise InputError(
            f"{path}.lh_peak",
            f"day {values['lh_peak']:g} is after the end of a cycle of {length:g} days; give an earlier one",
        )


@functools.lru_cache(maxsize=4096)
def _draw(pattern: int, cycle: int) -> float:
    """Uniform number of one cycle, whichever cycles were asked for before."""
    # Seeds are not negative, cycles before the first may be.
    return float(np.random.default_rng([pattern, 2 * cycle if cycle >= 0 else -2 * cycle - 1]).random())


def _perimenopause_progesterone(values: Values, times_h: np.ndarray) -> np.ndarray:
    days, relative = _table()
    trough = int(relative.argmin())
    # Cut where progesterone is lowest, half a day before the LH peak, a course without its luteal phase has no jump.
    from_lh, length = _from_lh(values, times_h), values["length"]
    cycles, index = np.unique(np.floor((from_lh - _stretched(days[trough], length)) / length), return_inverse=True)
    dropped = np.array([_draw(int(values["pattern"]), int(c)) < values["anovulatory_fraction"] for c in cycles])
    progesterone = _interpolator(length)(np.mod(from_lh, length))
    return values["progesterone_peak"] * np.where(dropped[index.reshape(from_lh.shape)], relative[trough], progesterone)


def _perimenopause(values: Values, times_h: np.ndarray) -> np.ndarray:
    """As the cycle, of which some lack the luteal phase; those that have it are not weakened.

    Progesterone of ovulatory cycles declines as well (Santoro et al. 2017, PMC5505186): lower `progesterone_peak`.
    """
    return values["offset"] + values["slope"] * _perimenopause_progesterone(values, times_h)


def _check_perimenopause(values: Values, path: str) -> None:
    _check_cycle(values, path)
    if values["anovulatory_fraction"] > 1:
        raise InputError(
            f"{path}.anovulatory_fraction",
            f"{values['anovulatory_fraction']:g} is above 1; give a share of the cycles, 0 to 1",
        )
    if values["pattern"] != int(values["pattern"]):
        raise InputError(
            f"{path}.pattern", f"{values['pattern']:g} is not a whole number; it seeds which cycles lack ovulation"
        )


def _menopause_progesterone(values: Values, times_h: np.ndarray) -> np.ndarray:
    return np.full(np.shape(times_h), values["progesterone"])


def _menopause(values: Values, times_h: np.ndarray) -> np.ndarray:
    """Ratio of masses times progesterone, and not the line of the cycle.

    The line was fitted from 0.6 nM of progesterone up. At 0.318 nM it gives 0.20 nM, hardly less than the least of a cycle
    (0.21) and 0.64 of progesterone, while women after menopause had less than at any time of the cycle and 0.39 +/- 0.08 of
    progesterone (Kimball et al. 2020). By radioimmunoassay they did not differ from fertile women (Genazzani et al. 1998,
    J Clin Endocrinol Metab).
    """
    ng_per_mL = values["ratio"] * to_ng_per_mL(_menopause_progesterone(values, times_h), "progesterone")
    return to_nM(ng_per_mL, "allopregnanolone")


_CONVERSION = (
    f"fitted: to allopregnanolone over progesterone of 0.33 in the follicular and 0.04 in the luteal phase, {_KIMBALL}, at "
    "0.2 and 10 ng/mL of progesterone, which are assumed: two numbers from two points"
)
_CYCLE_PARAMETERS = {
    "length": Parameter(
        "28.1 days", "length of a cycle; the luteal phase keeps 14.1 days and the follicular one is stretched linearly",
        f"fitted: period of the simulated cycle of {_ROBLITZ}", minimum="above 0",
    ),
    "lh_peak": Parameter(
        NOT_GIVEN, "day of the LH peak; left out, 14.1 days before the end of the cycle, day 14 of 28.1",
        f"assumed: a luteal phase of constant length; 14.1 days follow the LH peak in the table of {_ROBLITZ}",
    ),
    "progesterone_peak": Parameter(
        "50.8702 nM", "peak to which the whole progesterone curve is scaled; 28.8 is the luteal median of 85 women (13.1 to 46.3 "
        "nM from 5th to 95th percentile, Anckaert et al. 2021, doi:10.1016/j.plabm.2021.e00211)",
        f"fitted: the peak of the simulated curve of {_ROBLITZ}; a woman above the 95th percentile",
    ),
    "offset": Parameter("0.19 nM", "allopregnanolone that is not from progesterone of the ovary", _CONVERSION),
    "slope": Parameter("0.034", "rise of allopregnanolone with progesterone, nM per nM", _CONVERSION),
}  # fmt: skip
_CYCLE_STEROIDS = {"progesterone_peak": "progesterone", "offset": "allopregnanolone"}
_DAY = "day at schedule time 0, the first day of menses being 1"

KINDS = (
    ScheduleKind(
        "menstrual_cycle",
        "women by day of the menstrual cycle; by mass spectrometry, and the same in premenstrual dysphoric disorder",
        "plasma",
        {
            "day": Parameter("21.0", _DAY, "assumed: mid-luteal, 7 days after the LH peak"),
            **_CYCLE_PARAMETERS,
            "curve": Word(
                ("biomd494", "split_gaussian"), "progesterone: interpolated table, or a split Gaussian of each cycle",
                f"fitted: simulated curve of {_ROBLITZ}, or the split Gaussian that fits it, 0.7 nM root mean square",
            ),
        },
        _cycle,
        check=_check_cycle,
        progesterone=_cycle_progesterone,
        steroids=_CYCLE_STEROIDS,
        span_h=28.1 * 24,
    ),
    ScheduleKind(
        "perimenopause",
        "the menstrual cycle with luteal phases missing at random",
        "plasma",
        {
            "day": Parameter("1.0", _DAY, "assumed: the whole first cycle is seen"),
            **_CYCLE_PARAMETERS,
            "anovulatory_fraction": Parameter(
                "0.6", "probability that a cycle lacks its luteal phase; about 0.12 until 5 years before the last menses and "
                "0.77 in the last year (Santoro et al. 2017, PMC5505186)",
                "assumed: the bound itself, for late in perimenopause more than 60 % of cycles lack it, O'Connor et al. 2009, "
                "doi:10.1097/gme.0b013e3181aa192d",
            ),
            "pattern": Parameter("0", "whole number that seeds which cycles these are", "assumed: any serves"),
        },
        _perimenopause,
        check=_check_perimenopause,
        progesterone=_perimenopause_progesterone,
        steroids=_CYCLE_STEROIDS,
        span_h=6 * 28.1 * 24,
    ),
    ScheduleKind(
        "menopause",
        "women after menopause, without hormone therapy",
        "plasma",
        {
            "progesterone": Parameter(
                "0.318 nM", "total progesterone in plasma",
                "assumed: 0.1 ng/mL (0.03 to 0.3), as commonly tabulated; no assay was read",
            ),
            "ratio": Parameter(
                "0.39", "allopregnanolone over progesterone, by mass", f"measured: 0.39 +/- 0.08, 24 women, {_KIMBALL}",
            ),
        },
        _menopause,
        progesterone=_menopause_progesterone,
        steroids={"progesterone": "progesterone"},
    ),
)  # fmt: skip

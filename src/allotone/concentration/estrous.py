"""Allopregnanolone in plasma over the estrous cycle of mice and rats."""

import functools
from collections.abc import Callable

import numpy as np

from ..parameters import Parameter
from .kinds import ScheduleKind, Values, Word
from .steroids import to_nM

# Four days in rats (Marcondes et al. 2002, doi:10.1590/S1519-69842002000400008) and four to five in mice (Byers et al.
# 2012, doi:10.1371/journal.pone.0035538).
_ESTROUS_DAYS = {"mouse": 4.5, "rat": 4.0}
# Assumed: of 96 h, 14, 26, 8 and 48 h. No measured durations were read; diestrus is commonly given half of the cycle.
_ESTROUS_SHARES = {"proestrus": 14 / 96, "estrus": 26 / 96, "metestrus": 8 / 96, "diestrus": 48 / 96}
# Assumed the same throughout: progesterone of mice peaks at 22 ng/mL in proestrus (Wall et al. 2023,
# doi:10.1210/endocr/bqad070), where allopregnanolone is assumed to be 4.5 nM. In estrus this gives 4.9 ng/mL, which was
# measured after mating (Virgo & Bellward 1974, doi:10.1210/endo-95-5-1486).
_PROGESTERONE_OVER_ALLOPREGNANOLONE = float(to_nM(22.0, "progesterone")) / 4.5


@functools.lru_cache(maxsize=64)
def _estrous_interpolator(levels: tuple[float, ...]) -> Callable[[np.ndarray], np.ndarray]:
    """Concentration of the share of the cycle that has passed, 0 to 1, through `levels` amid the phases."""
    # Slow to import, and few runs need it.
    from scipy.interpolate import PchipInterpolator

    shares = np.array(list(_ESTROUS_SHARES.values()))
    amid = np.cumsum(shares) - shares / 2
    return PchipInterpolator(np.concatenate([amid - 1, amid, amid + 1]), np.tile(levels, 3))


def _estrous(values: Values, times_h: np.ndarray) -> np.ndarray:
    """Total plasma allopregnanolone, nM, monotone from the middle of each phase to that of the next.

    Relative to estrus the levels are those that receptor regulation of the mouse is fitted at: diestrus 4.
    """
    cycles = (values["day"] + np.asarray(times_h, dtype=float) / 24) / _ESTROUS_DAYS[values["species"]]
    return _estrous_interpolator(tuple(values[phase] for phase in _ESTROUS_SHARES))(np.mod(cycles, 1.0))


def _estrous_progesterone(values: Values, times_h: np.ndarray) -> np.ndarray:
    return _PROGESTERONE_OVER_ALLOPREGNANOLONE * _estrous(values, times_h)


_LEVEL = "assumed: no plasma allopregnanolone of cycling rodents was read; "
_ORDER = "hippocampus of rats is highest in proestrus, then diestrus, then estrus (Palumbo et al. 1995, doi:10.1007/BF03349832)"

KINDS = (
    ScheduleKind(
        "estrous_cycle",
        "cycling female rodents by day from the start of proestrus",
        "plasma",
        {
            "species": Word(
                ("mouse", "rat"), "whose cycle: 4.5 days in mice, 4 in rats; the levels are the same",
                "measured: length, Byers et al. 2012, doi:10.1371/journal.pone.0035538 (4 to 5 days, mice), Marcondes et al. "
                "2002, doi:10.1590/S1519-69842002000400008 (rats); shares of the phases assumed",
            ),
            "day": Parameter("0.0", "day at schedule time 0, proestrus starting at 0", "assumed: neutral default"),
            "proestrus": Parameter(
                "4.5 nM", "level amid proestrus", f"{_LEVEL}as progesterone of mice, 22 ng/mL in proestrus (Wall et al. 2023, "
                f"doi:10.1210/endocr/bqad070) over 4.9 after mating; {_ORDER}",
            ),
            "estrus": Parameter(
                "1 nM", "level amid estrus", f"{_LEVEL}women's conversion gives 0.7 nM at 4.9 ng/mL of progesterone, rounded",
            ),
            "metestrus": Parameter(
                "2 nM", "level amid metestrus", f"{_LEVEL}geometric mean of estrus and diestrus",
            ),
            "diestrus": Parameter(
                "4 nM", "level amid diestrus", f"{_LEVEL}4 times estrus, where luteal over follicular in women is 5 to 8; {_ORDER}",
            ),
        },
        _estrous,
        progesterone=_estrous_progesterone,
        steroids={phase: "allopregnanolone" for phase in _ESTROUS_SHARES},
        span_h=9 * 24.0,
    ),
)  # fmt: skip

"""How allopregnanolone regulates receptors in each species: numbers with their origins, and equations in hours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from .hill import hill_function
from .numbers import Number, without_range

# Optical densities and pA: the rows delta_OD_*, g2_OD_* and tonic_dgc_* of published/pharmacology.csv.
_DELTA_OD = {"estrus": 0.37, "diestrus": 0.53, "virgin": 0.42, "pregnant": 0.28}
_GAMMA2_OD = {"estrus": 0.51, "diestrus": 0.34}
_TONIC_PA = {"estrus": 29.8, "diestrus": 57.6, "virgin": 39.8, "pregnant": 19.7}
_PAIRS = (("diestrus", "estrus"), ("pregnant", "virgin"))
_MACKENZIE = "MacKenzie & Maguire, table 1 (PMC3399241), data of Maguire et al. 2005 and Maguire & Mody 2008"
_VIRGO = "Virgo & Bellward 1974, doi:10.1210/endo-95-5-1486"
_SANNA = "only the sign was read, Sanna et al. 2009, J Neurosci 29:1755 (PMC6666282); the size is"
_GULINELLO = (
    "2 to 3-fold after 2 to 3 days of progesterone, back at 5 to 6, Gulinello et al. 2001, "
    "doi:10.1016/s0006-8993(01)02565-3; about 3-fold 24 h after its withdrawal, Smith et al. 1998 (recalled)"
)
_ABRAMIAN = "no number was read in Abramian et al. 2014 (PMC4024867)"


@dataclass(frozen=True)
class Preset:
    """How the receptors of one species follow an exposure: numbers with origins, and the equations that use them.

    Attributes
    ----------
    exposure : str
        The quantity that `regulate` takes, dimensionless.
    highest : float
        Largest exposure that has a meaning.
    levels : Mapping of str to Number
        Exposure in named states.
    reference : str
        The level at which every output is 1.
    steady : callable (numbers, exposure) -> array (states,)
    derivative : callable (numbers, exposure, array (states,)) -> array (states,)
        Per hour.
    observe : callable (numbers, array (states, ...)) -> dict of str to array (...)
        Receptors by subunit, relative to no exposure.
    """

    name: str
    species: str
    exposure: str
    highest: float
    levels: Mapping[str, Number]
    reference: str
    numbers: Mapping[str, Number]
    steady: Callable[[Mapping[str, float], float], np.ndarray]
    derivative: Callable[[Mapping[str, float], float, np.ndarray], np.ndarray]
    observe: Callable[[Mapping[str, float], np.ndarray], dict[str, np.ndarray]]


def mouse_dentate() -> Preset:
    """Hippocampus of the mouse: delta up at the levels of the cycle and down at those of pregnancy, gamma2 down at both.

    dR/dt = (Rinf(u) - R)/tau; Rinf of delta is 1 + rise H(u; K_cycle) - fall H(u; K_pregnancy), of gamma2
    1 - fall H(u; K_cycle), with Hill functions H. Amplitudes are solved from measured ratios; the rise is more than the
    0.43 of diestrus over estrus, for in diestrus the fall has begun. Above u = 10 Rinf is extrapolated, to 0.54. No blood
    allopregnanolone of mice was read: the levels are those of progesterone. Withdrawal from long exposure raises delta in
    mice (Carver et al. 2014, J Neurosci); here it does so only while u passes through the levels of the cycle.
    """
    levels = {
        "estrus": without_range(1, "1", "assumed", "the unit of the exposure"),
        "diestrus": Number(
            4, "1", 3, 4.5, "assumed", "as luteal over follicular allopregnanolone of women; the peak of mouse progesterone, "
            f"in proestrus, is 22 (Wall et al. 2023, doi:10.1210/endocr/bqad070) over 4.9 ng/mL after mating ({_VIRGO})",
        ),
        "virgin": Number(1, "1", 1, 4, "assumed", "not staged, and at the low level for most of a cycle"),
        "pregnant": Number(
            10, "1", 5.6, 16.7, "assumed", "progesterone of days 18 and 16, 27.6 and 81.9 ng/mL, over 4.9 after mating, "
            f"geometric mean, {_VIRGO}",
        ),
        "postpartum": Number(0.2, "1", 0, 1, "assumed", f"progesterone within 5 h of delivery, at most 1.1 ng/mL, {_VIRGO}"),
    }  # fmt: skip
    n = {"K_cycle": 2.0, "K_pregnancy": 6.3, "hill": 4.0}
    rise, fall, gamma2_fall = _amplitudes(n, {name: level.value for name, level in levels.items()})
    return Preset(
        name="mouse_dentate",
        species="mouse",
        exposure="plasma allopregnanolone over that in estrus",
        highest=np.inf,
        levels=levels,
        reference="virgin",
        numbers={
            "K_cycle": Number(n["K_cycle"], "1", 1.7, 2.1, "assumed", "geometric mean of estrus and diestrus"),
            "K_pregnancy": Number(n["K_pregnancy"], "1", 4.7, 8.2, "assumed", "geometric mean of diestrus and pregnancy"),
            "hill": Number(n["hill"], "1", 3, 8, "assumed", "steep enough to tell levels apart that differ 2.5-fold"),
            "delta_rise": without_range(rise, "1", "fitted", f"delta, diestrus over estrus 1.43, {_MACKENZIE}"),
            "delta_fall": without_range(fall, "1", "fitted", f"delta, pregnant over virgin 0.67, {_MACKENZIE}"),
            "gamma2_fall": without_range(gamma2_fall, "1", "fitted", f"gamma2, diestrus over estrus 0.67, {_MACKENZIE}"),
            "tau": _tau(),
            "tonic_exponent": _tonic_exponent(),
        },
        steady=_mouse_steady,
        derivative=lambda n, u, state: (_mouse_steady(n, u) - state) / n["tau"],
        observe=lambda n, state: {"delta": state[0], "gamma2": state[1]},
    )  # fmt: skip


def rat_hippocampus() -> Preset:
    """Hippocampus of the rat: delta up and gamma2 down in late pregnancy, and alpha4 that answers to every change.

    delta and gamma2 follow 1 + rise u and 1 - fall u with one time constant; the sign of delta is the opposite of the
    mouse's. alpha4 = 1 + gain |y - z| of the chain x' = (u - x)/T, y' = (x - y)/T, z' = (y - z)/T: it rises on exposure,
    adapts, and rises again on withdrawal. It is no factor of the tonic conductance, for it also pairs with gamma2; what
    withdrawal does to currents is told by `withdrawal_phenotype` and not applied.
    """
    return Preset(
        name="rat_hippocampus",
        species="rat",
        exposure="allopregnanolone above threshold: 0 as in estrus, 1 as in late pregnancy or under progesterone",
        highest=1.0,
        levels={
            "estrus": without_range(0, "1", "assumed", "by definition of the exposure"),
            "late_pregnancy": without_range(1, "1", "assumed", "by definition of the exposure"),
        },
        reference="estrus",
        numbers={
            "delta_rise": Number(0.43, "1", 0, 1, "assumed", f"{_SANNA} that of the mouse in diestrus"),
            "gamma2_fall": Number(0.33, "1", 0, 0.5, "assumed", f"{_SANNA} that of the mouse in diestrus"),
            "tau": _tau(),
            "alpha4_gain": Number(7, "1", 4, 8, "fitted", _GULINELLO),
            "alpha4_tau": Number(19.2, "h", 16, 24, "fitted", _GULINELLO),
            "tonic_exponent": _tonic_exponent(),
        },
        steady=lambda n, u: np.array([1 + n["delta_rise"] * u, 1 - n["gamma2_fall"] * u, u, u, u]),
        derivative=_rat_derivative,
        observe=lambda n, state: {
            "delta": state[0],
            "gamma2": state[1],
            "alpha4": 1 + n["alpha4_gain"] * np.abs(state[3] - state[4]),
        },
    )


REGULATIONS: dict[str, Callable[[], Preset]] = {preset.__name__: preset for preset in (mouse_dentate, rat_hippocampus)}


def metabotropic_arm() -> dict[str, Number]:
    """Numbers of the phosphorylated share m: tonic factor 1 + rise m, dm/dt = H(C)(1 - m)/tau_on - m/tau_off.

    Neurosteroids have alpha4 S443 and beta3 S408/9 phosphorylated, and so more tonic receptors in the membrane than
    before, also when they are gone (Abramian et al. 2014). The knock-in beta3 S408/9A lacks this arm and keeps the
    allosteric one (doi:10.3389/fnmol.2022.817996): `regulate` with the arm off.
    """
    return {
        "metabotropic_ec50": Number(100, "nM", 30, 300, "assumed", f"the usual concentration in slices; {_ABRAMIAN}"),
        "metabotropic_hill": Number(2, "1", 1, 3, "assumed", f"a threshold, so that hours at 1 nM do little; {_ABRAMIAN}"),
        "metabotropic_tau_on": Number(0.25, "h", 0.1, 0.5, "assumed", f"exposures of minutes suffice; {_ABRAMIAN}"),
        "metabotropic_tau_off": Number(24, "h", 2, 72, "assumed", f"'sustained', which no slice can time; {_ABRAMIAN}"),
        "metabotropic_rise": Number(0.5, "1", 0.1, 1, "assumed", f"recalled as about a half; {_ABRAMIAN}"),
    }  # fmt: skip


def withdrawal_phenotype() -> dict[str, Number]:
    """Factors of inhibition in the rat after withdrawal from weeks of progesterone; `regulate` applies none of them.

    They can act where a network has their like: deactivation through a projection's `decay_factor`, the neurosteroid's
    potency through a receptor's `K_allo` divided by it. The GABA EC50 of CA1 cells stays (Costa et al. 1995, J
    Neurophysiol 74:464).
    """
    gong, reddy = "Smith & Gong 2005, doi:10.1113/jphysiol.2004.077297", "Reddy & Rogawski 2000, JPET 294:909"
    return {
        "deactivation_fast": Number(5 / 15.5, "1", 0.2, 0.5, "measured", f"15.5 to 5 ms, CA1 patches, {gong}"),
        "deactivation_slow": Number(65 / 110, "1", 0.3, 0.9, "measured", f"110 to 65 ms, CA1 patches, {gong}"),
        "paired_pulse_inhibition": Number(0.55, "1", 0.5, 0.6, "measured", "CA1, Hsu & Smith 2003, J Neurophysiol 89:186"),
        "neurosteroid_potency": Number(2.9, "1", 2.2, 3, "measured", f"ganaxolone 3.5 to 1.2 mg/kg on seizures, {reddy}"),
        "diazepam_potency": without_range(1.9 / 4.1, "1", "measured", f"1.9 to 4.1 mg/kg on seizures, {reddy}"),
    }  # fmt: skip


def _mouse_steady(n: Mapping[str, float], u: float) -> np.ndarray:
    cycle, pregnancy = hill_function(u, n["K_cycle"], n["hill"]), hill_function(u, n["K_pregnancy"], n["hill"])
    return np.array([1 + n["delta_rise"] * cycle - n["delta_fall"] * pregnancy, 1 - n["gamma2_fall"] * cycle])


def _amplitudes(n: Mapping[str, float], level: Mapping[str, float]) -> tuple[float, float, float]:
    """Rise and fall of delta and fall of gamma2 that give the measured ratios at these levels."""
    # 1 + a h(high) - b k(high) = ratio (1 + a h(low) - b k(low)) is linear in the amplitudes a and b.
    rows, right = [], []
    for high, low in _PAIRS:
        ratio = _DELTA_OD[high] / _DELTA_OD[low]
        cycle, pregnancy = (
            hill_function(level[high], n[K], n["hill"]) - ratio * hill_function(level[low], n[K], n["hill"])
            for K in ("K_cycle", "K_pregnancy")
        )
        rows.append([cycle, -pregnancy])
        right.append(ratio - 1)
    rise, fall = np.linalg.solve(rows, right)
    ratio = _GAMMA2_OD["diestrus"] / _GAMMA2_OD["estrus"]
    diestrus, estrus = (hill_function(level[name], n["K_cycle"], n["hill"]) for name in _PAIRS[0])
    return float(rise), float(fall), (1 - ratio) / (diestrus - ratio * estrus)


def _tau() -> Number:
    source = (
        "receptors are back 48 h after delivery, with no earlier sample, so at most 16 h (Maguire & Mody 2008); 30 min of "
        "100 nM THDOC raise delta in slices (Maguire & Mody 2007, J Neurosci 27:2155)"
    )
    return Number(12, "h", 0.5, 16, "assumed", source)


def _tonic_exponent() -> Number:
    """Slope of the tonic current over delta, both as logarithms of ratios of two states, through the origin."""
    delta, tonic = ([np.log(table[high] / table[low]) for high, low in _PAIRS] for table in (_DELTA_OD, _TONIC_PA))
    slopes = np.divide(tonic, delta)
    slope = np.dot(delta, tonic) / np.dot(delta, delta)
    return Number(float(slope), "1", float(slopes.min()), float(slopes.max()), "fitted", f"mouse dentate, {_MACKENZIE}")


def _rat_derivative(n: Mapping[str, float], u: float, state: np.ndarray) -> np.ndarray:
    delta, gamma2, x, y, z = state
    receptors = np.array([1 + n["delta_rise"] * u - delta, 1 - n["gamma2_fall"] * u - gamma2]) / n["tau"]
    return np.append(receptors, np.array([u - x, x - y, y - z]) / n["alpha4_tau"])

"""Slow change of receptor number with exposure to allopregnanolone, solved in hours, outside the spiking clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ..errors import InputError, unknown
from ..units import magnitude, parse
from .hill import hill_function
from .numbers import Number, non_negative, without_range
from .regulation_presets import REGULATIONS, metabotropic_arm


@dataclass(frozen=True)
class Regulated:
    """Receptors over time, relative to the preset's reference state; None is what the preset does not describe.

    Attributes
    ----------
    delta, gamma2, alpha4 : array (times,) or None
        Protein. gamma2 is no factor of a synaptic weight: in diestrus it falls by a third in the blot, while the peak of
        the spontaneous IPSC is 1.26 times as large (not significant).
    tonic_density : array (times,)
        For `populations.P.tonic.T.density`: delta to the power of `tonic_exponent`, times `metabotropic`.
    metabotropic : array (times,) or None
        Factor of phosphorylated receptors on the tonic conductance; None when switched off.
    numbers : dict of str to Number
        All that was used, with origins.
    """

    times_h: np.ndarray
    delta: np.ndarray
    gamma2: np.ndarray
    alpha4: np.ndarray | None
    tonic_density: np.ndarray
    metabotropic: np.ndarray | None
    numbers: dict[str, Number]


def regulate(
    times_h,
    exposure,
    preset: str,
    *,
    metabotropic=False,
    start: str = "steady",
    parameters: Mapping[str, object] | None = None,
) -> Regulated:
    """Receptors of one species over hours to weeks of exposure.

    Parameters
    ----------
    times_h : array (times,) or Quantity
        Plain numbers are hours. A time given twice is a jump.
    exposure : array (times,)
        The preset's own quantity (`Preset.exposure`), straight between the times.
    preset : str
        A key of `REGULATIONS`.
    metabotropic : False, or array (times,) or Quantity
        Allopregnanolone at the receptor, which drives `metabotropic_arm`; plain numbers are nM.
    start : {"steady", "unexposed"}
        Receptors at the first time: adapted to the first exposure, or to none.
    parameters : mapping, optional
        Some of the preset's numbers, and with the arm on of its own, to other values: text with a unit or Quantity;
        plain numbers where there is no unit.

    Raises
    ------
    InputError
        Times that run backwards; arrays of different length; a value that is negative, not finite or above
        `Preset.highest`; an unknown preset, start or parameter; parameters that leave less than no receptors.

    Notes
    -----
    Amplitudes fitted at the default K and hill keep their values when those are replaced. With the arm's assumed numbers,
    11 nM at the receptor for days (third trimester) already raises the tonic conductance by a quarter.
    """
    if preset not in REGULATIONS:
        raise unknown("preset", "regulation", preset, REGULATIONS)
    if start not in ("steady", "unexposed"):
        raise unknown("start", "start", start, ("steady", "unexposed"))
    if metabotropic is True:
        raise InputError("metabotropic", "True is no concentration; give allopregnanolone at the receptor at each time")
    chosen, is_steady = REGULATIONS[preset](), start == "steady"
    arm = {} if metabotropic is False else metabotropic_arm()
    numbers = _replaced({**chosen.numbers, **arm}, parameters or {})
    values = {name: number.value for name, number in numbers.items()}
    times = _times(times_h)
    u = _over(times, exposure, "1", "exposure")
    if (u > chosen.highest).any():
        raise InputError("exposure", f"{u.max():g} is above {chosen.highest:g}; expected {chosen.exposure}")

    reference = chosen.steady(values, chosen.levels[chosen.reference].value)
    first = chosen.steady(values, u[0] if is_steady else 0.0)
    states = _follow(times, u, first, lambda drive, state: chosen.derivative(values, drive, state))
    unit, amounts = chosen.observe(values, reference), chosen.observe(values, states)
    if not all((amounts[name] >= 0).all() and unit[name] > 0 for name in amounts):
        raise InputError("parameters", "these values take away more receptors than there are; lower a fall")
    receptors = {name: amount / unit[name] for name, amount in amounts.items()}
    density, factor = receptors["delta"] ** values["tonic_exponent"], None
    if arm:
        factor = _metabotropic(times, _over(times, metabotropic, "nM", "metabotropic"), values, is_steady)
        density = density * factor
    alpha4 = receptors.get("alpha4")
    return Regulated(times, receptors["delta"], receptors["gamma2"], alpha4, density, factor, numbers)


def _metabotropic(times: np.ndarray, nanomolar: np.ndarray, n: Mapping[str, float], is_steady: bool) -> np.ndarray:
    def on(nM):
        return hill_function(nM, n["metabotropic_ec50"], n["metabotropic_hill"]) / n["metabotropic_tau_on"]

    off = 1 / n["metabotropic_tau_off"]
    first = on(nanomolar[0]) / (on(nanomolar[0]) + off) if is_steady else 0.0
    share = _follow(times, nanomolar, np.array([first]), lambda nM, m: on(nM) * (1 - m) - off * m)[0]
    return 1 + n["metabotropic_rise"] * share


def _follow(times: np.ndarray, drive: np.ndarray, first: np.ndarray, derivative: Callable) -> np.ndarray:
    """States (states, times) under a drive that is straight between the times."""
    # Slow to import, and few runs need it.
    from scipy.integrate import solve_ivp

    states = np.empty((first.size, times.size))
    states[:, 0] = first
    # One interval at a time, so that no step of the solver crosses a bend or a jump of the drive.
    for k in range(times.size - 1):
        length = times[k + 1] - times[k]
        states[:, k + 1] = states[:, k]
        if length > 0:
            solved = solve_ivp(
                lambda share, state, k=k, length=length: length
                * derivative(drive[k] + share * (drive[k + 1] - drive[k]), state),
                (0.0, 1.0), states[:, k], method="LSODA", rtol=1e-10, atol=1e-12,
            )  # fmt: skip
            if not solved.success:
                raise InputError(
                    "parameters",
                    f"cannot be solved from {times[k]:g} to {times[k + 1]:g} h; take longer time constants",
                )
            states[:, k + 1] = solved.y[:, -1]
    return states


def _replaced(numbers: dict[str, Number], parameters: Mapping[str, object]) -> dict[str, Number]:
    """The numbers, some of them as the user wants them."""
    for name, given in parameters.items():
        if name not in numbers:
            raise unknown(f"parameters.{name}", "parameter of this regulation", name, numbers)
        unit = numbers[name].unit
        value = float(magnitude(parse(given, f"parameters.{name}", unit), unit))
        may_be_zero = name.endswith(("rise", "fall", "gain"))
        if not (0 < value < np.inf or (value == 0 and may_be_zero)):
            least = "of 0 or more" if may_be_zero else "above 0"
            raise InputError(f"parameters.{name}", f"{given!r} is not a finite number {least}; give one, in {unit}")
        numbers[name] = without_range(value, unit, "assumed", "set by the user")
    return numbers


def _times(times_h) -> np.ndarray:
    times = magnitude(times_h, "h", "times_h")
    if times.ndim != 1 or times.size == 0 or not np.isfinite(times).all():
        raise InputError("times_h", f"an array of shape {times.shape} with finite values was expected to be (times,)")
    if (np.diff(times) < 0).any():
        raise InputError("times_h", f"{times[1:][np.diff(times) < 0][0]:g} h comes after a later time; sort the times")
    return times


def _over(times: np.ndarray, given, unit: str, path: str) -> np.ndarray:
    values = non_negative(given, unit, path)
    if values.shape != times.shape:
        raise InputError(path, f"shape {values.shape} does not match the {times.size} times; give one value for each")
    return values

"""Synaptic currents: the law of prolongation, and the kinetic scheme with and without steroid."""

import math

import numpy as np
from scipy.optimize import curve_fit

from ...receptors import decay_factor
from ...receptors.kinetics import area_over_peak, kinetic_effect, peak, response, steroid_factor
from ...receptors.schemes import DESENSITISATION_EXPONENT, Scheme, jones_westbrook
from ..checks import Check, check
from ..targets import AMPLITUDE_UNCHANGED, RELATIVE, ROUNDING, Target, falls, published, rises, unchanged, within
from .gaba import named

SLICE = "alpha1_beta_gamma2, slice"
SCHEME = "jones_westbrook, x from the decay law of alpha1_beta_gamma2"
DENTATE = {"decay_ec50": "2 uM"}


def checks() -> list[Check]:
    """Cerebellar, hippocampal and dentate IPSCs; amplitude; what the scheme says beyond what was put in."""
    return [*_law(), *_scheme()]


def _law() -> list[Check]:
    def thdoc(nM: float, **own) -> float:
        return 100 * (float(decay_factor(0, named(SLICE, **own), {"thdoc": nM / 1000})) - 1)

    ends = {
        50: "the fitted law passes just below the range at its lower concentration",
        75: "",
        100: "the fitted law passes just above the range at its higher concentration",
    }
    p20 = _percent_unchanged()
    return [
        *(
            check(
                "thdoc50_100_ipsc_cblm", "calibration", f"{SLICE}, THDOC {nM} nM", lambda nM=nM: thdoc(nM),
                name=f"thdoc50_100_ipsc_cblm.{nM}nM", items=(8,), declared=declared,
            )
            for nM, declared in ends.items()
        ),
        check(
            "alphax_ipsc", "calibration", f"{SLICE}, alfaxalone 2 uM",
            lambda: float(decay_factor(0, named(SLICE), {"alfaxalone": 2.0})), items=(8,),
            declared="the law's maximum lies at the lower end of the range, and 2 uM does not reach it",
        ),
        check(
            "thdoc2_ipsc_tau2", "calibration", f"{SLICE}, THDOC 2 uM", lambda: 1 + thdoc(2000) / 100,
            published("thdoc2_ipsc_tau2", RELATIVE), items=(8,),
        ),
        check(
            "thdoc100_ipsc_dg_p20", "prediction", f"{SLICE}, THDOC", lambda: thdoc(100), p20, items=(8,),
            declared="granule cells of that age need a higher decay_ec50, which networks with them set",
        ),
        check(
            "thdoc100_ipsc_dg_p20", "calibration", f"{SLICE}, decay_ec50 2 uM, THDOC",
            lambda: thdoc(100, **DENTATE), p20, name="thdoc100_ipsc_dg_p20.dentate", items=(8,),
            reported="no default but a setting, which was chosen so that this comes out",
        ),
        check(
            "allo100_pv_sipsc", "construction", SLICE, lambda: float(decay_factor(100, named(SLICE))) - 1,
            rises(ROUNDING), quantity="100 nM: decay of the IPSC of PV interneurons",
        ),
        check(
            "zolp_phasic_dgc", "calibration", f"{SLICE}, zolpidem .5 uM",
            lambda: 100 * (float(decay_factor(0, named(SLICE), {"zolpidem": 0.5})) - 1),
            published("zolp_phasic_dgc", RELATIVE),
        ),
    ]  # fmt: skip


def _scheme() -> list[Check]:
    deepened = DESENSITISATION_EXPONENT.high

    def effect(nM: float, what: str, exponent: float = DESENSITISATION_EXPONENT.value) -> float:
        return float(kinetic_effect(nM, named(SLICE), jones_westbrook(exponent))[what]) - 1

    amplitude = "amplitude of the IPSC (kinetic scheme), unchanged in the recordings"
    return [
        check(
            "thdoc50_100_ipsc_cblm", "calibration", f"{SCHEME}, slice, 100 nM", lambda: effect(100, "ipsc_peak_fold"),
            unchanged(AMPLITUDE_UNCHANGED), name="ipsc_amplitude_100nM", quantity=f"100 nM: {amplitude}", items=(8,),
        ),
        check(
            "thdoc50_100_ipsc_cblm", "prediction", f"{SCHEME}, slice, 100 nM; desensitisation_exponent {deepened:g}",
            lambda: effect(100, "ipsc_peak_fold", deepened), unchanged(AMPLITUDE_UNCHANGED),
            name="ipsc_amplitude_100nM.deepened", quantity=f"100 nM: {amplitude}", items=(8,),
            reported="the other end of the exponent's range, which costs amplitude",
        ),
        check(
            "thdoc2_ipsc_tau2", "calibration", f"{SCHEME}, slice, 1 uM", lambda: effect(1000, "ipsc_peak_fold"),
            unchanged(AMPLITUDE_UNCHANGED), name="ipsc_amplitude_1uM", quantity=f"1 uM: {amplitude}", items=(8,),
        ),
        check(
            "thdoc1000_a1b3g2_sat", "prediction", f"{SCHEME}, slice, 1 uM",
            lambda: effect(1000, "saturating_peak_fold"), falls(), name="thdoc1000_a1b3g2_sat.kinetic", items=(7,),
            declared="with the exponent that spares the IPSC's amplitude it falls, by less than could be seen",
        ),
        check(
            "thdoc_deact_components", "prediction", f"{SCHEME}, slice, 100 nM",
            lambda: effect(100, "saturating_peak_fold"), falls(), name="thdoc_deact_components.amplitude",
            quantity="THDOC: amplitude of the GABA current of patches (1 mM held)",
            declared="with the exponent that spares the IPSC's amplitude, desensitisation deepens too little: it falls "
            "above 240 nM only",
        ),
        check(
            "thdoc_deact_components", "prediction", f"{SCHEME}, slice, 100 nM; desensitisation_exponent {deepened:g}",
            lambda: effect(100, "saturating_peak_fold", deepened), falls(),
            name="thdoc_deact_components.amplitude.deepened",
            quantity="THDOC: amplitude of the GABA current of patches (1 mM held)",
            reported="the other end of the exponent's range, at which the IPSC's amplitude falls with it",
        ),
        check(
            "thdoc_deact_components", "prediction", f"{SCHEME}, slice, 100 nM", lambda: _component(1), rises(),
            name="thdoc_deact_components.slow", quantity="THDOC: slow time constant of deactivation",
        ),
        check(
            "thdoc_deact_components", "prediction", f"{SCHEME}, slice, 100 nM", lambda: _component(0), unchanged(),
            name="thdoc_deact_components.fast", quantity="THDOC: fast time constant of deactivation",
            declared="closing slows in every open state, which lengthens the fast component, and more than the slow one",
        ),
        check(
            "ipsc_tau_ca1", "prediction", "jones_westbrook, .3 ms of 1 mM (assumed)",
            lambda: area_over_peak(jones_westbrook()),
            published("ipsc_tau_ca1", RELATIVE),
        ),
        *(
            check(
                "ipsc_tau_culture", "prediction", f"jones_westbrook, {pulse_ms:g} ms of 1 mM",
                lambda pulse_ms=pulse_ms: area_over_peak(jones_westbrook(), pulse_ms=pulse_ms),
                published("ipsc_tau_culture", RELATIVE), name=f"ipsc_tau_culture.{pulse_ms:g}ms",
                reported="the same number as graded for CA1; it depends on the pulse, which is assumed",
            )
            for pulse_ms in (0.1, 0.3, 1.0)
        ),
        check(
            "patch_tau_ca1", "prediction", "jones_westbrook, 2 ms of 1 mM",
            lambda: area_over_peak(jones_westbrook(), 1.0, 2.0), published("patch_tau_ca1", RELATIVE),
            declared="not known: the source of the rates does not state their preparation",
        ),
        check(
            "rise_a1b2g2L_10mM", "prediction", "jones_westbrook", lambda: _rise_ms(jones_westbrook(), 10.0),
            published("rise_a1b2g2L_10mM", RELATIVE),
            reported="the scheme is that of neurons, and the source does not define its rise time (here 10-90 %)",
        ),
        check(
            "jw_1mM_peak", "input", "jones_westbrook, held GABA",
            lambda: 100 * peak(jones_westbrook(), 1.0, math.inf) / peak(jones_westbrook(), 10.0, math.inf),
            within(91, 95, "%", "2 points, for the concentration of the maximum is not told", 93), items=(12,),
        ),
    ]  # fmt: skip


def _percent_unchanged() -> Target:
    """`unchanged` in percent."""
    change = unchanged()
    return within(100 * change.low, 100 * change.high, "%", change.bounds, 0.0)


def _component(which: int) -> float:
    """Change by 100 nM of the fast (0) or slow (1) time constant of deactivation after 1 ms of 1 mM GABA."""
    scheme = jones_westbrook()
    factor = float(steroid_factor(scheme, decay_factor(100, named(SLICE))))
    return _deactivation(scheme, factor)[which] / _deactivation(scheme, 1.0)[which] - 1


def _deactivation(scheme: Scheme, x: float) -> tuple[float, float]:
    """Time constants in ms of two exponentials fitted to 300 ms of decay, as patches are analysed."""
    times = np.linspace(0, 300, 1501)
    decay = response(scheme, 1.0 + times, 1.0, 1.0, x)

    def two(t, share, fast, slow):
        return share * np.exp(-t / fast) + (1 - share) * np.exp(-t / slow)

    (_, *taus), _ = curve_fit(two, times, decay / decay[0], p0=(0.5, 3.0, 50.0), bounds=(0, [1, 1e3, 1e4]))
    return min(taus), max(taus)


def _rise_ms(scheme: Scheme, gaba_mM: float) -> float:
    """Time from 10 to 90 % of the peak when GABA is held."""
    times = np.geomspace(1e-4, 100, 2000)
    values = response(scheme, times, gaba_mM, math.inf)
    rising = slice(0, int(values.argmax()) + 1)
    low, high = np.interp([0.1 * values.max(), 0.9 * values.max()], values[rising], times[rising])
    return float(high - low)

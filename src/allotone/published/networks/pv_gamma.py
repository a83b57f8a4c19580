"""The ring of PV interneurons: gamma by mutual inhibition, gap junctions, and a tonic conductance by its reversal."""

import functools

import numpy as np

from ...network.definition import Definition
from ...simulation.network import Network
from ...units import magnitude
from ..checks import Check, check, estimate
from ..targets import PRINTED, above, below, published, unbounded, within
from .robustness import robust
from .runs import over_seeds, statistic

SEEDS = 4
PAIRS = 8
DRIVES = (1, 2, 3, 5)
REVERSALS_MV = (-75, -65, -55)
# Control and after status epilepticus, and the conductance, of the basket cells of ModelDB 155602.
CONTROL_MV, AFTER_SEIZURES_MV, TONIC = -74, -54, "0.010 mS/cm2"
NO_GAPS = {"projections.gap_junctions.weight": "0 mS/cm2"}
TONIC_MEAN = "populations.pv.tonic.delta.conductance.mean"
RING = "pv_gamma without tonic conductance, 0.65 s, counted from 0.25 s"
DECLARED = {
    "pv_gamma.double_size_kappa": "kappa is over all pairs, and contacts reach as far as before: along a ring of twice the "
    "length the phase drifts. Over 8 seeds kappa is 0.53 and 0.47; among 100 neighbours 0.52 and 0.50",
}
TONIC_RING = f"pv_gamma at 1 uA/cm2, tonic {TONIC} without rectification, 2 s, counted from 0.5 s"


def checks() -> list[Check]:
    """Rates and coherence of Bartos et al. 2002, heterogeneity of Vida et al. 2006, the tonic sign of Yu et al. 2013."""
    return [*_bartos(), *_vida(), *_tonic(), *_robustness()]


def without_tonic(drive: float, **changes) -> Network:
    """The ring without tonic conductance at a mean drive, uA/cm2; `changes` are overrides by path."""
    values = {TONIC_MEAN: "0 mS/cm2", "populations.pv.drive.current.amplitude.mean": f"{drive} uA/cm2"}
    return Network.load("pv_gamma").override(values | changes)


def charge_per_peak(rise: float, decay: float) -> float:
    """Area under a difference of exponentials of peak 1, in units of its time constants."""
    peak_time = decay * rise / (decay - rise) * np.log(decay / rise)
    return (decay - rise) / (np.exp(-peak_time / decay) - np.exp(-peak_time / rise))


def slow_inhibition(decay_ms: float = 10.0) -> dict[str, str]:
    """Overrides that slow the decay of the synapses and keep their charge."""
    projection = Network.load("pv_gamma").definition.schema.projections["pv_to_pv"]
    rise, fast = (float(magnitude(projection.synapse[key], "ms")) for key in ("tau_rise", "tau_decay"))
    weight = (
        float(magnitude(projection.weight, "mS/cm2")) * charge_per_peak(rise, fast) / charge_per_peak(rise, decay_ms)
    )
    return {
        "projections.pv_to_pv.synapse.tau_decay": f"{decay_ms} ms",
        "projections.pv_to_pv.weight": f"{weight} mS/cm2",
    }


@functools.cache
def ring() -> dict[str, dict[str, np.ndarray]]:
    """Statistics of each case of the ring, arrays (seeds,)."""
    cases = {f"drive {drive}": without_tonic(drive) for drive in DRIVES}
    cases["no gaps 1"] = without_tonic(1, **NO_GAPS)
    cases["no gaps 3"] = without_tonic(3, **NO_GAPS)
    cases["slow 3"] = without_tonic(3, **NO_GAPS, **slow_inhibition())
    cases["half step"] = without_tonic(1, time_step="0.025 ms")
    cases["double size"] = without_tonic(1, **{"populations.pv.size": 400})
    for E_gaba in REVERSALS_MV:
        spread = {"populations.pv.drive.current.amplitude.cv": 0.3, "populations.pv.reversal.E_gaba": f"{E_gaba} mV"}
        cases[f"spread {E_gaba}"] = without_tonic(3, **spread)
    read = statistic("pv", "mean_rate", "rate_sd", "coherence_kappa", "peak_frequency", "active_fraction")
    names = ("mean_rate", "rate_sd", "coherence_kappa", "peak_frequency", "active_fraction")
    return over_seeds(cases, read, SEEDS, duration="650 ms", discard="250 ms", statistics=names)


def of_ring(case: str, name: str) -> np.ndarray:
    """One statistic of one case of the ring, array (seeds,); `rate_cv` is the variation of rates over cells."""
    found = ring()[case]
    return found["rate_sd"] / found["mean_rate"] if name == "rate_cv" else found[name]


@functools.cache
def tonic_change(E_gaba_mV: float) -> np.ndarray:
    """What the published tonic conductance adds to the rate at an E_GABA, Hz, array (pairs,)."""
    values = {
        "populations.pv.reversal.E_gaba": f"{E_gaba_mV} mV",
        "populations.pv.tonic.delta.rectification": "none",
    }
    cases = {g: without_tonic(1, **values).override({TONIC_MEAN: g}) for g in ("0 mS/cm2", TONIC)}
    settings = {"duration": "2 s", "discard": "0.5 s", "statistics": ("mean_rate",)}
    none, tonic = over_seeds(cases, statistic("pv", "mean_rate"), PAIRS, **settings).values()
    return tonic["mean_rate"] - none["mean_rate"]


def _bartos() -> list[Check]:
    found = []
    for drive in DRIVES:
        for key, name in (("rate", "mean_rate"), ("kappa", "coherence_kappa")):
            found.append(
                check(
                    f"bartos_{key}_{drive}", "re-implementation", f"{RING}, {drive} uA/cm2",
                    lambda drive=drive, name=name: estimate(of_ring(f"drive {drive}", name)),
                )
            )  # fmt: skip
    kappa = "coherence_kappa"
    gap_free, slow = f"{RING}, 1 uA/cm2, no gap junctions", f"{RING}, 3 uA/cm2, no gap junctions"
    found += [
        check(
            "bartos_kappa_1_no_gaps", "re-implementation", gap_free, lambda: estimate(of_ring("no gaps 1", kappa)),
        ),
        check(
            "bartos_kappa_3_slow", "re-implementation", f"{slow}, decay 10 ms at equal charge",
            lambda: estimate(of_ring("slow 3", kappa)),
        ),
        check(
            "bartos_frequency_range", "prediction", f"{RING}, 1 uA/cm2",
            lambda: estimate(of_ring("drive 1", kappa) - of_ring("no gaps 1", kappa)), above("1"),
            name="bartos_frequency_range.gap_junctions", quantity="kappa with less that without gap junctions",
        ),
        check(
            "bartos_frequency_range", "prediction", slow,
            lambda: estimate(of_ring("no gaps 3", kappa) - of_ring("slow 3", kappa)), above("1"),
            name="bartos_frequency_range.fast_ipscs", quantity="kappa with fast less that with slow inhibition",
        ),
        check(
            "bartos_ipsc_decay", "input", "pv_gamma, as shipped (CA1)",
            lambda: float(magnitude(_definition().schema.projections["pv_to_pv"].synapse["tau_decay"], "ms")),
            within(1.8 * (1 - 1e-9), 1.8 * (1 + 1e-9), "ms", PRINTED, 1.8),
        ),
    ]  # fmt: skip
    for drive in (1, 3):
        found.append(
            check(
                "bartos_frequency_range", "prediction", f"{RING}, {drive} uA/cm2",
                lambda drive=drive: estimate(of_ring(f"drive {drive}", "peak_frequency")),
                name=f"bartos_frequency_range.at_{drive}",
            )
        )  # fmt: skip
    return found


def _vida() -> list[Check]:
    found = []
    for E_gaba in REVERSALS_MV:
        parameters = f"{RING}, 3 uA/cm2 with CV 0.3, E_GABA {E_gaba} mV"
        for key, name in (("rate_cv", "rate_cv"), ("active", "active_fraction")):
            found.append(
                check(
                    f"vida_{key}_{-E_gaba}", "re-implementation", parameters,
                    lambda E_gaba=E_gaba, name=name: estimate(of_ring(f"spread {E_gaba}", name)),
                )
            )  # fmt: skip
    for more, less in zip(REVERSALS_MV, REVERSALS_MV[1:]):
        found.append(
            check(
                f"vida_rate_cv_{-more} vida_rate_cv_{-less}", "re-implementation", f"{RING}, 3 uA/cm2 with CV 0.3",
                lambda more=more, less=less: estimate(
                    of_ring(f"spread {less}", "rate_cv") - of_ring(f"spread {more}", "rate_cv")
                ),
                below("1"), name=f"vida_rate_cv.from_{-more}_to_{-less}",
                quantity=f"change in the CV of rates from E_GABA {more} to {less} mV",
            )
        )  # fmt: skip
    found.append(
        check(
            "vida_shunting", "prediction", f"{RING}, 3 uA/cm2 with CV 0.3, E_GABA -55 less -75 mV",
            lambda: estimate(of_ring("spread -55", "coherence_kappa") - of_ring("spread -75", "coherence_kappa")),
            unbounded("1"), quantity="kappa of the heterogeneous ring, shunting less hyperpolarising",
            reported="recalled; and other groups report the opposite for cells of another type or with gap junctions",
        )
    )  # fmt: skip
    return found


def _tonic() -> list[Check]:
    signs = ((CONTROL_MV, below("Hz"), "control"), (AFTER_SEIZURES_MV, above("Hz"), "after_seizures"))
    found = [
        check(
            "yu_tonic_sign", "prediction", f"{TONIC_RING}, E_GABA {E_gaba} mV",
            lambda E_gaba=E_gaba: estimate(tonic_change(E_gaba)), target, name=f"yu_tonic_sign.ring_{name}",
            quantity=f"change in rate by a tonic conductance at E_GABA {E_gaba} mV",
        )
        for E_gaba, target, name in signs
    ]  # fmt: skip
    low = published("chaos13_tonic_density", PRINTED).value
    found.append(
        check(
            "chaos13_tonic_density", "input", "pv_gamma, as shipped",
            lambda: 1e-3 * float(magnitude(_definition().schema.populations["pv"].tonic["delta"].conductance["mean"], "mS/cm2")),
            within(low, 1e-5, "S/cm2", "between this model's density and that of ModelDB 155602", low),
        )
    )  # fmt: skip
    return found


def _robustness() -> list[Check]:
    cases = {
        "half_dt": ("half step", "time step 0.025 for 0.05 ms"),
        "double_size": ("double size", "400 for 200 cells, contacts as they are"),
    }
    found = []
    for change, (case, text) in cases.items():
        for word, name in (("rate", "mean_rate"), ("kappa", "coherence_kappa")):
            id = f"pv_gamma.{change}_{word}"
            found.append(
                robust(
                    f"bartos_{word}_1", id, f"change in {word}, {text}", f"{RING}, 1 uA/cm2",
                    lambda case=case, name=name: (of_ring("drive 1", name), of_ring(case, name)), DECLARED.get(id, ""),
                )
            )  # fmt: skip
    return found


def _definition() -> Definition:
    return Network.load("pv_gamma").definition

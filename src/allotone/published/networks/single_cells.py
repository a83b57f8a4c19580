"""What a tonic conductance does to single cells: the sign by its reversal, offset and gain, and an inverted receptor."""

import copy
import functools

import numpy as np

from ...network.definition import Definition
from ...simulation.batch import run_all
from ...simulation.network import Network
from ..checks import Check, check, estimate
from ..targets import above, below, unbounded
from .robustness import robust
from .runs import over_seeds, statistic

SEEDS = 4
TONIC = "0.010 mS/cm2"  # basket cells of ModelDB 155602; E_GABA -74 mV in control and -54 mV after seizures
BIPHASIC = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)  # mS/cm2
FAST = "fast_spiking_cell, 100 cells, 2 s, counted from 0.5 s"
LIF = "cell of coba_tonic, 100 trials, excitatory Poisson input of 2 nS and 5 ms, tonic 0 and 5 nS at -80 mV"
RATES = np.arange(0, 3001, 100)  # input, Hz
LIF_TONIC = ("0 nS", "5 nS")  # none, and half the leak
HALF_OF_LARGEST = 100.0  # Hz; the refractory period of 5 ms allows 200
GAIN_SPAN = 2.0  # uA/cm2 above rheobase
CURRENTS = np.linspace(0, 8, 501)  # uA/cm2
PV_TONIC = ("0 mS/cm2", "0.05 mS/cm2")


def checks() -> list[Check]:
    """Yu et al. 2013, Song et al. 2011, Hutt & Buhry 2014, Bryson et al. 2020, Shen et al. 2007; the time step."""
    half_step = robust(
        "wb_rate_0p5", "fast_spiking_cell.half_dt", "change in rate, time step 0.025 for 0.05 ms", FAST,
        lambda: (fast_spiking()["as it is"], fast_spiking()["half step"]),
    )  # fmt: skip
    return [*_signs(), *_lif(), *_others(), half_step]


@functools.cache
def fast_spiking() -> dict[str, np.ndarray]:
    """Rate in each case of `fast_spiking_cell`, Hz, arrays (seeds,)."""
    network = Network.load("fast_spiking_cell")
    cases = {"as it is": network, "half step": network.override({"time_step": "0.025 ms"})}
    for E_gaba, conductances in ((-74, (TONIC,)), (-54, (TONIC,)), (-56, [f"{g} mS/cm2" for g in BIPHASIC[1:]])):
        for conductance in conductances:
            values = {
                "populations.pv.tonic.delta.conductance": conductance,
                "populations.pv.reversal.E_gaba": f"{E_gaba} mV",
            }
            cases[f"{E_gaba} mV, {conductance}"] = network.override(values)
    settings = {"duration": "2 s", "discard": "0.5 s", "statistics": ("mean_rate",)}
    found = over_seeds(cases, statistic("pv", "mean_rate"), SEEDS, **settings)
    return {name: values["mean_rate"] for name, values in found.items()}


def course() -> np.ndarray:
    """Rate at each of `BIPHASIC` at -56 mV, Hz, array (conductances, seeds)."""
    tonic = [fast_spiking()[f"-56 mV, {conductance} mS/cm2"] for conductance in BIPHASIC[1:]]
    return np.array([fast_spiking()["as it is"], *tonic])


@functools.cache
def lif_curves() -> np.ndarray:
    """Rate of the integrate-and-fire cell, Hz, array (tonic conductances, seeds, input rates)."""
    data = copy.deepcopy(Network.load("coba_tonic").definition.data)
    cell = data["populations"]["excitatory"]
    excitation = {"kind": "poisson", "rate": "0 Hz", "weight": "2 nS", "tau_decay": "5 ms", "reversal": "0 mV"}
    cell.update(size=100, initial={}, drive={"excitation": excitation})
    data.update(populations={"excitatory": cell}, projections={})
    network = Network(Definition.from_data(data))
    cases = {
        (tonic, rate): network.override(
            {
                "populations.excitatory.tonic.delta.conductance": tonic,
                "populations.excitatory.drive.excitation.rate": f"{rate} Hz",
            }
        )
        for tonic in LIF_TONIC
        for rate in RATES.tolist()
    }
    settings = {"duration": "1.5 s", "discard": "0.5 s", "statistics": ("mean_rate",)}
    found = over_seeds(cases, statistic("excitatory", "mean_rate"), SEEDS, **settings)
    shape = (len(LIF_TONIC), len(RATES), SEEDS)
    return np.array([values["mean_rate"] for values in found.values()]).reshape(shape).transpose(0, 2, 1)


def offset(curve: np.ndarray) -> float:
    """Input at which a curve, array (input rates,), has half the largest possible rate; Hz."""
    return float(np.interp(HALF_OF_LARGEST, curve, RATES))


def largest_gain(curve: np.ndarray) -> float:
    """Largest slope of a curve, array (input rates,); Hz per Hz."""
    return float(np.gradient(curve, RATES).max())


def gain_at_half(curve: np.ndarray) -> float:
    """Slope of a curve, array (input rates,), where it has half the largest possible rate; Hz per Hz."""
    return float(np.interp(offset(curve), RATES, np.gradient(curve, RATES)))


def lif_change(read) -> np.ndarray:
    """What the tonic conductance adds to a number that `read` takes from a curve, array (seeds,)."""
    none, tonic = (np.array([read(curve) for curve in curves]) for curves in lif_curves())
    return tonic - none


@functools.cache
def pv_gain() -> tuple[float, float]:
    """Slope of rate against current above rheobase, Hz cm2/uA, without and with tonic conductance."""
    current = {"distribution": "linear", "min": f"{CURRENTS[0]} uA/cm2", "max": f"{CURRENTS[-1]} uA/cm2"}
    network = Network.load("fast_spiking_cell").override(
        {
            "populations.pv.size": CURRENTS.size,
            "populations.pv.drive": {"current": {"kind": "current", "amplitude": current}},
            "populations.pv.tonic.delta.rectification": "weak",
        }
    )
    settings = {"duration": "2.5 s", "discard": "0.5 s", "statistics": ("agent_rate",)}
    points = [
        (network.override({"populations.pv.tonic.delta.conductance": tonic}), {**settings, "seed": 0})
        for tonic in PV_TONIC
    ]
    curves = run_all(points, keep=lambda run: np.asarray(run.statistics["pv"]["agent_rate"].value))
    return tuple(_slope(curve) for curve in curves)


def _slope(curve: np.ndarray) -> float:
    """Of the straight line through a curve, array (currents,), over `GAIN_SPAN` from rheobase on."""
    rheobase = CURRENTS[int(np.argmax(curve > 0))]
    span = (CURRENTS >= rheobase) & (CURRENTS <= rheobase + GAIN_SPAN)
    return float(np.polyfit(CURRENTS[span], curve[span], 1)[0])


@functools.cache
def inverted_receptor_change() -> float:
    """What 30 nM add to the rate of a principal cell whose delta receptors have the switch of Shen et al. 2007; Hz."""
    data = copy.deepcopy(Network.load("principal_pv").definition.data)
    cell = data["populations"]["principal"]
    cell.update(size=1, initial={"v": "-60 mV"}, drive={"current": {"kind": "current", "amplitude": "160 pA"}})
    cell["tonic"]["delta"] |= {
        "conductance": cell["tonic"]["delta"]["conductance"]["mean"],
        "polarity_switch": "shen_2007",
    }
    cell["reversal"] = {"E_gaba": "-70 mV"}
    data.update(populations={"principal": cell}, projections={})
    network = Network(Definition.from_data(data))
    settings = {"duration": "10.5 s", "discard": "0.5 s", "seed": 0, "statistics": ("mean_rate",)}
    points = [(network, {**settings, "allopregnanolone": dose}) for dose in ("0 nM", "30 nM")]
    none, steroid = run_all(points, keep=lambda run: float(run.statistics["principal"]["mean_rate"].value))
    return steroid - none


def _signs() -> list[Check]:
    reported = "recalled, a direction only; the protocol is ours"
    return [
        *(
            check(
                "yu_tonic_sign", "prediction", f"{FAST}, tonic {TONIC} at {E_gaba} mV",
                lambda E_gaba=E_gaba: estimate(fast_spiking()[f"{E_gaba} mV, {TONIC}"] - fast_spiking()["as it is"]),
                target, name=f"yu_tonic_sign.cell_{name}",
                quantity=f"change in a cell's rate by a tonic conductance at E_GABA {E_gaba} mV",
            )
            for E_gaba, target, name in ((-74, below("Hz"), "control"), (-54, above("Hz"), "after_seizures"))
        ),
        check(
            "song_biphasic", "prediction", f"{FAST}, tonic 0 to 0.5 mS/cm2 at -56 mV",
            lambda: estimate(course().max(axis=0) - course()[0]), unbounded("Hz"), name="song_biphasic.rise",
            quantity="highest rate along a rising tonic conductance less that without", reported=reported,
        ),
        check(
            "song_biphasic", "prediction", f"{FAST}, tonic 0 to 0.5 mS/cm2 at -56 mV",
            lambda: estimate(course()[-1] - course().max(axis=0)), unbounded("Hz"), name="song_biphasic.fall",
            quantity="rate at the largest tonic conductance less the highest", reported=reported,
        ),
    ]  # fmt: skip


def _lif() -> list[Check]:
    return [
        check(
            "hutt_lif", "prediction", LIF, lambda: estimate(lif_change(offset)), above("Hz"), name="hutt_lif.subtractive",
            quantity="change in the input for half the largest rate by a tonic conductance",
        ),
        check(
            "hutt_lif", "prediction", LIF, lambda: estimate(lif_change(largest_gain)), below("1"),
            name="hutt_lif.divisive", quantity="change in the largest slope by a tonic conductance",
        ),
        check(
            "hutt_lif", "prediction", LIF, lambda: estimate(lif_change(gain_at_half)), below("1"),
            name="hutt_lif.divisive_at_half", quantity="change in the slope at half the largest rate",
            declared="what was read of the source does not say where it takes the gain. The largest slope falls, but at half "
            "the largest rate the total conductance hardly matters: a cell with more of it is quicker, and the slope rises a little",
        ),
    ]  # fmt: skip


def _others() -> list[Check]:
    return [
        check(
            "bryson_gain", "prediction", "fast_spiking_cell in a current, tonic 0.05 mS/cm2, weak rectification, -75 mV",
            lambda: pv_gain()[1] - pv_gain()[0], below("Hz cm2/uA"), name="bryson_gain.pv",
            quantity="change in the slope within 2 uA/cm2 of rheobase by a tonic conductance, PV-type cell",
            declared="one compartment with a delayed rectifier: in the source's cells the gain falls by current into "
            "dendrites, which this one lacks. There is no model of the SST type here to compare with",
        ),
        check(
            "shen_puberty", "construction", "principal cell of principal_pv, 160 pA, E_GABA -70 mV, 30 nM, shen_2007",
            inverted_receptor_change, above("Hz"),
            quantity="change in rate by the steroid where it lowers the tonic current",
        ),
    ]  # fmt: skip

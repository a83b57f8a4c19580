"""Prolongation of the IPSC by allopregnanolone: an empirical law and a kinetic scheme side by side.

Question
    The decay of the inhibitory postsynaptic current follows an empirical Hill law, which is not derived from the gating
    model that gives the tonic conductance. What would a kinetic scheme with the same prolongation do to the peak, to a
    saturating pulse and to the steady state, and how far is that from the gating model?

Models
    (i) A biexponential conductance whose decay is multiplied by `decay_factor`; peak unchanged by construction.
    (ii) The scheme of Jones & Westbrook 1995 with the rates of Mozrzymas 2003, 0.3 ms of 1 mM GABA: the steroid divides
    the closing rates by x and multiplies the entry into desensitisation by x^p, with x such that area over peak follows
    the same law; p is 0.2, which was fitted to leave the IPSC's peak alone (Cooper et al. 1999), or, for comparison, 1.
    (iii) The gating model of alpha1-beta-gamma2, in slice and recombinant, at ambient and 1 mM GABA.

Data
    Points are other steroids than allopregnanolone: THDOC (Cooper et al. 1999) and alphaxalone (Harrison et al. 1987),
    to which the law was fitted, so they are no evidence for it; and granule cells at P20 (Cooper et al. 1999), which
    show no change and contradict it. For those the decay's EC50 is 2 uM or more.

Check
    One compartment, one contact, one spike: the conductance of a compiled run at each dose against model (i).
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import xarray
from matplotlib.figure import Figure

from allotone import (
    Definition,
    InputError,
    Network,
    SimulationError,
    decay_factor,
    figures,
    open_probability,
    receptor,
    run_all,
    tonic_fold,
    write_table,
)
from allotone.figures.style import label_line_ends
from allotone.published import rows
from allotone.receptors import ReferenceState, kinetics
from allotone.units import magnitude

DOSES_NM = (0, 30, 100, 300, 1000)
CURVE_NM = (0, 1, 3, 10, 30, 50, 100, 200, 300, 500, 1000, 2000, 3000, 10000)
RISE_MS = 0.5  # assumed; the decay is the weighted one of CA1 pyramidal cells
AMBIENT_UM, SATURATING_UM = float(magnitude(ReferenceState().gaba, "uM")), 1000.0
PULSE = {"gaba_mM": 1.0, "pulse_ms": 0.3}
GRANULE = {"decay_ec50": "2 uM"}  # the least that P20 granule cells leave room for
DEEPENED = kinetics.DESENSITISATION_EXPONENT.high  # desensitisation deepens as much as closing slows
MODELS = {
    "IPSC area over peak": "area_over_peak_fold",
    "IPSC peak": "ipsc_peak_fold",
    "saturating peak": "saturating_peak_fold",
    "steady state": "steady_state_fold",
}


def decay_ms() -> float:
    """Decay time constant without steroid: the weighted one of CA1 pyramidal cells."""
    return rows("pharmacology")["ipsc_tau_ca1"].value


def biexponential(times_ms, rise_ms: float, tau_ms: float) -> np.ndarray:
    """Conductance over its peak at times since the onset, shape of `times_ms`; 0 before it."""
    to_peak = tau_ms * rise_ms / (tau_ms - rise_ms) * np.log(tau_ms / rise_ms)
    since = np.maximum(times_ms, 0)
    return (np.exp(-since / tau_ms) - np.exp(-since / rise_ms)) / (
        np.exp(-to_peak / tau_ms) - np.exp(-to_peak / rise_ms)
    )


def waveforms(doses_nM=DOSES_NM) -> xarray.Dataset:
    """IPSCs over the peak without steroid by both laws, dimensions (law, allopregnanolone, time)."""
    times = np.arange(0, 200.05, 0.1)
    synaptic = receptor("alpha1_beta_gamma2")
    hill = [biexponential(times, RISE_MS, decay_ms() * float(decay_factor(dose, synaptic))) for dose in doses_nM]
    scheme = kinetics.jones_westbrook()
    x = kinetics.kinetic_effect(np.array(doses_nM, float), synaptic, scheme)["x"]
    steps = np.array([kinetics.response(scheme, times, x=one, **PULSE) for one in x])
    coords = {
        "law": ("law", ["Hill law", "Jones-Westbrook"], {"units": "1"}),
        "dose": ("dose", [float(dose) for dose in doses_nM], {"units": "nM"}),
        "time": ("time", times, {"units": "ms"}),
    }
    values = np.array([hill, steps / steps[0].max()])
    return xarray.Dataset({"ipsc": (("law", "dose", "time"), values, {"units": "1"})}, coords)


def folds(doses_nM=CURVE_NM) -> xarray.Dataset:
    """What each model does to each measure, over its value without steroid; dimensions (measure, allopregnanolone)."""
    doses = np.array(doses_nM, float)
    slices, recombinant = receptor("alpha1_beta_gamma2"), receptor("alpha1_beta_gamma2", "recombinant")
    effect = kinetics.kinetic_effect(doses, slices, kinetics.jones_westbrook())
    deepened = kinetics.kinetic_effect(doses, slices, kinetics.jones_westbrook(DEEPENED))
    measures = {"Hill law, decay": decay_factor(doses, slices)}
    granule = receptor("alpha1_beta_gamma2", parameters=GRANULE)
    measures["Hill law, decay, EC50 2 µM"] = decay_factor(doses, granule)
    measures |= {f"kinetic, {label}": effect[name] for label, name in MODELS.items()}
    measures |= {f"kinetic p {DEEPENED:g}, {label}": deepened[name] for label, name in MODELS.items()}
    for name, subtype in (("slice", slices), ("recombinant", recombinant)):
        saturated = open_probability(SATURATING_UM, doses, subtype)
        measures[f"gating, {name}, saturating peak"] = saturated / open_probability(SATURATING_UM, 0.0, subtype)
        measures[f"gating, {name}, tonic"] = tonic_fold(AMBIENT_UM, doses, subtype)
    coords = {
        "measure": ("measure", list(measures), {"units": "1"}),
        "allopregnanolone": ("allopregnanolone", doses, {"units": "nM"}),
    }
    table = xarray.Dataset({"fold": (tuple(coords), np.array(list(measures.values())), {"units": "1"})}, coords)
    table["x"] = ("allopregnanolone", effect["x"], {"units": "1", "description": "factor on the rates of the scheme"})
    return table


def simulated(doses_nM) -> xarray.Dataset:
    """Conductance of one IPSC in a compiled run and by the plain function, dimensions (checked_dose, checked_time)."""
    network = Network(
        Definition.from_data(
            {
                "title": "One spike, one contact, one compartment",
                "time_step": "0.05 ms",
                "populations": {
                    "cell": {
                        "size": 1, "neuron": "conductance_lif", "parameters": {"v_threshold": "900 mV"},
                        "reversal": {"E_gaba": "-70 mV"},
                    },
                    "spike": {"size": 1, "neuron": {"kind": "spike_file", "path": "", "spikes": [[0, 5.0]]}},
                },
                "projections": {
                    "ipsc": {
                        "source": "spike", "target": "cell", "receptor": "alpha1_beta_gamma2", "weight": "1 nS",
                        "connect": {"rule": "all_to_all"}, "delay": "1 ms",
                        "synapse": {
                            "kind": "biexponential", "tau_rise": f"{RISE_MS} ms", "tau_decay": f"{decay_ms()} ms"
                        },
                    }
                },
            }
        )
    )  # fmt: skip
    record = {"duration": "250 ms", "record": "g_ipsc@cell/0.1ms", "statistics": ()}
    points = [(network, {**record, "allopregnanolone": f"{dose} nM"}) for dose in doses_nM]
    traces = run_all(points, keep=lambda run: run.traces["cell"][0])
    times = magnitude(traces[0].times, "ms")
    values = np.array([magnitude(trace.values, "nS")[:, 0] for trace in traces])
    factors = decay_factor(np.array(doses_nM, float), receptor("alpha1_beta_gamma2"))
    # Spike, delay and one step: what a spike does to a state is first seen in the next one.
    onset = 5.0 + 1.0 + 0.05
    plain = np.array([biexponential(times - onset, RISE_MS, decay_ms() * factor) for factor in factors])
    coords = {
        "checked_dose": ("checked_dose", [float(dose) for dose in doses_nM], {"units": "nM"}),
        "checked_time": ("checked_time", times, {"units": "ms"}),
    }
    both = {"simulated_conductance": values, "plain_conductance": plain}
    return xarray.Dataset({name: (tuple(coords), value, {"units": "nS"}) for name, value in both.items()}, coords)


def decay_fold(table: xarray.Dataset, name: str, dose_nM: float) -> float:
    """Decay time constant of a checked conductance over that at 0 nM, from its logarithm 20 to 60 ms after the spike."""
    late = table[name].sel(checked_time=slice(25, 65))
    slope = {dose: np.polyfit(late["checked_time"], np.log(late.sel(checked_dose=dose)), 1)[0] for dose in (0, dose_nM)}
    return slope[0] / slope[dose_nM]


def findings(table: xarray.Dataset) -> list[str]:
    """Lines of a small table of folds, and what they say."""
    shown = (30, 100, 300, 1000)
    width = max(len(name) for name in table["measure"].values)
    lines = [f"{'fold over no steroid':{width}}" + "".join(f"{dose:>7} nM" for dose in shown)]
    for name in table["measure"].values:
        values = [float(table["fold"].sel(measure=name, allopregnanolone=dose)) for dose in shown]
        lines.append(f"{name:{width}}" + "".join(f"{value:10.2f}" for value in values))
    at_100 = table["fold"].sel(allopregnanolone=100)
    highest = table["checked_dose"].values.max()
    ends = [decay_fold(table, name, highest) for name in ("simulated_conductance", "plain_conductance")]
    lines.append(
        f"At 100 nM the IPSC lasts x{float(at_100.sel(measure='Hill law, decay')):.2f}; a scheme that does this has a "
        f"steady state x{float(at_100.sel(measure='kinetic, steady state')):.2f}, the gating model of the same receptor "
        f"x{float(at_100.sel(measure='gating, slice, tonic')):.2f} (slice) or "
        f"x{float(at_100.sel(measure='gating, recombinant, tonic')):.2f} (recombinant): they are separate laws."
    )
    schemes = ("kinetic", f"kinetic p {DEEPENED:g}")
    peaks, falls = (
        [float(at_100.sel(measure=f"{scheme}, {label}")) for scheme in schemes]
        for label in ("IPSC peak", "saturating peak")
    )
    lines.append(
        f"Neither p does all that was seen at 100 nM, an IPSC as high and a lower saturating peak: p "
        f"{kinetics.DESENSITISATION_EXPONENT.value:g} leaves both (x{peaks[0]:.2f} and x{falls[0]:.2f}), p {DEEPENED:g} "
        f"lowers both (x{peaks[1]:.2f} and x{falls[1]:.2f})."
    )
    lines.append(
        f"A compiled run at {highest:g} nM prolongs the decay x{ends[0]:.3f}, the plain function x{ends[1]:.3f}; "
        f"conductances differ by at most {100 * deviation(table):.2f} % of the peak."
    )
    return lines


def deviation(table: xarray.Dataset) -> float:
    """Largest difference between simulated and plain conductance, over the peak."""
    difference = abs(table["simulated_conductance"] - table["plain_conductance"]).max()
    return float(difference / table["plain_conductance"].max())


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: waveforms by both laws; decay against dose with data, all folds side by side."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 4.8))
    upper, lower = figure.subplots(2, 2)
    for ax, law in zip(upper, table["law"].values):
        for position, dose in enumerate(table["dose"].values):
            ax.plot(table["time"], table["ipsc"].sel(law=law, dose=dose), color=f"C{position}", label=f"{dose:g} nM")
        ax.set_title(f"{law}, 0 to 1000 nM")
        ax.set_xlabel("time (ms)")
        ax.set_ylabel("IPSC over peak at 0 nM")
        ax.set_yscale("log")
        ax.set_ylim(0.02, 1.2)
        ax.set_yticks([0.02, 0.05, 0.1, 0.2, 0.5, 1], ["0.02", "0.05", "0.1", "0.2", "0.5", "1"])
        ax.minorticks_off()
    # Only the slow tails of the scheme leave room for names at their ends.
    upper[0].legend(loc="upper right")
    last = table["ipsc"].sel(law="Jones-Westbrook").isel(time=-1)
    ends = {
        f"{dose:g} nM": (float(table["time"][-1]), float(value), f"C{position}")
        for position, (dose, value) in enumerate(zip(table["dose"].values, last.values))
    }
    label_line_ends(upper[1], ends)
    _data(lower[0], table["fold"])
    _side_by_side(lower[1], table["fold"])
    return figure


def _data(ax, fold):
    """Both Hill laws and the published points, each at the concentration it was measured."""
    published = rows("pharmacology")
    ax.set_ylim(0, 8.5)
    measures = ["Hill law, decay", "Hill law, decay, EC50 2 µM"]
    named = fold.sel(measure=measures, allopregnanolone=slice(1, None))
    named = named.assign_coords(measure=("measure", ["default", "EC50 2 µM"], {"units": "1"}))
    figures.dose(named.to_dataset(name="fold"), "fold", ax=ax, hue="measure")
    cerebellar, granule, alphaxalone = (
        published[key] for key in ("thdoc50_100_ipsc_cblm", "thdoc100_ipsc_dg_p20", "alphax_ipsc")
    )
    value, low, high = (1 + number / 100 for number in (cerebellar.value, cerebellar.low, cerebellar.high))
    # 50 to 100 nM in the row's words; the point stands at their geometric mean.
    x = np.sqrt(50 * 100)
    points = {"fmt": "s", "color": "black", "markersize": 4, "linewidth": 0.8, "zorder": 4}
    ax.errorbar([x], [value], [[value - low], [high - value]], [[x - 50], [100 - x]], **points)
    line = {"arrowstyle": "-", "linewidth": 0.5}
    ax.annotate("THDOC, cerebellum", (x, value), (1.5, 3), fontsize=7, arrowprops=line)
    ax.plot([100], [1 + granule.value / 100], "D", color="black", markerfacecolor="white", markersize=5, zorder=4)
    ax.annotate("THDOC, granule cells P20", (100, 1), (260, 0.65), va="center", fontsize=7, arrowprops=line)
    low, high = alphaxalone.low, alphaxalone.high
    ax.fill_between([1000, 10000], low, high, color="#dddddd", zorder=0)
    ax.annotate("alphaxalone, low µM,\ncultured neurons", (950, high), ha="right", va="top", fontsize=7)
    ax.set_ylabel("decay over no steroid")
    ax.set_title("decay: law and data")


def _side_by_side(ax, fold):
    """The decay, what the scheme does with the same x, and the gating model of the same receptor."""
    ax.set_yscale("log")
    ax.set_ylim(0.4, 60)
    shown = [name for name in fold["measure"].values if name.startswith(("kinetic,", "gating,"))]
    figures.dose(
        fold.sel(measure=shown, allopregnanolone=slice(3, 3000)).to_dataset(name="fold"), "fold", ax=ax, hue="measure"
    )
    ax.set_yticks([0.5, 1, 2, 5, 10, 20, 50], ["0.5", "1", "2", "5", "10", "20", "50"])
    ax.minorticks_off()
    ax.set_ylabel("fold over no steroid")
    ax.set_title("what follows, side by side")


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="check 0 and 100 nM only")
    parser.add_argument(
        "--output", help="path without suffix; default results/ipsc_prolongation, or results/ipsc_prolongation_quick"
    )
    options = parser.parse_args(arguments)
    size = "quick" if options.quick else "full"
    output = options.output or "results/ipsc_prolongation" + ("_quick" if options.quick else "")
    try:
        checked = simulated((0, 100) if options.quick else DOSES_NM)
        table = xarray.merge([waveforms(), folds(), checked])
        table.attrs["size"] = size
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write_table(table, f"{output}.h5")
        figures.save(draw(table), f"{output}.png")
    except InputError as error:
        print(f"ipsc_prolongation: {error}", file=sys.stderr)
        return 2
    except SimulationError as error:
        print(f"ipsc_prolongation: {error}", file=sys.stderr)
        return 1
    if options.quick:
        print("Quick size: the simulation is checked at 0 and 100 nM only. Verdicts need the full size.")
    print("\n".join(findings(table)))
    print(f"Table: {output}.h5   Figure: {output}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Allopregnanolone, zolpidem and THIP in one network: phasic and tonic, phasic only, tonic only.

Question
    Three drugs raise GABA-A inhibition by different receptors. What of the effect of allopregnanolone on a network of
    principal cells and interneurons is that of longer synaptic currents (zolpidem), what that of a larger tonic
    conductance (THIP), and what do the three do when their doses are matched?

Network
    `principal_pv`: 900 principal cells and 100 PV interneurons, alpha1-beta-gamma2 receptors at inhibitory synapses,
    delta receptors on both classes, receptors in the `slice` preparation.

Design
    Drug x dose (allopregnanolone 10 to 1000 nM, zolpidem 10 to 1000 nM, THIP 30 to 3000 nM, and none) x receptors x
    seeds. Allopregnanolone acts by the network's own receptor equations; zolpidem multiplies the decay of inhibitory
    synapses, THIP the density of delta receptors, each by the factor that the receptor functions give for the drug's
    concentration in the network's ambient GABA. Receptors: wild type; delta knock-out (density 0); gamma2 insensitive
    and PV delta insensitive (no drug acts on them); recombinant, which differs for allopregnanolone alone. 5 s are
    simulated, the first 0.5 s discarded. A seed draws agents, contacts, initial state and background, the same for all.

Matched doses
    By conductance: each drug adds the same to the mean inhibitory conductance of principal cells as long as firing stays
    that without drug, g_tonic (fold - 1) + g_phasic (decay factor - 1), namely as much as the weakest of the three adds at
    its largest dose. By rate: each lowers the mean rate of PV cells as much as the weakest does at most, interpolated in the
    table of means. The rate of principal cells cannot be matched: THIP does not lower it.

Read-outs
    Mean rates, peak frequency and coherence kappa of both classes, mean tonic and phasic conductance; mean and standard
    deviation over seeds, differences within a seed.

Compared with
    Row zolp_gamma_freq of `pharmacology.csv` (PMC3576427): zolpidem lowers the frequency of hippocampal oscillations. A
    direction, from another network; nothing was fitted to it.
"""

import argparse
import itertools
import sys
from pathlib import Path

import numpy as np
import xarray
from matplotlib.figure import Figure
from scipy.optimize import brentq
from scipy.stats import t as student

from allotone import (
    InputError,
    Network,
    SimulationError,
    decay_factor,
    figures,
    receptor,
    run_all,
    tonic_fold,
    write_table,
)
from allotone.units import parse

DOSES_NM = {
    "allopregnanolone": (0, 10, 30, 100, 300, 1000),
    "zolpidem": (0, 10, 30, 100, 300, 1000),
    "THIP": (0, 30, 100, 300, 1000, 3000),
}
RECEPTORS = ("wild type", "delta knock-out", "gamma2 insensitive", "PV delta insensitive", "recombinant")
STATISTICS = ("mean_rate", "peak_frequency", "coherence_kappa", "mean_g_tonic", "mean_g_phasic")
CLASSES = ("principal", "pv")
CLEAR = 3  # number of the largest dose of each drug at which every seed oscillates at one frequency


def factors(network: Network, drug: str, dose_nM: float) -> tuple[dict[str, float], dict[str, float]]:
    """What a drug multiplies in the network's ambient GABA, by dotted path of the receptor: tonic folds, decay factors."""
    schema = network.definition.schema
    gaba = parse(schema.medium.gaba)
    allo = dose_nM if drug == "allopregnanolone" else 0
    ligands = {} if drug == "allopregnanolone" else {drug.lower(): dose_nM / 1000}
    folds, decays = {}, {}
    for name in CLASSES:
        tonic = schema.populations[name].tonic["delta"]
        delta = receptor(tonic.receptor, tonic.preparation)
        fold = tonic_fold(gaba, allo, delta, ligands=ligands) / tonic_fold(gaba, 0, delta)
        folds[f"populations.{name}.tonic.delta"] = float(fold)
        projection = schema.projections[f"pv_to_{name}"]
        gamma2 = receptor(projection.receptor, projection.preparation)
        decays[f"projections.pv_to_{name}"] = float(decay_factor(allo, gamma2, ligands))
    return folds, decays


def treated(network: Network, drug: str, dose_nM: float, receptors: str = "wild type") -> Network:
    """The network in a drug; equal definitions where the drug has nothing to act on."""
    folds, decays = factors(network, drug, dose_nM)
    schema, values = network.definition.schema, {}
    if drug == "allopregnanolone" and dose_nM:
        values["medium.allopregnanolone"] = f"{dose_nM} nM"
        if receptors == "recombinant":
            values |= {f"{path}.preparation": "recombinant" for path in (*folds, *decays)}
        elif receptors == "gamma2 insensitive":
            values |= {f"{path}.preparation": "insensitive" for path in decays}
        elif receptors == "PV delta insensitive":
            values["populations.pv.tonic.delta.preparation"] = "insensitive"
    elif drug != "allopregnanolone":
        spared = {"gamma2 insensitive": set(decays), "PV delta insensitive": {"populations.pv.tonic.delta"}}
        for name in CLASSES:
            tonic, synapses = f"populations.{name}.tonic.delta", f"projections.pv_to_{name}"
            if folds[tonic] != 1 and tonic not in spared.get(receptors, ()):
                density = float(schema.populations[name].tonic["delta"].density)
                values[f"{tonic}.density"] = folds[tonic] * density
            if decays[synapses] != 1 and synapses not in spared.get(receptors, ()):
                own = schema.projections[f"pv_to_{name}"].decay_factor
                values[f"{synapses}.decay_factor"] = decays[synapses] * own
    if receptors == "delta knock-out":
        values |= {f"{path}.density": 0.0 for path in folds}
    return network.override(values)


def simulate(networks: list[Network], seeds: int, duration: str, show_progress: bool) -> np.ndarray:
    """Statistics of each network and seed, array (network, seed, class, statistic); equal networks are run once."""
    distinct = {network.definition.sha256: network for network in networks}
    run = {"duration": duration, "discard": "0.5 s", "statistics": STATISTICS}
    points = [(network, {**run, "seed": seed}) for network in distinct.values() for seed in range(seeds)]

    def keep(result):
        return [[float(result.statistics[name][statistic].value) for statistic in STATISTICS] for name in CLASSES]

    kept = np.array(run_all(points, keep=keep, show_progress=show_progress)).reshape(len(distinct), seeds, 2, -1)
    order = {sha256: position for position, sha256 in enumerate(distinct)}
    return kept[[order[network.definition.sha256] for network in networks]]


def three_drugs(receptors=RECEPTORS, levels=range(6), seeds=4, duration="5 s", show_progress=True) -> xarray.Dataset:
    """Table of the read-outs, dimensions (drug, level, receptors, seed), and of matched doses (drug, seed).

    Parameters
    ----------
    levels : sequence of int
        Which of the doses of each drug, by number: 0 (no drug), `CLEAR` and 5 (the largest) among them.
    """
    network = Network.load("principal_pv")
    axes = {
        "drug": list(DOSES_NM),
        "level": list(levels),
        "receptors": list(receptors),
        "seed": list(range(seeds)),
    }
    conditions = itertools.product(axes["drug"], axes["level"], axes["receptors"])
    networks = [treated(network, drug, DOSES_NM[drug][level], kind) for drug, level, kind in conditions]
    values = simulate(networks, seeds, duration, show_progress)
    table = xarray.Dataset(coords={name: (name, labels, {"units": "1"}) for name, labels in axes.items()})
    doses = [[DOSES_NM[drug][level] for level in axes["level"]] for drug in axes["drug"]]
    table = table.assign_coords(dose=(("drug", "level"), np.array(doses, float), {"units": "nM"}))
    _add(table, "", list(axes), values.reshape([len(labels) for labels in axes.values()] + [2, len(STATISTICS)]))

    untreated = table.isel(drug=0).sel(level=0, receptors="wild type").mean("seed")
    conductances = float(untreated["principal_mean_g_tonic"]), float(untreated["principal_mean_g_phasic"])
    matched = matched_by_conductance(network, conductances)
    table["matched_dose"] = ("drug", list(matched.values()), {"units": "nM"})
    table["matched_added_conductance"] = (
        "drug", [added_conductance(network, *item, conductances) for item in matched.items()], {"units": "nS"},
    )  # fmt: skip
    networks = [treated(network, drug, dose) for drug, dose in matched.items()]
    _add(table, "matched_", ["drug", "seed"], simulate(networks, seeds, duration, show_progress))
    table.attrs.update(definition=network.definition.json, definition_sha256=network.definition.sha256)
    return table


def _add(table: xarray.Dataset, prefix: str, dimensions: list[str], values: np.ndarray) -> None:
    units = {"mean_rate": "Hz", "peak_frequency": "Hz", "coherence_kappa": "1"}
    for (i, name), (j, statistic) in itertools.product(enumerate(CLASSES), enumerate(STATISTICS)):
        variable = (dimensions, values[..., i, j], {"units": units.get(statistic, "nS")})
        table[f"{prefix}{name}_{statistic}"] = variable


def added_conductance(network: Network, drug: str, dose_nM: float, conductances: tuple[float, float]) -> float:
    """Inhibitory conductance, nS, that a drug adds to principal cells while all fire as they do without it.

    Parameters
    ----------
    conductances : (float, float)
        Mean tonic and phasic conductance without drug, nS.
    """
    folds, decays = factors(network, drug, dose_nM)
    g_tonic, g_phasic = conductances
    tonic = g_tonic * (folds["populations.principal.tonic.delta"] - 1)
    return tonic + g_phasic * (decays["projections.pv_to_principal"] - 1)


def matched_by_conductance(network: Network, conductances: tuple[float, float]) -> dict[str, float]:
    """Dose of each drug, nM, that adds as much conductance as the weakest one does at its largest dose."""

    def added(drug, dose):
        return added_conductance(network, drug, dose, conductances)

    largest = {drug: doses[-1] for drug, doses in DOSES_NM.items()}
    target = min(added(drug, dose) for drug, dose in largest.items())
    return {
        drug: brentq(lambda dose, drug=drug: added(drug, dose) - target, 0, 1.001 * largest[drug]) for drug in DOSES_NM
    }


def matched_by_rate(table: xarray.Dataset) -> dict[str, dict[str, float]]:
    """Read-outs of each drug, its `dose` in nM among them, where it lowers the rate of PV cells as much as all can.

    Interpolated between the two doses around that rate: the dose on a log scale (a linear one below the smallest dose),
    read-outs linearly.
    """
    means = table.sel(receptors="wild type").mean("seed")
    target = float(means["pv_mean_rate"].min("level").max())
    names = [f"{name}_{statistic}" for name in CLASSES for statistic in STATISTICS]
    found = {}
    for drug in table["drug"].values.tolist():
        one = means.sel(drug=drug)
        last = max(int(np.argmax(one["pv_mean_rate"].values <= target)), 1)
        low, high = one.isel(level=last - 1), one.isel(level=last)
        share = float((low["pv_mean_rate"] - target) / (low["pv_mean_rate"] - high["pv_mean_rate"]))
        a, b = float(low["dose"]), float(high["dose"])
        found[drug] = {name: float((1 - share) * low[name] + share * high[name]) for name in names}
        found[drug]["dose"] = a * (b / a) ** share if a else b * share
    return found


def change(table: xarray.Dataset, name: str, drug: str, receptors: str = "wild type", dose: int = 5) -> np.ndarray:
    """Change of a read-out at a drug's dose of this number against none, array (seed,)."""
    chosen = table[name].sel(drug=drug, receptors=receptors)
    return (chosen.sel(level=dose) - chosen.sel(level=0)).values


def judged(fall: float, margin: float) -> str:
    """Whether a frequency falls by its mean change and the half width of the interval around it."""
    if abs(fall) <= margin:
        return "not resolved"
    return "met" if fall < 0 else "missed"


def findings(table: xarray.Dataset) -> list[str]:
    """What was put in, then what was found, a line each."""

    def spread(values):
        mean, deviation = np.mean(values), np.std(values, ddof=1)
        # As many decimals as show one digit of the deviation.
        decimals = int(np.clip(-np.floor(np.log10(deviation)), 0, 4)) if deviation else 2
        return f"{mean:+.{decimals}f} +- {deviation:.{decimals}f}"

    def put_in(drug, dose):
        folds, decays = factors(network, drug, dose)
        tonic, decay = folds["populations.principal.tonic.delta"], decays["projections.pv_to_principal"]
        return f"{drug} at {dose} nM tonic conductance x{tonic:.2f}, decay of IPSCs x{decay:.2f}"

    network = Network.load("principal_pv")
    drugs = [str(drug) for drug in table["drug"].values]
    lines = [
        "Put in by the receptor functions (principal cells, slice): "
        + "; ".join(put_in(drug, DOSES_NM[drug][-1]) for drug in drugs)
        + ". What follows is what the network makes of it."
    ]
    for drug in drugs:
        top = float(table["dose"].sel(drug=drug).isel(level=-1))
        lines.append(
            f"{drug}, {top:g} nM: principal cells {spread(change(table, 'principal_mean_rate', drug))} Hz, PV cells "
            f"{spread(change(table, 'pv_mean_rate', drug))} Hz, tonic "
            f"{spread(change(table, 'principal_mean_g_tonic', drug))} nS and phasic "
            f"{spread(change(table, 'principal_mean_g_phasic', drug))} nS in principal cells."
        )
    lines.append(
        "PV frequency: "
        + ", ".join(
            f"{drug} at {DOSES_NM[drug][CLEAR]} nM {spread(change(table, 'pv_peak_frequency', drug, dose=CLEAR))} Hz"
            for drug in drugs
        )
        + "; at larger doses the spectrum flattens and the peak may be that of a harmonic."
    )
    without = table["principal_mean_rate"].isel(drug=0).sel(level=0, receptors="wild type").mean()
    matched = ", ".join(
        f"{drug} at {float(table['matched_dose'].sel(drug=drug)):.0f} nM "
        f"{float(table['matched_principal_mean_rate'].sel(drug=drug).mean()):.2f} / "
        f"{float(table['matched_pv_mean_rate'].sel(drug=drug).mean()):.1f} Hz and "
        f"{float(table['matched_pv_peak_frequency'].sel(drug=drug).mean()):.1f} Hz"
        for drug in drugs
    )
    lines.append(
        f"Matched at {float(table['matched_added_conductance'][0]):.2f} nS more inhibition at unchanged firing, rates of "
        f"principal / PV cells and PV frequency: {matched} (without drug {float(without):.2f} Hz)."
    )
    equal = matched_by_rate(table)
    lines.append(
        f"Matched at {equal[drugs[0]]['pv_mean_rate']:.1f} Hz of PV cells, principal rate, PV frequency and kappa: "
        + ", ".join(
            f"{drug} at {one['dose']:.0f} nM {one['principal_mean_rate']:.2f} Hz, {one['pv_peak_frequency']:.1f} Hz and "
            f"{one['pv_coherence_kappa']:.2f}"
            for drug, one in equal.items()
        )
        + "."
    )
    lines.append(
        "Change of the PV rate at the largest dose without delta / without gamma2 action: "
        + ", ".join(
            f"{drug} {spread(change(table, 'pv_mean_rate', drug, 'delta knock-out'))} / "
            f"{spread(change(table, 'pv_mean_rate', drug, 'gamma2 insensitive'))} Hz"
            for drug in drugs
        )
        + "."
    )
    fall = change(table, "pv_peak_frequency", "zolpidem")
    margin = student.ppf(0.975, fall.size - 1) * fall.std(ddof=1) / np.sqrt(fall.size)
    lines.append(
        f"zolp_gamma_freq (zolpidem lowers the frequency, {DOSES_NM['zolpidem'][-1]} nM): {judged(fall.mean(), margin)} "
        f"with {fall.size} seeds, {fall.mean():+.1f} Hz, 95 % interval {fall.mean() - margin:+.1f} to {fall.mean() + margin:+.1f} Hz."
    )
    return lines


SHOWN = {
    "principal_mean_rate": "principal rate (Hz)",
    "pv_mean_rate": "PV rate (Hz)",
    "pv_peak_frequency": "PV frequency (Hz)",
    "pv_coherence_kappa": "PV coherence kappa",
}


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: above, doses in the wild type; below, the largest dose under each receptor, and matched doses."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 4.6))
    rows = figure.subplots(2, len(SHOWN), sharey="col")
    kinds = [*table["receptors"].values.tolist(), "equal conductance"]
    for position, (name, label) in enumerate(SHOWN.items()):
        dose, largest = rows[:, position]
        free = float(table[name].isel(drug=0).sel(level=0, receptors="wild type").mean())
        for number, drug in enumerate(table["drug"].values):
            colour = f"C{number}"
            one = table[name].sel(drug=drug)
            given = one.sel(receptors="wild type", level=one["level"] > 0)
            bars(dose, given["dose"].values, given.values, colour, "o-", str(drug))
            samples = np.vstack([one.isel(level=-1).values, table[f"matched_{name}"].sel(drug=[drug]).values])
            bars(largest, np.arange(len(kinds)) + 0.22 * (number - 1), samples, colour, "o")
        for ax in (dose, largest):
            ax.axhline(free, color="#999999", linewidth=0.8, linestyle=":")
            ax.set_ylabel(label)
        dose.set_xscale("log")
        dose.set_xlim(7, 4500)
        dose.set_xticks((10, 100, 1000), ("10", "100", "1000"))
        dose.minorticks_off()
        dose.set_ylim(bottom=0)
        dose.set_xlabel("dose (nM)")
        largest.set_xticks(range(len(kinds)), kinds, rotation=90)
        largest.set_xlim(-0.6, len(kinds) - 0.4)
        largest.axvline(len(kinds) - 1.5, color="#cccccc", linewidth=0.6)
    added = float(table["matched_added_conductance"][0])
    titles = "wild type; dotted: no drug", f"largest dose; last: doses that add {added:.2g} nS at unchanged firing"
    for ax, title in zip(rows[:, 0], titles):
        ax.set_title(" ")
        # Longer than its panel, which must not become wider by it.
        ax.annotate(title, (0, 1), (0, 6), "axes fraction", "offset points").set_in_layout(False)
    figure.legend(*rows[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    figure.suptitle(f"mean ± SD over {table.sizes['seed']} seeds", x=0.99, ha="right", fontsize=7)
    return figure


def bars(ax, places, samples, colour, form, label=None) -> None:
    """Mean and standard deviation over seeds, the last axis of `samples`."""
    ax.errorbar(
        places, np.nanmean(samples, axis=-1), np.nanstd(samples, axis=-1, ddof=1), fmt=form, color=colour,
        elinewidth=0.8, label=label,
    )  # fmt: skip


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--quick", action="store_true", help="two doses of each drug, two seeds, 1.5 s")
    parser.add_argument(
        "--output", help="path without suffix; default results/three_drugs, or results/three_drugs_quick"
    )
    options = parser.parse_args(arguments)
    size = "quick" if options.quick else "full"
    output = options.output or "results/three_drugs" + ("_quick" if options.quick else "")
    if options.seeds < 2:
        print(f"three_drugs: --seeds {options.seeds} leaves no spread; give at least 2", file=sys.stderr)
        return 2
    small = {"levels": (0, 3, 5), "seeds": 2, "duration": "1.5 s"} if options.quick else {"seeds": options.seeds}
    try:
        table = three_drugs(**small)
        table.attrs["size"] = size
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write_table(table, f"{output}.h5")
        figures.save(draw(table), f"{output}.png")
    except InputError as error:
        print(f"three_drugs: {error}", file=sys.stderr)
        return 2
    except SimulationError as error:
        print(f"three_drugs: {error}", file=sys.stderr)
        return 1
    if options.quick:
        print("Quick size: two doses of each drug, two seeds and 1.5 s instead of 5 s. Verdicts need the full size.")
    print("\n".join(findings(table)))
    print(f"Table: {output}.h5   Figure: {output}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())

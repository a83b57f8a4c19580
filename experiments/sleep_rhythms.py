"""Sleep rhythms of the thalamus under THIP, zolpidem and allopregnanolone, with and without delta receptors.

Question
    THIP (gaboxadol) raises slow waves of the sleep EEG and lowers spindles; zolpidem raises spindles and lowers slow waves
    (both in one study: Dijk et al. 2010, J Psychopharmacol, abstract read; Faulhaber et al. 1997 for THIP), and without
    delta receptors THIP does little (Winsky-Sommerer et al. 2007, doi:10.1111/j.1460-9568.2007.05455.x). Allopregnanolone,
    which acts on both receptors, changes sleep as benzodiazepines do: less at 7 Hz and below, more from 13 Hz on (Lancel
    et al. 1997, J Pharmacol Exp Ther 282:1213). Is the thalamus alone enough for these directions?

Networks
    `thalamus_tc_re`: 10 relay (tc) and 10 reticular (re) cells without depolarising drive (0 uA/cm2, the other value of its
    source's script), which rests until the cortex excites it: independent Poisson input to every cell as in that script,
    2.5 trains of 12 Hz, 0.05 mS/cm2 over 10 cells times 10 ms, here decaying with 2 ms. `thalamus_spindle`: 2 and 2 cells
    that make spindles by themselves (Destexhe et al. 1996); relay cells start within 5 mV of its potential.

Drugs
    1 uM THIP, 0.5 uM zolpidem, 100 nM allopregnanolone, through the receptor functions in the network's ambient GABA: THIP
    multiplies the tonic conductances of relay cells (delta receptors 4.7), zolpidem the decay of synaptic currents (1.6 to
    1.7), allopregnanolone acts on both by the network's own equations. Reticular cells have no tonic conductance (Cope et
    al. 2005, J Neurosci 25:11553). Relay cells have that of mouse ventrobasal cells: 92 pA at -60 mV, 13 pA without delta
    receptors (Herd et al. 2009, Eur J Neurosci, authors recalled; a reversal potential of 0 mV there is assumed). The
    delta knock-out has density 0.

Design
    Network x drug x genotype x seeds; 6 s of the first network, the first second discarded, and 2 s of the second, from
    the start, for its cells make one sequence of spindles there and then rest for many seconds. Seeds draw input and
    initial state, the same in all drugs, so that changes are paired.

Read-outs
    Power of the population rate of relay cells from 1 to 4 Hz (slow) and from 7 to 14 Hz (spindle), their rate, and the
    share of their spikes in bursts. A direction is one whose 95 % interval over pairs lies on one side.
"""

import itertools
import sys

import numpy as np
import xarray
from matplotlib.figure import Figure
from script import run_script

from allotone import (
    Network,
    decay_factor,
    figures,
    receptor,
    run_all,
    tonic_fold,
    write_table,
)
from allotone.published.networks.thalamus_tc_re import ASLEEP, BANDS, DURATIONS
from allotone.statistics import paired_change
from allotone.statistics.spectra import band_powers
from allotone.units import parse

LIGANDS_UM = {"none": {}, "THIP": {"thip": 1.0}, "zolpidem": {"zolpidem": 0.5}, "allopregnanolone": {}}
ALLOPREGNANOLONE = "100 nM"
DENSITIES = {"wild type": 1.0, "delta knock-out": 0.0}
READ = {"slow": "Hz2", "spindle": "Hz2", "rate": "Hz", "bursts": "1"}
# Direction of change in each band by each drug in the wild type, as published: -1 falls, 1 rises.
PUBLISHED = {
    "THIP": {"slow": 1, "spindle": -1},
    "zolpidem": {"slow": -1, "spindle": 1},
    "allopregnanolone": {"slow": -1},
}

SHORT = {"allopregnanolone": "allo"}


def treated(name: str, drug: str, genotype: str = "wild type") -> Network:
    """A network in a drug; definitions are equal where the drug has nothing to act on."""
    network = Network.load(name).override(ASLEEP[name])
    schema, ligands = network.definition.schema, LIGANDS_UM[drug]
    gaba, values = parse(schema.medium.gaba), {"populations.tc.tonic.delta.density": DENSITIES[genotype]}
    if drug == "allopregnanolone":
        values["medium.allopregnanolone"] = ALLOPREGNANOLONE
    for key, tonic in schema.populations["tc"].tonic.items():
        path = f"populations.tc.tonic.{key}.density"
        fold = tonic_fold(gaba, 0, receptor(tonic.receptor, tonic.preparation), ligands=ligands)
        values[path] = values.get(path, 1.0) * float(fold)
    for key in ("re_to_tc", "re_to_re"):
        projection = schema.projections[key]
        decay = decay_factor(0, receptor(projection.receptor, projection.preparation), ligands)
        values[f"projections.{key}.decay_factor"] = float(decay)
    return network.override(values)


def read(run) -> tuple[float, ...]:
    """The read-outs of a run, in the order of `READ`; no spikes are no bursts."""
    found = run.statistics["tc"]
    spectrum = found["rate_spectrum"]
    powers = band_powers(np.asarray(spectrum.coordinates["frequency"][0]), np.asarray(spectrum.value), BANDS)
    rate, bursts = (float(found[name].value) for name in ("mean_rate", "burst_index"))
    return (*powers, rate, bursts if rate else 0.0)


def sleep_rhythms(
    path, durations=DURATIONS, drugs=tuple(LIGANDS_UM), genotypes=tuple(DENSITIES), seeds=6, show_progress=True
) -> xarray.Dataset:
    """Table of the read-outs, dimensions (network, drug, genotype, seed), also written to `path`.

    Parameters
    ----------
    durations : mapping of str to (str, str)
        Networks with what is simulated of them and what is left out at the beginning.
    """
    axes = {"network": list(durations), "drug": list(drugs), "genotype": list(genotypes)}
    points = []
    for name, drug, genotype in itertools.product(*axes.values()):
        duration, discard = durations[name]
        run = {"duration": duration, "discard": discard, "statistics": ("mean_rate", "burst_index", "rate_spectrum")}
        points += [(treated(name, drug, genotype), {**run, "seed": seed}) for seed in range(seeds)]
    axes["seed"] = list(range(seeds))
    values = np.array(run_all(points, keep=read, show_progress=show_progress))
    values = values.reshape(*(len(labels) for labels in axes.values()), len(READ))
    table = xarray.Dataset(coords={name: (name, labels, {"units": "1"}) for name, labels in axes.items()})
    for position, (name, unit) in enumerate(READ.items()):
        table[f"tc_{name}"] = (list(axes), values[..., position], {"units": unit})
    definitions = [treated(name, "none").definition for name in durations]
    table.attrs["definition"] = "\n".join(one.json for one in definitions)
    table.attrs["definition_sha256"] = " ".join(one.sha256 for one in definitions)
    write_table(table, path)
    return table


def change(table: xarray.Dataset, name: str, drug: str, network: str, genotype: str = "wild type") -> np.ndarray:
    """What a drug adds to a read-out, array (seed,)."""
    values = table[f"tc_{name}"].sel(network=network, genotype=genotype)
    return (values.sel(drug=drug) - values.sel(drug="none")).values


def verdict(table: xarray.Dataset, drug: str, band: str, network: str) -> str:
    """'as published', 'against it' or 'not resolved': the direction of a change in the wild type."""
    found = paired_change(change(table, band, drug, network))
    if not found.resolved:
        return "not resolved"
    return "as published" if np.sign(found.mean) == PUBLISHED[drug][band] else "against it"


def findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line each."""
    drugs = [str(drug) for drug in table["drug"].values if drug != "none"]
    lines = []
    for network in table["network"].values.tolist():
        plain = table.sel(network=network, drug="none").mean("seed")
        lines.append(
            f"{network} without drug, "
            + "; ".join(
                f"{genotype}: {float(one['tc_rate']):.2f} Hz, {float(one['tc_bursts']):.0%} of spikes in bursts, "
                f"{float(one['tc_slow']):.2f} / {float(one['tc_spindle']):.2f} Hz2 slow / spindle"
                for genotype in table["genotype"].values.tolist()
                for one in [plain.sel(genotype=genotype)]
            )
            + "."
        )
        for genotype in table["genotype"].values.tolist():
            lines.append(
                f"{network}, {genotype}, change in power slow / spindle: "
                + "; ".join(
                    f"{drug} "
                    + " / ".join(
                        paired_change(change(table, band, drug, network, genotype)).text("Hz2") for band in BANDS
                    )
                    for drug in drugs
                )
                + "."
            )
        lines.append(
            f"{network} against the published directions: "
            + "; ".join(
                f"{drug} {band} {verdict(table, drug, band, network)}"
                for drug, bands in PUBLISHED.items()
                if drug in drugs
                for band in bands
            )
            + "."
        )
    return lines


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: a row for each network; power in both bands and rate by drug, a colour for each genotype."""
    networks = table["network"].values.tolist()
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 0.6 + 2.1 * len(networks)))
    rows = figure.subplots(len(networks), 3, squeeze=False)
    labels = {"slow": "power 1 to 4 Hz (Hz²)", "spindle": "power 7 to 14 Hz (Hz²)", "rate": "tc rate (Hz)"}
    drugs = table["drug"].values.tolist()
    for axes, network in zip(rows, networks):
        for ax, (name, text) in zip(axes, labels.items()):
            values = table[f"tc_{name}"].sel(network=network)
            for position, genotype in enumerate(table["genotype"].values.tolist()):
                one = values.sel(genotype=genotype)
                places = np.arange(len(drugs)) + 0.24 * position - 0.12
                ax.errorbar(
                    places,
                    one.mean("seed").values,
                    one.std("seed", ddof=1).values,
                    fmt="o",
                    elinewidth=0.8,
                    label=genotype,
                )
            ax.set_ylim(0, 1.3 * ax.get_ylim()[1])
            ax.set_xticks(range(len(drugs)), [SHORT.get(drug, drug) for drug in drugs])
            ax.set_xlim(-0.5, len(drugs) - 0.5)
            ax.set_ylabel(text)
            for position, drug in enumerate(drugs):
                direction = PUBLISHED.get(drug, {}).get(name)
                if direction:
                    arrow = {1: "\N{UPWARDS ARROW}", -1: "\N{DOWNWARDS ARROW}"}[direction]
                    ax.annotate(arrow, (position, 0.98), xycoords=("data", "axes fraction"), ha="center", va="top")
        axes[0].set_title(f"{network}, mean ± SD; arrows: published")
    rows[0][2].legend(loc="lower right")
    return figure


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    quick = {"durations": {"thalamus_tc_re": ("3 s", "1 s")}, "seeds": 2}
    smaller = "the first network alone, 2 seeds, 3 s"
    return run_script("sleep_rhythms", __doc__, sleep_rhythms, draw, findings, quick, smaller, arguments, seeds=6)


if __name__ == "__main__":
    sys.exit(main())

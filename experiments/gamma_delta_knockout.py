"""Gamma of PV interneurons without their delta receptors, and what allopregnanolone then still does to it.

Question
    Ferando & Mody 2013 (doi:10.3389/fncir.2013.00144) found faster gamma where PV interneurons had lost delta receptors,
    and allopregnanolone to bring it back. Does a network of these cells show that (a) loss of delta raises the gamma
    frequency, (b) 100 nM lowers it by more with delta than without, (c) fewer receptors with 100 nM are like all of them
    without it? And does this hold where GABA no longer hyperpolarises?

Network
    `pv_gamma` at the settings of `dose_response`: mean drive 1.5 uA/cm2, tonic conductance 0.010 mS/cm2 through
    alpha1-beta-delta receptors at density 1.

Design
    `density` of delta receptors 0, 0.25, 0.5, 1 x `allopregnanolone` 0, 100 nM x `E_gaba` -75, -65, -55 mV (synapses
    included) x `preparation` x seeds, 2 s with the first 0.5 s discarded. `slice` and `recombinant` are the two sets of
    steroid parameters, of all receptors. In two knock-ins of `slice` it acts on one kind alone: `tonic insensitive`, as
    Lu et al. 2023 (doi:10.1523/ENEURO.0392-22.2023) found in PV cells, and `synapses insensitive`. A seed draws agents,
    contacts and initial state, the same at all settings, so that effects are paired.

Read-outs
    Peak frequency of the population rate and its power between 12 and 120 Hz, where all rhythms lie (cells that fire on
    their own may lie beyond: kappa tells); both only where at least a quarter of the cells fire (mean over seeds). Effects
    are contrasts of settings within a seed, as mean and 95 % interval over seeds (Student's t); power in decibels. Loss is
    density 1 to 0: its main effect is the mean of that at both doses, that of the dose the mean of that at densities 0 and
    1, and the interaction is the effect of the dose with delta less that without.
"""

import sys
from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib.figure import Figure
from script import run_script

from allotone import Axis, Network, Sweep, figures, nM, receptor, tonic_fold
from allotone.statistics import paired_change

DENSITIES = (0.0, 0.25, 0.5, 1.0)
DOSE_NM = 100
REVERSALS_MV = (-75, -65, -55)
SETTINGS = {
    "populations.pv.drive.current.amplitude.mean": "1.5 uA/cm2",
    "populations.pv.tonic.delta.conductance.mean": "0.010 mS/cm2",
}
_ON_SYNAPSES, _TONIC = "projections.pv_to_pv.preparation", "populations.pv.tonic.delta.preparation"
PREPARATIONS = {
    "slice": {_ON_SYNAPSES: "slice", _TONIC: "slice"},
    "recombinant": {_ON_SYNAPSES: "recombinant", _TONIC: "recombinant"},
    "tonic insensitive": {_ON_SYNAPSES: "slice", _TONIC: "insensitive"},
    "synapses insensitive": {_ON_SYNAPSES: "insensitive", _TONIC: "slice"},
}
BANDS = ("beta", "low_gamma", "high_gamma")
LEAST_ACTIVE = 0.25
# Weights of settings, {(density, dose): weight}.
EFFECTS = {
    "delta loss at 0 nM": {(0, 0): 1, (1, 0): -1},
    "interaction": {(1, DOSE_NM): 1, (1, 0): -1, (0, DOSE_NM): -1, (0, 0): 1},
    "half of delta and 100 nM, less wild type": {(0.5, DOSE_NM): 1, (1, 0): -1},
    "delta loss, main effect": {(0, 0): 0.5, (0, DOSE_NM): 0.5, (1, 0): -0.5, (1, DOSE_NM): -0.5},
    "100 nM, main effect": {(0, DOSE_NM): 0.5, (1, DOSE_NM): 0.5, (0, 0): -0.5, (1, 0): -0.5},
}
CLAIMS = tuple(EFFECTS)[:3]


def gamma_delta_knockout(
    path,
    densities=DENSITIES,
    reversals_mV=REVERSALS_MV,
    preparations: Mapping[str, Mapping] = PREPARATIONS,
    seeds=8,
    duration="2 s",
    workers=None,
    show_progress=True,
) -> xarray.Dataset:
    """Table of the read-outs, dimensions (density, allopregnanolone, E_gaba, preparation, seed), also in `path`."""
    sweep = Sweep(
        Network.load("pv_gamma").override(SETTINGS),
        axes=[
            Axis("populations.pv.tonic.delta.density", densities, name="density"),
            Axis("medium.allopregnanolone", [0, DOSE_NM] * nM, name="allopregnanolone"),
            Axis("populations.pv.reversal.E_gaba", [f"{E_gaba} mV" for E_gaba in reversals_mV], name="E_gaba"),
            Axis.of_variants("preparation", preparations),
        ],
        seeds=seeds,
        duration=duration,
        discard="0.5 s",
        statistics=("mean_rate", "peak_frequency", "band_power", "coherence_kappa", "active_fraction"),
    )
    return sweep.run(path, workers=workers, show_progress=show_progress)


def rhythm(table: xarray.Dataset) -> xarray.Dataset:
    """`gamma_frequency` (Hz) and `gamma_power` (dB of 1 Hz2), undefined where fewer than a quarter of the cells fire."""
    enough = table["pv_active_fraction"].mean("seed") >= LEAST_ACTIVE
    power = 10 * np.log10(table["pv_band_power"].sel(band=list(BANDS)).sum("band").where(enough))
    frequency = table["pv_peak_frequency"].where(enough)
    return xarray.Dataset(
        {
            "gamma_frequency": frequency.assign_attrs(units="Hz"),
            "gamma_power": power.assign_attrs(units="dB"),
        }
    )


def effect(values: xarray.DataArray, name: str) -> xarray.DataArray:
    """One of `EFFECTS` on a variable, in its unit: dimensions (E_gaba, preparation, seed), without those contrasted."""
    return sum(
        weight * values.sel(density=density, allopregnanolone=dose, drop=True)
        for (density, dose), weight in EFFECTS[name].items()
    )


def text(differences: xarray.DataArray, unit: str) -> str:
    """Mean and interval of an effect, dimension (seed), in words."""
    if not np.isfinite(differences).all():
        return "undefined (too few cells fire)"
    return paired_change(differences.values).text(unit)


def findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line each."""
    read = rhythm(table)
    main = read.sel(preparation="slice")
    frequency, power = main["gamma_frequency"], main["gamma_power"]
    reversals = [float(value) for value in table["E_gaba"]]

    def by_reversal(values, name, unit):
        found = effect(values, name)
        return "; ".join(f"{E_gaba:g} mV {text(found.sel(E_gaba=E_gaba), unit)}" for E_gaba in reversals)

    def level(density, dose, E_gaba):
        return f"{float(frequency.sel(density=density, allopregnanolone=dose, E_gaba=E_gaba).mean()):.1f}"

    levels = "; ".join(
        f"{level(1, 0, E)} / {level(0, 0, E)} / {level(1, DOSE_NM, E)} / {level(0, DOSE_NM, E)} at {E:g} mV"
        for E in reversals
    )
    coherence = table["pv_coherence_kappa"].sel(preparation="slice", density=1, allopregnanolone=0).mean("seed")
    kappa = ", ".join(f"{float(coherence.sel(E_gaba=E_gaba)):.2f} at {E_gaba:g} mV" for E_gaba in reversals)
    lowest, highest = min(reversals), max(reversals)
    fold = float(tonic_fold(0.16, DOSE_NM, receptor("alpha1_beta_delta", "slice")))
    interaction = effect(frequency, "interaction")
    by_E_gaba = interaction.sel(E_gaba=highest) - interaction.sel(E_gaba=lowest)
    others = [
        f"{preparation}, {lowest:g} mV: "
        + "; ".join(
            f"{name} {text(effect(read['gamma_frequency'], name).sel(preparation=preparation, E_gaba=lowest), 'Hz')}"
            for name in CLAIMS[1:]
        )
        + "."
        for preparation in table["preparation"].values
        if preparation != "slice"
    ]
    return [
        f"Gamma frequency of wild type / knock-out / wild type at {DOSE_NM} nM / knock-out at {DOSE_NM} nM: {levels} (Hz, "
        f"slice, mean over {table.sizes['seed']} seeds). Coherence kappa of the wild type: {kappa}; independent cells have 0.1.",
        f"(a) Loss of delta at 0 nM changes it by: {by_reversal(frequency, CLAIMS[0], 'Hz')}.",
        f"(b) Drop at {DOSE_NM} nM with delta less that without (interaction): {by_reversal(frequency, CLAIMS[1], 'Hz')}.",
        f"(c) Half of delta with {DOSE_NM} nM less wild type without: {by_reversal(frequency, CLAIMS[2], 'Hz')}.",
        f"Main effects: loss of delta {by_reversal(frequency, 'delta loss, main effect', 'Hz')}; {DOSE_NM} nM "
        f"{by_reversal(frequency, '100 nM, main effect', 'Hz')}. Interaction at {highest:g} less that at {lowest:g} mV: "
        f"{text(by_E_gaba, 'Hz')}.",
        f"Power: loss of delta at 0 nM {by_reversal(power, CLAIMS[0], 'dB')}; {DOSE_NM} nM "
        f"{by_reversal(power, '100 nM, main effect', 'dB')}; interaction {by_reversal(power, CLAIMS[1], 'dB')}.",
        *others,
        f"Half of delta with {DOSE_NM} nM has {0.5 * fold:.2f} of the wild type's tonic conductance without it, by the fold of "
        f"{fold:.2f} of this receptor in slices: what then differs in (c) is what the steroid does to the synapses.",
    ]


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: frequency and power against delta density (slice), and the three claims under every preparation."""
    read = rhythm(table)
    reversals = [float(value) for value in table["E_gaba"]]
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 5.6))
    panels = figure.subplots(3, len(reversals), gridspec_kw={"height_ratios": (1.2, 1.2, 1)}, squeeze=False)
    drawn = {"gamma_frequency": "gamma frequency (Hz)", "gamma_power": "power, 12-120 Hz (dB)"}
    for axes, (variable, axis_label) in zip(panels, drawn.items()):
        for ax, E_gaba in zip(axes, reversals):
            figures.dose(
                read.sel(preparation="slice", E_gaba=E_gaba), variable, ax=ax, x="density", hue="allopregnanolone"
            )
            ax.set_xlabel("delta receptors (1: wild type)")
            ax.set_ylabel("")
        axes[0].set_ylabel(f"{axis_label}\nmean ± SD, {table.sizes['seed']} seeds")
    for top, ax, E_gaba in zip(panels[0], panels[2], reversals):
        top.set_title(f"E_GABA {E_gaba:g} mV, slice")
        _draw_claims(ax, read["gamma_frequency"].sel(E_gaba=E_gaba))
    texts = ["(a) loss of delta,\n0 nM", "(b) interaction", "(c) half + 100 nM,\nless wild type"]
    panels[2][0].set_yticks(range(len(CLAIMS)), texts)
    figure.legend(*panels[2][-1].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def _draw_claims(ax, frequency: xarray.DataArray) -> None:
    """Mean and interval of each claim under each preparation, dimensions (density, allopregnanolone, preparation, seed)."""
    preparations = frequency["preparation"].values
    for index, preparation in enumerate(preparations):
        for place, name in enumerate(CLAIMS):
            differences = effect(frequency, name).sel(preparation=preparation)
            if np.isfinite(differences).all():
                found = paired_change(differences.values)
                ends = [[found.mean - found.low], [found.high - found.mean]]
                height = place + 0.18 * (index - (len(preparations) - 1) / 2)
                label = str(preparation) if place == 0 else None
                ax.errorbar(found.mean, height, xerr=ends, fmt="o", color=f"C{index}", elinewidth=0.8, label=label)
    ax.axvline(0, color="black", linewidth=0.6)
    ax.set_yticks(range(len(CLAIMS)), [])
    ax.set_ylim(len(CLAIMS) - 0.5, -0.5)
    ax.margins(x=0.1)
    ax.set_xlabel("effect on gamma frequency (Hz)")


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    quick = {
        "densities": (0.0, 0.5, 1.0),
        "reversals_mV": (-75, -55),
        "preparations": {name: PREPARATIONS[name] for name in ("slice", "tonic insensitive")},
        "seeds": 3,
    }
    smaller = "3 densities, 2 reversal potentials, 2 preparations, 3 seeds"
    return run_script(
        "gamma_delta_knockout", __doc__, gamma_delta_knockout, draw, findings, quick, smaller, arguments, seeds=8
    )


if __name__ == "__main__":
    sys.exit(main())

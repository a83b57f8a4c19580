"""Firing and rhythms of the basolateral amygdala against allopregnanolone and the place of delta receptors.

Question
    Allopregnanolone raises the power of the basolateral amygdala between 6 and 12 Hz, and does so through delta receptors
    (Antonoudiou et al. 2022, doi:10.1016/j.biopsych.2021.07.017; their abstract, so the direction only). Does a network
    of point cells do the same, and is it the receptors on PV interneurons or those on principal cells?

Network
    `bla`: 569 and 231 principal cells of two types, 93 PV, 51 SOM and 56 CR interneurons, after Feng et al. 2019
    (doi:10.1523/ENEURO.0388-18.2018) and the network of github.com/tjbanks/AmygdalaTheta. Tonic conductances 0.57 nS on
    principal and 0.54 nS on PV cells at the reference state, E_GABA -75 mV. Its take-off potentials and one current were
    set by rates without steroid; nothing was chosen by what the steroid does. Inhibition from outside the network is noise
    that the steroid does not reach.

Design
    Allopregnanolone 0, 30, 100, 300 nM x density of delta receptors on PV cells, 0 and 1 x density on principal cells, 0
    and 1 x seeds. 4 s, the first discarded. With both densities 0 only IPSCs change. A seed draws agents, contacts and noise;
    doses share it, and changes are taken within seeds.

Read-outs
    Rates by class. Power in 2-6, 6-12 and 30-80 Hz of three signals: the rate of principal cells, the rate of PV cells,
    and the proxy of the local field potential, the sum of absolute synaptic currents per principal cell (Mazzoni et al.
    2015, doi:10.1371/journal.pcbi.1004584). Welch's spectra over segments of 1 s, 1 ms bins. Changes in power in dB, with
    95 % intervals over seeds by Student's t. Peak frequency of the PV cells' rate.
"""

import itertools
import sys

import numpy as np
import xarray
from matplotlib import colormaps
from matplotlib.figure import Figure
from script import run_script

from allotone import Network, figures, paired_change, run_all, write_table
from allotone.published import rows
from allotone.published.networks.bla import PRINCIPAL, RECORDED, TICK_S, lfp_proxy
from allotone.statistics.spectra import band_labels, band_powers, power_spectrum
from allotone.units import magnitude

DOSES_NM = (0, 30, 100, 300)
DENSITIES = (1.0, 0.0)
BANDS = {"low theta": (2.0, 6.0), "theta": (6.0, 12.0), "gamma": (30.0, 80.0)}
CLASSES = ("pna", "pnc", "pv", "som", "cr")
SIGNALS = {
    "lfp_proxy": ("pA2", "LFP proxy"), "pn_band_power": ("Hz2", "rate of principal cells"),
    "pv_band_power": ("Hz2", "rate of PV cells"),
}  # fmt: skip
# Density on PV cells and on principal cells, with its colour's place in the cycle.
GENOTYPES = {
    "wild type": (1.0, 1.0), "no δ on PV cells": (0.0, 1.0), "no δ on principal cells": (1.0, 0.0), "no δ": (0.0, 0.0),
}  # fmt: skip
SHOWN_HZ = 100.0
TESTED_NM = 100


def bla_states(
    path,
    doses_nM=DOSES_NM,
    densities=DENSITIES,
    principal_densities=DENSITIES,
    seeds=12,
    duration="4 s",
    discard="1 s",
    show_progress=True,
) -> xarray.Dataset:
    """Table of the read-outs, dimensions (allopregnanolone, density, principal_density, seed), also written to `path`.

    `density` is that of delta receptors on PV cells. Rates and `pv_peak_frequency` in Hz; `lfp_proxy` (pA2),
    `pn_band_power` and `pv_band_power` (Hz2) have the further dimension `band`, `lfp_spectrum` (pA2/Hz) `frequency`.
    """
    network = Network.load("bla")
    settings = {
        "duration": duration,
        "discard": discard,
        "statistics": ("mean_rate", "peak_frequency"),
        "record": RECORDED,
    }
    axes = {
        "allopregnanolone": ("nM", list(doses_nM)),
        "density": ("1", list(densities)),
        "principal_density": ("1", list(principal_densities)),
        "seed": ("1", list(range(seeds))),
    }
    points = []
    for dose, on_pv, on_principal, seed in itertools.product(*(values for _, values in axes.values())):
        variant = network.override({
            "populations.pv.tonic.delta.density": on_pv,
            **{f"populations.{name}.tonic.delta.density": on_principal for name in PRINCIPAL},
        })  # fmt: skip
        points.append((variant, {**settings, "allopregnanolone": f"{dose} nM", "seed": seed}))
    kept = run_all(points, keep=read, show_progress=show_progress)

    names = list(axes)
    coordinates = {name: (name, values, {"units": unit}) for name, (unit, values) in axes.items()}
    labels = {name: ("band", values, {"units": unit or "1"}) for name, (values, unit) in band_labels(BANDS).items()}
    frequency = {"frequency": ("frequency", kept[0]["frequency"], {"units": "Hz"})}
    table = xarray.Dataset(coords=coordinates | labels | frequency)
    further = dict.fromkeys(SIGNALS, ["band"]) | {"lfp_spectrum": ["frequency"]}
    units = {name: unit for name, (unit, _) in SIGNALS.items()} | {"lfp_spectrum": "pA2/Hz"}
    for name in kept[0].keys() - {"frequency"}:
        values = np.array([one[name] for one in kept])
        shape = [len(values) for _, values in axes.values()] + list(values.shape[1:])
        table[name] = ([*names, *further.get(name, [])], values.reshape(shape), {"units": units.get(name, "Hz")})
    write_table(table, path)
    return table


def read(run) -> dict:
    """Rates, peak frequency, band powers (bands,) of the three signals, and the proxy's spectrum, of one run."""
    start, stop = (float(magnitude(time, "s")) for time in (run.discard, run.duration))
    frequency, density = power_spectrum(lfp_proxy(run), TICK_S)
    shown = (frequency > 0) & (frequency <= SHOWN_HZ)
    found = {f"{name}_mean_rate": float(run.statistics[name]["mean_rate"].value) for name in CLASSES}
    return found | {
        "pv_peak_frequency": float(run.statistics["pv"]["peak_frequency"].value),
        "lfp_proxy": band_powers(frequency, density, BANDS),
        "pn_band_power": band_powers(*power_spectrum(_rate(run, PRINCIPAL, start, stop), TICK_S), BANDS),
        "pv_band_power": band_powers(*power_spectrum(_rate(run, ("pv",), start, stop), TICK_S), BANDS),
        "lfp_spectrum": density[shown],
        "frequency": frequency[shown],
    }


def _rate(run, populations, start_s: float, stop_s: float) -> np.ndarray:
    """Rate per agent of populations taken together, Hz, array (bins,) of 1 ms."""
    times = np.concatenate([magnitude(run.spikes[name].times, "s") for name in populations])
    # Half a bin aside, so that no spike on the grid of time steps lies at an edge.
    counts, _ = np.histogram(times, start_s + TICK_S * (np.arange(round((stop_s - start_s) / TICK_S) + 1) - 0.005))
    return counts / (sum(run.sizes[name] for name in populations) * TICK_S)


def change_dB(table: xarray.Dataset, signal: str, band: str, genotype: str, dose_nM: float) -> np.ndarray:
    """Change of a signal's power in a band from 0 nM to a dose, dB, array (seed,)."""
    power = at(table[signal].sel(band=band), genotype)
    return 10 * np.log10(power.sel(allopregnanolone=dose_nM) / power.sel(allopregnanolone=0)).values


def at(values: xarray.DataArray, genotype: str) -> xarray.DataArray:
    """The part of a genotype."""
    on_pv, on_principal = GENOTYPES[genotype]
    return values.sel(density=on_pv, principal_density=on_principal)


def findings(table: xarray.Dataset) -> list[str]:
    """Lines on what was found: rates, theta power and what of it needs delta receptors, other bands, gamma frequency."""
    last = float(table["allopregnanolone"].max())
    doses = (TESTED_NM, last) if last > TESTED_NM else (TESTED_NM,)
    rates = []
    for name in CLASSES:
        rate, change = _from_zero(table[f"{name}_mean_rate"])
        rates.append(f"{name} {rate:.2f} Hz {change.text('Hz')}")
    lines = [f"Rates of the wild type at 0 nM, and change at {TESTED_NM} nM: {'; '.join(rates)}."]
    for signal, (_, title) in SIGNALS.items():
        for dose in doses:
            changes = {one: change_dB(table, signal, "theta", one, dose) for one in GENOTYPES}
            theta = "; ".join(f"{one} {paired_change(values).text('dB')}" for one, values in changes.items())
            due = paired_change(changes["wild type"] - changes["no δ on PV cells"]).text("dB")
            every = paired_change(changes["wild type"] - changes["no δ"]).text("dB")
            lines.append(
                f"6-12 Hz power of the {title} at {dose:g} nM: {theta}. By delta receptors on PV cells {due}, by all {every}."
            )
        others = (
            f"{BANDS[band][0]:g}-{BANDS[band][1]:g} Hz "
            f"{paired_change(change_dB(table, signal, band, 'wild type', TESTED_NM)).text('dB')}"
            for band in ("low theta", "gamma")
        )
        lines.append(f"Its other bands at {TESTED_NM} nM, wild type: {'; '.join(others)}.")
    peak, shift = _from_zero(table["pv_peak_frequency"])
    row = rows("networks")["feng_gamma"]
    lines.append(
        f"Peak of the PV cells' rate, wild type: {peak:.1f} Hz at 0 nM (published gamma {row.low:g} to {row.high:g} Hz), "
        f"{shift.text('Hz')} at {TESTED_NM} nM."
    )
    lines.append("Published: power from 6 to 12 Hz up, through delta receptors (Antonoudiou et al. 2022).")
    return lines


def _from_zero(values: xarray.DataArray):
    """Mean of the wild type at 0 nM, and its change at the tested dose."""
    values = at(values, "wild type")
    before = values.sel(allopregnanolone=0)
    return float(before.mean()), paired_change((values.sel(allopregnanolone=TESTED_NM) - before).values)


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: rates and spectra above; below, for two signals, change of power in each band against dose."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 6.6))
    (rates, *spectra), *changes = figure.subplots(3, 3)
    _draw_rates(rates, table)
    for ax, genotype in zip(spectra, ("wild type", "no δ")):
        _draw_spectra(ax, table, genotype)
    _same_scale(spectra)
    for axes, signal in zip(changes, ("lfp_proxy", "pn_band_power")):
        for ax, band in zip(axes, BANDS):
            _draw_changes(ax, table, signal, band)
        _same_scale(axes)
        axes[0].set_ylabel(f"power of {SIGNALS[signal][1]}\nchange from 0 nM (dB)")
    handles, labels = changes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def _same_scale(axes):
    low, high = zip(*(ax.get_ylim() for ax in axes))
    for ax in axes:
        ax.set_ylim(min(low), max(high))


def _doses(table) -> tuple[np.ndarray, list[str]]:
    doses = table["allopregnanolone"].values
    return np.arange(doses.size), [f"{dose:g}" for dose in doses]


def _draw_rates(ax, table):
    places, texts = _doses(table)
    for name in CLASSES:
        rate = at(table[f"{name}_mean_rate"], "wild type")
        (line,) = ax.plot(places, rate.mean("seed"), "o-", label=name)
        row = rows("networks")[f"bla_rate_{name}"]
        ax.errorbar(
            -0.25, row.value, [[row.value - row.low], [row.high - row.value]], fmt="o", mfc="white",
            color=line.get_color(), elinewidth=0.8,
        )  # fmt: skip
        ax.annotate(
            name, (places[-1], float(rate.isel(allopregnanolone=-1).mean())), (4, 0), textcoords="offset points",
            va="center", color=line.get_color(),
        )  # fmt: skip
    ax.set_yscale("log")
    ax.set_xticks(places, texts)
    ax.set(xlim=(-0.5, places[-1] + 0.8), xlabel="allo (nM)", ylabel="rate (Hz)")
    ax.set_title("wild type; open: published ± SD")


def _draw_spectra(ax, table, genotype):
    spectrum = at(table["lfp_spectrum"], genotype).mean("seed")
    doses = table["allopregnanolone"].values
    for dose, shade in zip(doses, np.linspace(0.9, 0.1, doses.size)):
        ax.plot(
            table["frequency"],
            spectrum.sel(allopregnanolone=dose),
            color=colormaps["viridis"](shade),
            label=f"{dose:g}",
        )
    for low, high in BANDS.values():
        ax.axvspan(low, high, color="0.93", linewidth=0, zorder=0)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xticks([2, 6, 12, 30, 80], ["2", "6", "12", "30", "80"])
    ax.minorticks_off()
    ax.set(xlim=(2, SHOWN_HZ), xlabel="frequency (Hz)", ylabel="LFP proxy (pA²/Hz)", title=genotype)
    if genotype == "wild type":
        ax.legend(loc="upper left", title="allo (nM)")


def _draw_changes(ax, table, signal, band):
    places, texts = _doses(table)
    for position, genotype in enumerate(GENOTYPES):
        found = [
            paired_change(change_dB(table, signal, band, genotype, dose)) for dose in table["allopregnanolone"].values
        ]
        mean, low, high = (np.array([getattr(one, part) for one in found]) for part in ("mean", "low", "high"))
        shifted = places + 0.1 * (position - 1.5)
        ax.errorbar(shifted, mean, [mean - low, high - mean], fmt="o-", elinewidth=0.8, label=genotype)
    ax.axhline(0, color="0.6", linewidth=0.6, zorder=0)
    ax.set_xticks(places, texts)
    low, high = BANDS[band]
    note = "; published: up, by δ" if (signal, band) == ("lfp_proxy", "theta") else ""
    ax.set(xlim=(-0.3, places[-1] + 0.3), xlabel="allo (nM)", title=f"{low:g}–{high:g} Hz{note}")


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    quick = {"doses_nM": (0, TESTED_NM), "seeds": 3, "duration": "2 s", "discard": "0.5 s"}
    return run_script(
        "bla_states", __doc__, bla_states, draw, findings, quick, "two doses, 3 seeds, 2 s", arguments, seeds=12
    )


if __name__ == "__main__":
    sys.exit(main())

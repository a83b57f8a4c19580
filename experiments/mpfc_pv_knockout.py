"""Prefrontal circuit whose PV interneurons lack delta-GABA-A receptors, with and without a kainate-like drive.

Question
    Lu et al. 2025 (PMC12153516, abstract) deleted delta subunits from PV interneurons of mouse prefrontal cortex. In
    current clamp the knock-out cells fired more and had a higher input resistance, and GABA lowered the firing of
    wild-type cells only. In wild-type slices kainate made principal cells fire more and PV cells hardly, and raised the
    local field potential in all bands; in knock-out slices it activated PV cells rather than principal ones and left
    the field potential as it was. Which of these follow from the missing tonic conductance alone?

Networks
    `principal_pv`: 900 principal and 100 PV cells of the basolateral amygdala. Its cells fire irregularly, and its PV cells
    have an excitatory input of their own on which a tonic conductance can act; in `ping`, whose PV cells fire once after
    each volley of principal cells, tonic conductance on them moves the rhythm by about 1 Hz. Nothing is fitted to
    prefrontal cortex, for which the delta conductance of 0.54 nS (a fifth of the leak) is assumed. Current clamp: the
    same PV cells without background and synapses.

Design
    Density of delta receptors on PV cells 1, 0.5, 0 x allopregnanolone 0, 100 nM x seeds. Circuit: x background, the share
    that is left of the shipped one (rates of its inputs: mean by the share, standard deviation by its root), 1 or 0.1 as
    in a slice, whose afferents are cut (share assumed) x kainate, a steady conductance with a reversal potential of 0 mV
    in every cell, given as a share of the leak (5.8 nS in principal, 2.7 nS in PV cells), the same in both (assumed);
    2.5 s, the first 0.5 s discarded. The share of 0.1 was added after kainate had changed little at the full background;
    with 0.05, 0.2 and 0.4 (2 seeds) principal rate and LFP rose less in the knock-out, too. Current clamp: x ambient GABA
    0.16 and 0.5 uM (assumed: what bath-applied GABA leaves after uptake; at 1 uM wild-type cells are silent); a step of
    -10 pA, then steps of 40 to 200 pA, each 400 ms with 300 ms between. A seed draws agents, contacts and noise; changes
    are paired by it.

Read-outs
    Mean rates; power of the proxy of the local field potential at principal cells, by band and from 1 to 120 Hz; input
    resistance from the last 100 ms before and of the negative step; rate during the positive steps.
"""

import copy
import itertools
import sys

import numpy as np
import xarray
from matplotlib.figure import Figure
from script import run_script

from allotone import Definition, Network, figures, paired_change, run_all, write_table
from allotone.published.networks.ping import circuit_network
from allotone.units import magnitude

DENSITIES = (1.0, 0.5, 0.0)
DOSES_NM = (0, 100)
KAINATE = (0.0, 0.2, 0.4, 0.6, 0.8)
BACKGROUNDS = (1.0, 0.1)
SLICE = BACKGROUNDS[-1]
GABA_UM = (0.16, 0.5)
CELLS = ("principal", "pv")
DENSITY = "populations.pv.tonic.delta.density"
HYPERPOLARISING_PA = -10
CURRENTS_PA = (40, 60, 80, 100, 120, 160, 200)
STEP_MS, PERIOD_MS, AVERAGED_MS = 400, 700, 100
GENOTYPES = {1.0: "wild type", 0.5: "heterozygote", 0.0: "knock-out"}


def _onset(step: int) -> int:
    """Beginning of a step of the current clamp, ms."""
    return PERIOD_MS * (step + 1) - STEP_MS


def clamped_cells() -> Network:
    """The PV cells of `principal_pv` without background and synapses, under the steps of the current clamp."""
    data = copy.deepcopy(Network.load("principal_pv").definition.data)
    cells = data["populations"]["pv"]
    cells["drive"] = {
        f"step_{step}": {
            "kind": "pulse", "amplitude": f"{current} pA", "onset": f"{_onset(step)} ms", "duration": f"{STEP_MS} ms",
        }
        for step, current in enumerate((HYPERPOLARISING_PA, *CURRENTS_PA))
    }  # fmt: skip
    cells["initial"] = {"v": "-71 mV"}
    data.update(populations={"pv": cells}, projections={})
    return Network(Definition.from_data(data))


def _table(axes, points, keep, show_progress) -> dict[str, np.ndarray]:
    """What `keep` finds at all combinations of axes, arrays (axes..., further axes of what is kept)."""
    kept = run_all(points, keep=keep, show_progress=show_progress)
    shape = [len(values) for values in axes.values()]
    return {name: np.array([one[name] for one in kept]).reshape(*shape, *np.shape(kept[0][name])) for name in kept[0]}


def _dataset(axes, units, variables) -> xarray.Dataset:
    coordinates = {name: (name, list(values), {"units": units.get(name, "1")}) for name, values in axes.items()}
    return xarray.Dataset(variables, coordinates)


def circuit(
    densities=DENSITIES,
    doses_nM=DOSES_NM,
    backgrounds=BACKGROUNDS,
    kainate=KAINATE,
    seeds=8,
    duration="2.5 s",
    show_progress=True,
) -> xarray.Dataset:
    """Rates and LFP power, dimensions (density, allopregnanolone, background, kainate, seed); `lfp_band_power` by band."""
    axes = {
        "density": densities, "allopregnanolone": doses_nM, "background": backgrounds, "kainate": kainate,
        "seed": range(seeds),
    }  # fmt: skip
    settings = {"duration": duration, "discard": "0.5 s", "statistics": ("mean_rate", "lfp_proxy")}
    points = [
        (circuit_network(share, density, level), {**settings, "allopregnanolone": f"{dose} nM", "seed": seed})
        for density, dose, share, level, seed in itertools.product(*axes.values())
    ]

    def keep(run):
        rates = {f"{name}_rate": float(run.statistics[name]["mean_rate"].value) for name in CELLS}
        lfp = run.statistics["principal"]["lfp_proxy"]
        return rates | {"lfp_power": lfp.value, "band": lfp.coordinates["band"][0]}

    found = _table(axes, points, keep, show_progress)
    bands = found.pop("band").reshape(-1, found["lfp_power"].shape[-1])[0]
    dims = tuple(axes)
    by_band = ((*dims, "band"), found["lfp_power"], {"units": "pA2"})
    variables = {name: (dims, found[name], {"units": "Hz"}) for name in ("principal_rate", "pv_rate")}
    variables |= {"lfp_band_power": by_band, "lfp_power": (dims, found["lfp_power"].sum(axis=-1), {"units": "pA2"})}
    return _dataset(axes | {"band": bands}, {"allopregnanolone": "nM"}, variables)


def current_clamp(
    densities=DENSITIES, doses_nM=DOSES_NM, gaba_uM=GABA_UM, seeds=8, show_progress=True
) -> xarray.Dataset:
    """`input_resistance` (density, gaba, allopregnanolone, seed) and, along `current` too, `clamped_rate`."""
    axes = {"density": densities, "gaba": gaba_uM, "allopregnanolone": doses_nM, "seed": range(seeds)}
    cells = clamped_cells()
    settings = {
        "duration": f"{PERIOD_MS * (len(CURRENTS_PA) + 1)} ms",
        "statistics": ("mean_rate",),
        "record": "v@pv/5ms",
    }
    points = [
        (
            cells.override({DENSITY: density, "medium.gaba": f"{gaba} uM"}),
            {**settings, "allopregnanolone": f"{dose} nM", "seed": seed},
        )
        for density, gaba, dose, seed in itertools.product(*axes.values())
    ]

    def keep(run):
        (trace,) = run.traces["pv"]
        times, v = magnitude(trace.times, "ms"), magnitude(trace.values, "mV")

        def mean_before(end):
            return v[(times >= end - AVERAGED_MS) & (times < end)].mean()

        deflection = mean_before(_onset(0) + STEP_MS) - mean_before(_onset(0))
        spikes = magnitude(run.spikes["pv"].times, "ms")
        onsets = np.array([_onset(1 + step) for step in range(len(CURRENTS_PA))])
        counts = [np.count_nonzero((spikes >= onset) & (spikes < onset + STEP_MS)) for onset in onsets]
        return {
            "input_resistance": 1e3 * deflection / HYPERPOLARISING_PA,
            "clamped_rate": np.array(counts) / (run.sizes["pv"] * 1e-3 * STEP_MS),
        }

    found = _table(axes, points, keep, show_progress)
    dims = tuple(axes)
    variables = {
        "input_resistance": (dims, found["input_resistance"], {"units": "MOhm"}),
        "clamped_rate": ((*dims, "current"), found["clamped_rate"], {"units": "Hz"}),
    }
    return _dataset(
        axes | {"current": CURRENTS_PA}, {"gaba": "uM", "allopregnanolone": "nM", "current": "pA"}, variables
    )


def mpfc_pv_knockout(path, densities=DENSITIES, kainate=KAINATE, seeds=8, show_progress=True) -> xarray.Dataset:
    """The tables of the circuit and of the current clamp as one, also written to `path`."""
    table = xarray.merge([
        circuit(densities, kainate=kainate, seeds=seeds, show_progress=show_progress),
        current_clamp(densities, seeds=seeds, show_progress=show_progress),
    ])  # fmt: skip
    table.attrs["definition_principal_pv"] = Network.load("principal_pv").definition.json
    write_table(table, path)
    return table


def by_kainate(values: xarray.DataArray) -> np.ndarray:
    """Change from no kainate to the mean of all levels of it, array (seed,)."""
    return (values.sel(kainate=values["kainate"] > 0).mean("kainate") - values.sel(kainate=0)).values


def findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line each; changes are means over seeds with their 95 % interval, paired."""
    at_zero = table.sel(allopregnanolone=0)

    def both(name, digits=1, **chosen):
        values = at_zero[name].sel(chosen)
        return " / ".join(f"{float(values.sel(density=density).mean()):.{digits}f}" for density in (1, 0))

    def change(name, unit, digits, background):
        values = at_zero[name].sel(background=background)
        changes = [by_kainate(values.sel(density=density)) for density in (1, 0)]
        shown = " / ".join(paired_change(one).text(unit, digits) for one in changes)
        return f"{shown}, difference {paired_change(changes[1] - changes[0]).text(unit, digits)}"

    def steroid(name, density, digits):
        values = table[name].sel(background=1, kainate=0, density=density)
        difference = values.sel(allopregnanolone=100) - values.sel(allopregnanolone=0)
        return paired_change(difference.values).text("Hz", digits)

    low, high = (float(value) for value in table["gaba"])
    middle = CURRENTS_PA[len(CURRENTS_PA) // 2]
    lines = [
        f"Input resistance of PV cells, wild type / knock-out: {both('input_resistance', 0, gaba=low)} MOhm at {low:g} uM "
        f"GABA, {both('input_resistance', 0, gaba=high)} MOhm at {high:g} uM.",
        f"Their rate at {middle} pA: {both('clamped_rate', gaba=low, current=middle)} Hz at {low:g} uM GABA, "
        f"{both('clamped_rate', gaba=high, current=middle)} Hz at {high:g} uM.",
    ]
    for background, where in ((1.0, "Full background"), (SLICE, "Slice")):
        lines += [
            f"{where} without kainate, wild type / knock-out: PV {both('pv_rate', background=background, kainate=0)} Hz, "
            f"principal {both('principal_rate', 3, background=background, kainate=0)} Hz, LFP proxy "
            f"{both('lfp_power', 0, background=background, kainate=0)} pA2.",
            f"{where}, change by kainate (mean of its levels), wild type / knock-out: PV {change('pv_rate', 'Hz', 2, background)}; "
            f"principal {change('principal_rate', 'Hz', 3, background)}; LFP proxy {change('lfp_power', 'pA2', 0, background)}.",
        ]
    lines.append(
        f"100 nM allopregnanolone at full background, wild type: PV {steroid('pv_rate', 1, 1)}, principal "
        f"{steroid('principal_rate', 1, 2)}; knock-out: PV {steroid('pv_rate', 0, 1)}, principal "
        f"{steroid('principal_rate', 0, 2)}."
    )
    return lines


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: above, current clamp and the LFP by band; below, the circuit of a slice against kainate."""
    words = [GENOTYPES[density] for density in table["density"].values.tolist()]
    table = table.assign_coords(density=("density", words, {"units": "1"}))
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 4.8))
    (clamp, resistance, bands), below = figure.subplots(2, 3)
    cells = table.sel(allopregnanolone=0)
    # Limits come first, since names stand at the ends of lines; they leave room for the legends.
    clamp.set_ylim(-5, 1.35 * float(cells["clamped_rate"].max()))
    figures.dose(cells, "clamped_rate", ax=clamp, x="current", hue="density", style="gaba")
    clamp.set(xlabel="injected current (pA)", ylabel="PV rate (Hz)", title="current clamp")
    resistance.set_ylim(0, 1.1 * float(cells["input_resistance"].max()))
    figures.dose(cells, "input_resistance", ax=resistance, x="gaba", hue="density")
    resistance.set(xlabel="ambient GABA (µM)", ylabel="input resistance (MΩ)", title="current clamp")
    sliced = table.sel(background=SLICE)
    _draw_bands(bands, sliced.sel(allopregnanolone=0))
    panels = {"pv_rate": "PV rate (Hz)", "principal_rate": "principal rate (Hz)", "lfp_power": "LFP proxy (pA²)"}
    for ax, (name, axis_label) in zip(below, panels.items()):
        ax.set_ylim(0, 1.5 * float(sliced[name].max()))
        figures.dose(sliced, name, ax=ax, x="kainate", hue="density", style="allopregnanolone")
        ax.set(xlabel="kainate (share of the leak)", ylabel=axis_label, title="slice, mean ± SD")
    for ax in (clamp, *below):
        ax.get_legend().set_loc("upper left")
    return figure


def _draw_bands(ax, sliced: xarray.Dataset) -> None:
    """Power of the LFP proxy in each band, mean of all levels of kainate."""
    power = sliced["lfp_band_power"]
    names = [str(band).replace("low_gamma", "low γ").replace("high_gamma", "high γ") for band in power["band"].values]
    with_kainate = power.sel(kainate=power["kainate"] > 0).mean("kainate")
    for genotype in power["density"].values:
        values = with_kainate.sel(density=genotype)
        ax.errorbar(names, values.mean("seed"), values.std("seed", ddof=1), fmt="o-", label=genotype)
    ax.set_yscale("log")
    ax.set_xlim(-0.5, len(names) - 0.5)
    ax.set_ylim(bottom=0.1 * float(with_kainate.min()))
    ax.tick_params(axis="x", labelrotation=45)
    ax.set(ylabel="LFP proxy (pA²)", title="slice with kainate, by band")
    ax.legend(loc="lower right")


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    quick = {"densities": (1.0, 0.0), "kainate": (0.0, 0.4), "seeds": 3}
    smaller = "no heterozygote, one level of kainate, 3 seeds"
    return run_script("mpfc_pv_knockout", __doc__, mpfc_pv_knockout, draw, findings, quick, smaller, arguments, seeds=8)


if __name__ == "__main__":
    sys.exit(main())

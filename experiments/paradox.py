"""Three ways in which allopregnanolone can excite: by polarity, by disinhibition, and after chloride is lost.

Questions
    1. Polarity. Does 30 nM lower an outward and raise an inward current of alpha4-beta-delta receptors (Shen et al. 2007,
       doi:10.1038/nn1868), and what does that do to a cell that fires?
    2. Circuit. Without any special receptor, do delta receptors on interneurons disinhibit principal cells before the
       principal cells' own take over, so that their rate rises with dose before it falls?
    3. CRH neurons. Does the steroid inhibit them at rest, excite them once chloride extrusion is lost, and do neither
       without delta receptors (Sarkar et al. 2011, J Neurosci 31; its abstract, so the direction only)?

Networks
    1. The principal cell of `principal_pv` alone: held at -50 mV by a leak of 10 uS, or firing in a constant current of
       160 pA. The switch (`polarity_switch`) was made for the sign at 30 nM: that sign is put in and not a prediction,
       what other doses and the firing do follows from it.
    2. `principal_pv`: principal and PV cells of the basolateral amygdala (Feng et al. 2019, doi:10.1523/ENEURO.0388-18.2018)
       with tonic conductances of 0.57 and 0.54 nS. Its background was set by the rates without steroid; nothing was chosen
       by what the steroid does.
    3. `crh_neuron`: unconnected CRH neurons (Ichiyama et al. 2022, doi:10.7554/eLife.76832) with excitatory and inhibitory
       Poisson input; chloride 6 mM at rest and 20 mM after stress, which is assumed. Their fit has a very gradual spike
       onset, Delta_T 12 mV. Because the published cell did not show the effect of stress, a second one was added after
       that was seen: "sharp onset", Delta_T 2 mV, with half the excitatory rate, so that it also fires at some 5 Hz at rest.

Design
    Allopregnanolone 0 to 1000 nM in all three. 1: switch on and off x E_GABA -70 and -30 mV x density 1 and 0; nothing is
    random. 2: where delta receptors are (also four times as many on PV cells; those of PV cells insensitive, as Lu et al.
    2023 found, doi:10.1523/ENEURO.0392-22.2023; and a "dense" circuit, twice as many on principal and eight times as many
    on PV cells) x preparation x IPSCs unchanged or prolonged by the steroid x seeds, 2 s with the first 0.5 s discarded.
    The dense circuit was chosen from a scan of five pairs of densities because its rate rises before it falls: it shows
    that the paradox needs PV cells that the steroid silences first, and predicts nothing. Its 4.3 against 1.1 nS exceed
    the 2.8-fold larger response of interneurons to THIP (Krook-Magnuson et al. 2008, doi:10.1152/jn.01360.2007).
    3: cell x rest and stress x wild type and delta knock-out
    x IPSCs unchanged or prolonged x seeds, likewise; and chloride 6 to 30 mM at 0 and 100 nM with unchanged IPSCs. IPSCs
    are "unchanged" where the gamma2 receptors are `insensitive`, an in-silico knock-in.

Read-outs
    Tonic current (outward positive), mean firing rates. A change is one whose 99 % interval over seeds, paired, excludes 0;
    any other is not resolved. A course rises before it falls if it changes upwards from 0 nM to its highest mean and
    downwards from there to the largest dose.
"""

import argparse
import copy
import itertools
import sys
from pathlib import Path

import numpy as np
import xarray
from brian2 import Quantity
from matplotlib.figure import Figure
from scipy.stats import t as student

from allotone import Definition, InputError, Network, SimulationError, figures, run_all, write_table
from allotone.receptors import reversal_potential
from allotone.units import magnitude

DOSES_NM = (0, 30, 100, 300, 1000)
REVERSALS_MV = (-70, -30)
HOLDING_MV = -50
SWITCHES = {"off": "none", "on": "shen_2007"}
_ON_PRINCIPAL, _ON_PV = "populations.principal.tonic.delta", "populations.pv.tonic.delta"
PLACES = {
    "both": {},
    "PV insensitive": {f"{_ON_PV}.preparation": "insensitive"},
    "PV only": {f"{_ON_PRINCIPAL}.density": 0},
    "principal only": {f"{_ON_PV}.density": 0},
    "none": {f"{_ON_PRINCIPAL}.density": 0, f"{_ON_PV}.density": 0},
    "PV x 4": {f"{_ON_PV}.density": 4},
    "dense": {f"{_ON_PRINCIPAL}.density": 2, f"{_ON_PV}.density": 8},
}
# Those that the printed findings compare.
QUICK_PLACES = ("both", "PV only", "principal only", "dense")
PREPARATIONS = ("slice", "recombinant")
IPSCS = {"unchanged": "insensitive", "prolonged": "slice"}
STATES_MM = {"rest": 6, "stress": 20}
CHLORIDE_MM = (6, 10, 15, 20, 25, 30)
GENOTYPES = {"wild type": 1, "knock-out": 0}
CELLS = {
    "as published": {},
    "sharp onset": {
        "populations.crh.parameters.Delta_T": "2 mV",
        # Five Delta_T above threshold, as published.
        "populations.crh.parameters.v_spike": "-45.2 mV",
        "populations.crh.drive.excitation.rate": "10 Hz",
    },
}
RUN = {"duration": "2 s", "discard": "0.5 s", "statistics": ("mean_rate",)}


def grid(axes: dict, make, keep, variables: dict[str, str], show_progress: bool) -> xarray.Dataset:
    """Table over all combinations of axes, {name: (unit, values)}.

    `make` turns one combination into a network and its settings, `keep` a run into one number for each of `variables`,
    {name: unit}.
    """
    combinations = itertools.product(*(values for _, values in axes.values()))
    points = [make(**dict(zip(axes, values))) for values in combinations]
    kept = np.array(run_all(points, keep=keep, show_progress=show_progress), dtype=float)
    table = xarray.Dataset(
        coords={name: (name, list(values), {"units": unit}) for name, (unit, values) in axes.items()}
    )
    shape = [len(values) for _, values in axes.values()]
    for position, (name, unit) in enumerate(variables.items()):
        table[name] = (list(axes), kept[:, position].reshape(shape), {"units": unit})
    return table


def _rate(run, population: str) -> float:
    return float(run.statistics[population]["mean_rate"].value)


def single_cells() -> Network:
    """The principal cell of `principal_pv` twice, without synapses: held at a potential, and firing in a current."""
    data = copy.deepcopy(Network.load("principal_pv").definition.data)
    cell = data["populations"]["principal"]
    cell.update(size=1, initial={"v": "-60 mV"}, drive={"current": {"kind": "current", "amplitude": "160 pA"}})
    cell["tonic"]["delta"]["conductance"] = cell["tonic"]["delta"]["conductance"]["mean"]
    held = copy.deepcopy(cell) | {"drive": {}, "initial": {"v": f"{HOLDING_MV} mV"}}
    held["parameters"] |= {"g_leak": "10 uS", "E_leak": f"{HOLDING_MV} mV", "v_threshold": "0 mV"}
    data.update(populations={"held": held, "firing": cell}, projections={})
    return Network(Definition.from_data(data))


def polarity(doses_nM=DOSES_NM, duration="10 s", show_progress=True) -> xarray.Dataset:
    """`tonic_current` and `cell_rate`, dimensions (polarity_switch, E_gaba, density, allopregnanolone)."""
    cells = single_cells()

    def make(polarity_switch, E_gaba, density, allopregnanolone):
        tonic = "populations.*.tonic.delta"
        values = {f"{tonic}.polarity_switch": SWITCHES[polarity_switch], f"{tonic}.density": density}
        network = cells.override({**values, "populations.*.reversal.E_gaba": f"{E_gaba} mV"})
        record = ("g_tonic@held/1s", "v@held/1s")
        return network, {
            **RUN, "duration": duration, "allopregnanolone": f"{allopregnanolone} nM", "record": record,
        }  # fmt: skip

    def keep(run):
        held = {trace.variable: Quantity(trace.values[-1, 0]) for trace in run.traces["held"]}
        E_gaba = run.definition["populations"]["held"]["reversal"]["E_gaba"]
        current_pA = magnitude(held["g_tonic"], "nS") * (magnitude(held["v"], "mV") - float(E_gaba.split()[0]))
        return current_pA, _rate(run, "firing")

    axes = {
        "polarity_switch": ("1", list(SWITCHES)),
        "E_gaba": ("mV", REVERSALS_MV),
        "density": ("1", (1, 0)),
        "allopregnanolone": ("nM", doses_nM),
    }
    return grid(axes, make, keep, {"tonic_current": "pA", "cell_rate": "Hz"}, show_progress)


def circuit(
    doses_nM=DOSES_NM, places=tuple(PLACES), seeds=4, preparations=PREPARATIONS, show_progress=True
) -> xarray.Dataset:
    """`principal_rate` and `pv_rate`, dimensions (delta_on, preparation, ipsc, allopregnanolone, seed)."""
    network = Network.load("principal_pv")

    def make(delta_on, preparation, ipsc, allopregnanolone, seed):
        synaptic = preparation if ipsc == "prolonged" else IPSCS[ipsc]
        variant = network.override({
            "populations.*.tonic.delta.preparation": preparation,
            **PLACES[delta_on],
            "projections.pv_to_principal.preparation": synaptic,
            "projections.pv_to_pv.preparation": synaptic,
        })  # fmt: skip
        return variant, {**RUN, "allopregnanolone": f"{allopregnanolone} nM", "seed": seed}

    axes = {
        "delta_on": ("1", list(places)),
        "preparation": ("1", list(preparations)),
        "ipsc": ("1", list(IPSCS)),
        "allopregnanolone": ("nM", doses_nM),
        "seed": ("1", range(seeds)),
    }
    rates = {"principal_rate": "Hz", "pv_rate": "Hz"}
    return grid(axes, make, lambda run: (_rate(run, "principal"), _rate(run, "pv")), rates, show_progress)


def _crh(network, cell, chloride_mM, genotype, ipsc, dose_nM, seed):
    variant = network.override({
        **CELLS[cell],
        "populations.crh.reversal.chloride_in": f"{chloride_mM} mM",
        "populations.crh.tonic.delta.density": GENOTYPES[genotype],
        "projections.interneurons_to_crh.preparation": IPSCS[ipsc],
    })  # fmt: skip
    return variant, {**RUN, "allopregnanolone": f"{dose_nM} nM", "seed": seed}


def crh_neuron(doses_nM=DOSES_NM, seeds=4, show_progress=True) -> xarray.Dataset:
    """`crh_rate`, dimensions (cell, state, genotype, ipsc, allopregnanolone, seed)."""
    network = Network.load("crh_neuron")

    def make(cell, state, genotype, ipsc, allopregnanolone, seed):
        return _crh(network, cell, STATES_MM[state], genotype, ipsc, allopregnanolone, seed)

    axes = {
        "cell": ("1", list(CELLS)),
        "state": ("1", list(STATES_MM)),
        "genotype": ("1", list(GENOTYPES)),
        "ipsc": ("1", list(IPSCS)),
        "allopregnanolone": ("nM", doses_nM),
        "seed": ("1", range(seeds)),
    }
    return grid(axes, make, lambda run: (_rate(run, "crh"),), {"crh_rate": "Hz"}, show_progress)


def crh_chloride(chloride_mM=CHLORIDE_MM, seeds=4, show_progress=True) -> xarray.Dataset:
    """`crh_change`: rate at 100 nM less that at 0 nM by the tonic effect alone, and `E_gaba_of_chloride`."""
    network = Network.load("crh_neuron")

    def make(cell, chloride_in, dose, seed):
        return _crh(network, cell, chloride_in, "wild type", "unchanged", dose, seed)

    axes = {
        "cell": ("1", list(CELLS)),
        "chloride_in": ("mM", chloride_mM),
        "dose": ("nM", (0, 100)),
        "seed": ("1", range(seeds)),
    }
    rate = grid(axes, make, lambda run: (_rate(run, "crh"),), {"rate": "Hz"}, show_progress)["rate"]
    change = rate.sel(dose=100, drop=True) - rate.sel(dose=0, drop=True)
    E_gaba = magnitude(reversal_potential(np.array(chloride_mM, float)), "mV")
    return xarray.Dataset({
        "crh_change": change.assign_attrs(units="Hz"),
        "E_gaba_of_chloride": ("chloride_in", E_gaba, {"units": "mV"}),
    })  # fmt: skip


def paradox(doses_nM=DOSES_NM, places=tuple(PLACES), seeds=4, show_progress=True) -> xarray.Dataset:
    """The tables of all three questions as one."""
    parts = (
        polarity(doses_nM, show_progress=show_progress),
        circuit(doses_nM, places, seeds, show_progress=show_progress),
        crh_neuron(doses_nM, seeds, show_progress=show_progress),
        crh_chloride(seeds=seeds, show_progress=show_progress),
    )
    table = xarray.merge(parts)
    for name in ("principal_pv", "crh_neuron"):
        table.attrs[f"definition_{name}"] = Network.load(name).definition.json
    return table


def direction(difference: np.ndarray) -> int:
    """Sign of the mean of paired differences, array (seed,); 0 if its 99 % interval includes 0."""
    half_width = student.ppf(0.995, difference.size - 1) * difference.std(ddof=1) / np.sqrt(difference.size)
    return int(np.sign(difference.mean())) if abs(difference.mean()) > half_width else 0


def verdict(difference: np.ndarray) -> str:
    """What paired differences of a rate, array (seed,), show: a change, none at all, or nothing that is resolved."""
    if not difference.any():
        return "does not change"
    unresolved = f"has a change that is not resolved with {difference.size} seeds"
    return {-1: "falls", 0: unresolved, 1: "rises"}[direction(difference)]


def change(rate: xarray.DataArray, dose_nM: float) -> np.ndarray:
    """What a dose adds to a rate, dimensions (allopregnanolone, seed); array (seed,)."""
    return (rate.sel(allopregnanolone=dose_nM) - rate.sel(allopregnanolone=0)).values


def is_biphasic(rate: xarray.DataArray, first: int = 1) -> bool:
    """Whether a rate, dimensions (allopregnanolone, seed), rises to its peak and falls from there on.

    With `first` -1, whether it falls to its trough and rises from there on.
    """
    turn = int((first * rate.mean("seed")).argmax("allopregnanolone"))
    start, turning, end = (rate.isel(allopregnanolone=dose).values for dose in (0, turn, -1))
    return direction(turning - start) == first and direction(end - turning) == -first


def sign_change(table: xarray.Dataset, cell: str) -> float:
    """E_GABA, mV, above which 100 nM excites CRH cells by the tonic effect alone; nan if it does so at none tried."""
    shift = table["crh_change"].sel(cell=cell)
    mean, E_gaba = shift.mean("seed").values, table["E_gaba_of_chloride"].values
    if direction(shift.isel(chloride_in=-1).values) <= 0:
        return float("nan")
    below = int(np.flatnonzero(mean <= 0)[-1])
    return float(np.interp(0, mean[below : below + 2], E_gaba[below : below + 2]))


def findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line each."""
    seeds = table.sizes["seed"]
    highest = int(table["allopregnanolone"][-1])

    def rates(name, doses, **chosen):
        values = table[name].sel(chosen)
        return " / ".join(f"{float(values.sel(allopregnanolone=dose).mean()):.2f}" for dose in doses)

    current = table["tonic_current"].sel(density=1)
    on = current.sel(polarity_switch="on")
    fold = on.sel(allopregnanolone=30) / on.sel(allopregnanolone=0)
    cells = table["cell_rate"].sel(density=1, E_gaba=-70)
    no_delta = np.ptp(table["tonic_current"].sel(density=0).values)
    shipped = {
        (preparation, ipsc): table["principal_rate"].sel(delta_on="both", preparation=preparation, ipsc=ipsc)
        for preparation, ipsc in itertools.product(table["preparation"].values, table["ipsc"].values)
    }

    def courses(first):
        dimensions = ("delta_on", "preparation", "ipsc")
        found = [
            "{} ({}, IPSCs {})".format(*values)
            for values in itertools.product(*(table[name].values for name in dimensions))
            if is_biphasic(table["principal_rate"].sel(dict(zip(dimensions, values))), first)
        ]
        return ", ".join(found) or "none"

    def place(name):
        return rates("principal_rate", (0, highest), delta_on=name, preparation="recombinant", ipsc="unchanged")

    dense = [
        f"Dense circuit, which was chosen for it (recombinant, IPSCs unchanged), 0 / 100 / {highest} nM: principal "
        f"{rates('principal_rate', (0, 100, highest), delta_on='dense', preparation='recombinant', ipsc='unchanged')} Hz, "
        f"PV {rates('pv_rate', (0, 100, highest), delta_on='dense', preparation='recombinant', ipsc='unchanged')} Hz."
        for place in table["delta_on"].values
        if place == "dense"
    ]

    def crh(cell, **chosen):
        by_state = (
            f"{verdict(change(table['crh_rate'].sel(cell=cell, state=state, **chosen), 100))} at {state} "
            f"({rates('crh_rate', (0, 100), cell=cell, state=state, **chosen)} Hz)"
            for state in table["state"].values
        )
        return " and ".join(by_state)

    def lines_for(cell):
        tonic, all_of_it = (
            {"genotype": "wild type", "ipsc": "unchanged"},
            {"genotype": "wild type", "ipsc": "prolonged"},
        )
        knock_out = {"genotype": "knock-out", "ipsc": "prolonged"}
        E_gaba = sign_change(table, cell)
        highest_E = float(table["E_gaba_of_chloride"].max())
        start = f"nowhere up to {highest_E:.0f} mV" if np.isnan(E_gaba) else f"above E_GABA {E_gaba:.0f} mV"
        if not direction(table["crh_change"].sel(cell=cell).isel(chloride_in=-1).values):
            start = f"nowhere as far as {seeds} seeds resolve it, up to {highest_E:.0f} mV"
        return (
            f"CRH cell, {cell}, 0 / 100 nM: the rate {crh(cell, **all_of_it)}; by the tonic effect alone it "
            f"{crh(cell, **tonic)}; without delta receptors it {crh(cell, **knock_out)}. The tonic effect excites {start}."
        )

    return [
        f"Polarity switch, 30 nM: current x {float(fold.sel(E_gaba=-70)):.2f} outward (E_GABA -70 mV), x "
        f"{float(fold.sel(E_gaba=-30)):.2f} inward (-30 mV); without delta receptors it changes by {no_delta:.2f} pA. Signs are "
        "put in, after Shen et al. 2007.",
        f"The firing cell, E_GABA -70 mV, at 0 / 30 / {highest} nM: "
        + "; ".join(
            f"switch {switch} "
            + " / ".join(
                f"{float(cells.sel(polarity_switch=switch, allopregnanolone=d)):.1f}" for d in (0, 30, highest)
            )
            + " Hz"
            for switch in cells["polarity_switch"].values
        )
        + ".",
        f"Circuit as shipped, principal rate at 0 / 100 / {highest} nM: "
        + "; ".join(
            f"{preparation}, IPSCs {ipsc}, "
            + rates("principal_rate", (0, 100, highest), delta_on="both", preparation=preparation, ipsc=ipsc)
            + f" Hz ({verdict(change(rate, highest))})"
            for (preparation, ipsc), rate in shipped.items()
        )
        + ".",
        f"Its two halves oppose each other (recombinant, IPSCs unchanged, 0 / {highest} nM): {place('PV only')} Hz with delta "
        f"on PV cells only, {place('principal only')} Hz on principal cells only"
        + (
            f"; {place('PV insensitive')} Hz if delta on PV cells is insensitive, as Lu et al. 2023 found."
            if "PV insensitive" in table["delta_on"].values
            else "."
        ),
        *dense,
        f"Principal rate that rises before it falls: {courses(1)}; that falls before it rises: {courses(-1)}; not resolved "
        f"with {seeds} seeds in the rest of {table['principal_rate'].isel(allopregnanolone=0, seed=0).size} courses.",
        *(lines_for(cell) for cell in table["cell"].values),
    ]


def _dose_panel(ax, table: xarray.Dataset, name: str, title: str, ylabel: str, room_below=0.0, **curves) -> None:
    """One panel; its limits come first, because the curves' names are placed by them."""
    low, high = float(table[name].min()), float(table[name].max())
    ax.set_ylim(1.08 * min(low, 0) - room_below * high, 1.08 * max(high, 0))
    figures.dose(table, name, ax=ax, **curves)
    ax.set_title(title)
    ax.set_ylabel(ylabel)


def _polarity_row(axes, table: xarray.Dataset) -> None:
    switch = [f"switch {switch}" for switch in table["polarity_switch"].values]
    shown = table.sel(density=1).assign_coords(polarity_switch=("polarity_switch", switch, {"units": "1"}))
    for ax, E_gaba in zip(axes, REVERSALS_MV):
        title = f"E_GABA {E_gaba} mV: {'out' if E_gaba < HOLDING_MV else 'in'}ward"
        current = shown.sel(E_gaba=E_gaba)
        _dose_panel(ax, current, "tonic_current", title, f"current at {HOLDING_MV} mV (pA)", hue="polarity_switch")
    E_gaba = REVERSALS_MV[0]
    title = f"a firing cell, E_GABA {E_gaba} mV"
    _dose_panel(axes[2], shown.sel(E_gaba=E_gaba), "cell_rate", title, "firing rate (Hz)", hue="polarity_switch")


def _circuit_row(axes, table: xarray.Dataset) -> None:
    panels = (("slice", "unchanged"), ("recombinant", "unchanged"), ("recombinant", "prolonged"))
    # Seven names do not fit beside a panel, and six need room below the lowest curve.
    drawn = [place for place in table["delta_on"].values if place != "none"]
    for ax, (preparation, ipsc) in zip(axes, panels):
        shown = table.sel(delta_on=drawn, preparation=preparation, ipsc=ipsc)
        title, ylabel = f"{preparation}, IPSCs {ipsc}", "principal rate (Hz)"
        _dose_panel(ax, shown, "principal_rate", title, ylabel, room_below=0.1, hue="delta_on")


def _crh_row(axes, table: xarray.Dataset) -> None:
    for ax, cell in zip(axes, table["cell"].values):
        shown = table.sel(cell=cell, ipsc="prolonged")
        _dose_panel(ax, shown, "crh_rate", f"CRH cell, {cell}", "CRH rate (Hz)", hue="state", style="genotype")
    axes[0].get_legend().remove()
    axes[1].get_legend().set_loc((0.35, 0.3))
    ax = axes[2]
    for cell in table["cell"].values:
        shift = table["crh_change"].sel(cell=cell)
        spread = shift.std("seed", ddof=1)
        ax.errorbar(table["E_gaba_of_chloride"], shift.mean("seed"), spread, fmt="o-", elinewidth=0.8, label=cell)
    ax.axhline(0, color="black", linewidth=0.6)
    ax.set_xlim(-75, -35)
    # Room for the legend.
    ax.set_ylim(top=1.6 * float(table["crh_change"].max()))
    ax.set_xlabel("E_GABA (mV)")
    ax.set_ylabel("change at 100 nM (Hz)")
    ax.set_title("CRH cells, IPSCs unchanged")
    ax.legend(loc="upper left")


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: a row for each question."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 6.8))
    figure.suptitle(f"lower rows: mean ± SD over {table.sizes['seed']} seeds", x=0.99, ha="right", fontsize=7)
    rows = figure.subplots(3, 3)
    for row, fill in zip(rows, (_polarity_row, _circuit_row, _crh_row)):
        fill(row, table)
    return figure


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--quick", action="store_true", help="4 doses, 4 places of delta receptors, at most 3 seeds")
    parser.add_argument("--output", help="path without suffix; default results/paradox, or results/paradox_quick")
    options = parser.parse_args(arguments)
    size = "quick" if options.quick else "full"
    output = options.output or "results/paradox" + ("_quick" if options.quick else "")
    if options.seeds < 2:
        print(f"paradox: --seeds {options.seeds} leaves no spread; give at least 2", file=sys.stderr)
        return 2
    few = {
        "doses_nM": (0, 30, 100, 1000),
        "places": QUICK_PLACES,
        "seeds": min(options.seeds, 3),
    }
    try:
        table = paradox(**(few if options.quick else {"seeds": options.seeds}))
        table.attrs["size"] = size
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write_table(table, f"{output}.h5")
        figures.save(draw(table), f"{output}.png")
    except InputError as error:
        print(f"paradox: {error}", file=sys.stderr)
        return 2
    except SimulationError as error:
        print(f"paradox: {error}", file=sys.stderr)
        return 1
    if options.quick:
        print(
            f"Quick size: no 300 nM; of the circuits {', '.join(few['places'])} only; {few['seeds']} seeds. "
            "Verdicts need the full size."
        )
    print("\n".join(findings(table)))
    print(f"Table: {output}.h5   Figure: {output}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())

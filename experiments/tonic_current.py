"""Tonic GABA-A current of six cell types against allopregnanolone, ambient GABA and preparation.

Question
    Given the tonic current that was recorded without steroid, what do the receptor models predict with it, and how
    much of that hangs on the preparation, on ambient GABA, on rectification and on openings that need no GABA?

Cells
    Each has a recorded (or recalled, or modelled) tonic current or conductance and the receptors that carry it, see
    `CELLS`. Those numbers are inputs: agreement at 0 nM is no evidence. A recording in pA becomes a conductance by
    its driving force, with symmetrical chloride (E_GABA 0 mV) where the source does not say; a density becomes one by
    an assumed capacitance. That of cultured hippocampal neurons stands for CA1.

Design
    Conductance of each cell at 0 to 1000 nM x ambient GABA 0.05 to 1 uM x preparation (slice, recombinant, native,
    insensitive) x constitutive fraction (0, 0.8) x genotype (wild type, delta knock-out), by the plain functions of
    `allotone.receptors`. The reference state is ambient GABA without steroid, at the voltage of the recording.
    Currents are held at -70 mV, or at the recording's own potential where they stand beside it.

Check
    One compartment of each cell type, held by a leak of 20 uS, in one compiled network without connections: its
    tonic current is compared with the plain functions.
"""

import argparse
import itertools
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray
from matplotlib.figure import Figure

from allotone import (
    Definition,
    InputError,
    Network,
    SimulationError,
    figures,
    receptor,
    run_all,
    tonic_fold,
    write_table,
)
from allotone.figures.style import label_line_ends
from allotone.neurons import MODELS
from allotone.published import rows
from allotone.receptors import (
    PREPARATIONS,
    RECTIFICATIONS,
    ReferenceState,
    gaba_for_fold,
    rectification_factor,
    reversal_potential,
)
from allotone.units import magnitude, parse

DOSES_NM = (0, 3, 10, 30, 100, 300, 1000)
REFERENCE = ReferenceState()
AMBIENT_UM = float(magnitude(REFERENCE.gaba, "uM"))
GABA_UM = (0.05, 0.1, AMBIENT_UM, 0.25, 0.4, 0.63, 1.0)
FRACTIONS = (0.0, 0.8)
GENOTYPES = ("wild type", "delta knock-out")
HOLDING_MV = -70.0
VOLTAGE_NM = 100  # of the current against voltage
CAPACITANCE_PF = {"CA1 pyramidal": 100.0, "cerebellar granule": 3.0}  # assumed, where the source gives pS/pF


@dataclass(frozen=True)
class Cell:
    """One cell type: where its tonic current comes from, at which potentials, and through which receptors.

    Attributes
    ----------
    key : str              row of the published numbers; empty for the conductance of the network `pv_gamma`
    voltage_mV : float     potential at which the current or conductance was found
    E_gaba_mV : float      reversal potential of that recording
    shares : dict          receptor to its share of the conductance without steroid
    """

    key: str
    voltage_mV: float
    E_gaba_mV: float
    shares: dict[str, float]


def cells() -> dict[str, Cell]:
    """The six cell types; shares from the knock-outs where there are any, else one receptor carries all (assumed)."""
    published = rows("pharmacology")
    left_without_delta = published["tonic_vb_d0"].value / published["tonic_vb_wt"].value
    left_without_alpha5 = published["tonic_ca1_a5ko"].value / 100
    return {
        "dentate granule": Cell("tonic_dgc_virgin", published["maguire_vhold"].value, 0, {"alpha4_beta_delta": 1.0}),
        # Its holding potential and E_GABA were not seen: assumed as for granule cells.
        "thalamocortical, rat": Cell("tonic_tc", -70, 0, {"alpha4_beta_delta": 1.0}),
        # What remains in the knock-out is taken to be gamma2.
        "ventrobasal, mouse": Cell(
            "tonic_vb_wt", -60, 0,
            {"alpha4_beta_delta": 1 - left_without_delta, "alpha1_beta_gamma2": left_without_delta},
        ),
        # A density of cultured hippocampal neurons; what the alpha5 knock-out leaves is carried by delta.
        "CA1 pyramidal": Cell(
            "tonic_g_80", -80, 0, {"alpha5_beta_gamma2": 1 - left_without_alpha5, "alpha4_beta_delta": left_without_alpha5}
        ),
        "PV interneuron": Cell("", -70, 0, {"alpha1_beta_delta": 1.0}),
        "cerebellar granule": Cell("brickley_cgc", -70, 0, {"alpha6_beta_delta": 1.0}),
    }  # fmt: skip


def recorded_nS(name: str, cell: Cell) -> tuple[float, float, float, str]:
    """Conductance without steroid at the cell's own potential: value, low, high in nS, and how it is known."""
    if not cell.key:
        density = Network.load("pv_gamma").definition.data["populations"]["pv"]["tonic"]["delta"]["conductance"]["mean"]
        value = float(magnitude(parse(density) * parse(MODELS["wang_buzsaki"].area), "nS"))
        return value, value, value, "model"
    row = rows("pharmacology")[cell.key]
    numbers = np.array([row.value, *(row.value if end is None else end for end in (row.low, row.high))])
    if row.unit == "pS/pF":
        return *(numbers * CAPACITANCE_PF[name] / 1000).tolist(), f"{row.status}, capacitance assumed"
    return *(numbers / abs(cell.voltage_mV - cell.E_gaba_mV)).tolist(), row.status


def conductance(
    cell: Cell, nanosiemens: float, preparation: str, fraction: float, genotype: str, gaba_uM, dose_nM
) -> np.ndarray:
    """Tonic conductance in nS at the cell's own potential, shape of `gaba_uM` and `dose_nM` broadcast."""
    total = np.zeros(np.broadcast_shapes(np.shape(gaba_uM), np.shape(dose_nM)))
    for name, share in cell.shares.items():
        if genotype == "wild type" or not name.endswith("delta"):
            subtype = receptor(name, preparation)
            total += nanosiemens * share * tonic_fold(gaba_uM, dose_nM, subtype, REFERENCE, fraction)
    return total


def tonic_table(doses_nM=DOSES_NM, gaba_uM=GABA_UM) -> xarray.Dataset:
    """Conductances and currents of every cell type, by the plain functions."""
    types = cells()
    recorded = [recorded_nS(name, cell) for name, cell in types.items()]
    voltages = np.linspace(-100, 0, 51)
    axes = {
        "cell": ("1", list(types)), "preparation": ("1", list(PREPARATIONS)),
        "constitutive_fraction": ("1", list(FRACTIONS)), "genotype": ("1", list(GENOTYPES)),
        "gaba": ("uM", list(gaba_uM)), "allopregnanolone": ("nM", [float(dose) for dose in doses_nM]),
        "rectification": ("1", list(RECTIFICATIONS)), "voltage": ("mV", voltages),
    }  # fmt: skip
    table = xarray.Dataset(coords={name: (name, values, {"units": unit}) for name, (unit, values) in axes.items()})
    points = list(axes)[:6]
    grid = np.empty([len(axes[name][1]) for name in points])
    for index in np.ndindex(*grid.shape[:4]):
        name, preparation, fraction, genotype = (axes[point][1][i] for point, i in zip(points, index))
        nanosiemens = recorded[list(types).index(name)][0]
        grid[index] = conductance(
            types[name], nanosiemens, preparation, fraction, genotype, table["gaba"].values[:, None], doses_nM
        )
    table["conductance"] = (points, grid, {"units": "nS", "description": "at the potential of the recording"})
    force = np.array([cell.voltage_mV - cell.E_gaba_mV for cell in types.values()])
    for position, end in enumerate(("recorded", "recorded_low", "recorded_high")):
        table[end] = ("cell", [abs(volt) * row[position] for volt, row in zip(force, recorded)], {"units": "pA"})
    table["status"] = ("cell", [row[3] for row in recorded], {"units": "1"})
    table["driving_force"] = ("cell", force, {"units": "mV"})
    factor = [
        [rectification_factor(voltages, kind, cell.voltage_mV) for kind in RECTIFICATIONS] for cell in types.values()
    ]
    table["rectification_factor"] = (("cell", "rectification", "voltage"), np.array(factor), {"units": "1"})
    return table


def clamped(doses_nM, preparations) -> xarray.Dataset:
    """Tonic currents in pA of simulated compartments held at -70 mV, and what the plain functions give for them."""
    types = cells()
    nanosiemens = {name: recorded_nS(name, cell)[0] for name, cell in types.items()}
    populations = {}
    for name, cell in types.items():
        reference = {"gaba": f"{AMBIENT_UM} uM", "allopregnanolone": "0 nM", "voltage": f"{cell.voltage_mV} mV"}
        tonic = {
            subtype: {
                "receptor": subtype, "conductance": f"{share * nanosiemens[name]!r} nS", "reference": reference,
                "rectification": "weak",
            }
            for subtype, share in cell.shares.items()
        }  # fmt: skip
        held = {"g_leak": "20 uS", "E_leak": f"{HOLDING_MV} mV", "v_threshold": "900 mV"}
        populations[_identifier(name)] = {
            "size": 1, "neuron": "conductance_lif", "parameters": held, "initial": {"v": f"{HOLDING_MV} mV"},
            "reversal": {"E_gaba": f"{cell.E_gaba_mV} mV"}, "tonic": tonic,
        }  # fmt: skip
    title = "One compartment of each cell type, held at a potential"
    network = Network(Definition.from_data({"title": title, "time_step": "0.1 ms", "populations": populations}))
    record = [f"{variable}@{name}/1ms" for name in populations for variable in ("g_tonic", "v")]
    points = []
    for preparation, dose in itertools.product(preparations, doses_nM):
        changes = {
            f"populations.{_identifier(name)}.tonic.{subtype}.preparation": preparation
            for name, cell in types.items()
            for subtype in cell.shares
        }
        settings = {"duration": "20 ms", "allopregnanolone": f"{dose} nM", "record": record, "statistics": ()}
        points.append((network.override(changes), settings))
    kept = run_all(points, keep=lambda run: [_current(run, name, cell) for name, cell in types.items()])
    plain = [
        [
            float(
                conductance(cell, nanosiemens[name], preparation, 0.0, "wild type", AMBIENT_UM, dose)
                * rectification_factor(HOLDING_MV, "weak", cell.voltage_mV)
                * (HOLDING_MV - cell.E_gaba_mV)
            )
            for name, cell in types.items()
        ]
        for preparation, dose in itertools.product(preparations, doses_nM)
    ]
    shape = (len(preparations), len(doses_nM), len(types))
    dims = ("check_preparation", "check_dose", "cell")
    coords = {
        "check_preparation": ("check_preparation", list(preparations), {"units": "1"}),
        "check_dose": ("check_dose", [float(dose) for dose in doses_nM], {"units": "nM"}),
    }
    values = {"simulated_current": kept, "plain_current": plain}
    return xarray.Dataset({k: (dims, np.reshape(v, shape), {"units": "pA"}) for k, v in values.items()}, coords)


def _identifier(name: str) -> str:
    return name.replace(", ", "_").replace(" ", "_")


def _current(run, name: str, cell: Cell) -> float:
    """Tonic current in pA of the last recorded moment, inward negative."""
    last = {trace.variable: trace.values[-1, 0] for trace in run.traces[_identifier(name)]}
    return float(magnitude(last["g_tonic"], "nS") * (magnitude(last["v"], "mV") - cell.E_gaba_mV))


def deviation(table: xarray.Dataset) -> float:
    """Largest relative difference between a simulated current and the plain functions."""
    return float(abs(table["simulated_current"] / table["plain_current"] - 1).max())


def findings(table: xarray.Dataset) -> list[str]:
    """Five lines on what was found."""
    nanosiemens = abs(table["recorded"] / table["driving_force"])
    given = ", ".join(
        f"{name} {value:.2g} nS ({status})"
        for name, value, status in zip(table["cell"].values, nanosiemens.values, table["status"].values)
    )
    at_reference = table["conductance"].sel(gaba=AMBIENT_UM, genotype="wild type")
    fold = at_reference / at_reference.sel(allopregnanolone=0)

    def folds(cell, dose, fraction=0.0):
        chosen = fold.sel(cell=cell, allopregnanolone=dose, constitutive_fraction=fraction)
        return ", ".join(f"{name} x{float(chosen.sel(preparation=name)):.1f}" for name in PREPARATIONS)

    ventrobasal = table["conductance"].sel(
        cell="ventrobasal, mouse", gaba=AMBIENT_UM, preparation="slice", constitutive_fraction=0.0
    )
    share = 1 - ventrobasal.sel(genotype="delta knock-out") / ventrobasal.sel(genotype="wild type")
    published = rows("pharmacology")
    raised = published["tonic_tc_1gaba"].value / published["tonic_tc"].value
    needed = gaba_for_fold(receptor("alpha4_beta_delta"), raised)
    return [
        f"Given, not predicted: tonic conductance without steroid of {given}.",
        f"Granule cell at 100 nM: {folds('dentate granule', 100)}; with 80 % of the current constitutive "
        f"{folds('dentate granule', 100, 0.8)}.",
        f"Delta receptors carry {100 * float(share.sel(allopregnanolone=0)):.0f} % of the ventrobasal current at 0 nM "
        f"(given) and {100 * float(share.sel(allopregnanolone=100)):.0f} % at 100 nM in slice. The "
        f"{published['tonic_ca1_a5ko'].value:g} % of CA1 is given, too: what the alpha5 knock-out leaves, assumed to be delta.",
        f"The thalamocortical current rose x{raised:.1f} in 1 uM GABA; {needed:.2f} uM at the receptor "
        "would do in this model, and uptake could keep the two apart.",
        f"Simulated and plain currents differ by at most {100 * deviation(table):.2f} %. The one direct recording found "
        "no detectable tonic change in PV cells at 100 nM (Lu et al. 2023): for them read insensitive.",
    ]


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure of six panels: cells, preparations; ambient GABA, voltage; knock-out, constitutive openings."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 6.6))
    (cell_types, preparations), (ambient, voltage), (knock_out, constitutive) = figure.subplots(3, 2)
    wild = table["conductance"].sel(genotype="wild type", constitutive_fraction=0.0)
    at_reference = wild.sel(gaba=AMBIENT_UM)
    _cells(cell_types, table, at_reference.sel(preparation="slice") * abs(table["driving_force"]))
    granule = at_reference.sel(cell="dentate granule")
    _dose(preparations, granule, "preparation", "conductance, granule cell (nS)", "preparations", log=(0.4, 30))
    _ambient(ambient, wild.sel(cell="thalamocortical, rat", preparation="slice"))
    _voltage(voltage, table, granule.sel(preparation="slice"))
    _knock_out(knock_out, table)
    _constitutive(
        constitutive, table["conductance"].sel(genotype="wild type", cell="dentate granule", preparation="slice")
    )
    return figure


def _dose(ax, values: xarray.DataArray, hue: str, label: str, title: str, log=None, linear=None) -> None:
    # Scale and limits come first: the names at the ends of the lines are placed by them.
    if log:
        ax.set_yscale("log")
    ax.set_ylim(log or linear)
    values.attrs.setdefault("units", "nS")
    figures.dose(xarray.Dataset({"values": values}), "values", ax=ax, hue=hue)
    ax.set_ylabel(label)
    ax.set_title(title)


def _cells(ax, table, current):
    current = current.assign_attrs(units="pA")
    title = "cell types, slice; squares: recorded without steroid"
    _dose(ax, current, "cell", "inward tonic current (pA)", title, log=(10, 1000))
    lines = [line for line in ax.lines if line.get_label() == "_points"]
    for line, name in zip(lines, table["cell"].values):
        one = table.sel(cell=name)
        low, value, high = (float(one[key]) for key in ("recorded_low", "recorded", "recorded_high"))
        face = line.get_color() if one["status"] == "seen" else "white"
        ax.errorbar(
            [0], [value], [[value - low], [high - value]], fmt="s", color=line.get_color(), markerfacecolor=face,
            markersize=5, zorder=4,
        )  # fmt: skip
    ax.text(0.02, 0.97, "open: recalled, capacitance assumed, or a model", transform=ax.transAxes, va="top", fontsize=7)


def _ambient(ax, wild):
    published = rows("pharmacology")
    raised = published["tonic_tc_1gaba"].value / published["tonic_tc"].value
    lines = {f"{dose:g} nM": wild.sel(allopregnanolone=dose) for dose in (0, 100, 1000)}
    value = float(wild.sel(allopregnanolone=0, gaba=AMBIENT_UM)) * raised
    needed = gaba_for_fold(receptor("alpha4_beta_delta"), raised)
    ax.plot([wild["gaba"].min(), needed, needed], [value, value, 0.01], ":", color="black", linewidth=0.8)
    _gaba_axis(ax, lines, (0.04, 10))
    text = f"x{raised:.1f} as in 1 µM bath GABA,\nneeds {needed:.2f} µM here"
    ax.annotate(text, (needed, 0.05), (3, 0), textcoords="offset points", fontsize=7)
    ax.set_ylabel("conductance, thalamocortical (nS)")
    ax.set_title("ambient GABA, slice")


def _constitutive(ax, slices):
    lines = {
        f"{100 * fraction:.0f} %, {dose:g} nM": slices.sel(constitutive_fraction=fraction, allopregnanolone=dose)
        for dose, fraction in itertools.product((0, 100), FRACTIONS)
    }
    _gaba_axis(ax, lines, (0.1, 10))
    ax.set_ylabel("conductance, granule cell (nS)")
    ax.set_title("share that needs no GABA, slice")


def _gaba_axis(ax, lines, limits):
    """Curves over ambient GABA, named at their ends."""
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_ylim(limits)
    for position, conductance in enumerate(lines.values()):
        ax.plot(conductance["gaba"], conductance, "o-", color=f"C{position}")
    label_line_ends(
        ax, {name: (1.0, float(line[-1]), f"C{position}") for position, (name, line) in enumerate(lines.items())}
    )
    ax.set_xticks([0.05, 0.1, 0.2, 0.5, 1], ["0.05", "0.1", "0.2", "0.5", "1"])
    ax.minorticks_off()
    ax.set_xlabel("ambient GABA (µM)")


def _voltage(ax, table, granule):
    voltages = table["voltage"].values
    mature = float(magnitude(reversal_potential(6.0), "mV"))
    for kind, colour in zip(RECTIFICATIONS, ("C0", "C1", "C2")):
        conductance = float(granule.sel(allopregnanolone=VOLTAGE_NM)) * table["rectification_factor"].sel(
            cell="dentate granule", rectification=kind
        )
        for reversal, pattern in ((0.0, "-"), (mature, "--")):
            label = kind if reversal == 0 else None
            ax.plot(voltages, conductance * (voltages - reversal), pattern, color=colour, label=label)
    ax.axhline(0, color="black", linewidth=0.5)
    ax.axvline(HOLDING_MV, color="black", linewidth=0.5, linestyle=":")
    ax.set_xlabel("potential (mV)")
    ax.set_ylabel(f"current, granule cell, {VOLTAGE_NM} nM (pA)")
    ax.set_xlim(-100, -40)
    ax.set_ylim(-250, 150)
    ax.set_title(f"rectification; E_GABA 0 mV, dashed {mature:.0f} mV")
    ax.legend(loc="upper left")


def _knock_out(ax, table):
    chosen = ["ventrobasal, mouse", "CA1 pyramidal"]
    at_reference = table["conductance"].sel(
        gaba=AMBIENT_UM, preparation="slice", constitutive_fraction=0.0, cell=chosen
    )
    share = 1 - at_reference.sel(genotype="delta knock-out") / at_reference.sel(genotype="wild type")
    share = (100 * share).assign_attrs(units="1")
    _dose(ax, share, "cell", "carried by delta receptors (%)", "lost in the delta knock-out, slice", linear=(0, 100))
    published = rows("pharmacology")
    wild, left = published["tonic_vb_wt"], published["tonic_vb_d0"]
    value, low, high = (100 * (1 - part / wild.value) for part in (left.value, left.high, left.low))
    ax.errorbar([0], [value], [[value - low], [high - value]], fmt="s", color="C0", markersize=5, zorder=4)
    ax.plot([0], [published["tonic_ca1_a5ko"].value], "s", color="C1", markerfacecolor="white", markersize=5, zorder=4)
    ax.text(
        0.02, 0.03, "at 0 nM given; open: assumed, what the α5\nknock-out leaves", transform=ax.transAxes, fontsize=7
    )


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="check two doses in one preparation")
    parser.add_argument(
        "--output", help="path without suffix; default results/tonic_current, or results/tonic_current_quick"
    )
    options = parser.parse_args(arguments)
    size = "quick" if options.quick else "full"
    output = options.output or "results/tonic_current" + ("_quick" if options.quick else "")
    doses, preparations = (
        ((0, 100), ("slice",)) if options.quick else ((0, 30, 100, 300, 1000), ("slice", "recombinant"))
    )
    try:
        table = xarray.merge([tonic_table(), clamped(doses, preparations)])
        table.attrs["size"] = size
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write_table(table, f"{output}.h5")
        figures.save(draw(table), f"{output}.png")
    except InputError as error:
        print(f"tonic_current: {error}", file=sys.stderr)
        return 2
    except SimulationError as error:
        print(f"tonic_current: {error}", file=sys.stderr)
        return 1
    if options.quick:
        print("Quick size: the simulation is checked at 0 and 100 nM in slice only. Verdicts need the full size.")
    print("\n".join(findings(table)))
    print(f"Table: {output}.h5   Figure: {output}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())

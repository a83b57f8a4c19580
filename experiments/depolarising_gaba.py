"""Allopregnanolone where GABA depolarises: membrane potential and calcium of a progenitor and of its mature double.

Question
    In a cell with much chloride GABA-A receptors depolarise. Does allopregnanolone then open L-type calcium channels,
    and does it leave a cell alone that differs in nothing but its chloride?

Network
    `neural_progenitor`: single unconnected cells without spikes, with a leak, a delayed rectifier, an L-type calcium
    current and a pool of calcium. Tonic conductance 0.085 nS through alpha4-beta-delta receptors in 0.16 uM GABA. At low
    open probability the fold of the tonic current is that of the steroid alone, so the subtype matters little.

Design
    Allopregnanolone 0 to 10 uM x chloride 5 to 38 mM x L-type current present or blocked (conductance 0, as in
    nifedipine) x preparation (slice, recombinant, native). Each run lasts 12 s and is read at its end, when nothing
    moves any more; nothing is random. Apart from that, a step to 300 nM in time, and allopregnanolone up to 100 uM
    without any GABA. There the share of the tonic conductance that needs no GABA is that which the gating model implies
    for the receptor, P(0, 0)/P(0.16 uM, 0); the share of 0 of the network would leave no current at all.

Read-outs
    Membrane potential; free calcium above that of the same cell without steroid; the concentration at which that is half
    of what 10 uM evoke. The scale of the calcium signal rests on three assumed numbers (L-type conductance, buffering,
    removal): its sign, its dose dependence and its ratios are results, its nanomolar size is not.

Compared with
    Progenitors: L-type dependent effects of 100 to 500 nM (Wang et al. 2005, doi:10.1523/JNEUROSCI.4520-04.2005,
    recalled). Embryonic hippocampal neurons: calcium rises with an EC50 of 110 +- 15 nM, not in nifedipine, bicuculline
    or picrotoxin (BMC Neurosci 2008;9(Suppl 2):S11, doi:10.1186/1471-2202-9-S2-S11). Nothing was fitted to these.
    Reversal potentials and chloride: rows egaba_ca1_early, egaba_newborn_gc (recalled), steroid_late_psc_erev and
    cl_ca3_imm of `pharmacology.csv`, put on one axis by the equation that the network uses.
"""

import argparse
import itertools
import sys
from pathlib import Path

import numpy as np
import xarray
from brian2 import Quantity
from matplotlib.figure import Figure
from scipy.optimize import brentq

from allotone import InputError, Network, SimulationError, figures, open_probability, receptor, run_all, write_table
from allotone.published import rows
from allotone.receptors import direct_open_probability, reversal_potential
from allotone.units import magnitude

DOSES_NM = (0, 10, 30, 50, 100, 200, 300, 500, 1000, 3000, 10000)
DIRECT_DOSES_NM = (0, 1000, 3000, 10000, 30000, 100000)
CHLORIDE_MM = (5, 6, 10, 15, 20, 25, 30, 38)
PREPARATIONS = ("slice", "recombinant", "native")
L_TYPE = {"open": {}, "blocked": {"populations.*.parameters.g_CaL": "0 nS"}}
NEWBORN_MM, MATURE_MM = 25, 6
STEP_NM, STEP_S = 300, 5
GABA_UM = 0.16
E_GABA_ROWS = ("egaba_ca1_early", "egaba_newborn_gc", "steroid_late_psc_erev")
UNITS = {"v": "mV", "calcium": "nM", "g_tonic": "nS"}


def final_state(run, population="newborn") -> dict[str, float]:
    """Last value of each recorded variable of a population's only cell, in `UNITS`."""
    return {trace.variable: float(_plain(trace)[-1]) for trace in run.traces[population]}


def _plain(trace) -> np.ndarray:
    # Brian2 counts concentrations in mol/m3, as `magnitude` does.
    return magnitude(Quantity(trace.values[:, 0]), UNITS[trace.variable])


def _record(population, every="1 s"):
    return [f"{variable}@{population}/{every}" for variable in UNITS]


def grid(axes: dict, make, duration: str, show_progress: bool) -> xarray.Dataset:
    """Final states of the newborn cell along axes; `make` turns one combination into (network, concentration in nM)."""
    points = []
    for values in itertools.product(*(values for _, values in axes.values())):
        network, dose = make(**dict(zip(axes, values)))
        points.append((
            network,
            {"duration": duration, "allopregnanolone": f"{dose} nM", "record": _record("newborn"), "statistics": ()},
        ))  # fmt: skip
    states = run_all(points, keep=final_state, show_progress=show_progress)
    shape = [len(values) for _, values in axes.values()]
    table = xarray.Dataset(
        coords={name: (name, list(values), {"units": unit}) for name, (unit, values) in axes.items()}
    )
    for variable, unit in UNITS.items():
        table[variable] = (list(axes), np.reshape([state[variable] for state in states], shape), {"units": unit})
    return table


def response(
    doses_nM=DOSES_NM, chloride_mM=CHLORIDE_MM, preparations=PREPARATIONS, duration="12 s", show_progress=True
) -> xarray.Dataset:
    """Steady states, dimensions (allopregnanolone, chloride_in, l_type, preparation), with `calcium_rise`."""
    network = Network.load("neural_progenitor")

    def make(allopregnanolone, chloride_in, l_type, preparation):
        return network.override({
            "populations.newborn.reversal.chloride_in": f"{chloride_in} mM",
            "populations.newborn.tonic.delta.preparation": preparation,
            **L_TYPE[l_type],
        }), allopregnanolone  # fmt: skip

    axes = {
        "allopregnanolone": ("nM", doses_nM),
        "chloride_in": ("mM", chloride_mM),
        "l_type": ("1", list(L_TYPE)),
        "preparation": ("1", list(preparations)),
    }
    table = grid(axes, make, duration, show_progress)
    table["calcium_rise"] = (table["calcium"] - table["calcium"].sel(allopregnanolone=0)).assign_attrs(units="nM")
    E_gaba = magnitude(reversal_potential(np.array(chloride_mM, float)), "mV")
    table["E_gaba"] = ("chloride_in", E_gaba, {"units": "mV"})
    table.attrs.update(definition=network.definition.json, definition_sha256=network.definition.sha256)
    return table


def constitutive_fraction(preparation: str) -> float:
    """Share of the tonic conductance in 0.16 uM GABA that the gating model opens without GABA."""
    delta = receptor("alpha4_beta_delta", preparation)
    return float(direct_open_probability(0, delta) / open_probability(GABA_UM, 0, delta))


def without_gaba(
    doses_nM=DIRECT_DOSES_NM, preparations=PREPARATIONS, duration="12 s", show_progress=True
) -> xarray.Dataset:
    """Steady states of the newborn cell without GABA, dimensions (direct_allopregnanolone, preparation)."""
    network = Network.load("neural_progenitor").override({"medium.gaba": "0 uM"})

    def make(direct_allopregnanolone, preparation):
        return network.override({
            "populations.newborn.tonic.delta.preparation": preparation,
            "populations.newborn.tonic.delta.constitutive_fraction": constitutive_fraction(preparation),
        }), direct_allopregnanolone  # fmt: skip

    axes = {"direct_allopregnanolone": ("nM", doses_nM), "preparation": ("1", list(preparations))}
    table = grid(axes, make, duration, show_progress)
    rise = table["calcium"] - table["calcium"].sel(direct_allopregnanolone=0)
    table["calcium_rise"] = rise.assign_attrs(units="nM")
    return table.rename({name: f"direct_{name}" for name in table.data_vars})


def time_course(duration="15 s") -> xarray.Dataset:
    """Potential and calcium in a step of allopregnanolone, slice preparation, dimensions (cell, time)."""
    network = Network.load("neural_progenitor")
    schedule = f"step:before=0nM,after={STEP_NM}nM,onset={STEP_S}s"
    settings = {"duration": duration, "allopregnanolone": schedule, "statistics": ()}
    settings["record"] = _record("newborn", "50 ms") + _record("mature", "50 ms")
    intact = network.run(**settings)
    blocked = network.override(L_TYPE["blocked"]).run(**settings)
    cells = {
        "newborn": intact.traces["newborn"],
        "newborn, L-type blocked": blocked.traces["newborn"],
        "mature": intact.traces["mature"],
    }
    times = magnitude(intact.traces["newborn"][0].times, "ms") / 1000
    table = xarray.Dataset(
        coords={"cell": ("cell", list(cells), {"units": "1"}), "time": ("time", times, {"units": "s"})}
    )
    for position, (variable, unit) in enumerate(UNITS.items()):
        values = [_plain(traces[position]) for traces in cells.values()]
        table[f"{variable}_course"] = (("cell", "time"), values, {"units": unit})
    return table


def half_maximal_dose(table: xarray.Dataset, preparation: str) -> float:
    """Concentration, nM, of half the calcium rise of the largest dose in the newborn cell; linear in log dose."""
    rise = table["calcium_rise"].sel(chloride_in=NEWBORN_MM, l_type="open", preparation=preparation)
    rise = rise.sel(allopregnanolone=rise["allopregnanolone"] > 0)
    share = (rise / rise.isel(allopregnanolone=-1)).values
    return float(np.exp(np.interp(0.5, share, np.log(rise["allopregnanolone"].values))))


def chloride_for(E_gaba_mV: float) -> float:
    """Chloride inside, mM, at which the GABA-A current reverses at this potential."""
    return brentq(lambda chloride: magnitude(reversal_potential(chloride), "mV") - E_gaba_mV, 0.1, 130)


def findings(table: xarray.Dataset) -> list[str]:
    """What was put in, then six lines on what was found."""

    def change(name, preparation, chloride, l_type="open"):
        chosen = table[name].sel(preparation=preparation, chloride_in=chloride, l_type=l_type)
        return float(chosen.sel(allopregnanolone=STEP_NM) - chosen.sel(allopregnanolone=0))

    def both(name, chloride, l_type="open"):
        return " / ".join(f"{change(name, kind, chloride, l_type):+.1f}" for kind in ("slice", "recombinant"))

    def reversal(chloride):
        return float(table["E_gaba"].sel(chloride_in=chloride))

    published = rows("pharmacology")
    measured = published["allo_ca_progenitor_ec50"]
    mean, error = measured.value, measured.high - measured.value
    half = {kind: half_maximal_dose(table, kind) for kind in table["preparation"].values.tolist()}
    met = [kind for kind, dose in half.items() if abs(dose - mean) <= 2 * error]
    least = table["chloride_in"].values[
        (table["calcium_rise"].sel(l_type="open", preparation="slice", allopregnanolone=STEP_NM) > 1).values
    ]
    direct = table["direct_calcium_rise"].sel(preparation="recombinant")
    ambient = table["calcium_rise"].sel(preparation="recombinant", chloride_in=NEWBORN_MM, l_type="open")
    return [
        f"Put in: chloride, {NEWBORN_MM} mM newborn and {MATURE_MM} mM mature, thereby E_GABA "
        f"{reversal(NEWBORN_MM):.0f} and {reversal(MATURE_MM):.0f} mV, so whether GABA depolarises; what the steroid does "
        "to the tonic conductance; and three assumed numbers that set the size of the calcium signal in nM.",
        f"{STEP_NM} nM, slice / recombinant: newborn ({NEWBORN_MM} mM chloride) {both('v', NEWBORN_MM)} mV and "
        f"{both('calcium', NEWBORN_MM)} nM calcium; mature ({MATURE_MM} mM) {both('v', MATURE_MM)} mV and "
        f"{both('calcium', MATURE_MM)} nM.",
        f"L-type current blocked: newborn {both('v', NEWBORN_MM, 'blocked')} mV and "
        f"{both('calcium', NEWBORN_MM, 'blocked')} nM calcium.",
        f"Calcium rises by more than 1 nM (slice, {STEP_NM} nM) from {least.min():g} mM chloride on, E_GABA "
        f"{float(table['E_gaba'].sel(chloride_in=least.min())):.0f} mV."
        if least.size
        else f"Calcium rises by more than 1 nM (slice, {STEP_NM} nM) at none of these chloride concentrations.",
        "Half-maximal calcium rise: "
        + ", ".join(f"{dose:.0f} nM ({kind})" for kind, dose in half.items())
        + f"; embryonic hippocampal neurons {mean:g} +- {error:g} nM: within two errors for {', '.join(met) or 'none'}.",
        f"Without GABA (recombinant) 1 uM evokes {float(direct.sel(direct_allopregnanolone=1000)):+.1f} nM calcium, 10 uM "
        f"{float(direct.sel(direct_allopregnanolone=10000)):+.1f} nM, 100 uM "
        f"{float(direct.sel(direct_allopregnanolone=100000)):+.1f} nM; with {GABA_UM} uM GABA 1 uM evokes "
        f"{float(ambient.sel(allopregnanolone=1000)):+.1f} nM.",
        "Chloride that published reversal potentials imply: "
        + ", ".join(
            f"{chloride_for(row.value):.0f} mM for {row.value:g} mV ({row.key}, {row.status})"
            for row in (published[key] for key in E_GABA_ROWS)
        )
        + f"; measured in immature CA3 {published['cl_ca3_imm'].value:g} mM.",
    ]


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: the step in time, the dose response, and what chloride and GABA make of it."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 4.6))
    axes = figure.subplots(2, 3)
    since_step = table["time"] - STEP_S
    for ax, variable, label in zip(axes[0], ("v_course", "calcium_course"), ("potential (mV)", "calcium (nM)")):
        for cell, pattern in zip(table["cell"].values, ("-", "--", "-")):
            ax.plot(since_step, table[variable].sel(cell=cell), pattern, label=cell, linewidth=1)
        # Before that each cell only settles from a common start.
        ax.set_xlim(-2, float(since_step[-1]))
        ax.set_xticks((0, 5, 10))
        ax.set_xlabel("time after the step (s)")
        ax.set_ylabel(label)
    axes[0, 0].set_title(f"step to {STEP_NM} nM, slice")
    axes[0, 1].set_title("free calcium, same step")
    axes[0, 0].set_ylim(-78, -54)
    axes[0, 0].legend(loc="center right", bbox_to_anchor=(1, 0.42))
    ax = axes[0, 2]
    shown = table["calcium_rise"].sel(allopregnanolone=STEP_NM, l_type="open")
    for preparation in table["preparation"].values:
        ax.plot(table["E_gaba"], shown.sel(preparation=preparation), "o-", label=preparation)
    ax.set_xlim(-78, -30)
    ax.set_xlabel("E_GABA (mV)")
    ax.set_ylabel("calcium rise (nM)")
    ax.set_title(f"{STEP_NM} nM against chloride")
    ax.legend(loc="upper left")
    cells = table.sel(l_type="open", chloride_in=[NEWBORN_MM, MATURE_MM], preparation=["slice", "recombinant"])
    names = {NEWBORN_MM: "newborn", MATURE_MM: "mature"}
    cells = cells.assign_coords(
        chloride_in=("chloride_in", [names[c] for c in (NEWBORN_MM, MATURE_MM)], {"units": "1"})
    )
    axes[1, 0].set_ylim(-78, -32)
    for ax, name, label in zip(axes[1], ("v", "calcium_rise"), ("potential (mV)", "calcium rise (nM)")):
        figures.dose(cells[[name]], name, ax=ax, hue="chloride_in", style="preparation")
        ax.set_ylabel(label)
        ax.set_title(f"{NEWBORN_MM} and {MATURE_MM} mM chloride")
    ax = axes[1, 2]
    direct = table.sel(direct_allopregnanolone=table["direct_allopregnanolone"] > 0)
    for preparation in table["preparation"].values:
        line = direct["direct_v"].sel(preparation=preparation)
        ax.plot(direct["direct_allopregnanolone"] / 1000, line, "o-", label=preparation)
    ax.set_xscale("log")
    ax.set_xticks((1, 10, 100), ("1", "10", "100"))
    ax.minorticks_off()
    ax.set_ylim(-78, -68)
    ax.set_xlabel("allopregnanolone (µM)")
    ax.set_ylabel("potential (mV)")
    ax.set_title("newborn, no GABA")
    ax.legend(loc="center right")
    return figure


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="6 instead of 11 doses, 3 instead of 8 chloride concentrations"
    )
    parser.add_argument(
        "--output", help="path without suffix; default results/depolarising_gaba, or results/depolarising_gaba_quick"
    )
    options = parser.parse_args(arguments)
    size = "quick" if options.quick else "full"
    output = options.output or "results/depolarising_gaba" + ("_quick" if options.quick else "")
    few = {"doses_nM": (0, 30, 100, 300, 1000, 10000), "chloride_mM": (6, 15, 25)} if options.quick else {}
    try:
        table = response(**few).merge(without_gaba()).merge(time_course())
        table.attrs["size"] = size
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write_table(table, f"{output}.h5")
        figures.save(draw(table), f"{output}.png")
    except InputError as error:
        print(f"depolarising_gaba: {error}", file=sys.stderr)
        return 2
    except SimulationError as error:
        print(f"depolarising_gaba: {error}", file=sys.stderr)
        return 1
    if options.quick:
        print("Quick size: 6 of 11 doses and 3 of 8 chloride concentrations. Verdicts need the full size.")
    print("\n".join(findings(table)))
    print(f"Table: {output}.h5   Figure: {output}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())

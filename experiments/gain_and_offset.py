"""Whether tonic inhibition shifts or scales the response of a granule cell, to steps of current and to mossy fibres.

Question
    Mitchell & Silver 2003 (doi:10.1016/s0896-6273(03)00200-9): tonic inhibition shifts the response of cerebellar granule
    cells to steady current (subtraction), but lowers its slope when excitation is synaptic and so noisy (division).
    Rothman et al. 2009 (doi:10.1038/nature07604) lay this to synapses that depress. Does a point cell do so, and does
    allopregnanolone, which raises the tonic conductance?

Network
    `granule_cell`: unconnected integrate-and-fire cells, each with four mossy fibres (Schwartz et al. 2012,
    doi:10.1523/JNEUROSCI.6098-11.2012; the code of OpenSourceBrain/GranCellRothmanIf), tonic conductance 0.438 nS.

Design
    `condition`: `tonic_conductance` 0, 0.438, 1.0 nS without steroid, and 0.438 nS at 100 and 300 nM allopregnanolone.
    In each, `step_current` 0 to 155 pA in steps of 5 pA, one cell a step, for 1.5 s, and `mossy_rate` 5 to 200 Hz on each
    fibre x seeds, 32 cells for 2.5 s; the first 0.5 s discarded. A seed draws the spikes of the fibres, the same in all
    conditions, so that changes are paired.

Read-outs
    Steps: rheobase, the smallest step that makes a cell fire, and the mean slope between 200 and 300 Hz. Fibres: the curve
    of Hill through the mean rates of a seed gives the half-maximal rate of the fibres and the gain, its mean slope between
    5 and 75 % of the maximum (Rothman et al. 2009). Intervals are 95 % over seeds (Student's t). Steps have neither noise
    nor interval.
"""

import sys

import numpy as np
import xarray
from matplotlib.figure import Figure
from script import run_script

from allotone import Network, figures, receptor, run_all, tonic_fold, write_table
from allotone.published import rows
from allotone.published.networks.granule_cell import (
    MOSSY_RATE,
    NETWORK,
    STEP_PA,
    TONIC,
    Hill,
    hill,
    rheobase,
    step_slope,
    steps,
)
from allotone.published.targets import DETECTABLE
from allotone.statistics import paired_change

# Tonic conductance without steroid in nS, and allopregnanolone in nM.
CONDITIONS = {
    "0 nS": (0, 0),
    "0.438 nS": (0.438, 0),
    "1 nS": (1.0, 0),
    "0.438 nS, 100 nM": (0.438, 100),
    "0.438 nS, 300 nM": (0.438, 300),
}
BY_CONDUCTANCE, BY_DOSE = list(CONDITIONS)[:3], list(CONDITIONS)[1:2] + list(CONDITIONS)[3:]
MOSSY_RATES = (5, 10, 20, 30, 40, 50, 60, 75, 90, 105, 120, 135, 150, 175, 200)  # Hz
_CURVE = ("gc_maximal_rate", "half_maximal_rate", "exponent")


def gain_and_offset(
    path, mossy_rates=MOSSY_RATES, conditions=CONDITIONS, seeds=6, duration="2.5 s", show_progress=True
) -> xarray.Dataset:
    """Table of rates and what is read from them, dimensions (condition, step_current, mossy_rate, seed); also a file."""
    network = Network.load(NETWORK)
    cells = network.definition.data["populations"]["gc"]["size"]
    settings = [{TONIC: f"{tonic} nS", "medium.allopregnanolone": f"{dose} nM"} for tonic, dose in conditions.values()]
    under_steps = [
        (steps(values, cells), {"duration": "1.5 s", "discard": "0.5 s", "statistics": "agent_rate"})
        for values in settings
    ]
    under_fibres = [
        (
            network.override({MOSSY_RATE: f"{rate} Hz", **values}),
            {"duration": duration, "discard": "0.5 s", "seed": seed, "statistics": "mean_rate"},
        )
        for values in settings
        for rate in mossy_rates
        for seed in range(seeds)
    ]
    found = run_all(
        [*under_steps, *under_fibres],
        keep=lambda run: next(iter(run.statistics["gc"].values())).value,
        show_progress=show_progress,
    )
    currents = STEP_PA * np.arange(cells)
    stepped = np.array(found[: len(settings)])
    driven = np.array(found[len(settings) :], dtype=float).reshape(len(settings), len(mossy_rates), seeds)
    curves = [[hill(mossy_rates, of_seed) for of_seed in of.T] for of in driven]
    fold = tonic_fold(0.16, [dose for _, dose in conditions.values()], receptor("alpha6_beta_delta", "slice"))

    def per_seed(read, units):
        return ("condition", "seed"), [[read(one) for one in of] for of in curves], {"units": units}

    table = xarray.Dataset(
        {
            "gc_step_rate": (("condition", "step_current"), stepped, {"units": "Hz"}),
            "gc_mean_rate": (("condition", "mossy_rate", "seed"), driven, {"units": "Hz"}),
            "rheobase": ("condition", [rheobase(currents, one) for one in stepped], {"units": "pA"}),
            "step_slope": ("condition", [step_slope(currents, one) for one in stepped], {"units": "Hz/pA"}),
            "gc_maximal_rate": per_seed(lambda curve: curve.maximum, "Hz"),
            "half_maximal_rate": per_seed(lambda curve: curve.half, "Hz"),
            "exponent": per_seed(lambda curve: curve.exponent, "1"),
            "gain": per_seed(lambda curve: curve.gain, "1"),
            "gc_mean_g_tonic": ("condition", fold * [tonic for tonic, _ in conditions.values()], {"units": "nS"}),
        },
        coords={
            "condition": ("condition", list(conditions), {"units": "1"}),
            "tonic_conductance": ("condition", [tonic for tonic, _ in conditions.values()], {"units": "nS"}),
            "allopregnanolone": ("condition", [dose for _, dose in conditions.values()], {"units": "nM"}),
            "step_current": ("step_current", currents, {"units": "pA"}),
            "mossy_rate": ("mossy_rate", list(mossy_rates), {"units": "Hz"}),
            "seed": ("seed", list(range(seeds)), {"units": "1"}),
        },
        attrs={"network": NETWORK, "duration": str(duration), "discard": "0.5 s"},
    )
    write_table(table, path)
    return table


def change(table: xarray.Dataset, variable: str, condition: str, reference: str) -> np.ndarray:
    """What a condition adds to a variable of a reference, relative to it; array (seed,), or one number under steps."""
    return (table[variable].sel(condition=condition) / table[variable].sel(condition=reference) - 1).values


def _compared(table: xarray.Dataset, condition: str, reference: str) -> str:
    percent = {name: 100 * change(table, name, condition, reference) for name in ("gain", "half_maximal_rate")}
    step = float(table["rheobase"].sel(condition=condition) - table["rheobase"].sel(condition=reference))
    slope = 100 * float(change(table, "step_slope", condition, reference))
    conductance = table["gc_mean_g_tonic"].sel(condition=[reference, condition]).values
    return (
        f"{reference} to {condition} ({conductance[0]:.2f} to {conductance[1]:.2f} nS). Steps of current: rheobase "
        f"{step:+.0f} pA, slope {slope:+.0f} %. Mossy fibres: half-maximal rate "
        f"{paired_change(percent['half_maximal_rate']).text('%', 0)}, gain {paired_change(percent['gain']).text('%', 0)}."
    )


def findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line for each comparison, and what they say together."""
    known = table["condition"].values.tolist()
    pairs = [(one, BY_CONDUCTANCE[0]) for one in BY_CONDUCTANCE[1:]] + [(one, BY_DOSE[0]) for one in BY_DOSE[1:]]
    pairs = [pair for pair in pairs if set(pair) <= set(known)]
    divides = [paired_change(change(table, "gain", *pair)).high < 0 for pair in pairs]
    subtracts = [
        float(change(table, "rheobase", *pair)) > 0 and float(change(table, "step_slope", *pair)) > -DETECTABLE
        for pair in pairs
    ]
    return [
        *(_compared(table, *pair) for pair in pairs),
        f"Of {len(pairs)} rises in tonic conductance, {sum(subtracts)} shift the response to steps without lowering its "
        f"slope (subtraction), and {sum(divides)} lower the gain of the response to mossy fibres (division).",
    ]


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: a row for the conductance and one for the dose; steps, fibres, and gain against offset."""
    known = table["condition"].values.tolist()
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 4.6))
    for row, conditions in zip(figure.subplots(2, 3, width_ratios=(1, 1.3, 0.8)), (BY_CONDUCTANCE, BY_DOSE)):
        conditions = [one for one in conditions if one in known]
        by_dose = conditions[-1] in BY_DOSE[1:]
        for place, condition in enumerate(conditions):
            colour, of = f"C{place + (3 if by_dose and place else int(by_dose))}", table.sel(condition=condition)
            name = f"{float(of['allopregnanolone']):g} nM" if by_dose else f"{float(of['tonic_conductance']):g} nS"
            row[0].plot(of["step_current"], of["gc_step_rate"], "o-", color=colour, markersize=2, label=name)
            _draw_curve(row[1], of, colour)
            gain = paired_change(of["gain"].values)
            row[2].errorbar(place, gain.mean, gain.high - gain.mean, fmt="o", color=colour, capsize=2.5)
        row[0].legend(title="allopregnanolone" if by_dose else "tonic conductance", loc="upper left")
        row[0].set(xlabel="step of current (pA)", ylabel="rate (Hz)", xlim=(0, None), ylim=(0, None))
        row[1].set(xlabel="rate of each mossy fibre (Hz)", ylabel="rate (Hz)", xlim=(0, None), ylim=(0, None))
        shown = table.sel(condition=conditions)
        conductances = [f"{value:.2f}" for value in shown["gc_mean_g_tonic"].values]
        doses = [f"\n{value:g} nM" if by_dose else "" for value in shown["allopregnanolone"].values]
        row[2].set(xlabel="tonic conductance (nS)", ylabel="gain (Hz per Hz)", xlim=(-0.5, len(conditions) - 0.5))
        row[2].set_xticks(range(len(conditions)), [f"{one}{dose}" for one, dose in zip(conductances, doses)])
        row[2].set_ylim(0, None)
    published = {rate: rows("networks")[f"grc_rate_{rate}"].value for rate in range(15, 151, 15)}
    (points,) = figure.axes[1].plot(
        published.keys(), published.values(), "D", color="black", markerfacecolor="none", markersize=3.5, zorder=4
    )
    figure.axes[1].legend([points], ["cell 156 of\nSchwartz 2012"], loc="upper left", handlelength=1)
    figure.axes[0].set_title("Steps: a shift")
    figure.axes[1].set_title(f"Mossy fibres: a lower slope (lines: Hill, {table.sizes['seed']} seeds)")
    figure.axes[2].set_title("Gain, 95 % interval")
    return figure


def _draw_curve(ax, of: xarray.Dataset, colour: str) -> None:
    """Mean rates of one condition, and the curve whose three numbers are the means over seeds."""
    ax.plot(of["mossy_rate"], of["gc_mean_rate"].mean("seed"), "o", color=colour, markersize=2.5)
    curve = Hill(*(float(of[name].mean()) for name in _CURVE))
    rates = np.linspace(1, float(of["mossy_rate"].max()), 200)
    ax.plot(rates, curve.at(rates), color=colour)
    if curve.half <= rates[-1]:
        ax.plot(curve.half, curve.at(curve.half), "|", color=colour, markersize=9)


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    quick = {
        "mossy_rates": (20, 40, 60, 90, 120, 150, 200),
        "conditions": {name: CONDITIONS[name] for name in ("0 nS", "0.438 nS", "0.438 nS, 300 nM")},
        "seeds": 3,
        "duration": "1.5 s",
    }
    smaller = "3 conditions, 7 rates of the fibres, 3 seeds of 1.5 s"
    return run_script("gain_and_offset", __doc__, gain_and_offset, draw, findings, quick, smaller, arguments, seeds=6)


if __name__ == "__main__":
    sys.exit(main())

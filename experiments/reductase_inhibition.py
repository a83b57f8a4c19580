"""Inhibition of 5alpha-reductase: dutasteride over the menstrual cycle, finasteride in men, and how far a network notices.

Questions
    1. Does dutasteride flatten the luteal rise of allopregnanolone at 2.5 mg/day and not at 0.5 mg/day (Martinez et al. 2016,
       doi:10.1038/npp.2015.246), and what is left of it at the receptor of a network whose sensitivity is the same?
    2. What does a network lose with the endogenous tone that finasteride takes away? Sleep spindles of 27 men on it did not
       differ from those of 27 others (PMC4718775); of spindles, nothing here can speak.

Concentration
    `biosynthesis`: progesterone to 5alpha-DHP to allopregnanolone, in plasma and, scaled alike, in the brain's own
    synthesis; that the drugs reach the enzyme of the brain is assumed. 1: two cycles, dutasteride from the second on; the
    dose that halves the enzyme was fitted to the words of that very study, so the flattening is no prediction. 2:
    follicular progesterone, which men have too; finasteride 5 mg/day, which leaves 0.3 of the activity, and a complete
    block as a bound, both in full from 0 h on; social isolation (half the level, mice) and an SSRI (3alpha-reduction
    doubled, contested) as states. In men it gives 0.15 nM in plasma, less than the 0.5 nM often quoted, and 15.4 nmol/kg in
    the brain, which is mostly the brain's own, C_loc, assumed: 0 to 20; levels are given with 0 too. What happens within
    hours of a change has the rates of mouse cortex, plasma too: for people, only steady levels can be read. Rat enzyme
    under finasteride (Azzolina et al. 1997, doi:10.1016/s0960-0760(97)00002-2) as curves alone. Map `anchored`; a network
    also with f_eff x 0.33 and x 3.3.

Receptors
    Without slow regulation. Premenstrual dysphoric disorder is another sensitivity and not another level; none was
    measured. A receptor 3.3 times as sensitive meets a concentration as with f_eff x 3.3, which stands for it.

Network
    `pv_gamma`, as shipped. It has no thalamus and makes no spindles.

Design and read-outs
    Condition x time x seeds, 2 s with the first 0.5 s discarded, concentration held; a seed draws cells, contacts and initial
    state. Gamma frequency: a change is a mean of paired differences over seeds with its 95 % interval, not resolved if that
    includes 0. The spread over seeds is that of networks of one size, not of men, so no power for a study follows from it.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import xarray
from matplotlib.figure import Figure

import allotone
from allotone import InputError, Network, SimulationError, figures, paired_change, run_along, write_table

CYCLE_H = 28.1 * 24
F_EFF = {"f_eff x 0.33": 0.022, "f_eff x 3.3": 0.22}
_TREATED = {"inhibitor": "dutasteride", "onset": f"{CYCLE_H + 24!r} h"}
CYCLE = {
    "untreated": {},
    "0.5 mg/day": {**_TREATED, "inhibitor_dose": "0.5 mg/day"},
    "2.5 mg/day": {**_TREATED, "inhibitor_dose": "2.5 mg/day"},
    "untreated, f_eff x 3.3": {"f_eff": F_EFF["f_eff x 3.3"]},
    "2.5 mg/day, f_eff x 3.3": {**_TREATED, "f_eff": F_EFF["f_eff x 3.3"], "inhibitor_dose": "2.5 mg/day"},
}
# Follicular and luteal, before and under the drug.
CYCLE_DAYS = (7.0, 20.0, 35.1, 48.1)
MEN = {
    "finasteride": {"inhibitor": "finasteride", "inhibitor_dose": "5 mg/day"},
    "block": {"inhibitor": "block"},
    "isolation": {"state": "isolation"},
    "SSRI": {"state": "ssri"},
    **{f"block, {word}": {"inhibitor": "block", "f_eff": f_eff} for word, f_eff in F_EFF.items()},
}
MEN_H = (-0.5, 0.5, 4.0)
RAT_NM = np.geomspace(1e-4, 1000, 57)
RAT = {"rat type 1": "rat_type_1", "rat type 2": "rat_type_2"}
RAT_H = (0.5, 24.0)
RUN = {"discard": "0.5 s", "statistics": ("peak_frequency",)}
SIZES = {
    "full": {"seeds": 8},
    "quick": {"seeds": 2, "duration": "1 s", "cycle_days": CYCLE_DAYS[2:], "men_h": (-0.5, 4.0)},
}


def cycle_course(days, condition: str):
    """Concentration at days of the first cycle, array (times,), where the second goes on counting."""
    # Day 0 at schedule time 0, so that hours over 24 are the day.
    values = {"map": "anchored", "source": "menstrual_cycle", "day": 0, **CYCLE[condition]}
    return allotone.slow_time(allotone.schedule("biosynthesis", **values), 24 * np.asarray(days))


def men_course(hours, condition: str):
    """Concentration at hours after the inhibitor begins, array (times,)."""
    return allotone.slow_time(allotone.schedule("biosynthesis", map="anchored", **MEN[condition]), hours)


def add_tonic(table: xarray.Dataset) -> xarray.Dataset:
    """The table with `tonic_conductance`, relative to no steroid."""
    concentration = table["allopregnanolone"]
    fold = allotone.tonic_fold(0.16, concentration.values, allotone.receptor("alpha1_beta_delta", "slice"))
    return table.assign(tonic_conductance=(concentration.dims, fold, {"units": "1"}))


def courses(part: str) -> xarray.Dataset:
    """`plasma`, `brain`, `allopregnanolone`, `tonic_conductance` (condition, time) of "cycle" or "men", for the figure."""
    names = [name for name, values in (CYCLE if part == "cycle" else MEN).items() if "f_eff" not in values]
    if part == "cycle":
        # Day by day, for the brain forgets within hours; solving it through two cycles would take far longer.
        found = [xarray.concat([cycle_course([day], name).dataset() for day in range(1, 58)], "time") for name in names]
    else:
        found = [men_course(np.linspace(-1, 4, 101), name).dataset() for name in names]
    named = ("condition", names, {"units": "1"})
    return add_tonic(xarray.concat(found, "condition").assign_coords(condition=named))


def part_of(part: str, times, **settings) -> xarray.Dataset:
    """Concentrations and statistics of `pv_gamma` (condition, time, seed) of "cycle" or "men"."""
    network, course = Network.load("pv_gamma"), cycle_course if part == "cycle" else men_course
    conditions = {name: (network, course(times, name)) for name in (CYCLE if part == "cycle" else MEN)}
    return add_tonic(run_along(conditions, **RUN, **settings))


def rat_curves() -> xarray.DataArray:
    """Synthesis in the brain under finasteride by each rat type (enzyme, inhibitor_concentration, hour)."""

    def synthesis(enzyme, nM):
        given = {"inhibitor": "finasteride", "enzyme": enzyme, "inhibitor_concentration": f"{nM!r} nM"}
        return allotone.schedule("biosynthesis", **given).relative_synthesis(RAT_H)

    values = [[synthesis(enzyme, nM) for nM in RAT_NM.tolist()] for enzyme in RAT.values()]
    coordinates = {
        "enzyme": ("enzyme", list(RAT), {"units": "1"}),
        "inhibitor_concentration": ("inhibitor_concentration", RAT_NM, {"units": "nM"}),
        "hour": ("hour", list(RAT_H), {"units": "h"}),
    }
    attributes = {"units": "1", "description": "synthesis in the brain relative to no inhibitor"}
    return xarray.DataArray(values, coordinates, list(coordinates), attrs=attributes)


def reductase_inhibition(seeds=8, duration="2 s", cycle_days=CYCLE_DAYS, men_h=MEN_H) -> xarray.Dataset:
    """All read-outs: `cycle_*` (condition, cycle_time, seed), `men_*` (state, men_time, seed), and the rat's curves."""
    table = xarray.Dataset({"rat_synthesis": rat_curves()})
    clocks = {"cycle": (cycle_days, {"time": "cycle_time"}), "men": (men_h, {"time": "men_time", "condition": "state"})}
    for part, (times, clock) in clocks.items():
        found = part_of(part, times, seeds=seeds, duration=duration, show_progress=True)
        table = table.merge(found.rename({name: f"{part}_{name}" for name in found.data_vars} | clock))
        table.attrs |= {f"{part}_{name}": text for name, text in found.attrs.items()}
    return table


def against_untreated(men: xarray.DataArray) -> xarray.DataArray:
    """A read-out of men (state, men_time, seed) less that of the same networks without treatment."""
    # Isolation and an SSRI are states of the whole time: their untreated is that before a block.
    before = men.isel(men_time=0).sel(state=[name if "inhibitor" in MEN[name] else "block" for name in MEN])
    return men - before.assign_coords(state=men["state"])


def findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line each."""
    gamma, men = table["cycle_pv_peak_frequency"], table["men_pv_peak_frequency"]
    follicular, luteal = table["cycle_time"].values[-2:]
    before, after = table["men_time"].values[[0, -1]]

    def told(values):
        return paired_change(values).text("Hz", 3)

    def rise(values):
        return values.sel(cycle_time=luteal) - values.sel(cycle_time=follicular)

    def half(enzyme, hour):
        return float(np.interp(-0.5, -table["rat_synthesis"].sel(enzyme=enzyme, hour=hour), RAT_NM))

    def drug(name, against):
        return told(gamma.sel(condition=name, cycle_time=luteal) - gamma.sel(condition=against, cycle_time=luteal))

    def level(part, name, values, time, digits=2):
        key = {"cycle": ("condition", "cycle_time"), "men": ("state", "men_time")}[part]
        return f"{float(table[f'{part}_{values}'].sel({key[0]: name, key[1]: time})):.{digits}f}"

    moved = against_untreated(men).sel(men_time=after)
    left = men_course([before, 0.5], "block").brain
    maps = {
        name: allotone.schedule("biosynthesis", map=name, **MEN["finasteride"]).receptor([before, after]).values
        for name in allotone.concentration.MAPS
    }
    own = {
        C_loc: allotone.schedule("biosynthesis", map="anchored", C_loc=f"{C_loc} nmol/kg", **MEN["finasteride"])
        for C_loc in (15, 0, 20)
    }
    plasma = {name: float(rise(table["cycle_plasma"]).sel(condition=name)) for name in CYCLE}
    rises = {name: told(rise(gamma).sel(condition=name)) for name in CYCLE}
    return [
        f"Luteal rise in plasma: {plasma['untreated']:.2f} nM untreated; 0.5 mg/day leaves "
        f"{plasma['0.5 mg/day'] / plasma['untreated']:.0%}, 2.5 mg/day {plasma['2.5 mg/day'] / plasma['untreated']:.0%} after "
        f"{(luteal - CYCLE_H - 24) / 24:.0f} days of it. That a quarter is left after 28 was put in.",
        f"At the receptor, luteal: {level('cycle', 'untreated', 'allopregnanolone', luteal)} nM untreated, "
        f"{level('cycle', '2.5 mg/day', 'allopregnanolone', luteal)} nM under 2.5 mg/day, with the brain's own synthesis "
        f"inhibited alike; {level('cycle', 'untreated', 'allopregnanolone', follicular)} nM follicular, untreated.",
        f"Gamma frequency, luteal against follicular: untreated {rises['untreated']}; 2.5 mg/day {rises['2.5 mg/day']}; "
        f"untreated, f_eff x 3.3, {rises['untreated, f_eff x 3.3']}.",
        f"Gamma frequency, luteal, drug against none: 0.5 mg/day {drug('0.5 mg/day', 'untreated')}; 2.5 mg/day "
        f"{drug('2.5 mg/day', 'untreated')}; with f_eff x 3.3 "
        f"{drug('2.5 mg/day, f_eff x 3.3', 'untreated, f_eff x 3.3')}; of {float(gamma.sel(condition='untreated').mean()):.1f} Hz.",
        f"Men, brain total: {level('men', 'block', 'brain', before, 1)} nmol/kg untreated, "
        f"{level('men', 'finasteride', 'brain', after, 1)} under finasteride, {level('men', 'isolation', 'brain', after, 1)} "
        f"isolated, {level('men', 'SSRI', 'brain', after, 1)} under an SSRI; a block leaves "
        f"{left[1] / left[0]:.0%} after 30 min (10 to 20 % in the cortex of mice).",
        "At the receptor under finasteride, by map: "
        + "; ".join(f"{name} {first:.3g} to {last:.3g} nM" for name, (first, last) in maps.items())
        + ". 'tissue' holds nmol/kg for nM.",
        "That is mostly C_loc, assumed; anchored, with "
        + "; ".join(
            "{} nmol/kg {:.2g} to {:.2g} nM".format(C_loc, *one.receptor([before, after]).values)
            for C_loc, one in own.items()
        )
        + ".",
        "Men, gamma frequency against untreated: "
        + "; ".join(f"{name} {told(moved.sel(state=name))}" for name in MEN)
        + ".",
        f"Finasteride, which leaves 0.3 of the enzyme, less a full block: "
        f"{told(moved.sel(state='finasteride') - moved.sel(state='block'))}. "
        "Hundredths of a Hz, though resolved, are no dose-response; and gamma is no spindle, so nothing follows for men's sleep.",
        "Rat enzyme, half inhibited by finasteride, after "
        + "; ".join(f"{hour:g} h: " + ", ".join(f"{name} {half(name, hour):.2g} nM" for name in RAT) for hour in RAT_H)
        + ".",
    ]


def _column(axes, table: xarray.Dataset, part: str, title: str) -> None:
    dense = courses(part)
    gamma = table[f"{part}_pv_peak_frequency"]
    # Networks differ from each other by more than any of this.
    moved = gamma - gamma.isel(cycle_time=0) if part == "cycle" else against_untreated(gamma)
    few = xarray.Dataset({"change": moved.assign_attrs(units="Hz")})
    few = few.rename({f"{part}_time": "time"} | ({"state": "condition"} if part == "men" else {}))
    names = {"plasma": "plasma", "allopregnanolone": "receptor", "tonic_conductance": "tonic\nconductance"}
    unit = "day" if part == "cycle" else "h"
    hours = dense["time"].values / (24 if part == "cycle" else 1)
    brain = dense["brain"].isel(condition=-1 if part == "cycle" else 0)
    axes[1].fill_between(hours, *(f_eff * brain for f_eff in F_EFF.values()), color="black", alpha=0.1, linewidth=0)
    figures.slow_time(dense, list(names), hue="condition", axes=axes[:3], unit=unit, labels=names)
    figures.slow_time(
        few, ["change"], hue="condition", axes=axes[3:], unit=unit, labels={"change": "change of\ngamma freq."}
    )
    axes[2].set_xlabel("")
    axes[1].set_ylim(bottom=0)
    axes[0].set_title(title)
    for axis in axes:
        axis.set_xlim(hours[0], 1.01 * hours[-1])
        axis.axvline(1 + CYCLE_H / 24 if part == "cycle" else 0, color="black", linewidth=0.6, linestyle=":")


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: left the cycle under dutasteride, right men under finasteride, below the enzymes of the rat."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 7.4))
    grid = figure.add_gridspec(5, 2)
    columns = [[figure.add_subplot(grid[row, column]) for row in range(4)] for column in range(2)]
    shown = f"mean ± SD over {table.sizes['seed']} seeds; band: f_eff x 0.33 to x 3.3"
    _column(columns[0], table, "cycle", "dutasteride in the second cycle")
    _column(columns[1], table, "men", "men; inhibitors from 0 h on, rates of mice")
    figure.suptitle(shown, x=0.99, ha="right", fontsize=7)
    ax = figure.add_subplot(grid[4, 0])
    for enzyme, colour in zip(RAT, ("C0", "C1")):
        for hour, pattern in zip(RAT_H, ("--", "-")):
            curve = table["rat_synthesis"].sel(enzyme=enzyme, hour=hour)
            ax.semilogx(RAT_NM, curve, pattern, color=colour, label=f"{enzyme}, {hour:g} h")
    ax.set(xlabel="finasteride (nM)", ylabel="synthesis")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, help="default 8, or 2 with --quick")
    parser.add_argument("--quick", action="store_true", help="2 times in each part, 2 seeds, runs of 1 s")
    parser.add_argument("--output", help="path without suffix; default results/reductase_inhibition[_quick]")
    options = parser.parse_args(arguments)
    size = "quick" if options.quick else "full"
    output = options.output or "results/reductase_inhibition" + ("_quick" if options.quick else "")
    chosen = SIZES[size] | ({} if options.seeds is None else {"seeds": options.seeds})
    if chosen["seeds"] < 2:
        print(f"reductase_inhibition: --seeds {options.seeds} leaves no spread; give at least 2", file=sys.stderr)
        return 2
    try:
        table = reductase_inhibition(**chosen)
        table.attrs["size"] = size
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write_table(table, f"{output}.h5")
        figures.save(draw(table), f"{output}.png")
    except (InputError, SimulationError) as error:
        print(f"reductase_inhibition: {error}", file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1
    if options.quick:
        print(f"Quick size: few times, {chosen['seeds']} seeds. Verdicts need the full size.")
    print("\n".join(findings(table)))
    print(f"Table: {output}.h5   Figure: {output}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())

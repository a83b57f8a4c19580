"""Potency of allopregnanolone at every receptor subtype, with published points over the curves.

Question
    How much does the steroid open each subtype, at which GABA, and where do published concentrations and folds lie?

Design
    Open probability of every subtype, recombinant and in slice, against GABA (10 nM to 10 mM) and against
    allopregnanolone (1 nM to 10 uM); direct gating without GABA; the fold at ambient GABA and under conditions
    that were measured. Plain functions of `allotone.receptors`; nothing is simulated.

Data
    Rows of the published pharmacology, each drawn on a curve of its own condition: its steroid, its GABA, its receptor.
    Open symbols are recalled, not read. Defaults were fitted to some of the points (`role` calibration in the table):
    those are no evidence. A point stands at the half of a curve where only an EC50 was published. The points at 30 nM
    THDOC are peaks of GABA curves by their abstract, so saturating GABA. At gamma2 the curve of that is drawn besides the
    one at the EC50 of GABA, on which the point would lie if the source meant that. The test GABA of the isolated
    granule cells was not seen: the model spans 2 to 10 uM. Under direct gating the band is where THDOC opens, the curves
    are allopregnanolone's. Left out: the fall of the peak by 1 uM THDOC on 1 mM GABA at gamma2, which this gating model
    cannot give.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import xarray
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from allotone import InputError, figures, open_probability, receptor, tonic_fold, write_table
from allotone.figures.style import label_line_ends
from allotone.published import rows
from allotone.receptors import (
    SUBTYPES,
    ReferenceState,
    direct_open_probability,
    gaba_ec50,
    gaba_for_share,
    potentiation,
    steroid_ec50,
)
from allotone.units import magnitude

PREPARATIONS = ("recombinant", "slice")
CURVES_NM = (0.0, 30.0, 100.0, 1000.0)
AMBIENT_UM = float(magnitude(ReferenceState().gaba, "uM"))
# Row of a GABA EC50 and the subtype whose curve it belongs to.
GABA_POINTS = {
    "gaba_ec50_a1b2g2L_hek": "alpha1_beta_gamma2",
    "gaba_ec50_a1b2g2L_concat": "alpha1_beta_gamma2_concatemer",
    "mort_gaba_ec50_a1b2g2": "alpha1_beta_gamma2",
    "mort_gaba_ec50_a2b3g2": "alpha2_beta_gamma2",
    "mort_gaba_ec50_a3b3g2": "alpha2_beta_gamma2",  # its numbers are those of alpha2
    "mort_gaba_ec50_a5b3g2": "alpha5_beta_gamma2",
    "gaba_ec50_a4b2d_oo": "alpha4_beta_delta",
    "gaba_ec50_a4b3d_oo": "alpha4_beta_delta",
    "gaba_ec50_a4b3d_oo_lo": "alpha4_beta_delta",
    "mort_gaba_ec50_a4b3d": "alpha4_beta_delta",
    "mort_gaba_ec50_a1b3d": "alpha1_beta_delta",
    "mort_gaba_ec50_a6b3d": "alpha6_beta_delta",
}
# Row of a steroid EC50: how it is named, subtype, steroid, GABA of the test in uM from least to greatest
# (None: that of a tenth of the maximum).
STEROID_POINTS = {
    "allo_ec50_a1b2g2L_oo": (
        "allopregnanolone, 2 µM GABA",
        "alpha1_beta_gamma2_concatemer",
        "allopregnanolone",
        (2, 2),
    ),
    "thdoc_ec50_a1b2g2L_oo": ("THDOC, 2 µM GABA", "alpha1_beta_gamma2_concatemer", "thdoc", (2, 2)),
    "alfax_ec50_a1b2g2L_oo": ("alfaxalone, 2 µM GABA", "alpha1_beta_gamma2_concatemer", "alfaxalone", (2, 2)),
    "allo_ec50_a1b2g2L": ("allopregnanolone, GABA EC10", "alpha1_beta_gamma2", "allopregnanolone", None),
    "allo_ec50_a5b1g2L": ("allopregnanolone, α5, GABA EC10", "alpha5_beta_gamma2", "allopregnanolone", None),
    "allo_ec50_dgc_neo": ("allopregnanolone, granule cells P7-14", "alpha1_beta_gamma2", "allopregnanolone", (2, 10)),
    "allo_ec50_dgc_adult": ("allopregnanolone, granule cells", "alpha1_beta_gamma2", "allopregnanolone", (2, 10)),
}


def curves(count: int = 61) -> xarray.Dataset:
    """Open probability, fold at ambient GABA and direct gating of every subtype."""
    gaba = np.geomspace(1e-2, 1e4, count)
    doses = np.geomspace(1, 1e4, count)
    axes = {
        "receptor": ("1", list(SUBTYPES)), "preparation": ("1", list(PREPARATIONS)), "gaba": ("uM", gaba),
        "chosen_dose": ("nM", list(CURVES_NM)), "allopregnanolone": ("nM", doses),
    }  # fmt: skip
    table = xarray.Dataset(coords={name: (name, values, {"units": unit}) for name, (unit, values) in axes.items()})
    subtypes = [[receptor(name, preparation) for preparation in PREPARATIONS] for name in SUBTYPES]

    def each(function):
        return np.array([[function(one) for one in pair] for pair in subtypes])

    both = ("receptor", "preparation")
    chosen = np.array(CURVES_NM)
    found = {
        "open_probability": (
            (*both, "gaba", "chosen_dose"),
            each(lambda one: open_probability(gaba[:, None], chosen, one)),
        ),
        "tonic_fold": ((*both, "allopregnanolone"), each(lambda one: tonic_fold(AMBIENT_UM, doses, one))),
        "direct_over_maximal": (
            (*both, "allopregnanolone"),
            each(lambda one: direct_open_probability(doses, one) / one.maximal_open_probability),
        ),
    }
    for name, (dims, values) in found.items():
        table[name] = (dims, values, {"units": "1"})
    return table


def potencies() -> xarray.Dataset:
    """Published EC50 of steroids and those of the model under the same condition, nM, dimension `potency`.

    `recombinant`, `slice` and `native` have the least and the greatest over the GABA of the test, dimension `end`.
    """
    published = rows("pharmacology")
    measured, model, status = [], {name: [] for name in (*PREPARATIONS, "native")}, []
    for key, (_, name, steroid, test) in STEROID_POINTS.items():
        row = published[key]
        factor = 1000.0 if row.unit == "uM" else 1.0
        measured.append([factor * (row.value if end is None else end) for end in (row.low, row.value, row.high)])
        status.append(row.status)
        for preparation, values in model.items():
            ends = test or 2 * (gaba_for_share(receptor(name, preparation), 0.1),)
            found = [1000 * steroid_ec50(receptor(name, preparation), gaba, steroid) for gaba in ends]
            values.append(sorted(found))
    table = xarray.Dataset(
        coords={
            "potency": ("potency", list(STEROID_POINTS), {"units": "1"}),
            "bound": ("bound", ["low", "value", "high"], {"units": "1"}),
            "end": ("end", ["least", "greatest"], {"units": "1"}),
        }
    )
    table["published_ec50"] = (("potency", "bound"), measured, {"units": "nM"})
    table["status"] = ("potency", status, {"units": "1"})
    for preparation, values in model.items():
        table[f"{preparation}_ec50"] = (("potency", "end"), values, {"units": "nM"})
    return table


def conditions(doses_nM) -> dict[str, tuple[np.ndarray, str]]:
    """Fold at GABA conditions that were measured: name to curve over dose and row of its point at 30 or 1000 nM."""
    alpha4, alpha1 = receptor("alpha4_beta_delta", "recombinant"), receptor("alpha1_beta_delta", "recombinant")
    gamma2 = receptor("alpha1_beta_gamma2", "recombinant")

    def thdoc(gaba, one):
        return potentiation(gaba, 0, one, {"thdoc": np.asarray(doses_nM) / 1000})

    return {
        "α4βδ, 50 µM": potentiation(50, doses_nM, alpha4),
        "α1βδ, 1 mM, THDOC": thdoc(1000, alpha1),
        "α1βγ2, 1 mM, THDOC": thdoc(1000, gamma2),
        "α1βγ2, EC50, THDOC": thdoc(gaba_ec50(gamma2), gamma2),
    }


def findings(table: xarray.Dataset) -> list[str]:
    """Lines on what was found."""
    published = rows("pharmacology")
    lines = ["EC50 of steroids (nM): published, then recombinant, slice, native under the same condition"]
    for key, (name, *_) in STEROID_POINTS.items():
        one = table.sel(potency=key)
        spans = []
        for preparation in (*PREPARATIONS, "native"):
            low, high = one[f"{preparation}_ec50"].values
            spans.append(f"{low:.0f}" if np.isclose(low, high) else f"{low:.0f}-{high:.0f}")
        value = float(one["published_ec50"].sel(bound="value"))
        lines.append(f"  {name:40}{value:7.0f} ({one['status'].item()}){spans[0]:>14}{spans[1]:>10}{spans[2]:>10}")
    sat = published["allo1uM_a4b2d_sat"]
    at_1000, at_30 = conditions(1000.0), conditions(30.0)
    delta, other = published["thdoc30_a1b3d"], published["thdoc30_other"]
    lines.append(
        f"1 uM on 50 uM GABA, alpha4-beta-delta: x{float(at_1000['α4βδ, 50 µM']):.1f}, published x{sat.value:g} "
        f"({sat.low:g} to {sat.high:g}; fitted)."
    )
    lines.append(
        f"THDOC on alpha1-beta-delta: x{float(at_30['α1βδ, 1 mM, THDOC']):.2f} at 30 nM (published above "
        f"x{1 + delta.low / 100:g}), x{float(at_1000['α1βδ, 1 mM, THDOC']):.1f} at 1 uM (above "
        f"x{1 + published['thdoc1000_a1b3d_sat'].low / 100:g}); on gamma2 x{float(at_30['α1βγ2, 1 mM, THDOC']):.2f} at "
        f"30 nM (x{1 + other.low / 100:g} to {1 + other.high / 100:g}; the model gives "
        f"x{float(at_30['α1βγ2, EC50, THDOC']):.2f} at the EC50 of GABA)."
    )
    alfaxalone = gaba_ec50(receptor("alpha1_beta_gamma2_concatemer", "recombinant"), 0, {"alfaxalone": 1})
    row = published["gaba_ec50_a1b2g2L_alf1"]
    verdict = "within" if row.low <= alfaxalone <= row.high else "outside"
    lines.append(
        f"GABA EC50 of the concatemer in 1 uM alfaxalone: {alfaxalone:.1f} uM, {verdict} the published {row.value:g} "
        f"({row.low:g} to {row.high:g})."
    )
    direct = table["direct_over_maximal"].sel(preparation="recombinant").sel(allopregnanolone=1000, method="nearest")
    parts = [
        f"{name} {100 * float(direct.sel(receptor=name)):.2g} %" for name in ("alpha1_beta_gamma2", "alpha4_beta_delta")
    ]
    lines.append(f"Direct gating by 1 uM without GABA, of the maximum by GABA, recombinant: {', '.join(parts)}.")
    return lines


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure of six panels: GABA curves by class; fold at ambient and measured GABA; direct gating, EC50 of steroids."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 7.0))
    (gamma2, delta), (ambient, measured), (direct, potency) = figure.subplots(3, 2)
    for ax, ending in ((gamma2, "gamma2"), (delta, "delta")):
        _gaba_curves(ax, table, [name for name in SUBTYPES if ending in name and "alpha3" not in name])
    gamma2.set_title("gamma2, recombinant; dashed: 1 µM steroid")
    delta.set_title("delta, recombinant; dashed: 1 µM steroid")
    _ambient(ambient, table)
    _measured(measured)
    _direct(direct, table)
    _potencies(potency, table)
    return figure


def _gaba_curves(ax, table, names):
    published = rows("pharmacology")
    shown = table["open_probability"].sel(preparation="recombinant")
    ends, colours = {}, {}
    ax.set_xscale("log")
    ax.set_xlim(0.01, 1e4)
    ax.set_ylim(0, 1)
    for position, name in enumerate(names):
        colours[name] = f"C{position}"
        one = shown.sel(receptor=name)
        ax.plot(table["gaba"], one.sel(chosen_dose=0), color=colours[name])
        ax.plot(table["gaba"], one.sel(chosen_dose=1000), "--", color=colours[name], linewidth=0.8)
        ends[_short(name)] = (1e4, float(one.sel(chosen_dose=0)[-1]), colours[name])
    for key, name in GABA_POINTS.items():
        if name in names:
            row, half = published[key], float(shown.sel(receptor=name, chosen_dose=0)[-1]) / 2
            low, high = (row.value if end is None else end for end in (row.low, row.high))
            face = colours[name] if row.status == "seen" else "white"
            ax.errorbar(
                [row.value], [half], xerr=[[row.value - low], [high - row.value]], fmt="o", color=colours[name],
                markerfacecolor=face, linewidth=0.8, zorder=4,
            )  # fmt: skip
    label_line_ends(ax, ends)
    _log_ticks(ax, [0.01, 0.1, 1, 10, 100, 1000, 10000])
    ax.set_xlabel("GABA (µM)")
    ax.set_ylabel("open probability")
    ax.text(0.98, 0.5, "points: EC50,\nopen: recalled", transform=ax.transAxes, ha="right", fontsize=7)


def _ambient(ax, table):
    names = ["alpha1_beta_gamma2", "alpha5_beta_gamma2", "alpha4_beta_delta", "alpha6_beta_delta"]
    ends = {}
    _dose_axis(ax)
    ax.set_yscale("log")
    ax.set_ylim(0.9, 50)
    for position, name in enumerate(names):
        for preparation, pattern in zip(PREPARATIONS, ("-", "--")):
            fold = table["tonic_fold"].sel(receptor=name, preparation=preparation)
            ax.plot(table["allopregnanolone"], fold, pattern, color=f"C{position}")
        fold = table["tonic_fold"].sel(receptor=name, preparation="recombinant")
        ends[_short(name)] = (1e4, float(fold[-1]), f"C{position}")
    label_line_ends(ax, ends)
    _log_ticks(ax, [1, 2, 5, 10, 20, 50], axis="y")
    ax.set_ylabel("tonic fold")
    ax.set_title(f"at {AMBIENT_UM} µM GABA; dashed: slice")


def _measured(ax):
    published = rows("pharmacology")
    doses = np.geomspace(1, 1e4, 61)
    saturating, low_delta, high_delta, gamma2 = (
        published[key] for key in ("allo1uM_a4b2d_sat", "thdoc30_a1b3d", "thdoc1000_a1b3d_sat", "thdoc30_other")
    )
    _dose_axis(ax, "steroid (nM)")
    ax.set_yscale("log")
    ax.set_ylim(0.9, 20)
    folds = conditions(doses)
    for position, fold in enumerate(folds.values()):
        ax.plot(doses, fold, color=f"C{position}")
    bars = [[saturating.value - saturating.low], [saturating.high - saturating.value]]
    ax.errorbar([1000], [saturating.value], bars, fmt="o", color="C0", zorder=4)
    # Only lower bounds were published.
    for dose, row in ((30, low_delta), (1000, high_delta)):
        bound = 1 + row.low / 100
        ax.errorbar([dose], [bound], [[0], [0.3 * bound]], fmt="_", color="C1", lolims=True, zorder=4)
    value, low, high = (1 + number / 100 for number in (gamma2.value, gamma2.low, gamma2.high))
    ax.errorbar([30], [value], [[value - low], [high - value]], fmt="o", color="C2", zorder=4)
    label_line_ends(
        ax,
        {name.replace(", ", "\n", 1): (1e4, float(fold[-1]), f"C{i}") for i, (name, fold) in enumerate(folds.items())},
    )
    _log_ticks(ax, [1, 2, 5, 10, 20], axis="y")
    ax.set_ylabel("fold over GABA alone")
    ax.set_title("at measured GABA, recombinant; arrows: at least")


def _direct(ax, table):
    published = rows("pharmacology")["thdoc_direct_range"]
    _dose_axis(ax)
    ax.set_yscale("log")
    ax.set_ylim(1e-2, 100)
    ax.axvspan(1000 * published.low, 1000 * published.high, color="#e4e4e4", linewidth=0)
    ax.text(1100 * published.low, 40, "band:\nTHDOC", fontsize=7, va="center")
    ends = {}
    for position, name in enumerate(("alpha1_beta_gamma2", "alpha4_beta_delta")):
        for preparation, pattern in zip(PREPARATIONS, ("-", "--")):
            share = 100 * table["direct_over_maximal"].sel(receptor=name, preparation=preparation)
            ax.plot(table["allopregnanolone"], share, pattern, color=f"C{position}")
            ends[f"{_short(name)}\n{preparation}"] = (1e4, float(share[-1]), f"C{position}")
    label_line_ends(ax, ends)
    _log_ticks(ax, [0.01, 0.1, 1, 10, 100], axis="y")
    ax.set_ylabel("open without GABA (%)")
    ax.set_title("direct gating, share of the maximum by GABA")


def _potencies(ax, table):
    names = [name for name, *_ in STEROID_POINTS.values()]
    height = -np.arange(len(names), dtype=float)
    ax.set_xscale("log")
    ax.set_xlim(5, 10000)
    for preparation, colour, shift in zip((*PREPARATIONS, "native"), ("C1", "C2", "C3"), (-0.12, -0.24, -0.36)):
        ends = table[f"{preparation}_ec50"].values
        ax.plot(np.sqrt(ends[:, 0] * ends[:, 1]), height + shift, "o", color=colour, label=preparation)
        ax.hlines(height + shift, ends[:, 0], ends[:, 1], color=colour)
    low, value, high = table["published_ec50"].values.T
    for row, status in enumerate(table["status"].values):
        ax.errorbar(
            [value[row]], [height[row] + 0.1], xerr=[[value[row] - low[row]], [high[row] - value[row]]], fmt="s",
            color="black", markerfacecolor="black" if status == "seen" else "white", zorder=4,
        )  # fmt: skip
    ax.plot([], [], "s", color="black", label="published")
    ax.set_yticks(height - 0.1, [name.replace(", ", ",\n", 1) for name in names], fontsize=6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    _log_ticks(ax, [10, 100, 1000, 10000])
    ax.set_xlabel("EC50 of the steroid (nM)")
    ax.set_title("potency, published (open: recalled) and model")
    ax.legend(loc="lower right", fontsize=6)


def _short(name: str) -> str:
    return (
        name.replace("alpha2", "α2/3")
        .replace("alpha", "α")
        .replace("_beta_", "β")
        .replace("gamma", "γ")
        .replace("delta", "δ")
        .replace("_", " ")
    )


def _dose_axis(ax, text="allopregnanolone (nM)"):
    ax.set_xscale("log")
    ax.set_xlim(1, 1e4)
    _log_ticks(ax, [1, 10, 100, 1000, 10000])
    ax.set_xlabel(text)


def _log_ticks(ax, values, axis="x"):
    (ax.set_xticks if axis == "x" else ax.set_yticks)(values, [f"{value:g}" for value in values])
    (ax.xaxis if axis == "x" else ax.yaxis).set_minor_locator(NullLocator())


def main(arguments=None) -> int:
    """Compute, write the table and the figure, say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer points to a curve")
    parser.add_argument(
        "--output", help="path without suffix; default results/receptor_potency, or results/receptor_potency_quick"
    )
    options = parser.parse_args(arguments)
    size = "quick" if options.quick else "full"
    output = options.output or "results/receptor_potency" + ("_quick" if options.quick else "")
    try:
        table = xarray.merge([curves(13 if options.quick else 61), potencies()])
        table.attrs["size"] = size
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write_table(table, f"{output}.h5")
        figures.save(draw(table), f"{output}.png")
    except InputError as error:
        print(f"receptor_potency: {error}", file=sys.stderr)
        return 2
    if options.quick:
        print("Quick size: 13 instead of 61 points to a curve. Verdicts need the full size.")
    print("\n".join(findings(table)))
    print(f"Table: {output}.h5   Figure: {output}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())

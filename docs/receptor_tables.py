"""What the page on receptors shows: tables and single numbers, computed by the package."""

import inspect
from collections.abc import Iterable, Sequence
from dataclasses import fields

import numpy as np

from allotone.published import rows
from allotone.published.data import row_of
from allotone.receptors import (
    EFFECTS,
    LIGANDS,
    PREPARATIONS,
    RECTIFICATIONS,
    SHEN_2007,
    SUBTYPES,
    Number,
    ReferenceState,
    decay_factor,
    direct_open_probability,
    gaba_ec50,
    gaba_for_fold,
    gaba_hill,
    kinetics,
    open_probability,
    polarity_factor,
    potentiation,
    receptor,
    rectification_factor,
    reversal_potential,
    steady_state_open_probability,
    tonic_fold,
)
from allotone.receptors.regulation import regulate
from allotone.receptors.regulation_presets import REGULATIONS, metabotropic_arm, withdrawal_phenotype
from allotone.units import magnitude

DOSES_NM = (10, 30, 100, 300, 1000)
FOLD_GABA_UM, SATURATING_UM = 0.2, 1000.0
_BINDING = ("L", "K_gaba", "c_gaba")


def row(key: str) -> str:
    """Value, range and unit of a published row, as prose has it."""
    found = row_of(key)
    spread = "" if found.low is None or found.high is None else f" ({found.low:g} to {found.high:g})"
    status = "" if found.status == "seen" else ", recalled"
    return f"{found.value:g}{spread} {_printed(found.unit)}{status}"


def values() -> dict[str, str]:
    """Every placeholder of the page with what stands there."""
    return {**_single_numbers(), **_tables()}


def _single_numbers() -> dict[str, str]:
    published = rows("pharmacology")
    gamma2, delta = receptor("alpha1_beta_gamma2", "recombinant"), receptor("alpha4_beta_delta", "recombinant")
    slices = receptor("alpha1_beta_gamma2"), receptor("alpha4_beta_delta")
    reference = ReferenceState()
    raised = published["tonic_tc_1gaba"].value / published["tonic_tc"].value
    steady = [steady_state_open_probability(SATURATING_UM, dose, gamma2) for dose in (0, 1000)]
    arguments = inspect.signature(reversal_potential).parameters
    found = {
        "reference": f"{_quantity(reference.gaba, 'uM')} GABA, {_quantity(reference.allopregnanolone, 'nM')}"
        f" steroid, {_quantity(reference.voltage, 'mV')}",
        "ambient": _quantity(reference.gaba, "uM"),
        "rectification_reference": _quantity(reference.voltage, "mV"),
        "fold_gaba": f"{FOLD_GABA_UM:g} µM",
        "fold_gap": _percent(_fold_gap("native")),
        "fold_gap_slice": _percent(_fold_gap("slice")),
        "ceiling_recombinant": short(gamma2.c_allo.value**-2),
        "ceiling_slice": short(slices[0].c_allo.value ** -2),
        "ss_change": f"{100 * (1 - float(steady[1] / steady[0])):.1f} %",
        "reversal_defaults": ", ".join(
            f"`{name}` {parameter.default:g}"
            for name, parameter in arguments.items()
            if parameter.default is not inspect.Parameter.empty
        ),
        "tc_gaba": f"{short(gaba_for_fold(slices[1], raised))} µM",
        "tc_bath": published["tonic_tc_1gaba"].quantity.split("with ")[1].replace("uM", "µM"),
        "tc_raise": short(raised),
        "direct_dose": "1000 nM",
        "direct_gamma2": _percent(direct_open_probability(1000, gamma2) / gamma2.maximal_open_probability),
        "direct_delta": _percent(direct_open_probability(1000, delta) / delta.maximal_open_probability),
        "ratio_recombinant": short(delta.K_allo.value / gamma2.K_allo.value),
        "ratio_slice": short(slices[1].K_allo.value / slices[0].K_allo.value),
        "granule_age": published["thdoc100_ipsc_dg_p20"].preparation.split()[-1],
        "hill_dose": "100 nM",
        "slice_100": short(float(tonic_fold(reference.gaba, 100, slices[1]))),
        "hill_100": short(float(decay_factor(100, slices[0]))),
    }
    shen = published["shen_conc"].value
    for preparation in ("slice", "recombinant", "native"):
        subtype = receptor("alpha4_beta_delta", preparation)
        fold = tonic_fold(reference.gaba, shen, subtype) * polarity_factor(-50, published["shen_ecl_hyp"].value, shen)
        found[f"shen_{preparation}"] = short(float(fold))
    return found


def _fold_gap(preparation: str) -> float:
    """Largest excess over `tonic_fold` of the ratio of open probabilities, (1 + L F_allo)/(F_allo (1 + L)) at any GABA."""
    ambient = ReferenceState().gaba
    subtypes = [receptor(name, preparation) for name in SUBTYPES]
    return max(
        float(np.max(potentiation(ambient, DOSES_NM, one) / tonic_fold(ambient, DOSES_NM, one))) - 1 for one in subtypes
    )


def _tables() -> dict[str, str]:
    return {
        "subtypes_recombinant": _subtypes("recombinant"),
        "subtypes_slice": _subtypes("slice"),
        "gaba_numbers": _receptor_numbers(_BINDING),
        "steroid_numbers": _receptor_numbers(
            [field.name for field in fields(receptor("alpha1_beta_gamma2")) if field.type is Number and field.name not in _BINDING]
        ),
        "preparations": _preparations(),
        "side_by_side": _side_by_side(),
        "kinetic_rates": table(
            ("rate", "from", "to", "value", "origin", "source"),
            (
                (f"`{rate.name}`", rate.start, rate.end, f"{rate.value:g} {rate.unit}", rate.origin, rate.source)
                for rate in kinetics.jones_westbrook().rates
            ),
        ),
        "desensitisation_exponent": _numbers([("`desensitisation_exponent`", kinetics.DESENSITISATION_EXPONENT)]),
        "rectification": _rectification(),
        "chloride": table(
            ("chloride_in (mM)", "E_gaba (mV)"),
            (
                (f"{chloride:g}", f"{float(magnitude(reversal_potential(chloride), 'mV')):.1f}")
                for chloride in (5, 6, 8, 10, 25, rows("pharmacology")["cl_ca3_imm"].value)
            ),
        ),
        "ligands": _ligands(),
        "regulation_levels": _regulation_levels(),
        "regulation_numbers": _numbers(
            (f"{preset().species}, `{name}`", number)
            for preset in REGULATIONS.values()
            for name, number in {**preset().levels, **preset().numbers}.items()
        )
        + "\n\n"
        + _numbers((f"metabotropic, `{name}`", number) for name, number in metabotropic_arm().items()),
        "withdrawal": _numbers((name.replace("_", " "), number) for name, number in withdrawal_phenotype().items()),
        "polarity_numbers": _numbers((f"`{name}`", number) for name, number in SHEN_2007.items()),
        "effects": _effects(),
    }  # fmt: skip


def _subtypes(preparation: str) -> str:
    lines = []
    unit = ReferenceState(gaba=f"{FOLD_GABA_UM} uM")
    for name in SUBTYPES:
        one = receptor(name, preparation)
        shares = [float(open_probability(gaba, 0, one)) for gaba in (0.1, 0.5)]
        lines.append(
            (
                f"`{name}`", one.role, f"{one.maximal_open_probability:.2f}", short(gaba_ec50(one)),
                f"{gaba_hill(one):.1f}", *(f"{share:.1g}" for share in shares),
                *(short(float(fold)) for fold in tonic_fold(FOLD_GABA_UM, DOSES_NM, one, unit)),
            )
        )  # fmt: skip
    head = ("receptor", "role", "P_max", "GABA EC50 (µM)", "Hill", "P at 0.1 µM", "P at 0.5 µM")
    return table((*head, *(f"{dose} nM" for dose in DOSES_NM)), lines)


def _receptor_numbers(names: Sequence[str]) -> str:
    """Each number once, with the receptors and preparations that share it."""
    everything = [(name, preparation) for name in SUBTYPES for preparation in PREPARATIONS]
    lines = []
    for number_name in names:
        users: dict[Number, list[tuple[str, str]]] = {}
        for name, preparation in everything:
            users.setdefault(getattr(receptor(name, preparation), number_name), []).append((name, preparation))
        for number, used in users.items():
            lines.append((f"`{number_name}`", _whose({name for name, _ in used}), _which(used), *_cells(number)))
    return table(("number", "receptors", "preparations", "value", "range", "origin", "source"), lines)


def _whose(names: set[str]) -> str:
    for label, ending in (("all", ""), ("all gamma2", "gamma2"), ("all delta", "delta")):
        if names == {name for name in SUBTYPES if ending in name}:
            return label
    return ", ".join(f"`{name}`" for name in SUBTYPES if name in names)


def _which(used: Iterable[tuple[str, str]]) -> str:
    there = {preparation for _, preparation in used}
    return "all" if there == set(PREPARATIONS) else ", ".join(f"`{name}`" for name in PREPARATIONS if name in there)


def _preparations() -> str:
    lines = []
    ambient = ReferenceState().gaba
    for preparation in PREPARATIONS:
        both = [
            tonic_fold(ambient, DOSES_NM, receptor(name, preparation))
            for name in ("alpha4_beta_delta", "alpha1_beta_gamma2")
        ]
        lines.append((f"`{preparation}`", *(f"{short(float(a))} ({short(float(b))})" for a, b in zip(*both))))
    return table(("preparation", *(f"{dose} nM" for dose in DOSES_NM)), lines)


def _side_by_side() -> str:
    doses = np.array(DOSES_NM, float)
    slices, recombinant = receptor("alpha1_beta_gamma2"), receptor("alpha1_beta_gamma2", "recombinant")
    ambient = ReferenceState().gaba
    measures = {"Hill law: IPSC decay": decay_factor(doses, slices)}
    for exponent in (kinetics.DESENSITISATION_EXPONENT.value, kinetics.DESENSITISATION_EXPONENT.high):
        effect = kinetics.kinetic_effect(doses, slices, kinetics.jones_westbrook(exponent))
        scheme = f"scheme, p {exponent:g}"
        measures[f"{scheme}: x"] = effect["x"]
        measures[f"{scheme}: IPSC, area over peak"] = effect["area_over_peak_fold"]
        measures[f"{scheme}: IPSC, peak"] = effect["ipsc_peak_fold"]
        measures[f"{scheme}: saturating peak"] = effect["saturating_peak_fold"]
        measures[f"{scheme}: steady state"] = effect["steady_state_fold"]
    for one in (slices, recombinant):
        at_peak = [open_probability(SATURATING_UM, dose, one) for dose in (doses, 0.0)]
        deep = [steady_state_open_probability(SATURATING_UM, dose, one) for dose in (doses, 0.0)]
        measures[f"gating, `{one.preparation}`: saturating peak, P"] = at_peak[0] / at_peak[1]
        measures[f"gating, `{one.preparation}`: saturating peak, P_ss"] = deep[0] / deep[1]
        measures[f"gating, `{one.preparation}`: tonic fold"] = tonic_fold(ambient, doses, one)
    lines = ((name, *(f"{value:.2f}" for value in fold)) for name, fold in measures.items())
    return table(("", *(f"{dose} nM" for dose in DOSES_NM)), lines)


def _rectification() -> str:
    voltages = (-100, -80, -70, -60, -40, 0)
    lines = ((f"`{kind}`", *(short(float(r)) for r in rectification_factor(voltages, kind))) for kind in RECTIFICATIONS)
    return table(("", *(f"{voltage} mV" for voltage in voltages)), lines)


def _ligands() -> str:
    lines = []
    for name, ligand in LIGANDS.items():
        for subtype in ("alpha1_beta_gamma2", "alpha4_beta_delta"):
            bound = ligand(receptor(subtype, "recombinant"))
            if bound is None:
                lines.append((f"`{name}`", f"`{subtype}`", "no site", *4 * ("",)))
                continue
            numbers = {field.name: getattr(bound, field.name) for field in fields(bound)}
            for key, number in numbers.items():
                if isinstance(number, Number):
                    site = getattr(bound, "site", "block")
                    lines.append((f"`{name}`", f"`{subtype}`", f"{site}, `{key}`", *_cells(number)))
    return table(("ligand", "receptor, `recombinant`", "site, number", "value", "range", "origin", "source"), lines)


def _regulation_levels() -> str:
    lines = []
    for make in REGULATIONS.values():
        preset = make()
        for level, exposure in preset.levels.items():
            found = regulate([0.0], [exposure.value], preset.name)
            numbers = [found.delta, found.gamma2, found.tonic_density]
            lines.append(
                (
                    preset.species, f"`{preset.name}`", level.replace("_", " "), f"{exposure.value:g}",
                    *(f"{float(number[0]):.2f}" for number in numbers),
                )
            )  # fmt: skip
    return table(("species", "preset", "state, adapted", "exposure", "delta", "gamma2", "tonic density"), lines)


def _effects() -> str:
    lines = []
    for make in EFFECTS.values():
        law = make()
        low, high = (f"{end:g}" for end in law.evidence_nM)
        seen = f"{low} nM" if low == high else f"{low} to {high} nM"
        for key in ("maximum", "ec50", "hill"):
            lines.append((f"`{law.name}`", law.target, seen, f"`{key}`", *_cells(getattr(law, key))))
    return table(("effect", "on", "seen at", "number", "value", "range", "origin", "source"), lines)


def _numbers(named: Iterable[tuple[str, Number]]) -> str:
    return table(("number", "value", "range", "origin", "source"), ((name, *_cells(number)) for name, number in named))


def _cells(number: Number) -> tuple[str, str, str, str]:
    """Value with unit, range, origin, source."""
    unit = "" if number.unit == "1" else f" {_printed(number.unit)}"
    span = "none found" if number.low == number.high else f"{short(number.low)} to {short(number.high)}"
    return f"{short(number.value)}{unit}", span, number.origin, number.source


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    body = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in body)


def short(value: float) -> str:
    """Three digits below 100, whole numbers above."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _percent(share) -> str:
    return f"{100 * float(share):.2g} %"


def _quantity(value, unit: str) -> str:
    return f"{float(magnitude(value, unit)):g} {_printed(unit)}"


def _printed(unit: str) -> str:
    return unit.replace("uM", "µM")

"""A definition as text: every value with its path, what agents draw after clipping, and where numbers come from."""

from typing import Any

import numpy as np
from scipy.stats import norm

from ..receptors import LAW, SHEN_2007, SUBTYPES, Number
from .check import cell_model
from .definition import Definition
from .effects import law
from .fields import si
from .local_synthesis import LOCAL_SYNTHESIS, ORIGIN
from .origin import origin_of, origins, receptor_numbers


def flatten(data: Any, path: str = "") -> dict[str, Any]:
    """Dotted path of every value; a distribution over agents stays one value."""
    if isinstance(data, dict) and data and "distribution" not in data:
        flat: dict[str, Any] = {}
        for key, value in data.items():
            flat |= flatten(value, f"{path}.{key}" if path else key)
        return flat
    return {path: data}


def clipped_moments(spread: dict[str, str]) -> tuple[float, float]:
    """Mean (SI units) and coefficient of variation of a distribution over agents after clipping."""
    numbers = {key: si(text) for key, text in spread.items() if key != "distribution"}
    low, high = numbers.get("min", -np.inf), numbers.get("max", np.inf)
    shares = (np.arange(100_000) + 0.5) / 100_000
    if spread["distribution"] in ("uniform", "linear"):
        values = low + (high - low) * shares
    else:
        mean = numbers["mean"]
        sd = numbers.get("sd", abs(mean) * numbers.get("cv", 0.0))
        if spread["distribution"] == "normal":
            values = np.clip(norm.ppf(shares, mean, sd), low, high)
        else:
            sigma = np.sqrt(np.log1p((sd / mean) ** 2))
            values = np.clip(mean * np.exp(sigma * norm.ppf(shares) - sigma**2 / 2), low, high)
    mean = float(values.mean())
    return mean, float(values.std() / abs(mean)) if mean else float("nan")


def describe(definition: Definition, comments: dict[str, str]) -> str:
    """Text of `allotone show`: one line a value, then the receptors' numbers."""
    schema, found = definition.schema, origins(definition, comments)
    lines = [schema.title, *(f"  {source}" for source in schema.source), f"sha256 {definition.sha256}", ""]
    values = {
        path: value
        for path, value in flatten(definition.data).items()
        if path not in ("title", "source") and not path.startswith("models.") and value not in (None, {}, [], "")
    }
    width = max(len(path) for path in values) + 2
    for path, value in values.items():
        lines.append(f"{path:{width}}{_text(definition, path, value):42} {origin_of(path, found)}".rstrip())
    for place, receptor in receptor_numbers(definition).items():
        lines += ["", f"{receptor.name}, {receptor.preparation} ({place})"]
        for name in ("L", "K_gaba", "c_gaba", "K_allo", "c_allo", "decay_max", "decay_ec50", "decay_hill"):
            number, given = getattr(receptor, name), f"{place}.receptor_parameters.{name}"
            default = getattr(SUBTYPES[receptor.name](receptor.preparation), name)
            origin = f"{number.origin}: {found.get(given, number.source)}"
            lines.append(_number(name, number, origin, default if default != number else None))
    for name, effect in schema.effects.items():
        one = law(schema, name)
        lines += ["", f"effects.{name}: a factor on {effect.path}"]
        for key in LAW:
            number = getattr(one, key)
            lines.append(_number(key, number, f"{number.origin}: {number.source}" if effect.effect else number.source))
        lines.append(f"  {'evidence':12}{one.evidence_nM[0]:g} to {one.evidence_nM[1]:g} nM, {one.target}")
    if schema.medium.local_synthesis is not None:
        lines += ["", LOCAL_SYNTHESIS, f"  {ORIGIN}"]
    if any(tonic.polarity_switch != "none" for one in schema.populations.values() for tonic in one.tonic.values()):
        lines += ["", "polarity_switch shen_2007"]
        lines += [_number(key, one, f"{one.origin}: {one.source}") for key, one in SHEN_2007.items()]
    return "\n".join(lines)


def _number(name: str, number: Number, origin: str, replaced: Number | None = None) -> str:
    notes = [] if replaced is None else [f"default {replaced.value:g}"]
    range_of = replaced or number
    notes += [f"{range_of.low:g} to {range_of.high:g}"] if range_of.low != range_of.high else []
    extent = f" ({', '.join(notes)})" if notes else ""
    value = f"{number.value:g} {number.unit if number.unit != '1' else ''}".rstrip() + extent
    return f"  {name:12}{value:28} {origin}"


def _text(definition: Definition, path: str, value: Any) -> str:
    if isinstance(value, dict):
        unit = next(text for key, text in value.items() if key not in ("distribution", "cv")).partition(" ")[2]
        mean, cv = clipped_moments(value)
        scale = si(f"1 {unit}") if unit else 1.0
        given = ", ".join(f"{key} {text}" for key, text in value.items() if key != "distribution")
        return f"{value['distribution']}: {given}; agents: mean {mean / scale:.4g} {unit}, cv {cv:.3g}"
    text = str(value)
    return text + _whole_cell(definition, path, text)


def _whole_cell(definition: Definition, path: str, text: str) -> str:
    """What a value per area is in a whole cell of its population, in brackets."""
    keys = path.split(".")
    if not text.endswith("/cm2") or keys[0] not in ("populations", "projections"):
        return ""
    name = keys[1] if keys[0] == "populations" else definition.schema.projections[keys[1]].target
    model = cell_model(definition.schema, definition.schema.populations[name])
    if not model.area:
        return ""
    whole = si(text) * si(model.area)
    scale, unit = {"mS/cm2": (1e-9, "nS"), "uA/cm2": (1e-12, "pA"), "uF/cm2": (1e-12, "pF")}[text.split(" ")[1]]
    return f" ({whole / scale:.4g} {unit})"

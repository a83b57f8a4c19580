"""Where each number of a definition comes from: the comment on its line of the file, or its model's own origin."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from .. import receptors, synapses
from ..concentration import DEFAULT_MAP, SUM, canonical_schedule, parameters_of
from .check import cell_model, phasic_receptor, tonic_receptor
from .definition import Definition
from .files import find, read
from .local_synthesis import LOCAL_SYNTHESIS, NO_INITIAL_ORIGIN
from .schema import SpikeFile

DEFAULT = "default of the schema"
_SCHEDULE = "medium.allopregnanolone"
# No model has defaults here, so that whatever there is was given.
SET_BY_USER = "set by the user"
_NAME = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_TABLE = re.compile(rf"\s*\[\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")
# The first "#" outside quotes begins the comment.
_COMMENT = re.compile(r"""(?:[^"'#]|"(?:\\.|[^"\\])*"|'[^']*')*#\s*(.*?)\s*$""")


def file_comments(name: str) -> dict[str, str]:
    """Comment of the line that gives each value of a network file, by dotted path; "" where there is none.

    The values of what the file extends are there too, as far as it leaves them in place.
    """
    path = find(name)
    text = path.read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    lines = _line_comments(text, raw)
    own = {leaf: next((lines[above] for above in _upwards(leaf) if above in lines), "") for leaf in _leaves(raw)}
    base = raw.get("extends")
    if not base:
        return own
    beside = path.parent / base
    inherited = file_comments(str(beside) if beside.suffix == ".toml" and beside.is_file() else base)
    left = [leaf for leaf in _leaves(read(path, [])) if leaf not in own]
    kept = {key: comment for key, comment in inherited.items() if any(key in _upwards(leaf) for leaf in left)}
    return kept | own


def _line_comments(text: str, raw: dict[str, Any]) -> dict[str, str]:
    """Comment of each line that sets a key, by the key's dotted path."""
    leaves, comments, table = list(_leaves(raw)), {}, ""
    for line in text.splitlines():
        if match := _TABLE.match(line):
            header = _plain(match[1])
            # A line of a list over several lines may look like the head of a table.
            if any(header in _upwards(leaf) for leaf in leaves):
                table = header + "."
        elif match := _KEY.match(line):
            comment = _COMMENT.match(line)
            comments[table + _plain(match[1])] = comment[1] if comment else ""
    return comments


def _plain(dotted: str) -> str:
    """A dotted key of TOML without spaces and quotes."""
    return re.sub(r"[\s\"']", "", dotted)


def _leaves(data: dict[str, Any], above: str = "") -> Iterator[str]:
    """Dotted path of everything in nested tables that is not a table."""
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


def _upwards(path: str) -> list[str]:
    """A path and those above it, nearest first."""
    keys = path.split(".")
    return [".".join(keys[:length]) for length in range(len(keys), 0, -1)]


def origins(definition: Definition, comments: dict[str, str]) -> dict[str, str]:
    """Origin of every single value, by dotted path, the parts of distributions apart.

    A given value takes its comment, or "network file"; one that is a model's default takes the model's.

    Parameters
    ----------
    comments : dict of str to str
        By dotted path, which may hold `*` and stand above or below the value itself; the last one that fits holds.
    """
    defaults = _model_origins(definition)
    # A schedule is mostly given by name, which leaves its numbers as they are.
    schedule = _schedule_origins(definition.schema.medium.allopregnanolone, _SCHEDULE)
    found = {}
    for leaf in _leaves(definition.data):
        along = {path: comment or "network file" for path, comment in comments.items() if _is_along(path, leaf)}
        given = [
            comment for path, comment in along.items() if leaf not in schedule or path.count(".") == leaf.count(".")
        ]
        default = next((defaults[above] for above in _upwards(leaf) if above in defaults), DEFAULT)
        found[leaf] = given[-1] if given else default
    return found


def _is_along(path: str, leaf: str) -> bool:
    """Whether one of two paths leads to the other: `mean` may have been given to what is a plain value now."""
    return all(key in ("*", name) for key, name in zip(path.split("."), leaf.split(".")))


def _model_origins(definition: Definition) -> dict[str, str]:
    """Origins that hold where no comment says more: those models state for their defaults, by dotted path."""
    schema, found = definition.schema, {f"{LOCAL_SYNTHESIS}.initial": NO_INITIAL_ORIGIN}
    found |= _schedule_origins(schema.medium.allopregnanolone, _SCHEDULE)
    for name, population in schema.populations.items():
        path = f"populations.{name}"
        if isinstance(population.neuron, str):
            model = cell_model(schema, population)
            found |= {f"{path}.parameters.{key}": one.origin for key, one in model.parameters.items()}
            found |= {f"{path}.initial.{key}": f"default of the cell model '{model.name}'" for key in model.initial}
        elif isinstance(population.neuron, SpikeFile):
            found[f"{path}.neuron.spikes"] = "read from the file at path"
        for key, tonic in population.tonic.items():
            own = f"{path}.tonic.{key}.receptor_parameters"
            found |= {f"{own}.{number}": SET_BY_USER for number in tonic.receptor_parameters}
    for name, projection in schema.projections.items():
        own = f"projections.{name}.receptor_parameters"
        found |= {f"{own}.{number}": SET_BY_USER for number in projection.receptor_parameters}
        for kind, models in (
            ("synapse", synapses.MODELS), ("block", synapses.BLOCKS), ("plasticity", synapses.PLASTICITIES),
        ):  # fmt: skip
            model = models.get(getattr(projection, kind)["kind"])
            for key, parameter in model.parameters.items() if model else ():
                found[f"projections.{name}.{kind}.{key}"] = parameter.origin
    return found


def _schedule_origins(schedule: Mapping[str, Any], path: str) -> dict[str, str]:
    """Origins of those numbers of a schedule that are its defaults."""
    parameters, name = dict(parameters_of(schedule["schedule"])), schedule["schedule"]
    usual = canonical_schedule(name) if name not in (SUM, "table") else {}
    if "map" in schedule:
        usual |= canonical_schedule({"schedule": "menopause", "map": schedule["map"]}) | usual
    found = {
        f"{path}.{key}": parameters[key].origin
        for key, value in schedule.items()
        if key in parameters and value == usual.get(key)
    }
    if schedule.get("map") == DEFAULT_MAP:
        found[f"{path}.map"] = "assumed: the default way from plasma to the receptor"
    for name, term in schedule.get("terms", {}).items():
        found |= _schedule_origins(term, f"{path}.terms.{name}")
    return found


def origin_of(path: str, found: dict[str, str]) -> str:
    """Origin of one value: its own; of a distribution, those of its parts that were given or that a model states."""
    parts = [found[leaf] for leaf in found if leaf == path or leaf.startswith(f"{path}.")]
    stated = dict.fromkeys(origin for origin in parts if origin != DEFAULT)
    return "; ".join(stated) or DEFAULT


def receptor_numbers(definition: Definition) -> dict[str, receptors.Receptor]:
    """Every receptor a definition uses, by the dotted path of its place."""
    schema, used = definition.schema, {}
    for name, population in schema.populations.items():
        for key, tonic in population.tonic.items():
            used[f"populations.{name}.tonic.{key}"] = tonic_receptor(schema, tonic)
    for name, projection in schema.projections.items():
        if projection.receptor in receptors.SUBTYPES:
            used[f"projections.{name}"] = phasic_receptor(projection)
    return used

"""Where each number of a definition comes from: the comment on its line of the file, or its model's own origin."""

import re
import tomllib

from .. import receptors, synapses
from .check import cell_model
from .definition import Definition
from .files import find

_TABLE = re.compile(r"^\s*\[([\w.]+)\]")
_KEY = re.compile(r"^\s*([\w.]+)\s*=")
_COMMENT = re.compile(r"#\s*(.+?)\s*$")


def file_comments(name: str) -> dict[str, str]:
    """Comment at the end of each line of a network file, by dotted path; those of what it extends included."""
    path = find(name)
    text = path.read_text(encoding="utf-8")
    base = tomllib.loads(text).get("extends")
    comments: dict[str, str] = {}
    if base:
        beside = path.parent / base
        comments |= file_comments(str(beside) if beside.suffix == ".toml" and beside.is_file() else base)
    table = ""
    for line in text.splitlines():
        # Strings of a network file hold no "#"; a quoted one would only cut a comment short.
        if match := _TABLE.match(line):
            table = match[1] + "."
        elif match := _KEY.match(line):
            comment = _COMMENT.search(line)
            comments[table + match[1]] = comment[1] if comment else ""
    return comments


def origins(definition: Definition, comments: dict[str, str]) -> dict[str, str]:
    """Origin of every value that has one, by dotted path.

    A value in the file takes its line's comment, or "network file"; one that is a model's default takes the model's.
    """
    found = {path: comment or "network file" for path, comment in comments.items()}
    schema = definition.schema
    for name, population in schema.populations.items():
        if isinstance(population.neuron, str):
            for key, parameter in cell_model(schema, population).parameters.items():
                found.setdefault(f"populations.{name}.parameters.{key}", parameter.origin)
    for name, projection in schema.projections.items():
        for key, parameter in synapses.MODELS[projection.synapse["kind"]].parameters.items():
            found.setdefault(f"projections.{name}.synapse.{key}", parameter.origin)
    return found


def origin_of(path: str, found: dict[str, str]) -> str:
    """Origin of one value: its own, or that of the inline table it stands in."""
    keys = path.split(".")
    for length in range(len(keys), 0, -1):
        if ".".join(keys[:length]) in found:
            return found[".".join(keys[:length])]
    return "default of the schema"


def receptor_numbers(definition: Definition) -> dict[str, receptors.Receptor]:
    """Every receptor a definition uses, by the dotted path of its place."""
    schema, used = definition.schema, {}
    for name, population in schema.populations.items():
        for key, tonic in population.tonic.items():
            used[f"populations.{name}.tonic.{key}"] = receptors.receptor(tonic.receptor, tonic.preparation)
    for name, projection in schema.projections.items():
        if projection.receptor in receptors.SUBTYPES:
            used[f"projections.{name}"] = receptors.receptor(projection.receptor, projection.preparation)
    return used

"""A network definition: validated, hashed, overridden by dotted path."""

import copy
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..concentration import NUMBERS, as_table, drop_map
from ..errors import InputError, unknown
from .complete import complete, with_schedule
from .fields import SPREAD_KEYS
from .files import embed_files, find, read
from .rules import Connect
from .schema import Drive, Schema, tags

_TAGGED = {"kind": "kind of drive", "rule": "connection rule"}
_EXPECTED = {"string_type": "text in quotes", "list_type": "a list", "tuple_type": "a list", "too_short": "a pair"}
_NEW_ENTRIES = ("populations", "projections", "effects", "drive", "tonic", "initial", "receptor_parameters")


@dataclass(frozen=True)
class Definition:
    """The validated content of a network file plus overrides: plain data, hashable, picklable.

    `schema` gives typed access; `data` is the same as plain dictionaries of canonical text and numbers, with every
    default written out, so that each value has a dotted path.
    """

    schema: Schema

    @cached_property
    def data(self) -> dict[str, Any]:
        """Plain canonical data."""
        return self.schema.model_dump(mode="json")

    @cached_property
    def json(self) -> str:
        """The data as one line of JSON; equal definitions give equal text."""
        return json.dumps(self.data, sort_keys=True, separators=(",", ":"))

    @cached_property
    def sha256(self) -> str:
        """Hash of the content: the same for the same definition however it was written."""
        return hashlib.sha256(self.json.encode()).hexdigest()

    def __hash__(self) -> int:
        return hash(self.json)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Definition) and self.json == other.json

    @classmethod
    def from_data(cls, data: Mapping[str, Any], folder: Path | None = None) -> "Definition":
        """Definition of a raw table as a TOML file gives it; files it names are looked for in `folder`.

        Raises
        ------
        InputError
            With the dotted path of the first thing that is wrong.
        """
        return cls._from_own(copy.deepcopy(dict(data)), folder)

    @classmethod
    def _from_own(cls, data: dict[str, Any], folder: Path | None) -> "Definition":
        """As `from_data`, of a table that nobody else holds."""
        raw = embed_files(data, folder or Path())
        return cls(_at_dose(raw) or _complete(raw))

    @classmethod
    def load(cls, name: str | Path) -> "Definition":
        """Definition of a shipped network's name or of a TOML file's path.

        Raises
        ------
        InputError
            Nothing of that name, not TOML, or anything wrong inside it.
        """
        path = find(str(name))
        return cls.from_data(read(path, []), path.parent)

    def override(self, values: Mapping[str, Any], folder: Path | None = None) -> "Definition":
        """A definition with other values at some dotted paths; `*` in a path stands for one level.

        A path below another one of them is set in what the other one gave.

        Raises
        ------
        InputError
            A path that is not there (with the nearest name), or a value that does not fit.
        """
        data, values = _copy(self.data), copy.deepcopy(dict(values))
        below = {path: value for path, value in values.items() if any(path.startswith(f"{one}.") for one in values)}
        for path in [path for path in below if path.endswith(".map")]:
            # Numbers given together with the map are not the old map's: what it does not read is refused.
            above = path.removesuffix(".map")
            chosen = drop_map(as_table(values.get(above, {}), above), only_defaults=True)
            below = {f"{above}.{key}": chosen[key] for key in NUMBERS if key in chosen} | below
        # Another map brings other numbers, which may be among the values.
        for path in sorted((path for path in values if path not in below), key=lambda path: not path.endswith(".map")):
            _set(data, path.split("."), values[path], path)
        definition = self._from_own(data, folder)
        return definition.override(below, folder) if below else definition


@dataclass(frozen=True)
class Keyed:
    """Something that is known by a text, which says all that matters of it."""

    text: str
    content: Any = field(compare=False)


def _complete(raw: dict[str, Any]) -> Schema:
    try:
        schema = Schema.model_validate(raw)
    except ValidationError as error:
        raise _translate(error, raw) from None
    return complete(schema)


@lru_cache(maxsize=64)
def _complete_rest(rest: Keyed) -> Schema:
    return _complete(rest.content)


def _at_dose(raw: dict[str, Any]) -> Schema | None:
    """As `_complete`, from a schema that has all but the schedule, so that doses share it; None where that cannot be.

    Nothing but effects looks at both the schedule and anything else.
    """
    medium = raw.get("medium")
    if raw.get("effects") or not isinstance(medium, dict) or "allopregnanolone" not in medium:
        return None
    rest = {**raw, "medium": {key: value for key, value in medium.items() if key != "allopregnanolone"}}
    try:
        schema = _complete_rest(Keyed(json.dumps(rest), rest))
        return with_schedule(schema, medium["allopregnanolone"])
    except (TypeError, ValueError):
        # No plain data, or something wrong, of which the first shall be said.
        return None


def _copy(node: Any) -> Any:
    """A copy of plain data; `copy.deepcopy` is several times slower."""
    if isinstance(node, dict):
        return {key: _copy(value) for key, value in node.items()}
    return [_copy(value) for value in node] if isinstance(node, list) else node


def _set(node: Any, keys: list[str], value: Any, path: str) -> None:
    """Put `value` at the end of `keys` below `node`."""
    key, rest = keys[0], keys[1:]
    if not isinstance(node, dict):
        raise InputError(path, f"'{key}' does not exist: the value above it is {node!r}, not a table")
    if key == "*":
        # A source of spikes has no reversal potential: what lacks the value is passed over, unless everything does.
        having = [child for child in node if _has(node[child], rest)]
        for child in having or node:
            _set(node, [child, *rest], value, path)
        return
    if key not in node and not _may_be_new(path, rest) and not ("schedule" in node and not rest):
        done = path.split(".")[: -len(keys)]
        raise unknown(path, "name in " + (".".join(done) or "the definition") + ":", key, node)
    if key in ("schedule", "compartment") and "schedule" in node and node.get(key) != value:
        above = path.rpartition(".")[0]
        raise InputError(
            path,
            f"another {key} has other parameters, so the old ones cannot stay; give the whole, as in {above}=infusion",
        )
    if key == "map" and "schedule" in node and node.get("map") != value:
        # The numbers are those of the old map.
        for number in node.keys() - drop_map(node).keys() - {"map"}:
            del node[number]
    if not rest:
        node[key] = dict(value) if isinstance(value, Mapping) else value
        if key == "path":
            # The spikes are those of the old file: without them the new one is read.
            node.pop("spikes", None)
        return
    if rest[0] in SPREAD_KEYS and isinstance(node.get(key), str):
        node[key] = {"mean": node[key]}
    if isinstance(node.get(key), dict) and rest[0] in SPREAD_KEYS and rest[0] not in node[key]:
        # sd and cv say the same thing: the newer one holds.
        node[key] = {k: v for k, v in node[key].items() if not {k, rest[0]} == {"sd", "cv"}}
        node[key][rest[0]] = None
    if isinstance(node.get(key), list) and rest[0].isdigit() and int(rest[0]) < len(node[key]) and len(rest) == 1:
        node[key][int(rest[0])] = value
        return
    _set(node[key], rest, value, path)


def _has(node: Any, keys: list[str]) -> bool:
    if not keys or (keys[0] in SPREAD_KEYS and isinstance(node, str)):
        return True
    if not isinstance(node, dict):
        return False
    if keys[0] == "*":
        return any(_has(child, keys[1:]) for child in node.values())
    return keys[0] in node and _has(node[keys[0]], keys[1:])


def _may_be_new(path: str, rest: list[str]) -> bool:
    keys = path.split(".")
    return not rest and len(keys) >= 2 and keys[-2] in _NEW_ENTRIES


def _translate(error: ValidationError, raw: Any) -> InputError:
    """The first of pydantic's complaints as one sentence about one dotted path."""
    first = error.errors(include_url=False)[0]
    node, names, is_tag = raw, [], False
    for step in first["loc"]:
        # Below a drive or a rule pydantic names the kind chosen before the key.
        if isinstance(node, dict) and not is_tag and step in (node.get("kind"), node.get("rule")):
            is_tag = True
            continue
        is_tag = False
        names.append(str(step))
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            node = None
    path = ".".join(names)
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InputError):
        return InputError(path + cause.path if path else cause.path.lstrip("."), cause.message)
    given = first.get("input")
    if first["type"] == "missing":
        return InputError(path, "is missing; give it a value")
    if first["type"] in ("union_tag_invalid", "union_tag_not_found"):
        tag = first["ctx"]["discriminator"].strip("'")
        known = tags(Drive if tag == "kind" else Connect)
        if tag not in given:
            return InputError(f"{path}.{tag}", f"is missing; give one of {', '.join(known)}")
        return unknown(f"{path}.{tag}", _TAGGED[tag], str(given[tag]), known)
    return InputError(path, f"{given!r} is not {_EXPECTED.get(first['type'], 'a table with keys and values')}")

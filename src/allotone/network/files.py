"""Network files: found by name or path, read from TOML, extended, and made to stand on their own."""

import csv
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from ..errors import InputError, unknown


def shipped() -> dict[str, Path]:
    """Networks that come with the package, by name."""
    installed = Path(str(resources.files("allotone") / "networks"))
    # An editable install has no copy inside the package: use the checkout's own folder.
    folder = installed if installed.is_dir() else Path(__file__).parents[3] / "networks"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def find(name: str) -> Path:
    """Path of a network file, from a shipped name or a path."""
    known = shipped()
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix == ".toml" or "/" in name:
        if path.is_file():
            return path
        raise InputError("network", f"there is no file '{name}'")
    raise unknown("network", "network", name, known)


def read(path: Path, children: list[Path]) -> dict[str, Any]:
    """Raw table of a network file with what it extends; `children` are the files that led here."""
    if path.resolve() in children:
        raise InputError("extends", f"'{path.name}' extends itself, by way of {len(children)} file(s)")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(str(path), f"is not a TOML file: {error}") from None
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}") from None
    base = raw.pop("extends", None)
    if base is None:
        return raw
    if not isinstance(base, str):
        raise InputError("extends", f"{base!r} is not the name of a network or the path of a TOML file")
    beside = path.parent / base
    origin = beside if beside.suffix == ".toml" and beside.is_file() else find(base)
    return _merge(embed_files(read(origin, [*children, path.resolve()]), origin.parent), raw)


def _merge(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """`change` on top of `base`; a table of another kind, rule or distribution replaces the whole one."""
    # The spikes of a file stay with the path they were read from.
    merged = {key: value for key, value in base.items() if key != "spikes" or "path" not in change}
    for key, value in change.items():
        old = base.get(key)
        if not (isinstance(old, dict) and isinstance(value, dict)) or key == "reversal":
            merged[key] = value
        elif any(value.get(tag, old.get(tag)) != old.get(tag) for tag in ("kind", "rule", "distribution", "schedule")):
            merged[key] = value
        else:
            merged[key] = _merge(old, value)
    return merged


def embed_files(raw: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The definition with the content of the files it names, so that it stands on its own."""
    # Here, so that what is shipped can be listed without Brian2.
    from .. import neurons
    from ..concentration import with_files

    models = raw.get("models", {})
    if not isinstance(models, dict):
        return raw
    populations = raw.get("populations")
    for name, population in populations.items() if isinstance(populations, dict) else ():
        neuron = population.get("neuron") if isinstance(population, dict) else None
        where = f"populations.{name}.neuron"
        if isinstance(neuron, str) and neuron.endswith(".py"):
            model = neurons.load_file(folder / neuron, where)
            if models.get(model.name, model.to_dict()) != model.to_dict():
                raise InputError(where, f"two different cell models are called '{model.name}'; rename one of them")
            models = {**models, model.name: model.to_dict()}
            population["neuron"] = model.name
        if isinstance(neuron, dict) and neuron.get("kind") == "spike_file" and "spikes" not in neuron:
            if "path" not in neuron:
                raise InputError(
                    f"{where}.path", "is missing; name a CSV file node_id,time_ms, or give spikes in its place"
                )
            neuron["spikes"] = _read_spikes(folder / str(neuron["path"]), f"{where}.path")
    if models:
        raw["models"] = models
    medium = raw.get("medium")
    if isinstance(medium, dict) and "allopregnanolone" in medium:
        medium["allopregnanolone"] = with_files(medium["allopregnanolone"], folder, "medium.allopregnanolone")
    return raw


def _read_spikes(path: Path, where: str) -> list[tuple[int, float]]:
    try:
        with open(path, newline="", encoding="utf-8") as file:
            return [(int(row["node_id"]), float(row["time_ms"])) for row in csv.DictReader(file)]
    except OSError as error:
        raise InputError(where, f"the spike file '{path}' cannot be read: {error.strerror}") from None
    except (KeyError, ValueError, TypeError):
        raise InputError(where, f"'{path}' is not a CSV file with the columns node_id,time_ms") from None

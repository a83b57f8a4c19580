"""What commands share: exit codes, and values by path."""

from pathlib import Path

from ..errors import InputError

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
SCHEDULE = "medium.allopregnanolone"


def settings(options) -> dict[str, str]:
    """What `--set` gives: text by path."""
    values = {}
    for item in options.set:
        path, equals, value = item.partition("=")
        if not equals or not path.strip():
            raise InputError("--set", f"'{item}' is not of the form PATH=VALUE")
        values[path.strip()] = value.strip()
    return values


def definition_of(options):
    """The definition of a network argument with its `--set` values; files named there are sought in this folder."""
    from ..concentration import as_table
    from ..network.definition import Definition

    values = settings(options)
    for option, path in (("allo", SCHEDULE), ("map", f"{SCHEDULE}.map")):
        given = getattr(options, option, None)
        if given is not None and path in values:
            raise InputError(f"--{option}", f"says the same as --set {path}; give one of them")
        if given is not None:
            values[path] = given
    if getattr(options, "map", None) and "map" in as_table(options.allo or "0 nM"):
        raise InputError("--map", f"'{options.allo}' names a map too; give one of them")
    definition = Definition.load(options.network)
    return definition.override(values, Path()) if values else definition

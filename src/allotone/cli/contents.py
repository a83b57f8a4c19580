"""What the package ships, by name: kept in `contents.json`, so that listing it imports none of it.

`python -m allotone.cli.contents` writes that file again; a test holds it against the package.
"""

import json
from pathlib import Path

FILE = Path(__file__).with_name("contents.json")


def shipped() -> dict[str, dict[str, str]]:
    """Names and meanings by kind, as the file has them."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def registered() -> dict[str, dict[str, str]]:
    """The same from the package itself."""
    from .. import neurons, receptors, statistics, synapses
    from ..concentration import SCHEDULES

    return {
        "receptors": {name: receptors.receptor(name).role for name in receptors.SUBTYPES},
        "neurons": {name: model.title for name, model in neurons.MODELS.items()},
        "synapses": {name: model.title for name, model in synapses.MODELS.items()},
        "schedules": {
            name: f"{kind.meaning} [{kind.compartment or 'receptor, brain or plasma'}]"
            for name, kind in SCHEDULES.items()
        },
        "statistics": {name: f"{one.description} [{one.unit}]" for name, one in sorted(statistics.STATISTICS.items())},
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(registered(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

"""Commands about the science: a receptor, a concentration, and the scoreboard."""

import json
import sys

from ..errors import InputError
from .common import DONE, FAILED, settings


def add_commands(command) -> None:
    """Declare `receptor`, `concentration` and `validate`."""
    from ..published.networks import ROOMS

    receptor = command("receptor", _receptor, "what GABA and allopregnanolone do to a receptor, as CSV")
    receptor.add_argument("name", help="a subtype, such as alpha4_beta_delta")
    receptor.add_argument("--preparation", default="slice", help="recombinant, slice (default), native or insensitive")
    receptor.add_argument("--gaba", default="0.16 uM", help="such as 0.2uM or log:0.01:100:9uM")
    receptor.add_argument("--allo", default="0,10,30,100,300,1000 nM", help="such as 0,10,30,100nM")
    receptor.add_argument("--set", action="append", default=[], metavar="NUMBER=VALUE", help="such as K_allo=0.1uM")
    receptor.add_argument("--potency-ratio", metavar="RATIO", help="K_allo of delta receptors over that of gamma2 ones")

    concentration = command("concentration", _concentration, "a schedule's concentration over time, as CSV")
    concentration.add_argument("schedule", help="such as infusion, 'menopause + oral_progesterone', or a CSV file")
    concentration.add_argument("--until", metavar="TIME", help="last time, such as 60h (default: what shows it)")
    concentration.add_argument("--every", metavar="TIME", help="step, such as 1h (default: a hundredth of it)")
    concentration.add_argument(
        "--as", dest="compartment", default="receptor", help="plasma, brain or receptor (default)"
    )
    concentration.add_argument("--map", metavar="NAME", help="way from plasma to the receptor (default anchored)")

    validate = command("validate", _validate, "the scoreboard: the simulator held against published values")
    validate.add_argument(
        "names", nargs="*", metavar="NAME",
        help="only these: receptors and concentration (seconds), networks (minutes, for they are run), "
        f"or single networks: {', '.join(ROOMS)}; all without a name",
    )  # fmt: skip


def _receptor(options) -> int:
    import numpy as np

    from .. import receptors
    from ..units import magnitude, parse
    from ..values import parse_values

    own = settings(options)
    if len(own) < len(options.set):
        names = [item.partition("=")[0].strip() for item in options.set]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"--set {twice}", "is given more than once; give it once")
    for name in ("Q0", "q", "K_q"):
        if name in own:
            raise InputError(f"--set {name}", "nothing reads this, for no column here has desensitisation; drop it")
    try:
        receptor = receptors.receptor(
            options.name, options.preparation, potency_ratio=options.potency_ratio, parameters=own
        )
    except InputError as error:
        kind, _, name = error.path.partition(".")
        option = {"parameters": f"--set {name}", "potency_ratio": "--potency-ratio"}
        raise InputError(option.get(kind, error.path), error.message) from None

    def values(text, path, unit):
        return np.array([float(magnitude(parse(value, path, unit), unit)) for value in parse_values(text, path, unit)])

    table = receptors.receptor_table(
        receptor, values(options.gaba, "--gaba", "uM"), values(options.allo, "--allo", "nM")
    )
    if options.json:
        print(json.dumps({name: np.asarray(column).tolist() for name, column in table.items()}))
        return DONE
    print(",".join(table))
    for row in zip(*table.values()):
        print(",".join(f"{value:.6g}" for value in row))
    return DONE


def _concentration(options) -> int:
    from ..concentration import listing, schedule
    from ..network.medium import way_to_receptor
    from ..units import number_in, parse, write

    if options.map is not None and options.compartment == "plasma":
        raise InputError("--map", f"nothing reads '{options.map}': plasma is where a map begins; leave it out")
    chosen = schedule(options.schedule, **({} if options.map is None else {"map": options.map}))

    def hours(option, text):
        return None if text is None else number_in(write(parse(text, option, "h"), "h"), "h")

    found = listing(chosen, options.compartment, hours("--until", options.until), hours("--every", options.every))
    if options.map is None and options.compartment != "plasma" and (way := way_to_receptor(chosen)):
        print(f"allotone: note: {way}", file=sys.stderr)
    print(json.dumps(found.data()) if options.json else found.csv())
    return DONE


def _validate(options) -> int:
    from ..published import scoreboard

    board = scoreboard.validate(options.names)
    print(json.dumps(board.data(), indent=1) if options.json else scoreboard.text(board))
    return FAILED if board.failed else DONE

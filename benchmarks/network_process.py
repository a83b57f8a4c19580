"""A network of ours in a process of its own: compiled once, then run whenever it is asked to.

Reads JSON objects from standard input, one a line: first `network` and `settings` (path to value), answered once the network
is compiled; then `seconds` and `seed` of each run. Answers are JSON objects, one a line.
"""

import json
import sys

from allotone import Network


def main() -> None:
    """Answer until there is nothing more to run."""
    asked = json.loads(sys.stdin.readline())
    network = Network.load(asked["network"]).override(asked["settings"])
    network.run("1 ms", statistics=["mean_rate"])
    print("{}", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        run = network.run(f"{asked['seconds']} s", seed=asked["seed"], statistics=["mean_rate"])
        spikes = sum(some.times.size for some in run.spikes.values())
        found = {
            "loop_s": run.provenance["loop_seconds"],
            "rate_hz": spikes / asked["seconds"] / sum(run.sizes.values()),
        }
        print(json.dumps(found | {name: run.provenance[name] for name in ("memory_bytes", "device")}), flush=True)


if __name__ == "__main__":
    main()

"""Who simulates a workload: each of them answers what one run from a seed took."""

import atexit
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import limits
import numpy as np
import report

# Answers for a seed: `loop_s` and `rate_hz`, and what else a contender has to say.
Ask = Callable[[int], dict[str, Any]]


@dataclass
class Contender:
    """Somebody who simulates a workload.

    Attributes
    ----------
    name : str
        As the table calls it.
    start : callable () -> Ask
        Everything that has to be done once, compilation above all.
    rounds : int
        In how many rounds it takes part, at most.
    found : list of dict
        What it answered in each of them.
    """

    name: str
    start: Callable[[], Ask]
    rounds: int = 1000
    found: list[dict[str, Any]] = field(default_factory=list)


def limit(program: str, seconds: float, *arguments: float, inline_exp: bool = False) -> Contender:
    """The hand-written C++ program; `arguments` are its own."""

    def start() -> Ask:
        limits.program(program, inline_exp)
        return lambda seed: limits.run(program, seed, seconds, *arguments, inline_exp=inline_exp)

    return Contender("hand C++, own exp" if inline_exp else "hand C++", start)


def ours(network: str, seconds: float, settings: Mapping[str, Any], device: str) -> Contender:
    """A network of ours, on our own device (`fast`) or on Brian2's (`stock`)."""

    def start() -> Ask:
        # It ends at the end of its input, which comes when nobody can ask any more.
        process = subprocess.Popen(
            [sys.executable, str(report.HERE / "network_process.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"ALLOTONE_DEVICE": device},
        )  # fmt: skip
        _answer(process, {"network": network, "settings": dict(settings)})
        return lambda seed: _answer(process, {"seconds": seconds, "seed": seed})

    return Contender({"fast": "allotone", "stock": "allotone, stock device"}[device], start)


def _answer(process: subprocess.Popen, asked: Mapping[str, Any]) -> dict[str, Any]:
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise SystemExit(f"benchmarks/network_process.py ended without an answer to {json.dumps(asked)}")
    return json.loads(line)


def brian2_standalone(workload: str, seconds: float, **settings: float) -> Contender:
    """Brian2's own stand-alone mode with its default preferences; the binary, compiled once, draws new numbers each run."""

    def start() -> Ask:
        folder = Path(tempfile.mkdtemp(prefix="allotone-bench-"))
        atexit.register(shutil.rmtree, folder)
        asked = {"workload": workload, "seconds": seconds, "folder": str(folder), **settings}
        size = report.call("brian2_script.py", asked=asked)[1]["size"]

        def ask(seed: int) -> dict[str, Any]:
            subprocess.run([f"{folder}/main"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            loop_s = float((folder / "results" / "loop_s").read_text())
            spikes = np.fromfile(next((folder / "results").glob("_array_spikes_N*")), np.int32)[0]
            return {"loop_s": loop_s, "rate_hz": spikes / size / seconds}

        return ask

    return Contender("Brian2 stand-alone, as it comes", start)


def brian2_runtime(workload: str, seconds: float, **settings: float) -> Contender:
    """Brian2's runtime mode (Cython), in a new process each time."""

    def start() -> Ask:
        asked = {"workload": workload, "folder": "", **settings}
        # What is compiled once is found in Brian2's cache afterwards.
        report.call("brian2_script.py", asked=asked | {"seconds": 0.001})
        return lambda seed: report.call("brian2_script.py", asked=asked | {"seconds": seconds})[1]

    return Contender("Brian2 runtime", start)


def peer(package: str, script: str, workload: str, seconds: float, rounds: int, **asked: Any) -> list[Contender]:
    """Another simulator, if its Python package is installed and its script there."""
    if importlib.util.find_spec(package) is None or not (report.HERE / "peers" / script).exists():
        return []

    def ask(seed: int) -> dict[str, Any]:
        asks = {"workload": workload, "seconds": seconds, "seed": seed, "threads": 1, **asked}
        return report.call(f"peers/{script}", asked=asks)[1]

    return [Contender({"nest": "NEST", "neuron": "NEURON", "arbor": "Arbor"}[package], lambda: ask, rounds)]


def race(some: Sequence[Contender], rounds: int) -> None:
    """Let each contender run once a round, in turn, after a first run that is not counted; compile them side by side."""
    with ThreadPoolExecutor(report.cores()) as pool:
        asks = list(pool.map(lambda contender: contender.start(), some))
    for contender, ask in zip(some, asks):
        if contender.rounds >= rounds:
            ask(0)
    for number in range(rounds):
        order = list(zip(some, asks))
        for contender, ask in order if number % 2 else order[::-1]:
            if number < contender.rounds:
                contender.found.append(ask(number + 1))


def ratios(some: Contender, other: Contender) -> list[float]:
    """How many times the loop of `other` that of `some` took, in each round that both were in."""
    return [one["loop_s"] / two["loop_s"] for one, two in zip(some.found, other.found)]

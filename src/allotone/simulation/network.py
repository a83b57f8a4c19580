"""A network one can run: the user's face of a definition."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brian2
import numpy as np

from ..errors import InputError
from ..network.build import RuntimeHooks, assemble
from ..network.definition import Definition
from ..network.plan import Recording
from ..network.planning import Settings, make_plan
from ..results import Run
from ..units import Quantity, parse
from .run import simulate, warn
from .seeds import derive_seeds


@dataclass(frozen=True)
class Network:
    """A network definition together with what can be done with it.

    >>> network = Network.load("pv_gamma").override({"populations.pv.size": 100})
    >>> network.run(duration="1 s", seed=1).statistics["pv"].mean_rate
    """

    definition: Definition

    @classmethod
    def load(cls, name: str | Path) -> "Network":
        """A shipped network by name, or a TOML file by path; InputError says what is wrong with it."""
        return cls(Definition.load(name))

    def override(self, values: Mapping[str, Any]) -> "Network":
        """The same network with other values at some dotted paths."""
        return Network(self.definition.override(values))

    def run(
        self,
        duration: Quantity | str,
        *,
        discard: Quantity | str = "0 ms",
        allopregnanolone: Any = None,
        seed: int = 0,
        network_seed: int | None = None,
        noise_seed: int | None = None,
        record: str | Iterable[str | Recording] = (),
        statistics: str | Iterable[str] | None = None,
        show_progress: bool = False,
    ) -> Run:
        """Simulate, and compute the firing statistics.

        Parameters
        ----------
        duration, discard : Quantity or str
            Simulated time, and the part at its beginning that statistics leave out.
        allopregnanolone : schedule, Quantity or str, optional
            At the receptor; instead of the definition's own.
        seed, network_seed, noise_seed : int, 0 <= seed < 2**31
            `seed` gives the other two, for agents and contacts and for noise during the run, unless they are given.
        record : iterable of "VARIABLE@POPULATION:FIRST-LAST/EVERY"
            Traces to keep, such as "v@pv:0-9/0.5ms".
        statistics : iterable of str, optional
            Names; by default all that spikes suffice for.
        show_progress : bool
            Whether to say on standard error how far compilation and simulation are.

        Raises
        ------
        InputError
            Anything wrong with what was asked.
        SimulationError
            The run failed, with the reason.
        """
        return simulate(
            self.with_allopregnanolone(allopregnanolone).definition,
            duration_s=seconds("duration", duration),
            discard_s=seconds("discard", discard),
            seed=seed,
            network_seed=network_seed,
            noise_seed=noise_seed,
            record=_several(record),
            statistics=None if statistics is None else _several(statistics),
            show_progress=show_progress,
        )

    def with_allopregnanolone(self, schedule: Any) -> "Network":
        """The same network under another schedule at the receptor; None leaves it."""
        return self if schedule is None else self.override({"medium.allopregnanolone": schedule})

    def build(self, duration: Quantity | str = "1 s", seed: int = 0) -> brian2.Network:
        """The `brian2.Network` of this definition for Brian2's own runtime mode, values set and contacts drawn.

        Another draw of the same ensemble than `run` makes: compare statistics, not spikes. The duration is that of
        the allopregnanolone schedule. Brian2's own generator, which is NumPy's, is seeded for the draws and again for
        the noise of the run.
        """
        network_seed, noise_seed = derive_seeds(seed)
        plan = make_plan(self.definition, Settings(seconds("duration", duration), 0.0, network_seed, noise_seed))
        warn(self.definition, plan)
        hooks = RuntimeHooks(plan.arguments, plan.arrays)
        network = assemble(plan, hooks).network
        hooks.noise()
        return network


def _several(names: str | Iterable) -> tuple:
    """One name or several, as a tuple."""
    return (names,) if isinstance(names, str) else tuple(names)


def seconds(name: str, value: Quantity | str) -> float:
    """A time that is not negative as a plain number of seconds; InputError in the name given."""
    seconds = float(np.asarray(parse(value, name, "s")))
    if seconds < 0:
        raise InputError(name, f"{value!r} is negative; expected a time of at least 0")
    return seconds

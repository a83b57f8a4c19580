"""Before a sweep starts: whether its values can be run, whether each axis does anything, and what must be compiled."""

import hashlib
import itertools
import json
from collections.abc import Iterable
from functools import cached_property

import numpy as np

from ..errors import InputError
from ..network.check import cell_model
from ..network.definition import Definition
from ..network.plan import Plan
from ..simulation.run import plan_run
from ..statistics import STATISTICS
from .axis import SEED_PATHS, Axis, text_of
from .description import Description, split
from .design import Design

# Of the many numbers of an axis some, with both ends, say whether it can be run and is one structure.
_LOOKED_AT = 64


class Examination:
    """A look at the plans of some of a sweep's settings.

    Attributes
    ----------
    structures : dict of str to Plan
        One plan for each structure found, by the structure.
    """

    def __init__(self, description: Description):
        self.description = description
        self.structures: dict[str, Plan] = {}
        self._digests: dict[str, str] = {}
        self._planned: dict[str, tuple[Definition, Plan]] = {}
        self._units: dict[str, tuple[str, str]] = {}

    def check_first(self) -> None:
        """InputError if the very first setting cannot be run: what is wrong with it is wrong with the question."""
        self._digest(self.description.design.setting(0))

    def check(self) -> None:
        """Look for what cannot be run and for axes without effect.

        Raises
        ------
        InputError
            A value that a setting cannot have, or an axis along which everything handed to the binary stays the same.
        """
        if not self.description.design.axes:
            self._digest({})
        elif self.description.design.is_grid:
            self._check_grid()
        else:
            self._check_points()

    @cached_property
    def _definition(self) -> Definition:
        return Definition.from_data(self.description.definition)

    def _check_grid(self) -> None:
        axes, structural = self.description.design.axes, []
        for axis in axes:
            before = len(self.structures)
            for place in _some(axis):
                self._digest(_setting(axes, {axis.name: place}))
            if len(self.structures) > max(before, 1):
                structural.append(axis)
        for places in itertools.product(*(range(len(axis.values)) for axis in structural)):
            self._digest(_setting(axes, dict(zip([axis.name for axis in structural], places))))
        for axis in axes:
            others = [other for other in axes if other is not axis]
            names = [other.name for other in others]
            fixed = (
                dict(zip(names, places))
                for places in itertools.product(*(range(len(other.values)) for other in others))
            )
            pairs = (
                (_setting(axes, {**places, axis.name: place}), _setting(axes, {**places, axis.name: 0}))
                for places in fixed
                for place in range(1, len(axis.values))
            )
            self._check_acts(axis, pairs)

    def _check_points(self) -> None:
        design = self.description.design
        looked_at = set(np.linspace(0, design.size - 1, min(design.size, _LOOKED_AT)).astype(int).tolist())
        for axis in design.axes:
            looked_at.update(_some(axis))
        for number in sorted(looked_at):
            self._digest(design.setting(number))
        for axis in design.axes:
            pairs = (
                (design.setting(number), _moved(design, number, axis))
                for number in range(design.size)
                if axis.values[number] != axis.values[0]
            )
            self._check_acts(axis, pairs)

    def _check_acts(self, axis: Axis, pairs: Iterable[tuple[dict, dict]]) -> None:
        looked = 0
        for one, other in pairs:
            looked += 1
            if self._digest(one) != self._digest(other):
                return
        if looked:
            raise InputError(
                f"axes.{axis.name}",
                f"changes nothing: every number and table handed to the simulation is the same at all {looked + 1} "
                f"settings along it; look for what makes {axis.paths[0]} idle (a factor of 0, a knock-out, "
                "an insensitive receptor), or drop the axis",
            )

    def _digest(self, setting: dict) -> str:
        """Hash of all that is compiled or handed over at a setting, seeds derived from the sweep's own apart."""
        key = json.dumps(setting, sort_keys=True)
        if key not in self._digests:
            try:
                definition, plan = self.planned(setting)
            except InputError as error:
                raise InputError(error.path, f"{error.message} [at {_text(setting)}]") from None
            self._check_units(definition)
            structure = plan.structure
            self.structures.setdefault(structure, plan)
            handed = {name: np.asarray(array).tobytes().hex() for name, array in plan.arrays.items()}
            arguments = dict(plan.arguments)
            if not plan.has_noise:
                del arguments["run.noise_seed"]
            text = structure + json.dumps([arguments, handed], sort_keys=True)
            self._digests[key] = hashlib.sha256(text.encode()).hexdigest()
        return self._digests[key]

    def _check_units(self, definition: Definition) -> None:
        """InputError if a statistic has another unit here than at other settings, so that no table holds both."""
        if not any(STATISTICS[name].needs == "sums" for name in self.description.statistics):
            return
        for name, population in definition.schema.populations.items():
            if isinstance(population.neuron, str):
                model = cell_model(definition.schema, population)
                units = (model.conductance_unit, model.current_unit)
                if self._units.setdefault(name, units) != units:
                    raise InputError(
                        "statistics",
                        f"conductances of '{name}' are in {self._units[name][0]} in one cell model and in {units[0]} in "
                        "another; sweep each model by itself",
                    )

    def planned(self, setting: dict) -> tuple[Definition, Plan]:
        """Definition and plan of a setting, which may have been looked at before."""
        key = json.dumps(setting, sort_keys=True)
        if key not in self._planned:
            values, seeds = split(setting)
            definition = self._definition.override(values)
            plan = plan_run(
                definition,
                duration_s=self.description.duration_s,
                discard_s=self.description.discard_s,
                statistics=self.description.statistics,
                **seeds,
            )
            if len(self._planned) == _LOOKED_AT:
                self._planned.clear()
            self._planned[key] = (definition, plan)
        return self._planned[key]


def _text(setting: dict) -> str:
    return ", ".join(f"{path}={text_of(value)}" for path, value in setting.items()) or "the network as it is"


def _setting(axes: Iterable[Axis], places: dict[str, int]) -> dict:
    """Setting at the places given by axis; the other axes are at their first."""
    return {path: value for axis in axes for path, value in axis.at(places.get(axis.name, 0)).items()}


def _moved(design: Design, number: int, axis: Axis) -> dict:
    """A setting with one axis back at its first value; variants may move other paths."""
    rest = {path: value for path, value in design.setting(number).items() if path not in axis.at(number)}
    return rest | axis.at(0)


def _some(axis: Axis) -> Iterable[int]:
    """Places along an axis to look at: of every value that may be structural, of many quantities a part."""
    first = {json.dumps(value, sort_keys=True): place for place, value in reversed(list(enumerate(axis.values)))}
    whole = any(isinstance(value, int) for value in axis.values) and not set(axis.paths) <= set(SEED_PATHS)
    if len(first) <= _LOOKED_AT or not axis.is_numeric or whole:
        return sorted(first.values())
    ordered = np.argsort(axis.labels()[0], kind="stable")
    return ordered[np.linspace(0, len(ordered) - 1, _LOOKED_AT).astype(int)].tolist()

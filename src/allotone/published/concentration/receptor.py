"""From plasma to the receptor: the order of states, and what concentrations of studies of mood come to under each map."""

import numpy as np

from ...concentration import MAPS, exposure
from ..checks import Check, check
from ..data import row_of
from ..targets import unbounded, within
from .curves import receptor, steady
from .hormones import CYCLE, LH_DAY
from .routes import ORAL

STUDIES = {
    "op4_mood_peak_lo": "worst mood on oral progesterone, as a concentration at the receptor",
    "op4_1200_threshold": "fatigue and loss of memory, as a concentration at the receptor",
}


def checks() -> list[Check]:
    """Order of the states, by rising concentration at the receptor; mood and fatigue."""
    return [
        check(
            "biomd494_P4max T3_PI_range brx_sched_3 brain_EC50_anaesth", "input", "map anchored", _smallest_step,
            within(1.0, 100.0, "fold", "above 1: set beforehand"), name="order_of_states",
            quantity="cycle, oral 200 mg, late pregnancy, brexanolone, lost consciousness: the smallest step up", items=("M1",),
        ),
        check("fu_allo", "input", "map free", lambda: exposure("free").numbers["fu"]),
        *(
            check(
                key, "prediction", f"map {name}", lambda key=key, name=name: _of_plasma(row_of(key).value, name), unbounded("nM"),
                name=f"{key}.{name}", quantity=quantity, items=("B1",),
                reported="a serum concentration; which one it is at the receptor was never measured",
            )
            for key, quantity in STUDIES.items()
            for name in MAPS
        ),
    ]  # fmt: skip


def _of_plasma(nM: float, name: str) -> float:
    return float(receptor("constant", [0.0], **steady(f"{nM} nM"), map=name)[0])


def _smallest_step() -> float:
    levels = [
        receptor(CYCLE, 24.0 * (LH_DAY + np.arange(5.0, 8.1, 0.2)), day=0).max(),
        receptor(ORAL, np.linspace(0.0, 6.0, 121)).max(),
        receptor("pregnancy", [0.0], week=36)[0],
        receptor("infusion", [0.0, 52.0])[1],
        receptor("constant", [0.0], concentration="4500 nmol/kg", compartment="brain")[0],
    ]
    return float(min(above / below for below, above in zip(levels, levels[1:])))

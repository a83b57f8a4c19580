"""Linear compartments under doses and infusions, solved exactly, with what they have eliminated."""

from functools import lru_cache

import numpy as np

# Order of the compartments in the arrays; what was eliminated comes after them.
CENTRAL, PERIPHERAL, DEPOT, ELIMINATED = range(4)


class CompartmentCourse:
    """Amounts in linear compartments as a function of time, empty before the first event.

    Between events `dx/dt = matrix @ x + rate` in one compartment; the matrix exponential solves that exactly whatever
    the eigenvalues, also where an absorption rate equals one of them.

    Parameters
    ----------
    matrix : array (compartments, compartments)
        Rate constants, /h: off the diagonal from column to row; what a column loses beyond that is eliminated.
    into : int
        Compartment that doses and infusions enter.
    times_h : sequence (events,)
        Times of the events, h, increasing.
    amounts : sequence (events,)
        Amount given at once at each event.
    rates : sequence (events,)
        Amount given per hour from each event until the next.
    """

    def __init__(self, matrix, into, times_h, amounts, rates):
        from scipy.linalg import expm

        self.times_h = np.asarray(times_h, dtype=float)
        compartments, events = len(matrix), len(self.times_h)
        # Two more states: what was eliminated, and a 1 that carries the infusion.
        generators = np.zeros((events, compartments + 2, compartments + 2))
        generators[:, :compartments, :compartments] = matrix
        generators[:, compartments, :compartments] = -np.sum(matrix, axis=0)
        generators[:, into, -1] = rates
        gaps = np.diff(self.times_h)[:, None, None]
        states = np.zeros((events, compartments + 2))
        states[:, -1] = 1.0
        states[:, into] = amounts
        for event, transition in enumerate(expm(generators[:-1] * gaps) if events > 1 else ()):
            states[event + 1, :-1] += (transition @ states[event])[:-1]
        self._generators, self._states = generators, states

    def amounts(self, times_h) -> np.ndarray:
        """Amount in each compartment and, last, eliminated so far, array (compartments + 1, times).

        Parameters
        ----------
        times_h : array (times,)
            h, in any order; at an event the dose given there is in.
        """
        from scipy.linalg import expm

        times_h = np.asarray(times_h, dtype=float)
        amounts = np.zeros((self._states.shape[1] - 1, times_h.size))
        event = np.searchsorted(self.times_h, times_h, side="right") - 1
        begun = event >= 0
        if begun.any():
            event = event[begun]
            elapsed = (times_h[begun] - self.times_h[event])[:, None, None]
            states = expm(self._generators[event] * elapsed) @ self._states[event][:, :, None]
            # Rounding may leave an amount that has vanished a little below 0.
            amounts[:, begun] = np.maximum(states[:, :-1, 0].T, 0.0)
        return amounts


def rate_matrix(clearance: float, V1: float, V2: float = 1.0, Q: float = 0.0, ka: float = 0.0) -> np.ndarray:
    """Rate constants, /h, array (3, 3), of a central and a peripheral compartment and a depot.

    With `Q` 0 there is one compartment, whatever `V2` is; with `ka` 0 nothing leaves the depot.

    Parameters
    ----------
    clearance, Q : float
        From the central compartment, and between it and the peripheral one, L/h/kg.
    V1, V2 : float
        Volumes of the two, L/kg, above 0.
    ka : float
        Absorption from the depot, /h.
    """
    return np.array(
        [
            [-(clearance + Q) / V1, Q / V2, ka],
            [Q / V1, -Q / V2, 0.0],
            [0.0, 0.0, -ka],
        ]
    )


@lru_cache(maxsize=256)
def solve(
    clearance: float,
    V1: float,
    V2: float,
    Q: float,
    ka: float,
    into: int,
    times_h: tuple[float, ...],
    amounts: tuple[float, ...] | None = None,
    rates: tuple[float, ...] | None = None,
) -> CompartmentCourse:
    """The course of `rate_matrix` under events (as in `CompartmentCourse`), remembered.

    A solver that asks for one time after another pays for the events once.
    """
    nothing = (0.0,) * len(times_h)
    return CompartmentCourse(rate_matrix(clearance, V1, V2, Q, ka), into, times_h, amounts or nothing, rates or nothing)

"""Linear compartments under doses and infusions, solved exactly, with what they have eliminated."""

from functools import lru_cache

import numpy as np

# Order of the compartments in the arrays; what was eliminated comes after them.
CENTRAL, PERIPHERAL, DEPOT, ELIMINATED = range(4)


class CompartmentCourse:
    """Amounts in a central and a peripheral compartment and a depot as a function of time, empty before the first event.

    Between events `dx/dt = matrix @ x + rate`, solved in the eigenvectors of central and peripheral; the depot, which nothing
    enters again, adds a term that stays finite where its rate equals one of theirs.

    Parameters
    ----------
    matrix : array (3, 3)
        Of `rate_matrix`.
    into : int
        Compartment that doses and infusions enter; infusions not the depot.
    times_h : sequence (events,)
        Times of the events, h, increasing.
    amounts : sequence (events,)
        Amount given at once at each event.
    rates : sequence (events,)
        Amount given per hour from each event until the next.
    """

    def __init__(self, matrix, into, times_h, amounts, rates):
        self.times_h, self._rate = np.asarray(times_h, dtype=float), np.asarray(rates, dtype=float)
        if into == DEPOT and self._rate.any():
            raise ValueError("an infusion into the depot is not solved; absorb it from doses")
        self._own, self._basis = (part.real for part in np.linalg.eig(matrix[:DEPOT, :DEPOT]))
        self._absorption = -matrix[DEPOT, DEPOT]
        self._from_depot = np.linalg.solve(self._basis, matrix[:DEPOT, DEPOT])
        self._outflow = -np.sum(matrix[:, :DEPOT], axis=0) @ self._basis
        self._enters = np.zeros(DEPOT) if into == DEPOT else np.linalg.solve(self._basis, np.eye(DEPOT)[into])
        # Right after each event: in the eigenvectors, in the depot, and eliminated so far.
        events = len(self.times_h)
        self._state, self._depot, self._eliminated = np.zeros((events, DEPOT)), np.zeros(events), np.zeros(events)
        for event, amount in enumerate(amounts):
            if event:
                gap = self.times_h[event : event + 1] - self.times_h[event - 1]
                state, depot, eliminated = self._after(np.array([event - 1]), gap)
                self._state[event], self._depot[event], self._eliminated[event] = state[0], depot[0], eliminated[0]
            self._state[event] += amount * self._enters
            self._depot[event] += amount * (into == DEPOT)

    def amounts(self, times_h) -> np.ndarray:
        """Amount in each compartment and, last, eliminated so far, array (4, times).

        Parameters
        ----------
        times_h : array (times,)
            h, in any order; at an event the dose given there is in.
        """
        times_h = np.asarray(times_h, dtype=float)
        amounts = np.zeros((ELIMINATED + 1, times_h.size))
        event = np.searchsorted(self.times_h, times_h, side="right") - 1
        begun = event >= 0
        if begun.any():
            state, depot, eliminated = self._after(event[begun], times_h[begun] - self.times_h[event[begun]])
            amounts[:DEPOT, begun] = np.einsum("ij,nj->in", self._basis, state)
            amounts[DEPOT, begun], amounts[ELIMINATED, begun] = depot, eliminated
        # Rounding may leave an amount that has vanished a little below 0.
        return np.maximum(amounts, 0.0)

    def _after(self, event: np.ndarray, hours: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """State in the eigenvectors, array (times, 2), depot and eliminated, array (times,), `hours` after some events."""
        t, depot = hours[:, np.newaxis], self._depot[event][:, np.newaxis]
        state, rate = self._state[event], self._rate[event][:, np.newaxis] * self._enters
        own, absorbed = np.broadcast_to(self._own, state.shape), np.full(state.shape, -self._absorption)
        passed = depot * self._from_depot
        after = np.exp(own * t) * state + _once(own, t) * rate
        after = after + passed * np.exp(np.maximum(own, absorbed) * t) * _once(-np.abs(own - absorbed), t)
        spent = _once(own, t) * state + _twice(own, t) * rate + passed * _once_between(own, absorbed, t)
        eliminated = self._eliminated[event] + np.einsum("i,ni->n", self._outflow, spent)
        return after, self._depot[event] * np.exp(-self._absorption * hours), eliminated


def _once(rate: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Integral of exp(rate s) over s from 0 to t, for rates of 0 or less."""
    z = rate * t
    return t * np.divide(np.expm1(z), z, out=np.ones_like(z), where=z != 0)


def _twice(rate: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Integral of `_once` over its t, by its series where the difference would lose its digits."""
    z = rate * t
    small = np.abs(z) < 1e-2
    series = 1 / 2 + z / 6 + z**2 / 24 + z**3 / 120 + z**4 / 720
    return t**2 * np.where(small, series, np.divide(np.expm1(z) - z, z**2, out=np.ones_like(z), where=~small))


def _once_between(a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Difference of `_once` at two rates over that of the rates; its slope half-way where they are as good as one."""
    gap, middle = a - b, (a + b) / 2
    near = np.abs(gap * t) < 1e-4
    slope = t * _once(middle, t) - _twice(middle, t)
    return np.where(near, slope, np.divide(_once(a, t) - _once(b, t), gap, out=np.zeros_like(gap), where=~near))


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

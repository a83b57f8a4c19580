"""Compartment models: against a numerical solver and textbook solutions, and nothing is lost."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from allotone.concentration.compartments import (
    CENTRAL,
    DEPOT,
    ELIMINATED,
    PERIPHERAL,
    CompartmentCourse,
    rate_matrix,
    solve,
)

STARTS, AMOUNTS, RATES = (1.0, 3.0, 7.0), (5.0, 0.0, 2.0), (0.0, 4.0, 0.5)


def events(into):
    """Doses, and infusions where there can be one."""
    return {"times_h": STARTS, "amounts": AMOUNTS, "rates": (0.0,) * 3 if into == DEPOT else RATES}


TWO = {"clearance": 1.124, "V1": 1.5, "V2": 4.3, "Q": 0.5}
FASTEST = -np.linalg.eigvals(rate_matrix(**TWO)[:2, :2]).real.min()
MODELS = {
    "one": (rate_matrix(2.0, 3.0), CENTRAL),
    "two": (rate_matrix(**TWO), CENTRAL),
    "into the peripheral one": (rate_matrix(**TWO), PERIPHERAL),
    "absorbed": (rate_matrix(**TWO, ka=0.4), DEPOT),
    "absorbed as fast as it leaves": (rate_matrix(2.0, 3.0, ka=2.0 / 3.0), DEPOT),
    "absorbed at an eigenvalue of the rest": (rate_matrix(**TWO, ka=FASTEST), DEPOT),
    "absorbed in seconds": (rate_matrix(11.23, 4.32, ka=284.0), DEPOT),
}
TIMES = np.array([0.5, 1.0, 1.01, 2.5, 3.0, 6.0, 7.0, 9.0, 40.0])


@pytest.fixture(params=MODELS.values(), ids=MODELS.keys())
def model(request):
    return request.param


def given_until(times, into):
    """What all events have put in by some times."""
    ends = (*STARTS[1:], np.inf)
    doses = sum(amount * (times >= start) for start, amount in zip(STARTS, AMOUNTS))
    return doses + sum(
        rate * np.clip(times - start, 0, end - start) for start, end, rate in zip(STARTS, ends, events(into)["rates"])
    )


def test_what_is_given_is_somewhere_or_eliminated(model):
    times = np.linspace(0, 500, 501)
    amounts = CompartmentCourse(*model, **events(model[1])).amounts(times)
    assert amounts.shape == (4, 501)
    assert (amounts >= 0).all()
    assert amounts.sum(axis=0) == pytest.approx(given_until(times, model[1]), rel=1e-9)


def test_agrees_with_a_numerical_solver(model):
    matrix, into = model
    loss = -matrix.sum(axis=0)
    state, expected = np.zeros(4), []
    edges = [0.0, *STARTS, TIMES.max()]
    for event, (start, end) in enumerate(zip(edges[:-1], edges[1:])):
        rate = np.zeros(4)
        if event:
            state[into] += AMOUNTS[event - 1]
            rate[into] = events(into)["rates"][event - 1]
        last = end == TIMES.max()
        wanted = TIMES[(start <= TIMES) & ((end > TIMES) | last)]
        solution = solve_ivp(
            lambda t, x, rate=rate: np.append(matrix @ x[:3], loss @ x[:3]) + rate,
            (start, end),
            state,
            method="Radau" if matrix.min() < -100 else "DOP853",
            t_eval=np.append(wanted, [] if last else end),
            rtol=1e-10,
            atol=1e-13,
        )
        expected.append(solution.y[:, : len(wanted)])
        state = solution.y[:, -1]
    exact = CompartmentCourse(*model, **events(model[1])).amounts(TIMES)
    np.testing.assert_allclose(exact, np.hstack(expected), rtol=1e-6, atol=1e-9)


def test_one_compartment_has_its_textbook_solutions():
    k, times = 2.0 / 3.0, np.linspace(0, 20, 50)
    nothing = {"times_h": (0.0,), "amounts": (0.0,), "rates": (0.0,)}
    into_vein = CompartmentCourse(rate_matrix(2.0, 3.0), CENTRAL, **nothing | {"rates": (6.0,)})
    np.testing.assert_allclose(into_vein.amounts(times)[CENTRAL], 6.0 / k * -np.expm1(-k * times), rtol=1e-12)
    swallowed = CompartmentCourse(rate_matrix(2.0, 3.0, ka=k), DEPOT, **nothing | {"amounts": (1.0,)})
    np.testing.assert_allclose(swallowed.amounts(times)[CENTRAL], k * times * np.exp(-k * times), rtol=1e-10)


def test_all_is_eliminated_in_the_end(model):
    amounts = CompartmentCourse(*model, (0.0,), (3.0,), (0.0,)).amounts(np.array([1e4]))
    assert amounts[ELIMINATED, 0] == pytest.approx(3.0, rel=1e-9)


def test_times_may_come_in_any_order_and_singly(model):
    course = CompartmentCourse(*model, **events(model[1]))
    together = course.amounts(TIMES)
    shuffled = np.random.default_rng(3).permutation(len(TIMES))
    np.testing.assert_allclose(course.amounts(TIMES[shuffled]), together[:, shuffled], rtol=1e-12)
    np.testing.assert_allclose(np.hstack([course.amounts([time]) for time in TIMES]), together, rtol=1e-12)


def test_empty_before_the_first_event_and_a_dose_is_in_at_its_time():
    course = solve(**TWO, ka=0.0, into=CENTRAL, times_h=(2.0, 5.0), amounts=(1.0, 10.0))
    amounts = course.amounts([-3.0, 1.999, 2.0, 5.0 - 1e-12, 5.0])
    assert (amounts[:, :2] == 0).all()
    assert amounts[CENTRAL, 2] == 1.0
    assert amounts[CENTRAL, 4] - amounts[CENTRAL, 3] == pytest.approx(10.0, rel=1e-9)

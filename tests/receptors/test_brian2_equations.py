"""Receptor equations in a user's own NeuronGroup: numbers, units, names, and what is refused."""

import numpy as np
import pytest
from brian2 import (
    Equations,
    Network,
    NeuronGroup,
    SpikeGeneratorGroup,
    StateMonitor,
    Synapses,
    TimedArray,
    ms,
    msiemens,
    mV,
    nmolar,
    nS,
    pF,
    prefs,
    volt,
)
from brian2.units import cmeter
from numpy.testing import assert_allclose

from allotone.errors import InputError
from allotone.receptors import (
    ReferenceState,
    decay_factor,
    phasic_receptor,
    receptor,
    rectification_factor,
    tonic_fold,
    tonic_receptor,
)
from allotone.units import uM

ALLO_NM = [0.0, 10.0, 100.0, 1000.0]
TONIC = """
    dv/dt = (5*nS*(-65*mV - v) + I_tonic_delta)/(100*pF) : volt
    E_gaba : volt (constant)
    gaba : mmolar (constant)
    allopregnanolone : mmolar
"""
PHASIC = """
    dv/dt = (5*nS*(-65*mV - v) + I_phasic_gamma2)/(100*pF) : volt
    E_gaba : volt (shared, constant)
    allopregnanolone : mmolar
"""


@pytest.fixture(autouse=True)
def numpy_target():
    before = prefs.codegen.target
    prefs.codegen.target = "numpy"
    yield
    prefs.codegen.target = before


def group_of(equations, namespace, size=4, method="exponential_euler", **values):
    group = NeuronGroup(size, equations, namespace=namespace, method=method)
    for variable, value in values.items():
        setattr(group, variable, value)
    return group


def recorded(group, *variables, duration=1 * ms):
    monitor = StateMonitor(group, variables, record=True)
    Network(group, monitor).run(duration)
    return monitor


@pytest.mark.parametrize("rectification", ["none", "weak", "strong"])
@pytest.mark.parametrize("method", ["euler", "exponential_euler", "rk4"])
def test_tonic_conductance_under_constant_steroid(rectification, method):
    reference = ReferenceState(gaba="0.2 uM", allopregnanolone="5 nM", voltage="-60 mV")
    delta = tonic_receptor(
        "alpha4_beta_delta", "recombinant", conductance=1.5 * nS, rectification=rectification, reference=reference,
        constitutive_fraction=0.3,
    )  # fmt: skip
    equations, namespace = delta.add_to(TONIC)
    state = dict(v=-65 * mV, E_gaba=-75 * mV, gaba=0.3 * uM, allopregnanolone=ALLO_NM * nmolar)
    cells = recorded(group_of(equations, namespace, method=method, **state), "v", "g_tonic_delta", "I_tonic_delta")
    fold = tonic_fold(0.3, ALLO_NM, receptor("alpha4_beta_delta", "recombinant"), reference, 0.3)
    voltage_mV = np.asarray(cells.v / mV)
    expected = 1.5 * fold[:, None] * rectification_factor(voltage_mV, rectification, -60)
    assert_allclose(cells.g_tonic_delta / nS, expected, rtol=1e-6)
    assert_allclose(cells.I_tonic_delta, cells.g_tonic_delta * (-75 * mV - cells.v), rtol=1e-12)
    # A tonic conductance that reverses below the rest pulls the membrane down, the more the higher the dose.
    assert (np.diff(voltage_mV[:, -1]) < 0).all() and (voltage_mV[:, -1] < -65).all()


def test_tonic_conductance_follows_changing_steroid():
    table = TimedArray(ALLO_NM * nmolar, dt=1 * ms)
    equations = TONIC.replace("allopregnanolone : mmolar", "allopregnanolone = dose(t) : mmolar (shared)")
    delta = tonic_receptor("alpha1_beta_delta", conductance="0.01 mS/cm2")
    equations, namespace = delta.add_to(
        equations.replace("5*nS*", "0.1*msiemens/cmeter**2*").replace("100*pF", "1*ufarad/cmeter**2"), {"dose": table}
    )  # fmt: skip
    cells = group_of(equations, namespace, size=2, v=-65 * mV, E_gaba=-70 * mV, gaba=[0.1, 0.4] * uM)
    monitor = recorded(cells, "g_tonic_delta", duration=4 * ms)
    # In the middle of each of the table's steps, so that no rounding of the time matters.
    conductance = (monitor.g_tonic_delta / (msiemens / cmeter**2))[:, 5::10]
    expected = 0.01 * tonic_fold(np.array([[0.1], [0.4]]), ALLO_NM, receptor("alpha1_beta_delta"))
    assert_allclose(conductance, expected, rtol=1e-6)


def test_decay_is_prolonged_and_the_peak_is_not():
    gamma2 = phasic_receptor("alpha1_beta_gamma2", tau_decay=10 * ms)
    equations, namespace = gamma2.add_to(PHASIC)
    cells = group_of(equations, namespace, v=-65 * mV, E_gaba=-70 * mV, allopregnanolone=ALLO_NM * nmolar)
    source = SpikeGeneratorGroup(1, [0], [1] * ms)
    synapses = Synapses(source, cells, "w : siemens", on_pre="g_phasic_gamma2_post += w")
    synapses.connect()
    synapses.w = 2 * nS
    monitor = StateMonitor(cells, ["g_phasic_gamma2", "tau_decay_gamma2"], record=True)
    Network(source, cells, synapses, monitor).run(30 * ms)
    factor = decay_factor(ALLO_NM, receptor("alpha1_beta_gamma2"))
    assert_allclose(monitor.tau_decay_gamma2[:, 1] / ms, 10 * factor, rtol=1e-6)
    after = monitor.t > 1.05 * ms
    since = np.asarray((monitor.t[after] - monitor.t[after][0]) / ms)
    assert_allclose(
        monitor.g_phasic_gamma2[:, after] / nS, 2 * np.exp(-since / (10 * factor[:, None])), rtol=1e-6
    )  # fmt: skip


def test_decay_follows_changing_steroid():
    table = TimedArray(ALLO_NM * nmolar, dt=5 * ms)
    gamma2 = phasic_receptor("alpha1_beta_gamma2", "recombinant", tau_decay="8 ms")
    equations, namespace = gamma2.add_to(
        PHASIC.replace("allopregnanolone : mmolar", "allopregnanolone = dose(t) : mmolar"), {"dose": table}
    )
    cells = group_of(equations, namespace, size=1, v=-65 * mV, E_gaba=-70 * mV, g_phasic_gamma2=3 * nS)
    monitor = recorded(cells, "g_phasic_gamma2", duration=20 * ms)
    tau_ms = 8 * decay_factor(ALLO_NM, receptor("alpha1_beta_gamma2", "recombinant"))
    remaining = 3 * np.exp(-np.concatenate([[0], np.cumsum(5 / tau_ms)]))
    # The table's own steps are read at the start of each time step.
    assert_allclose(monitor.g_phasic_gamma2[0][::50] / nS, remaining[:-1], rtol=1e-6)


def test_density_is_per_agent_where_the_neuron_has_one():
    delta = tonic_receptor("alpha4_beta_delta", conductance=1 * nS)
    state = dict(v=-65 * mV, E_gaba=-70 * mV, gaba=0.16 * uM)
    densities = [0, 0.5, 1, 1.9]
    own, namespace = delta.add_to(TONIC + "density_delta : 1 (constant)")
    cells = recorded(group_of(own, namespace, density_delta=densities, **state), "g_tonic_delta")
    assert_allclose(cells.g_tonic_delta[:, 1] / nS, densities, rtol=1e-12)
    for outer, expected in (({}, 1), ({"density_delta": 0.25}, 0.25)):
        equations, namespace = delta.add_to(TONIC, outer)
        cells = recorded(group_of(equations, namespace, **state), "g_tonic_delta")
        assert_allclose(cells.g_tonic_delta[:, 1] / nS, expected, rtol=1e-12)


def test_two_tonic_and_one_phasic_receptor_in_one_neuron():
    text = TONIC.replace("I_tonic_delta", "I_tonic_delta + I_tonic_alpha5 + I_phasic_gamma2")
    own = receptor("alpha4_beta_delta", parameters={"K_allo": "0.1 uM"})
    equations, namespace = tonic_receptor(own, conductance=1 * nS).add_to(text)
    equations, namespace = tonic_receptor("alpha5_beta_gamma2", conductance=2 * nS, name="alpha5").add_to(
        equations, namespace
    )
    equations, namespace = phasic_receptor("alpha1_beta_gamma2", tau_decay=5 * ms).add_to(equations, namespace)
    state = dict(v=-65 * mV, E_gaba=-70 * mV, gaba=0.5 * uM, allopregnanolone=ALLO_NM * nmolar)
    cells = recorded(group_of(equations, namespace, **state), "g_tonic_delta", "g_tonic_alpha5", "tau_decay_gamma2")
    assert_allclose(cells.g_tonic_delta[:, 1] / nS, tonic_fold(0.5, ALLO_NM, own), rtol=1e-6)
    alpha5 = receptor("alpha5_beta_gamma2")
    assert_allclose(cells.g_tonic_alpha5[:, 1] / nS, 2 * tonic_fold(0.5, ALLO_NM, alpha5), rtol=1e-6)
    assert (np.diff(cells.tau_decay_gamma2[:, 1]) > 0).all()


def test_what_the_receptor_needs_may_be_a_constant_of_the_namespace():
    delta = tonic_receptor("alpha4_beta_delta", conductance=1 * nS)
    constants = {"E_gaba": -70 * mV, "gaba": 0.3 * uM, "allopregnanolone": 50 * nmolar, "C": 100 * pF}
    equations, namespace = delta.add_to("dv/dt = (5*nS*(-65*mV - v) + I_tonic_delta)/C : volt", constants)
    assert constants.keys() == {"E_gaba", "gaba", "allopregnanolone", "C"}
    cells = recorded(group_of(equations, namespace, v=-65 * mV), "g_tonic_delta")
    assert_allclose(cells.g_tonic_delta[0, 1] / nS, tonic_fold(0.3, 50, receptor("alpha4_beta_delta")), rtol=1e-6)


def test_equations_of_brian2_are_taken_as_they_are():
    delta = tonic_receptor("alpha4_beta_delta", conductance=1 * nS)
    assert delta.add_to(Equations(TONIC))[0] == delta.add_to(TONIC)[0]


DELTA, GAMMA2 = "alpha4_beta_delta", "alpha1_beta_gamma2"


@pytest.mark.parametrize("variable", ["v", "E_gaba", "gaba", "allopregnanolone"])
def test_a_missing_variable_is_named(variable):
    lines = [
        line for line in TONIC.splitlines() if line.strip() and not line.strip().startswith((variable, f"d{variable}/"))
    ]
    text = "\n".join(lines)
    if variable == "v":
        text += "\nI_total = I_tonic_delta : amp"
    with pytest.raises(InputError) as error:
        tonic_receptor(DELTA, conductance=1 * nS).add_to(text)
    assert error.value.path == variable and f"add '{variable} : " in error.value.message


@pytest.mark.parametrize(
    "old, new, namespace, path, words",
    [
        ("gaba : mmolar (constant)", "gaba : volt", {}, "gaba", "is a voltage; the receptor needs a concentration"),
        ("E_gaba : volt (constant)", "E_gaba : amp", {}, "E_gaba", "is a current"),
        ("allopregnanolone : mmolar", "", {"allopregnanolone": 5.0}, "allopregnanolone", "is a number"),
        ("allopregnanolone : mmolar", "", {"allopregnanolone": TimedArray([1] * nmolar, dt=ms)}, "allopregnanolone",
         "'allopregnanolone = NAME(t) : mmolar'"),
        ("", "", {"density_delta": 1 * volt}, "density_delta", "is a voltage; the receptor needs a number"),
        ("gaba : mmolar (constant)", "", {"gaba": "0.2 uM"}, "gaba", "is text"),
        ("gaba : mmolar (constant)", "", {"gaba": -1 * uM}, "gaba", "is negative"),
        ("gaba : mmolar (constant)", "", {"gaba": np.nan * uM}, "gaba", "not a finite number"),
        ("gaba : mmolar (constant)", "", {"gaba": [0.1, 0.2] * uM}, "gaba", "holds 2 values"),
        ("E_gaba : volt (constant)", "", {"E_gaba": np.inf * mV}, "E_gaba", "not a finite number"),
        ("", "", {"density_delta": -0.5}, "density_delta", "is negative"),
        ("gaba : mmolar (constant)", "gaba : mmolar\ng_tonic_delta : siemens", {}, "g_tonic_delta", "has this name"),
        ("", "", {"tonic_delta_L": 3.0}, "tonic_delta_L", "has this name"),
        (" + I_tonic_delta", "", {}, "I_tonic_delta", "nothing in the equations uses it"),
        ("dv/dt =", "dv/dt = =", {}, "equations", "cannot be read"),
    ],
)  # fmt: skip
def test_equations_that_do_not_fit(old, new, namespace, path, words):
    with pytest.raises(InputError) as error:
        tonic_receptor(DELTA, conductance=1 * nS).add_to(TONIC.replace(old, new, 1), namespace)
    assert error.value.path == path and words in error.value.message


@pytest.mark.parametrize(
    "made, equations, path, words",
    [
        (lambda: tonic_receptor(DELTA, conductance=1 * msiemens / cmeter**2), TONIC, "conductance",
         "mS/cm2 makes I_tonic_delta a current in uA/cm2, but the equation of v needs one in pA; "
         "give a conductance in nS"),
        (lambda: tonic_receptor(DELTA, conductance=1 * nS),
         TONIC.replace("*nS", "*msiemens/cm**2").replace("*pF", "*uF/cm**2"), "conductance", "give a conductance in mS/cm2"),
        (lambda: phasic_receptor(GAMMA2, tau_decay=5 * ms, conductance_unit="mS/cm2"), PHASIC, "conductance_unit",
         "but the equation of v needs one in pA"),
    ],
)  # fmt: skip
def test_a_conductance_of_the_other_kind(made, equations, path, words):
    with pytest.raises(InputError) as error:
        made().add_to(equations)
    assert error.value.path == path and words in error.value.message


def test_a_name_from_outside_leaves_the_check_to_brian2():
    """A function or constant that the namespace of the run will bring."""
    text = TONIC.replace("+ I_tonic_delta", "+ I_tonic_delta + I_probe")
    tonic_receptor(DELTA, conductance=1 * msiemens / cmeter**2).add_to(text)


def test_a_receptor_added_twice_needs_another_name():
    delta = tonic_receptor(DELTA, conductance=1 * nS)
    with pytest.raises(InputError) as error:
        delta.add_to(*delta.add_to(TONIC))
    assert "another one than 'delta'" in error.value.message


@pytest.mark.parametrize(
    "make, path",
    [
        (lambda: tonic_receptor("alpha4_delta", conductance=1 * nS), "receptor"),
        (lambda: tonic_receptor(DELTA, "slices", conductance=1 * nS), "preparation"),
        (lambda: tonic_receptor(receptor(DELTA), "slice", conductance=1 * nS), "preparation"),
        (lambda: tonic_receptor(DELTA, conductance=1 * mV), "conductance"),
        (lambda: tonic_receptor(DELTA, conductance=-1 * nS), "conductance"),
        (lambda: tonic_receptor(DELTA, conductance=np.nan * nS), "conductance"),
        (lambda: tonic_receptor(DELTA, conductance=1 * nS, rectification="week"), "rectification"),
        (lambda: tonic_receptor(DELTA, conductance=1 * nS, constitutive_fraction=1.5), "constitutive_fraction"),
        (lambda: tonic_receptor(DELTA, conductance=1 * nS, constitutive_fraction=np.nan), "constitutive_fraction"),
        (lambda: tonic_receptor(DELTA, conductance=1 * nS, name="a b"), "name"),
        (lambda: tonic_receptor(DELTA, conductance=1 * nS, name="a_"), "name"),
        (lambda: tonic_receptor(DELTA, conductance=1 * nS, name="\u00e9"), "name"),
        (lambda: tonic_receptor(DELTA, conductance=1 * nS, name=2), "name"),
        (lambda: tonic_receptor(receptor(DELTA, parameters={"L": 1e-20}), conductance=1 * nS), "reference.gaba"),
        (lambda: phasic_receptor(GAMMA2, tau_decay=0 * ms), "tau_decay"),
        (lambda: phasic_receptor(GAMMA2, tau_decay=5), "tau_decay"),
        (lambda: phasic_receptor(GAMMA2, tau_decay=5 * ms, conductance_unit="pA"), "conductance_unit"),
    ],
)
def test_receptors_that_cannot_be(make, path):
    with pytest.raises(InputError) as error:
        make()
    assert error.value.path == path

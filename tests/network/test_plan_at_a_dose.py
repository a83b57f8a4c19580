"""Plans of settings that differ in the dose share what it does not touch, and are those that are made from nothing."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allotone import InputError
from allotone.network import definition as definitions
from allotone.network import planning
from allotone.network.definition import Definition
from allotone.simulation.run import plan_run

DOSE = "medium.allopregnanolone"
RUN = {"duration_s": 0.5, "discard_s": 0.1, "statistics": ["mean_rate"]}
# Beyond the least and the largest of each lies what is refused.
VALUES = {
    DOSE: st.one_of(
        st.floats(-10, 500).map(lambda number: f"{number!r} nM"),
        st.sampled_from(["infusion", "infusion:at=24h", "0.5*infusion", "infusion + allopregnanolone", "30 mV"]),
        st.floats(1, 100).map(lambda number: {"schedule": "constant", "concentration": f"{number!r} nM"}),
    ),
    "populations.*.tonic.delta.density": st.floats(-0.1, 4),
    "medium.gaba": st.floats(-0.01, 1).map(lambda number: f"{number!r} uM"),
    "time_step": st.sampled_from(["0.01 ms", "0.05 ms", "1 ms"]),
    "populations.*.drive.some": st.sampled_from([[0], [2, 5]]).map(
        lambda agents: {"kind": "pulse", "amplitude": "0 pA", "duration": "5 ms", "agents": agents}
    ),
}


@st.composite
def designs(draw):
    """Settings of a network in any order, of few values each, so that many share all but the dose."""
    paths = sorted({DOSE, *draw(st.sets(st.sampled_from(sorted(VALUES))))})
    given = {path: draw(st.lists(VALUES[path], min_size=1, max_size=2)) for path in paths}
    setting = st.fixed_dictionaries({path: st.sampled_from(values) for path, values in given.items()})
    return draw(st.lists(setting, min_size=1, max_size=5))


def planned(base, setting):
    """Everything that a setting leads to, or why it is refused."""
    try:
        definition = base.override(setting)
        return definition.json, dataclasses.asdict(plan_run(definition, **RUN))
    except InputError as error:
        return error.path, error.message


def planned_anew(base, setting):
    """The same without any memory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(definitions, "_at_dose", lambda raw: None)
        patch.setattr(planning, "_of_shared_rest", lambda base, chosen: planning._plan_rest(base.schema, chosen))
        return planned(base, setting)


@pytest.mark.parametrize("name", ["coba_driven", "pv_gamma", "principal_pv", "crh_neuron"])
@settings(max_examples=25, deadline=None)
@given(design=designs())
def test_a_random_design_is_planned_as_if_each_setting_were_the_first(name, design):
    base = Definition.load(name)
    for setting in design:
        assert planned(base, setting) == planned_anew(base, setting)


@pytest.mark.parametrize(
    ("path", "added"),
    [
        ("medium.local_synthesis", {"population": "pv", "gain": "5 nM/Hz", "tau": "0.2 s"}),
        (
            "effects.more_tonic",
            {"path": "populations.pv.tonic.delta.density", "maximum": 2, "ec50": "30 nM", "hill": 1,
             "evidence": {"min": "1 nM", "max": "1 uM"}, "source": "assumed: test"},
        ),
    ],
)  # fmt: skip
def test_what_looks_at_the_schedule_is_planned_for_each_dose(path, added):
    base = Definition.load("pv_gamma").override({path: added})
    plans = [planned(base, {DOSE: dose}) for dose in ("0 nM", "30 nM", "0 nM")]
    assert plans == [planned_anew(base, {DOSE: dose}) for dose in ("0 nM", "30 nM", "0 nM")]
    assert plans[0][1]["groups"] and plans[0] != plans[1]


def test_another_dose_completes_and_plans_nothing_again(monkeypatch):
    base = Definition.load("pv_gamma")
    planned(base, {DOSE: "0 nM"})
    for module, name in ((definitions, "_complete"), (planning, "_plan_rest")):
        monkeypatch.setattr(module, name, lambda *_: pytest.fail("was made again"))
    tables = [planned(base, {DOSE: f"{dose} nM"})[1]["arrays"] for dose in (1, 2)]
    assert tables[0] != tables[1]


def test_plans_that_share_their_groups_have_their_own_numbers():
    base = Definition.load("pv_gamma")
    some = {"kind": "current", "amplitude": "0 uA/cm2", "agents": [0, 3]}
    base = base.override({"populations.pv.drive.some": some})
    first, second = (plan_run(base.override({DOSE: dose}), **RUN) for dose in ("10 nM", "20 nM"))
    assert len(first.arrays) == 2
    assert first.groups is second.groups
    before = dict(second.arguments), dict(second.arrays)
    first.arguments.clear()
    first.arrays.clear()
    assert (second.arguments, second.arrays) == before

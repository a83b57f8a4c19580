"""A network's own numbers of its receptors: canonical, hashed, overridden, shown, and refused where nothing reads them."""

import pytest
from small_network import CELLS, as_toml, changed

from allotone import InputError, receptor
from allotone.cli import main
from allotone.network.definition import Definition
from allotone.network.describe import describe
from allotone.network.origin import receptor_numbers
from allotone.simulation.run import plan_run

DELTA = "populations.cells.tonic.delta"
INHIBITION = "projections.inhibition"


def refused(definition, values):
    with pytest.raises(InputError) as caught:
        definition.override(values)
    return str(caught.value)


class TestDefinition:
    def test_canonical_text_at_a_dotted_path(self, cells_raw):
        raw = changed(cells_raw, f"{DELTA}.receptor_parameters", {"K_allo": "0.1 uM", "c_allo": 0.4})
        raw = changed(raw, f"{INHIBITION}.receptor_parameters", {"decay_ec50": "2 uM", "decay_hill": "1"})
        one = Definition.from_data(raw)
        assert one.data["populations"]["cells"]["tonic"]["delta"]["receptor_parameters"] == {
            "K_allo": "100.0 nM", "c_allo": "0.4",
        }  # fmt: skip
        assert one.data["projections"]["inhibition"]["receptor_parameters"] == {
            "decay_ec50": "2000.0 nM", "decay_hill": "1.0",
        }  # fmt: skip
        assert Definition.from_data(one.data) == one

    def test_an_override_needs_no_line_in_the_file(self, cells):
        values = {f"{DELTA}.receptor_parameters.K_allo": "0.1uM", f"{INHIBITION}.receptor_parameters.decay_max": "6"}
        one = cells.override(values)
        assert one.sha256 != cells.sha256
        assert one == cells.override({**values, f"{DELTA}.receptor_parameters.K_allo": "100 nM"})
        assert one.override({f"{DELTA}.receptor_parameters": {}, f"{INHIBITION}.receptor_parameters": {}}) == cells

    def test_potency_ratio(self, cells):
        assert cells.data["receptors"] == {"potency_ratio": None}
        one = cells.override({"receptors.potency_ratio": "0.5"})
        assert one.data["receptors"] == {"potency_ratio": 0.5}
        assert one.sha256 != cells.sha256


class TestPlan:
    def test_numbers_are_arguments_and_nothing_else_changes(self, cells):
        before = plan_run(cells, duration_s=1.0)
        after = plan_run(
            cells.override(
                {
                    f"{DELTA}.receptor_parameters.K_gaba": "0.7 uM",
                    f"{DELTA}.receptor_parameters.L": 5000,
                    f"{INHIBITION}.receptor_parameters.decay_ec50": "1 uM",
                }
            ),
            duration_s=1.0,
        )
        assert after.structure == before.structure
        changed_values = {name: value for name, value in after.arguments.items() if before.arguments[name] != value}
        assert changed_values == pytest.approx(
            {
                "pop_cells.tonic_delta_K_gaba": 0.7e-3, "pop_cells.tonic_delta_L": 5000,
                "pop_cells.phasic_inhibition_decay_ec50": 1e-3,
            }
        )  # fmt: skip

    def test_another_value_of_a_number_that_is_given(self, cells):
        """The paths that a sweep over a receptor's own numbers takes."""
        paths = {
            f"{DELTA}.receptor_parameters.K_allo": "0.1 uM",
            f"{INHIBITION}.receptor_parameters.decay_ec50": "1 uM",
        }
        given = cells.override(paths)
        other = given.override(dict.fromkeys(paths, "2 uM"))
        one, two = plan_run(given, duration_s=1.0), plan_run(other, duration_s=1.0)
        assert one.structure == two.structure
        for name in ("pop_cells.tonic_delta_K_allo", "pop_cells.phasic_inhibition_decay_ec50"):
            assert one.arguments[name] != two.arguments[name] == pytest.approx(2e-3)

    @pytest.mark.parametrize("preparation", ["slice", "recombinant", "native"])
    def test_potency_ratio(self, cells, preparation):
        one = cells.override({"receptors.potency_ratio": 0.5, f"{DELTA}.preparation": preparation})
        gamma2 = receptor("alpha1_beta_gamma2", preparation).K_allo.value
        argument = plan_run(one, duration_s=1.0).arguments["pop_cells.tonic_delta_K_allo"]
        assert argument == pytest.approx(0.5 * gamma2 * 1e-3)

    def test_a_number_of_its_own_comes_before_the_ratio(self, cells_raw):
        raw = changed(
            cells_raw, "populations.cells.tonic.other", {"receptor": "alpha1_beta_delta", "conductance": "1 nS"}
        )
        raw = changed(raw, "receptors.potency_ratio", 0.5)
        one = Definition.from_data(changed(raw, f"{DELTA}.receptor_parameters", {"K_allo": "20 nM"}))
        arguments = plan_run(one, duration_s=1.0).arguments
        assert arguments["pop_cells.tonic_delta_K_allo"] == pytest.approx(20e-6)
        assert arguments["pop_cells.tonic_other_K_allo"] == pytest.approx(
            0.5 * receptor("alpha1_beta_gamma2").K_allo.value * 1e-3
        )


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (f"{DELTA}.receptor_parameters.K_alo", "1 uM", "unknown receptor number 'K_alo'; did you mean 'K_allo'?"),
        (f"{DELTA}.receptor_parameters.decay_max", 6,
         "nothing reads this: a tonic conductance reads only L, K_gaba, c_gaba, K_allo, c_allo; leave it out"),
        (f"{DELTA}.receptor_parameters.Q0", 2,
         "nothing reads this: a tonic conductance reads only L, K_gaba, c_gaba, K_allo, c_allo; leave it out"),
        (f"{INHIBITION}.receptor_parameters.K_allo", "1 uM",
         "nothing reads this: a projection reads only decay_max, decay_ec50, decay_hill; leave it out"),
        (f"{DELTA}.receptor_parameters.K_allo", "30 ms",
         "'30 ms' is a time; expected a concentration such as '1 uM'"),
        (f"{DELTA}.receptor_parameters.K_allo", 0.1, "0.1 has no unit; expected a concentration such as '1 uM'"),
        (f"{DELTA}.receptor_parameters.K_allo", "0 uM", "'0.0 nM' is not above 0; give a larger value"),
        (f"{DELTA}.receptor_parameters.L", "-1", "'-1' is negative; expected a value of at least 0"),
        (f"{DELTA}.receptor_parameters.c_allo", 1.2,
         "1.2 is outside its meaning; expected at most 1, for the open receptor binds the steroid more tightly"),
        (f"{INHIBITION}.receptor_parameters.decay_max", 0.5,
         "0.5 is outside its meaning; expected at least 1, for the steroid prolongs the IPSC"),
        ("projections.excitation.receptor_parameters.decay_max", 2,
         "projections.excitation.receptor_parameters: nothing reads this: allopregnanolone does not act on 'ampa'"),
        ("receptors.potency_ratio", 0, "0.0 is out of range; expected a number above 0"),
        ("receptors.potency_ratio", "1 nM", "'1 nM' is not a number; expected a number above 0"),
        ("receptors.ratio", 1, "unknown name in receptors: 'ratio'; known: potency_ratio"),
    ],
)  # fmt: skip
def test_what_is_refused(cells, path, value, sentence):
    said = refused(cells, {path: value})
    assert said == (sentence if sentence.startswith("projections.") else f"{path}: {sentence}")


@pytest.mark.parametrize(
    "values",
    [
        {f"{DELTA}.preparation": "insensitive"},
        {f"{DELTA}.receptor": "alpha5_beta_gamma2"},
        {f"{DELTA}.receptor_parameters.K_allo": "0.1 uM"},
        {"populations.cells.tonic": {}},
    ],
)
def test_a_ratio_that_nothing_reads(cells, values):
    cells.override(values)
    said = refused(cells, {"receptors.potency_ratio": 0.6, **values})
    assert said.startswith(
        "receptors.potency_ratio: nothing reads this: the network has no tonic delta receptor on which"
    )
    closed = [path for path in values if path.endswith("K_allo")]
    assert said.endswith(f"for {closed[0]} gives it; leave out one of them" if closed else "left open; leave it out")


def test_a_gap_junction_has_no_receptor(cells_raw):
    coupling = {
        "source": "cells", "target": "cells", "synapse": {"kind": "gap_junction"}, "weight": "1 nS",
        "connect": {"rule": "neighbours", "reach": 2, "undirected": True}, "receptor_parameters": {"decay_max": 2},
    }  # fmt: skip
    with pytest.raises(
        InputError, match=r"^projections\.coupling\.receptor_parameters: nothing reads this: a gap junction"
    ):
        Definition.from_data(changed(cells_raw, "projections.coupling", coupling))


def test_receptor_numbers_are_those_that_run(cells):
    one = cells.override({"receptors.potency_ratio": 0.5, f"{INHIBITION}.receptor_parameters.decay_max": 7})
    numbers = receptor_numbers(one)
    assert numbers[DELTA].K_allo.value == pytest.approx(0.5 * receptor("alpha1_beta_gamma2").K_allo.value)
    assert numbers[DELTA].K_allo.origin == "assumed"
    assert numbers[INHIBITION].decay_max.value == 7
    assert numbers[INHIBITION].decay_max.source == "set by the user"


def test_show_of_what_python_set(cells):
    values = {f"{DELTA}.receptor_parameters.K_allo": "0.1 uM", f"{INHIBITION}.receptor_parameters.decay_max": 7}
    lines = [" ".join(line.split()) for line in describe(cells.override(values), {}).splitlines()]
    assert f"{DELTA}.receptor_parameters.K_allo 100.0 nM set by the user" in lines
    assert f"{INHIBITION}.receptor_parameters.decay_max 7.0 set by the user" in lines
    assert "K_allo 0.1 uM (default 0.19, 0.05 to 0.4) assumed: set by the user" in lines
    assert "decay_max 7 (default 5, 4 to 8) assumed: set by the user" in lines


def test_show(tmp_path, capsys):
    text = CELLS.replace(
        'conductance = "1 nS"',
        'conductance = "1 nS"\nreceptor_parameters = { K_allo = "0.1 uM" }   # our slices, EC50 of the tonic current',
    )
    assert text != CELLS
    (tmp_path / "network.toml").write_text(text)
    one = f"{INHIBITION}.receptor_parameters.decay_max"
    assert main(["show", str(tmp_path / "network.toml"), "--set", f"{one}=7"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert f"{DELTA}.receptor_parameters.K_allo 100.0 nM our slices, EC50 of the tonic current" in lines
    assert "K_allo 0.1 uM (default 0.19, 0.05 to 0.4) assumed: our slices, EC50 of the tonic current" in lines
    assert f"{one} 7.0 set on the command line" in lines
    assert "decay_max 7 (default 5, 4 to 8) assumed: set on the command line" in lines


def test_a_file_in_full(tmp_path, cells_raw):
    raw = changed(cells_raw, "receptors", {"potency_ratio": 0.7})
    (tmp_path / "network.toml").write_text(as_toml(raw))
    assert Definition.load(tmp_path / "network.toml").schema.receptors.potency_ratio == 0.7


@pytest.mark.parametrize(
    "values",
    [
        {f"{DELTA}.receptor_parameters.L": "1e-20"},
        {f"{DELTA}.receptor_parameters.K_gaba": "1e12 uM"},
        {f"{DELTA}.reference.gaba": "1e-15 nM"},
    ],
)
def test_a_reference_in_which_gaba_does_nothing(cells, values):
    assert refused(cells, values).startswith(f"{DELTA}.reference.gaba: ")

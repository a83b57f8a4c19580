"""A definition is plain data: one hash however it was written, changed by dotted path, complete without its files."""

import json
import os
import pickle
import re
import subprocess
import sys
import tomllib

import numpy as np
import pytest
from brian2 import Hz, ms, mV, nS, pA, uA
from brian2.units import cm
from small_network import REMOVED, as_toml, changed

from allotone import InputError, Network, nM, uM
from allotone.concentration import constant, table
from allotone.network.definition import Definition
from allotone.network.describe import clipped_moments, describe
from allotone.network.files import shipped

# The same network in other units, another order, with some defaults written out and some quantities as Quantity.
REWRITTEN = {
    "projections": {
        "excitation": {
            "weight": 1 * nS, "connect": {"probability": "0.5", "rule": "probability", "self_connections": False},
            "synapse": {"kind": "exponential"}, "reversal": "0 V", "receptor": "ampa", "target": "cells",
            "source": "trains", "onset": "0 s", "delay": 0 * ms,
        },
        "inhibition": {
            "delay": "0.001 s", "weight": "0.001 uS", "connect": {"indegree": 3.0, "rule": "fixed_indegree"},
            "synapse": {"tau_decay": 5 * ms, "tau_rise": "500 us", "kind": "biexponential"}, "preparation": "slice",
            "receptor": "alpha1_beta_gamma2", "target": "cells", "source": "cells", "plasticity": {"kind": "none"},
            "weight_per": "contact", "decay_factor": 1, "amplitude_factor": "1",
        },
    },
    "populations": {
        "trains": {"neuron": {"rate": "0.01 kHz", "kind": "poisson_source", "active_fraction": 1}, "size": "5"},
        "cells": {
            "tonic": {
                "delta": {
                    "conductance": "1000 pS", "receptor": "alpha4_beta_delta", "density": 1, "rectification": "none",
                    "reference": {"gaba": "160 nM", "allopregnanolone": 0 * nM, "voltage": -70 * mV},
                }
            },
            "drive": {
                "input": {"kind": "poisson", "rate": 10 * Hz, "inputs": 1, "weight": "1 nS", "tau_decay": "5 ms",
                          "reversal": "0 mV"},
                "noise": {"reversal": "0 mV", "tau": "0.005 s", "sd": "200 pS", "mean": "1 nS",
                          "kind": "ornstein_uhlenbeck"},
                "current": {"amplitude": {"cv": 0.1, "mean": "0.2 nA", "distribution": "normal"}, "kind": "current",
                            "onset": "0 ms"},
            },
            "reversal": {"E_gaba": "-0.075 V"}, "neuron": "conductance_lif", "size": np.int64(10),
            "parameters": {"C_m": "0.2 nF"}, "initial": {"v": "-60 mV"},
        },
    },
    "medium": {"allopregnanolone": {"schedule": "constant", "concentration": "0 uM"}, "gaba": 160 * nM},
    "time_step": "50 us",
    "title": "Ten cells and five trains",
}  # fmt: skip


def test_one_definition_however_it_is_written(cells):
    assert Definition.from_data(REWRITTEN).json == cells.json
    assert Definition.from_data(REWRITTEN).sha256 == cells.sha256


def test_quantities_and_their_text_are_one_value(cells):
    for path, text, quantity in [
        ("populations.cells.drive.current.amplitude", "123.4 pA", 123.4 * pA),
        ("populations.cells.parameters.v_threshold", "-47.3 mV", -47.3 * mV),
        ("projections.inhibition.weight", "0.07 nS", 0.07 * nS),
        ("projections.inhibition.delay", "1.3 ms", 1.3 * ms),
        ("medium.gaba", "0.31 uM", 0.31 * uM),
        ("medium.allopregnanolone", "70 nM", constant(70 * nM)),
    ]:
        assert cells.override({path: text}).sha256 == cells.override({path: quantity}).sha256, path


def test_the_canonical_form_is_its_own(cells):
    assert Definition.from_data(cells.data) == cells
    assert Definition.from_data(json.loads(cells.json)).sha256 == cells.sha256
    for name in shipped():
        one = Definition.load(name)
        assert Definition.from_data(json.loads(one.json)) == one


def test_hash_of_a_fresh_process(cells):
    program = (
        "import sys, json; from allotone.network.definition import Definition;"
        "print(Definition.from_data(json.loads(sys.stdin.read())).sha256)"
    )
    # This process has a hash seed of its own, so that its dictionaries and sets are ordered otherwise.
    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(cells.data), capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "1"},
    )  # fmt: skip
    assert done.stdout.strip() == cells.sha256


def leaves(data, path=()):
    for key, value in data.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        else:
            yield ".".join((*path, key)), value


def test_every_changed_value_gives_another_hash(cells):
    hashes, tried = {cells.sha256}, 0
    for path, value in leaves(cells.data):
        if isinstance(value, bool):
            other = not value
        elif isinstance(value, int):
            other = value + 1
        elif isinstance(value, float):
            other = value / 2 or 0.5
        elif isinstance(value, str) and value[:1] in "-0123456789" and value:
            number, _, unit = value.partition(" ")
            other = f"{float(number) * 1.01 + (1 if float(number) == 0 else 0)} {unit}".strip()
        else:
            continue
        changed_one = cells.override({path: other})
        assert changed_one.sha256 not in hashes, path
        hashes.add(changed_one.sha256)
        tried += 1
    assert tried > 50


def test_definition_is_a_value(cells):
    again = pickle.loads(pickle.dumps(cells))
    assert again == cells and hash(again) == hash(cells) and again.sha256 == cells.sha256
    with pytest.raises(Exception, match="frozen|cannot assign"):
        cells.schema = None


class TestOverride:
    def test_values_at_their_paths(self, cells):
        other = cells.override({"populations.cells.size": 20, "projections.inhibition.delay": "2 ms"})
        assert other.schema.populations["cells"].size == 20
        assert other.data["projections"]["inhibition"]["delay"] == "2.0 ms"
        assert cells.schema.populations["cells"].size == 10

    def test_star_stands_for_one_level(self, cells):
        one = cells.override({"projections.*.weight": "3 nS"})
        assert {p.weight for p in one.schema.projections.values()} == {"3.0 nS"}
        assert one == cells.override({"projections.inhibition.weight": "3 nS", "projections.excitation.weight": "3 nS"})

    def test_star_passes_over_what_lacks_the_value(self, cells):
        one = cells.override({"populations.*.reversal.E_gaba": "-55 mV"})
        assert one == cells.override({"populations.cells.reversal.E_gaba": "-55 mV"})
        one = cells.override({"populations.*.tonic.*.conductance.cv": 0.2})
        assert one == cells.override({"populations.cells.tonic.delta.conductance.cv": 0.2})

    def test_parts_of_a_distribution(self, cells):
        path = "populations.cells.drive.current.amplitude"
        assert cells.override({f"{path}.mean": "100 pA"}).schema.populations["cells"].drive["current"].amplitude == {
            "distribution": "normal", "mean": "100.0 pA", "cv": "0.1",
        }  # fmt: skip
        # sd and cv say the same thing: the newer one holds.
        assert cells.override({f"{path}.sd": "5 pA"}).schema.populations["cells"].drive["current"].amplitude == {
            "distribution": "normal", "mean": "200.0 pA", "sd": "5.0 pA",
        }  # fmt: skip

    def test_parts_of_a_plain_value(self, cells):
        path = "populations.cells.tonic.delta.conductance"
        assert cells.override({f"{path}.mean": "2 nS"}) == cells.override({path: "2 nS"})
        spread = {"mean": "1 nS", "cv": 0.2}
        assert cells.override({f"{path}.cv": 0.2}) == cells.override({path: spread})
        assert cells.override({f"{path}.sd": "0.2 nS"}) == cells.override({path: {"mean": "1 nS", "sd": "0.2 nS"}})
        # A spread in the one kind of unit may get a mean in the other.
        other = cells.override({path: spread}).override({f"{path}.mean": 0.01 * uA / cm**2 / mV})
        assert other == cells.override({path: {"mean": "0.01 mS/cm2", "cv": 0.2}})

    def test_new_drives_and_tonic_receptors(self, cells):
        pulse = {"kind": "pulse", "amplitude": "10 pA", "duration": "5 ms"}
        receptor = {"receptor": "alpha5_beta_gamma2", "conductance": "1 nS"}
        one = cells.override({"populations.cells.drive.kick": pulse, "populations.cells.tonic.alpha5": receptor})
        assert set(one.schema.populations["cells"].drive) == {"current", "noise", "input", "kick"}
        assert set(one.schema.populations["cells"].tonic) == {"delta", "alpha5"}

    def test_initial_value_that_had_none(self, cells):
        one = cells.override({"populations.cells.initial.g_excitation": "2 nS"})
        assert one.schema.populations["cells"].initial["g_excitation"] == "2.0 nS"

    def test_agents_of_a_drive(self, cells):
        one = cells.override({"populations.cells.drive.current.agents": [0, 3]})
        assert one.override({"populations.cells.drive.current.agents.1": 5}) == cells.override(
            {"populations.cells.drive.current.agents": [0, 5]}
        )

    def test_order_of_projections_in_a_file_does_not_matter_to_the_hash(self, cells, cells_raw):
        backwards = {**cells_raw, "projections": dict(reversed(cells_raw["projections"].items()))}
        assert Definition.from_data(backwards).sha256 == cells.sha256

    def test_value_per_area_needs_the_area_of_the_cell(self, cells):
        with pytest.raises(
            InputError, match="^projections.inhibition.weight: '1.0 mS/cm2' needs the cell's membrane area"
        ):
            Definition.from_data(_without_area(cells)).override({"projections.inhibition.weight": "1 mS/cm2"})


def _without_area(cells):
    from allotone.neurons import MODELS

    model = {**MODELS["conductance_lif"].to_dict(), "name": "points", "area": ""}
    raw = json.loads(cells.json)
    raw["models"] = {"points": model}
    raw["populations"]["cells"]["neuron"] = "points"
    return raw


class TestExtends:
    def write(self, folder, **files):
        for name, text in files.items():
            (folder / f"{name}.toml").write_text(text)
        return folder / f"{name}.toml"

    def test_written_out_or_extended(self, tmp_path):
        path = self.write(tmp_path, child='extends = "pv_gamma"\n[populations.pv]\nsize = 150\n')
        raw = tomllib.loads(shipped()["pv_gamma"].read_text())
        raw["populations"]["pv"]["size"] = 150
        assert Definition.load(path) == Definition.from_data(raw)
        assert Definition.load(path) == Definition.load("pv_gamma").override({"populations.pv.size": 150})

    def test_own_file_from_another_folder(self, tmp_path, cells_raw, cells, monkeypatch):
        inner = tmp_path / "inner"
        inner.mkdir()
        self.write(tmp_path, base=as_toml(cells_raw))
        path = self.write(inner, child='extends = "../base.toml"\ntitle = "Child"\n')
        monkeypatch.chdir("/")
        assert Definition.load(path) == Definition.from_data({**cells_raw, "title": "Child"})

    def test_another_rule_or_kind_replaces_the_table(self, tmp_path, cells_raw):
        child = """
        extends = "base.toml"
        [projections.inhibition]
        connect = { rule = "probability", probability = 0.1 }
        synapse = { kind = "exponential" }
        [populations.cells.drive.current]
        kind = "pulse"
        amplitude = "1 pA"
        duration = "5 ms"
        """
        self.write(tmp_path, base=as_toml(cells_raw))
        one = Definition.load(self.write(tmp_path, child=child)).data
        assert one["projections"]["inhibition"]["connect"] == {
            "rule": "probability", "probability": 0.1, "self_connections": False,
        }  # fmt: skip
        # Not the base's tau_decay, which belonged to another waveform, but the default of this one.
        assert one["projections"]["inhibition"]["synapse"] == {"kind": "exponential", "tau_decay": "5.0 ms"}
        assert one["populations"]["cells"]["drive"]["current"]["kind"] == "pulse"

    def test_same_rule_changes_values_inside(self, tmp_path, cells_raw, cells):
        self.write(tmp_path, base=as_toml(cells_raw))
        child = 'extends = "base.toml"\n[projections.inhibition.connect]\nindegree = 5\n'
        assert Definition.load(self.write(tmp_path, child=child)) == cells.override(
            {"projections.inhibition.connect.indegree": 5}
        )

    def test_reversal_by_chloride_replaces_the_potential(self, tmp_path, cells_raw):
        self.write(tmp_path, base=as_toml(cells_raw))
        child = 'extends = "base.toml"\n[populations.cells.reversal]\nchloride_in = "8 mM"\n'
        reversal = Definition.load(self.write(tmp_path, child=child)).data["populations"]["cells"]["reversal"]
        assert reversal["chloride_in"] == "8000000.0 nM" and "E_gaba" not in reversal


MODEL = """
from allotone.neurons import CellModel, Parameter

TAU = "10 ms"
MODEL = CellModel(
    name="leaky",
    title="Leaky cell",
    source="assumed: test",
    equations="dv/dt = (E_leak - v)/tau + I_input/C_m : volt",
    parameters={
        "tau": Parameter(TAU, "membrane time constant", "assumed: test"),
        "C_m": Parameter("100 pF", "capacitance", "assumed: test"),
        "E_leak": Parameter("-65 mV", "rest", "assumed: test"),
    },
    threshold="v > -50*mV",
    reset="v = E_leak",
    initial={"v": "E_leak"},
    largest_time_step="0.1 ms",
)
"""


def test_own_cell_model_travels_without_its_file(tmp_path, cells_raw, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    (home / "leaky.py").write_text(MODEL)
    (home / "network.toml").write_text(as_toml(changed(cells_raw, "populations.cells.neuron", "leaky.py")))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    one = Definition.load("../home/network.toml")
    assert one.schema.populations["cells"].neuron == "leaky"
    assert one.data["populations"]["cells"]["initial"] == {"v": "E_leak"}
    (home / "leaky.py").unlink()
    (home / "network.toml").unlink()
    # Another process, which has never seen the file, plans the same network from the pickle.
    program = (
        "import sys, pickle; from allotone.simulation.run import plan_run;"
        "one = pickle.load(sys.stdin.buffer); plan = plan_run(one, duration_s=1.0, seed=3);"
        "print(one.sha256, plan.arguments['pop_cells.tau'], plan.arguments['pop_cells.C_m'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=pickle.dumps(one), capture_output=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    sha256, tau, capacitance = done.stdout.decode().split()
    assert (sha256, float(tau), float(capacitance)) == (one.sha256, 0.01, 1e-10)
    # Overrides act on it as on any other, and leaving it drops it from the definition.
    assert one.override({"populations.cells.parameters.tau": "20 ms"}).sha256 != one.sha256
    assert one.override({"populations.cells.neuron": "leaky"}) == one


def test_definition_drops_models_that_nothing_uses(cells):
    raw = _without_area(cells)
    raw["populations"]["cells"]["neuron"] = "conductance_lif"
    assert Definition.from_data(raw) == cells


def test_spikes_and_schedules_of_files_are_read_once(tmp_path, cells_raw, monkeypatch):
    (tmp_path / "spikes.csv").write_text("node_id,time_ms\n0,1.5\n4,2\n")
    (tmp_path / "course.csv").write_text("# from a syringe\ntime_h,receptor_nM\n0,0\n0.5,10\n1,5\n")
    raw = changed(cells_raw, "populations.trains.neuron", {"kind": "spike_file", "path": "spikes.csv"})
    (tmp_path / "network.toml").write_text(as_toml(changed(raw, "medium.allopregnanolone", "course.csv")))
    one = Definition.load(tmp_path / "network.toml")
    assert one.data["populations"]["trains"]["neuron"]["spikes"] == [[0, 1.5], [4, 2.0]]
    for file in tmp_path.iterdir():
        file.unlink()
    assert Definition.from_data(one.data) == one
    by_hand = table([0, 1800, 3600] * (1000 * ms), [0, 10, 5] * nM)
    assert one == one.override({"medium.allopregnanolone": by_hand})
    assert one.data["medium"]["allopregnanolone"]["times"] == ["0.0 ms", "1800000.0 ms", "3600000.0 ms"]


def test_another_spike_file_is_read(tmp_path, cells_raw, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spikes.csv").write_text("node_id,time_ms\n0,1.5\n4,2\n")
    (tmp_path / "other.csv").write_text("node_id,time_ms\n3,7\n")
    raw = changed(cells_raw, "populations.trains.neuron", {"kind": "spike_file", "path": "spikes.csv"})
    (tmp_path / "network.toml").write_text(as_toml(raw))
    (tmp_path / "child.toml").write_text('extends = "network.toml"\n[populations.trains.neuron]\npath = "other.csv"\n')
    one = Definition.load(tmp_path / "network.toml")
    for other in (
        one.override({"populations.trains.neuron.path": "other.csv"}),
        one.override({"populations.*.neuron.path": "other.csv"}),
        Definition.load(tmp_path / "child.toml"),
    ):
        assert other.data["populations"]["trains"]["neuron"]["spikes"] == [[3, 7.0]]
    with pytest.raises(
        InputError, match=r"^populations\.trains\.neuron\.path: the spike file 'no\.csv' cannot be read"
    ):
        one.override({"populations.trains.neuron.path": "no.csv"})


def test_spaces_and_capitals_of_a_schedule_file(tmp_path, cells, monkeypatch):
    (tmp_path / "COURSE.CSV").write_text("# made by hand\n\ntime_ms, receptor_nM\n0, 0\n500, 10\n")
    monkeypatch.chdir(tmp_path)
    schedule = cells.override({"medium.allopregnanolone": "COURSE.CSV"}).data["medium"]["allopregnanolone"]
    assert (
        schedule
        == cells.override({"medium.allopregnanolone": table([0, 500] * ms, [0, 10] * nM)}).data["medium"][
            "allopregnanolone"
        ]
    )


def test_files_named_in_an_override_are_sought_here(tmp_path, cells, monkeypatch):
    (tmp_path / "course.csv").write_text("time_ms,receptor_nM\n0,0\n500,10\n")
    monkeypatch.chdir(tmp_path)
    one = Network(cells).override({"medium.allopregnanolone": "course.csv"}).definition
    assert one.data["medium"]["allopregnanolone"]["schedule"] == "table"


def test_parameters_of_a_schedule_are_paths(cells):
    one = cells.override({"medium.allopregnanolone": "step:after=100nM,onset=1s"})
    assert one.override({"medium.allopregnanolone.onset": "2 s"}) == cells.override(
        {"medium.allopregnanolone": "step:onset=2000ms,after=0.1uM"}
    )


CLIPPED = [
    {"mean": "2 nS", "cv": 0.2},
    {"mean": "1 nS", "cv": 1.5},
    {"mean": "1 nS", "sd": "2 nS", "max": "3 nS"},
    {"mean": "1 nS", "sd": "0.5 nS", "min": "0.9 nS"},
    {"distribution": "lognormal", "mean": "1 nS", "cv": 0.8},
    {"distribution": "lognormal", "mean": "1 nS", "cv": 0.8, "min": "0.5 nS", "max": "2 nS"},
    {"distribution": "uniform", "min": "1 nS", "max": "3 nS"},
]


@pytest.mark.parametrize("spread", CLIPPED)
def test_moments_that_show_prints_against_draws(cells, spread):
    path = "populations.cells.tonic.delta.conductance"
    one = cells.override({path: spread})
    canonical = one.schema.populations["cells"].tonic["delta"].conductance
    numbers = {key: (float(text.split(" ")[0]) if key != "distribution" else text) for key, text in canonical.items()}
    rng, count = np.random.default_rng(1), 200_000
    if numbers["distribution"] == "uniform":
        drawn = rng.uniform(numbers["min"], numbers["max"], count)
    else:
        sd = numbers.get("sd", numbers["mean"] * numbers.get("cv", 0))
        if numbers["distribution"] == "normal":
            drawn = rng.normal(numbers["mean"], sd, count)
        else:
            variance = np.log(1 + (sd / numbers["mean"]) ** 2)
            drawn = rng.lognormal(np.log(numbers["mean"]) - variance / 2, np.sqrt(variance), count)
        drawn = np.clip(drawn, max(0, numbers.get("min", 0)), numbers.get("max", np.inf))
    mean, cv = clipped_moments(canonical)
    # Five standard errors of the mean, and of the cv (kurtosis of a wide lognormal included).
    assert mean / 1e-9 == pytest.approx(drawn.mean(), abs=5 * drawn.std() / np.sqrt(count))
    assert cv == pytest.approx(drawn.std() / drawn.mean(), rel=0.02)
    line = next(line for line in describe(one, {}).splitlines() if line.startswith(path))
    printed = re.search(r"agents: mean (\S+) nS, cv (\S+)", line)
    assert float(printed[1]) == pytest.approx(mean / 1e-9, rel=1e-3)
    assert float(printed[2]) == pytest.approx(cv, rel=1e-2)


def test_removed_value_of_a_file_takes_its_default(cells_raw, cells):
    raw = changed(cells_raw, "medium", REMOVED)
    assert Definition.from_data(raw) == cells

"""What a run meets of a schedule: the concentration alone decides the spikes, and the result says where it came from."""

import numpy as np
import pytest

from allotone import InputError, Network, schedule
from allotone.cli import BAD_INPUT, DONE, main
from allotone.network.medium import medium_course
from allotone.results import read_run, write_run

PLACE = "medium.allopregnanolone"
DURATION, DURATION_S, LEVEL = "0.3 s", 0.3, 30.0
PLASMA_FOR_LEVEL = (LEVEL / 0.067 - 15) / 3


@pytest.fixture(scope="module")
def network():
    return Network.load("pv_gamma")


@pytest.fixture(scope="module")
def spikes_of(network):
    def spikes(given):
        found = network.run(DURATION, allopregnanolone=given, seed=3).spikes["pv"]
        return np.asarray(found.times).tolist(), found.node_ids.tolist()

    return spikes


@pytest.fixture(scope="module")
def expected(spikes_of):
    times, nodes = spikes_of(f"{LEVEL} nM")
    assert len(times) > 500
    return times, nodes


# Ways to LEVEL at the receptor throughout the run.
WAYS = {
    "plasma, anchored": f"constant:compartment=plasma,concentration={PLASMA_FOR_LEVEL!r}nM",
    "plasma, nominal": f"constant:compartment=plasma,concentration={LEVEL}nM,map=nominal",
    "plasma, free": f"constant:compartment=plasma,concentration={100 * LEVEL}nM,map=free",
    "brain, tissue": f"constant:compartment=brain,concentration={LEVEL}nmol/kg,map=tissue",
    "brain, anchored": f"constant:compartment=brain,concentration={LEVEL / 0.067!r}nmol/kg",
    "table": {"schedule": "table", "times": ["0 h", "1 h", "9 h"], "concentrations": [f"{LEVEL} nM"] * 3, "at": "30 min"},
    "sum": "10nM + 0.5*20nM + step:after=10nM",
    "frozen fall": f"ramp:before={LEVEL}nM,after=29.8nM,duration=1s",
    "after a step": f"step:before=1nM,after={LEVEL}nM,onset=2h,at=2h",
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_the_same_concentration_gives_the_same_spikes(way, spikes_of, expected):
    assert spikes_of(WAYS[way]) == expected


def test_another_concentration_gives_other_spikes(spikes_of, expected):
    assert spikes_of("30.01 nM") != expected
    # Not frozen: the same start is not enough.
    assert spikes_of(f"ramp:before={LEVEL}nM,after=31nM,duration={DURATION_S}s") != expected


class TestFrozenInfusion:
    @pytest.fixture(scope="class")
    def run(self, network):
        return network.run(DURATION, allopregnanolone="infusion:at=2h", seed=3)

    def test_it_is_a_constant_for_the_network(self, run, spikes_of):
        level = run.allopregnanolone.concentration
        assert level[0] == level[-1]
        nM = float(np.asarray(level[0])) * 1e6
        found = run.spikes["pv"]
        assert spikes_of(f"{nM:.12g} nM") == (np.asarray(found.times).tolist(), found.node_ids.tolist())

    def test_the_result_holds_where_it_came_from(self, run):
        course, way = run.allopregnanolone, schedule("infusion:at=2h")
        ends = np.array([0, DURATION_S / 3600])
        assert course.frozen and course.map == "anchored"
        np.testing.assert_allclose(np.asarray(course.plasma) * 1e6, way.plasma(ends).values, rtol=1e-12)
        # Base units: mol/kg.
        np.testing.assert_allclose(np.asarray(course.brain) * 1e9, way.brain(ends).values, rtol=1e-9)
        assert course.plasma[-1] > course.plasma[0]
        np.testing.assert_allclose(
            np.asarray(course.concentration[0]) * 1e6, 0.067 * np.asarray(course.brain[0]) * 1e9, rtol=1e-11
        )
        assert any("'infusion' is a total in plasma, and the map 'anchored'" in sentence for sentence in run.warnings)

    def test_it_survives_in_the_file(self, run, tmp_path):
        write_run(run, tmp_path / "run.h5")
        course = read_run(tmp_path / "run.h5").allopregnanolone
        for name in ("times", "concentration", "plasma", "brain"):
            before, after = getattr(run.allopregnanolone, name), getattr(course, name)
            assert before.dim == after.dim
            np.testing.assert_allclose(np.asarray(after), np.asarray(before), rtol=1e-15)
        assert (course.map, course.frozen) == ("anchored", True)


def test_a_receptor_schedule_came_from_nowhere(network, tmp_path):
    write_run(network.run("20 ms", allopregnanolone="30 nM"), tmp_path / "run.h5")
    course = read_run(tmp_path / "run.h5").allopregnanolone
    assert (course.plasma, course.brain, course.map, course.frozen) == (None, None, None, False)


class TestFreezing:
    @pytest.mark.parametrize(
        ("given", "duration_s", "frozen"),
        [
            ("ramp:before=100nM,after=99.01nM,duration=2s", 2.0, True),
            ("ramp:before=99.01nM,after=100nM,duration=2s", 2.0, True),
            ("ramp:before=100nM,after=98.99nM,duration=2s", 2.0, False),
            ("ramp:before=98.99nM,after=100nM,duration=2s", 2.0, False),
            # To and from nothing every move is a large one.
            ("ramp:before=0nM,after=1e-6nM,duration=2s", 2.0, False),
            ("ramp:before=1e-6nM,after=0nM,duration=2s", 2.0, False),
            ("30 nM", 2.0, False),
            ("infusion", 1.0, True),
            ("infusion", 600.0, False),
            ("infusion:at=60h", 3600.0, False),
        ],
    )
    def test_less_than_one_percent_is_held_still(self, given, duration_s, frozen):
        course = medium_course(dict(schedule(given)), duration_s)
        assert course.frozen == frozen
        if frozen:
            assert np.ptp(course.receptor) == 0
        assert course.receptor[0] == pytest.approx(schedule(given).receptor(0.0).values[0], rel=1e-11, abs=1e-30)

    @pytest.mark.parametrize(
        "given", ["infusion:at=2h", "infusion:at=24h", "oral_progesterone:at=3h", "acute_stress:at=10min"]
    )
    def test_the_length_of_the_run_does_not_alter_where_it_starts(self, given):
        starts = {float(medium_course(dict(schedule(given)), length).receptor[0]) for length in (0.5, 1.0, 7.0, 60.0)}
        assert len(starts) == 1


def test_the_note_about_the_map_is_printed_once(network, capsys):
    way = schedule("infusion:at=2h", Kp=3.125)
    runs = [network.run("20 ms", allopregnanolone=way, seed=seed) for seed in (1, 2)]
    printed = capsys.readouterr().err
    assert printed.count("note: ") == printed.count("'infusion' is a total in plasma") == 1
    assert "Kp 3.125" in printed
    assert all(any("Kp 3.125" in sentence for sentence in run.warnings) for run in runs)


class TestCommandLine:
    def run(self, tmp_path, *more, network="pv_gamma"):
        return main(["run", network, "--duration", "20ms", "-o", str(tmp_path / "run.h5"), *more])

    def test_the_map_is_taken_and_stored(self, tmp_path):
        assert self.run(tmp_path, "--allo", "infusion:at=2h", "--map", "free") == DONE
        course = read_run(tmp_path / "run.h5").allopregnanolone
        assert course.map == "free" and course.brain is None
        nM = schedule("infusion:at=2h", map="free").receptor(0.0).values[0]
        np.testing.assert_allclose(np.asarray(course.concentration) * 1e6, nM, rtol=1e-11)

    def test_a_map_for_the_files_own_schedule(self, tmp_path):
        own = tmp_path / "own.toml"
        own.write_text('extends = "pv_gamma"\n[medium]\nallopregnanolone = "infusion:at=2h,Kp=4"\n')
        assert self.run(tmp_path, "--map", "nominal", network=str(own)) == DONE
        definition = read_run(tmp_path / "run.h5").definition["medium"]["allopregnanolone"]
        assert definition["map"] == "nominal" and "Kp" not in definition

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            (("--map", "free"), f"{PLACE}.map: 'free' has nothing to do"),
            (("--allo", "30nM", "--map", "free"), f"{PLACE}.map: 'free' has nothing to do"),
            (("--allo", "infusion", "--map", "fre"), f"{PLACE}.map: unknown map 'fre'; did you mean 'free'?"),
            (("--allo", "infusion", "--map", "free", "--set", f"{PLACE}.map=free"), "--map: says the same as --set"),
            (("--allo", "infusion", "--set", f"{PLACE}=30nM"), "--allo: says the same as --set"),
            (("--allo", "infusion", "--map", "free", "--set", f"{PLACE}.Kp=3"), f"{PLACE}.Kp: nothing reads this"),
            (("--allo", "infusion", "--set", f"{PLACE}.dya=3"), f"{PLACE}.dya: unknown parameter"),
            (("--allo", "measured.csv"), f"{PLACE}: the schedule file 'measured.csv' cannot be read"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_written(self, tmp_path, capsys, monkeypatch, more, sentence):
        monkeypatch.chdir(tmp_path)
        assert self.run(tmp_path, *more) == BAD_INPUT
        assert capsys.readouterr().err.startswith(f"allotone: {sentence}")
        assert not (tmp_path / "run.h5").exists()

    def test_a_table_must_cover_the_run(self, tmp_path, capsys):
        (tmp_path / "short.csv").write_text("time_ms,receptor_nM\n0,1\n10,2\n")
        assert self.run(tmp_path, "--allo", str(tmp_path / "short.csv")) == BAD_INPUT
        assert "the schedule covers 0 to 0.01 s, the run needs 0 to 0.02 s" in capsys.readouterr().err

    def test_plasma_takes_no_map(self, capsys):
        assert main(["concentration", "infusion", "--as", "plasma", "--map", "free"]) == BAD_INPUT
        assert "--map: nothing reads 'free'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "path", "value"),
    [
        ("infusion", f"{PLACE}.schedule", "bolus"),
        ("infusion", f"{PLACE}.regimen", "constant"),
        ("infusion:regimen=constant,rate=60ug/kg/h,duration=5h", f"{PLACE}.regimen", "brexanolone_60h"),
        ("constant:compartment=plasma,concentration=3nM", f"{PLACE}.compartment", "receptor"),
        ("menopause + infusion", f"{PLACE}.terms.infus.at", "3 h"),
        ("menopause + infusion", f"{PLACE}.terms.infusion.map", "free"),
        ("menopause + infusion", f"{PLACE}.terms.third", "bolus"),
        ("infusion", f"{PLACE}.at.x", "3 h"),
    ],
)
def test_an_override_that_contradicts_the_rest_is_refused(network, given, path, value):
    with pytest.raises(InputError):
        network.override({PLACE: given, path: value})


def test_the_first_word_of_a_schedule_is_not_changed_behind_its_numbers(network):
    with pytest.raises(InputError, match="another schedule has other parameters.*medium.allopregnanolone=infusion"):
        network.override({PLACE: "infusion", f"{PLACE}.schedule": "bolus"})


PULSES = "pulses:peak=1000nM,width=20ms,interval=10s,onset=5s,count=5"


@pytest.mark.parametrize("given", [PULSES, f"10nM + {PULSES}"])
def test_what_the_table_would_miss_is_refused(given):
    canonical = dict(schedule(given))
    with pytest.raises(InputError, match="changes faster than a run of 60 s follows, which looks every 58.6 ms"):
        medium_course(canonical, 60.0)
    assert medium_course(canonical, 6.0).receptor.max() >= 1000


@pytest.mark.parametrize("given", ["step:onset=0.5s", "ramp:duration=1s", "pulses:width=100ms,interval=300ms,count=3"])
def test_what_the_table_shows_is_followed(given):
    assert medium_course(dict(schedule(given)), 1.0).receptor.max() == pytest.approx(100)


def test_a_number_given_together_with_a_map_that_does_not_read_it_is_refused(network):
    with pytest.raises(InputError, match="f_eff: nothing reads this under the map 'nominal'; anchored would"):
        network.override({PLACE: "infusion:f_eff=0.022", f"{PLACE}.map": "nominal"})
    kept = network.override({PLACE: "infusion:Kp=4", f"{PLACE}.map": "tissue"}).definition.data["medium"][
        "allopregnanolone"
    ]
    assert kept["map"] == "tissue" and kept["Kp"] == "4.0"

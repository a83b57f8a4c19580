"""The command line says what the package knows, in forms that people and scripts read."""

import csv
import io
import json

import numpy as np
import pytest

from allotone import receptors, results, schedule
from allotone.cli import main
from allotone.network.files import shipped
from allotone.statistics import STATISTICS

RUN = ["run", "pv_gamma", "--duration", "0.3s", "--discard", "100 ms", "--seed", "2"]


@pytest.fixture(scope="module")
def run_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "run.h5"
    # As test_simulation.py records and sums, so that both share a binary.
    record = [f"--record={one}" for one in ("v@pv/1ms", "g_tonic@pv/1ms", "g_phasic@pv/1ms", "h@pv:3,7-9/2ms")]
    statistics = [f"--statistic={one}" for one in ("mean_rate", "rate_spectrum", "mean_g_tonic")]
    assert main([*RUN, *record, *statistics, "-o", str(path)]) == 0
    return path


def output(capsys, *arguments):
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_list_names_everything(capsys):
    found = json.loads(output(capsys, "list", "--json"))
    assert list(found["networks"]) == sorted(shipped())
    assert set(found["receptors"]) == set(receptors.SUBTYPES)
    assert {"conductance_lif", "adex", "izhikevich", "wang_buzsaki"} <= set(found["neurons"])
    assert set(found["statistics"]) == set(STATISTICS)
    assert found["experiments"]["dose_response"].startswith("Firing and gamma")
    assert "networks" not in output(capsys, "list", "neurons")


def test_show_gives_path_value_and_origin(capsys):
    text = output(capsys, "show", "pv_gamma", "--set", "populations.pv.tonic.delta.density=0.5")
    lines = {line.split()[0]: line for line in text.splitlines() if line.startswith(("populations", "projections"))}
    density = lines["populations.pv.tonic.delta.density"]
    assert " 0.5 " in density and density.endswith("set on the command line")
    assert "0.02 mS/cm2 (2 nS)" in lines["projections.pv_to_pv.weight"]
    assert "ModelDB 26997" in lines["populations.pv.parameters.g_Na"]
    assert "cv 0.2" in lines["populations.pv.tonic.delta.conductance"]
    assert "alpha1_beta_delta, slice" in text and "fitted:" in text


def test_show_prints_the_spread_after_clipping(capsys):
    line = next(
        line
        for line in output(capsys, "show", "coba_tonic").splitlines()
        if line.startswith("populations.excitatory.initial.g_inhibitory_to_excitatory")
    )
    # N(200, 120) nS clipped at 0: mean and sd of the rectified normal.
    from scipy.stats import norm

    z = 200 / 120
    mean = 200 * norm.cdf(z) + 120 * norm.pdf(z)
    square = (200**2 + 120**2) * norm.cdf(z) + 200 * 120 * norm.pdf(z)
    cv = np.sqrt(square - mean**2) / mean
    assert f"mean {mean:.4g} nS" in line and f"cv {cv:.3g}" in line


def test_show_build_says_how_it_is_compiled(capsys):
    text = output(capsys, "show", "pv_gamma", "--build")
    assert "compiler" in text and "-ffast-math" in text and "folder" in text


def test_run_prints_statistics_and_writes_them(run_file, capsys, tmp_path):
    text = output(capsys, *RUN, "-o", str(tmp_path / "again.h5"))
    rate = float(results.read_run(run_file).statistics["pv"]["mean_rate"].value)
    assert f"mean_rate            {rate:.4g} Hz" in text
    answer = json.loads(output(capsys, *RUN, "--json", "--statistic", "mean_rate", "-o", str(tmp_path / "third.h5")))
    assert answer["statistics"] == {"pv": {"mean_rate": [pytest.approx(rate), "Hz"]}}


def test_time_step_and_seeds_are_options(run_file, capsys, tmp_path):
    finer = tmp_path / "finer.h5"
    output(capsys, *RUN, "--dt", "0.025ms", "--network-seed", "7", "--noise-seed", "8", "-o", str(finer))
    run = results.read_run(finer)
    assert float(run.time_step) == 2.5e-5 and (run.network_seed, run.noise_seed) == (7, 8)
    assert run.definition["time_step"] == "0.025 ms"


@pytest.mark.parametrize("kind", ["raster", "traces", "spectrum"])
def test_plot_of_a_run(run_file, capsys, tmp_path, kind):
    figure = tmp_path / f"{kind}.svg"
    output(capsys, "plot", str(run_file), "--kind", kind, "-o", str(figure))
    assert figure.read_text().count("<path") > 5


def test_plot_of_a_table(capsys, tmp_path):
    import xarray

    table = xarray.Dataset(
        {"pv_mean_rate": (("allopregnanolone", "density", "seed"), np.arange(12.0).reshape(3, 2, 2), {"units": "Hz"})},
        coords={
            "allopregnanolone": ("allopregnanolone", [0.0, 10.0, 100.0], {"units": "nM"}),
            "density": ("density", [0.0, 1.0], {"units": "1"}),
            "seed": ("seed", [0, 1], {"units": "1"}),
        },
    )
    results.write_table(table, tmp_path / "table.h5")
    output(capsys, "plot", str(tmp_path / "table.h5"), "--hue", "density", "-o", str(tmp_path / "a.png"))
    output(capsys, "plot", str(tmp_path / "table.h5"), "--select", "density=1.0", "-o", str(tmp_path / "b.png"))
    assert main(["plot", str(tmp_path / "table.h5"), "--select", "density=2", "-o", str(tmp_path / "c.png")]) == 2
    assert "'2' is not on 'density'; known: 0, 1" in capsys.readouterr().err
    assert main(["plot", str(tmp_path / "table.h5"), "--kind", "raster", "-o", str(tmp_path / "c.png")]) == 2
    assert not (tmp_path / "c.png").exists()


@pytest.fixture
def table_file(tmp_path):
    """A sweep over doses, densities of two populations, reversal potentials and maps, whose value tells them apart."""
    import xarray

    axes = {
        "medium.allopregnanolone": ([0.0, 10.0, 100.0], "nM"),
        "populations.pv.tonic.delta.density": ([0.0, 0.5], "1"),
        "populations.pyr.tonic.delta.density": ([1.0, 2.0], "1"),
        "E_gaba": ([-75.0, -65.5], "mV"),
        "map": (["anchored", "free"], "1"),
        "seed": ([0, 1], "1"),
    }
    shape = [len(values) for values, _ in axes.values()]
    rate = np.arange(np.prod(shape), dtype=float).reshape(shape)
    table = xarray.Dataset(
        {"pv_mean_rate": (tuple(axes), rate, {"units": "Hz"})},
        coords={name: (name, values, {"units": unit}) for name, (values, unit) in axes.items()},
    )
    results.write_table(table, tmp_path / "table.h5")
    return tmp_path / "table.h5"


@pytest.fixture
def drawn(monkeypatch):
    """What the figures are given: tables with the other arguments."""
    from allotone import figures

    calls = []
    for kind in ("dose", "heatmap"):
        draw = getattr(figures, kind)

        def spy(table, variable, draw=draw, **arguments):
            calls.append((table[variable], arguments))
            return draw(table, variable, **arguments)

        monkeypatch.setattr(figures, kind, spy)
    return calls


def selecting(*values):
    return [word for value in values for word in ("--select", value)]


def test_plot_selects_numbers_in_any_unit_and_axes_by_the_end_of_their_path(table_file, drawn, tmp_path, capsys):
    rest = selecting("pyr.tonic.delta.density=1", "map=free")
    for potential in ("-75", "-75.0", "-75 mV", "-0.075V", "-7.5e1"):
        chosen = selecting(f"E_gaba={potential}", *rest[1::2])
        output(
            capsys, "plot", str(table_file), *chosen, "--hue", "pv.tonic.delta.density", "-o", str(tmp_path / "a.svg")
        )
    potentials = [float(values.E_gaba) for values, _ in drawn]
    assert potentials == [-75.0] * 5 and all(str(values.map.values) == "free" for values, _ in drawn)
    assert drawn[0][1] == {"hue": "populations.pv.tonic.delta.density"}
    assert "at density 1, E gaba \N{MINUS SIGN}75 mV, map free" in (tmp_path / "a.svg").read_text()
    chosen = selecting("allopregnanolone=0.1uM", *rest[1::2], "populations.pv.tonic.delta.density=5e-1")
    output(capsys, "plot", str(table_file), "--x", "E_gaba", *chosen, "-o", str(tmp_path / "b.svg"))
    values, arguments = drawn[-1]
    assert float(values["medium.allopregnanolone"]) == 100 and arguments == {"x": "E_gaba"}
    np.testing.assert_array_equal(values.values, results.read_table(table_file).pv_mean_rate.values[2, 1, 0, :, 1])


@pytest.mark.parametrize(
    "arguments, said",
    [
        (selecting("E_gaba=-70"), "--select: '-70' is not on 'E_gaba'; known: -75, -65.5 mV"),
        (selecting("map=nominal"), "--select: 'nominal' is not on 'map'; known: anchored, free"),
        (selecting("E_gaba=-75ms"), "--select: '-75ms' is a time; expected a voltage"),
        (selecting("density=1"), "pv.tonic.delta.density or populations.pyr.tonic.delta.density; write more of it"),
        (selecting("E_gba=-75"), "--select: unknown axis 'E_gba'; did you mean 'E_gaba'?"),
        (selecting("E_gaba"), "--select: 'E_gaba' is not of the form AXIS=VALUE"),
        (["--hue", "size"], "--hue: unknown axis 'size'; known: E_gaba, map, medium.allopregnanolone, populations.pv."),
        (["--x", "maps"], "--x: unknown axis 'maps'; did you mean 'map'?"),
        (["--x", "map", "--hue", "map"], "--hue: 'map' is already drawn or averaged"),
        (["--kind", "heatmap", "--x", "map", "--y", "map"], "--y: 'map' is already drawn as x"),
        (["--statistic", "pv_rate"], "--statistic: unknown statistic 'pv_rate'; did you mean 'pv_mean_rate'?"),
    ],
)
def test_plot_names_the_option_that_is_wrong(table_file, tmp_path, capsys, arguments, said):
    assert main(["plot", str(table_file), *arguments, "-o", str(tmp_path / "a.png")]) == 2
    assert said in capsys.readouterr().err and not (tmp_path / "a.png").exists()


def test_receptor_is_csv_of_fixed_columns(capsys):
    text = output(
        capsys, "receptor", "alpha4_beta_delta", "--preparation", "recombinant", "--gaba", "0.2uM", "--allo", "0,100nM"
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    assert (
        text.splitlines()[0] == "gaba_uM,allopregnanolone_nM,open_probability,fold,direct_open_probability,decay_factor"
    )
    assert float(rows[1]["fold"]) == pytest.approx(6.4, abs=0.05)
    grid = output(capsys, "receptor", "alpha4_beta_delta", "--gaba", "log:0.1:10:3 uM", "--allo", "0:30:10 nM")
    assert len(grid.splitlines()) == 1 + 3 * 4


@pytest.mark.parametrize("command", [[], ["nonsense"], ["run"], ["list", "nonsense"]])
def test_usage_errors_exit_with_2(command):
    with pytest.raises(SystemExit) as stop:
        main(command)
    assert stop.value.code == 2


def test_a_number_of_a_receptor_can_be_disputed(capsys):
    shell = ("receptor", "alpha4_beta_delta", "--preparation", "recombinant", "--gaba", "0.2uM", "--allo", "100nM")

    def fold(*more):
        return float(output(capsys, *shell, *more).splitlines()[1].split(",")[3])

    assert fold("--set", "K_allo=0.1uM") > 1.5 * fold()
    assert fold("--potency-ratio", "0.25") == fold("--set", "K_allo=0.1uM")


@pytest.mark.parametrize(
    "more, said",
    [
        (("--set", "K_alo=0.1uM"), "--set K_alo: unknown receptor number 'K_alo'; did you mean 'K_allo'?"),
        (("--set", "K_allo=-1uM"), "--set K_allo: -1 uM is negative"),
        (("--set", "K_allo=1ms"), "expected a concentration"),
        (("--potency-ratio", "-1"), "--potency-ratio: -1 is not above 0"),
        (("--potency-ratio", "much"), "--potency-ratio: 'much' is not a finite number"),
        (("--preparation", "insensitive", "--set", "K_allo=1uM"), "nothing reads this"),
        (("--set", "Q0=3"), "--set Q0: nothing reads this"),
        (("--set", "q=1"), "--set q: nothing reads this"),
        (("--set", "K_q=1uM"), "--set K_q: nothing reads this"),
        (("--set", "K_allo=0.1uM", "--set", "K_allo = 0.2uM"), "--set K_allo: is given more than once"),
    ],
)
def test_disputed_numbers_are_checked(capsys, more, said):
    assert main(["receptor", "alpha4_beta_delta", *more]) == 2
    assert said in capsys.readouterr().err


class TestConcentration:
    def rows(self, capsys, *arguments):
        about, header, *rows = output(capsys, "concentration", *arguments).splitlines()
        assert about.startswith("# ") and header == "time_h,concentration_nM"
        told = dict(pair.split("=", 1) for pair in about.removeprefix("# ").split(", "))
        return told, np.array([[float(value) for value in row.split(",")] for row in rows])

    @pytest.mark.parametrize("compartment", ["plasma", "brain", "receptor"])
    def test_csv_of_fixed_columns(self, capsys, compartment):
        told, rows = self.rows(capsys, "infusion", "--until", "60h", "--every", "6h", "--as", compartment)
        assert told["compartment"] == compartment and told["unit"] == ("nmol/kg" if compartment == "brain" else "nM")
        assert told["schedule"] == "infusion" and told["clearance"] == "1.124 L/h/kg"
        assert ("map" in told) == (compartment != "plasma") and told.get("map", "anchored") == "anchored"
        expected = getattr(schedule("infusion"), compartment)(np.arange(11) * 6).values
        np.testing.assert_allclose(rows, np.column_stack([np.arange(11) * 6, expected]), rtol=1e-5)

    def test_the_answer_names_its_own_compartment(self, capsys):
        level = "constant:concentration=30ng/mL,compartment=plasma"
        told, rows = self.rows(capsys, level, "--until", "0h")
        assert told["compartment"] == "receptor" and told["given_in"] == "plasma"
        assert rows.tolist() == [[0.0, pytest.approx(0.067 * (3 * 30e3 / 318.5 + 15), rel=1e-5)]]

    def test_as_json(self, capsys):
        found = json.loads(output(capsys, "concentration", "menopause + infusion", "--every", "36h", "--json"))
        assert found["compartment"] == "receptor" and found["terms.infusion.regimen"] == "brexanolone_60h"
        assert found["time_h"] == [0, 36, 72] and len(found["concentration"]) == 3

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("infusion", "--as", "blood"), "unknown compartment 'blood'"),
            (("infusion", "--every", "0h"), "--every: 0 h is not above 0"),
            (("infusion", "--until", "1e9h"), "more than a thousand years"),
            (("infusion", "--every", "1e-9h"), "take a longer step"),
            (("30nM", "--as", "plasma"), "has no plasma"),
            (("infusion", "--as", "plasma", "--map", "free"), "--map: nothing reads 'free'"),
            (("infusion:map=free", "--map", "anchored"), "is given twice"),
        ],
    )
    def test_what_is_wrong_is_said(self, capsys, arguments, said):
        assert main(["concentration", *arguments]) == 2
        assert said in capsys.readouterr().err


def test_show_keeps_the_origin_of_what_a_named_schedule_leaves_as_it_is(capsys):
    text = output(capsys, "show", "pv_gamma", "--set", "medium.allopregnanolone=infusion:at=24h,f_eff=0.03")
    lines = {line.split()[0]: line for line in text.splitlines() if line.startswith("medium.allopregnanolone")}
    assert "measured: 2.94" in lines["medium.allopregnanolone.Kp"]
    assert "fitted: dose over AUC" in lines["medium.allopregnanolone.clearance"]
    for key in ("at", "f_eff"):
        assert lines[f"medium.allopregnanolone.{key}"].endswith("set on the command line")


def test_two_maps_are_refused(capsys, tmp_path):
    asked = ["run", "pv_gamma", "--duration", "50ms", "--allo", "infusion:map=free", "--map", "nominal"]
    assert main([*asked, "-o", str(tmp_path / "run.h5")]) == 2
    assert "names a map too" in capsys.readouterr().err

"""Generated pages of the documentation are what the code gives now, and no number on them is typed by hand."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "docs"))

import concentration_tables  # noqa: E402
import make_pages  # noqa: E402
import receptor_tables  # noqa: E402


@pytest.fixture(scope="module")
def pages():
    return make_pages.pages()


@pytest.mark.parametrize("name", ["receptors.md", "concentration.md", "scoreboard.md"])
def test_committed_page_is_what_the_code_gives(checkout, pages, name):
    assert (checkout / "docs" / name).read_text(encoding="utf-8") == pages[name], "run make docs"


@pytest.mark.parametrize("name", ["receptors", "concentration"])
def test_template_holds_no_number(checkout, name):
    template = (checkout / "docs" / f"{name}.template.md").read_text(encoding="utf-8")
    assert make_pages.typed_digits(template) == []
    for word in ("x1.5", "30 nM", "P20", "about 2"):
        assert make_pages.typed_digits(f"{template}\n{word}\n")
    assert make_pages.typed_digits("`K = 3` in alpha4 (2012), see [1](10.png), EC50 <<row:a1>>") == ["[1"]


def test_fill_refuses_what_does_not_fit():
    assert make_pages.fill("a <<b>>", {"b": "1"}) == "a 1"
    with pytest.raises(ValueError, match="typed by hand: 30"):
        make_pages.fill("30 nM", {})
    with pytest.raises(ValueError, match="differ in: b, c"):
        make_pages.fill("a <<b>>", {"c": "1"})
    with pytest.raises(KeyError):
        make_pages.fill("<<row:nothing>>", {})


def test_page_follows_a_number_of_the_code(monkeypatch, pages):
    from dataclasses import replace

    from allotone.receptors import subtypes

    changed = replace(subtypes._SLICE_K_ALLO["delta"], value=0.123)
    monkeypatch.setitem(subtypes._SLICE_K_ALLO, "delta", changed)
    # ratio_slice is 0.123 over the 0.3 of gamma2.
    values = receptor_tables.values()
    assert "| `K_allo` | all delta | `slice` | 0.123 µM |" in values["steroid_numbers"]
    assert values["ratio_slice"] == "0.41"
    assert values["subtypes_slice"] not in pages["receptors.md"]


def test_every_receptor_number_is_on_the_page(pages):
    from allotone.receptors import PREPARATIONS, SUBTYPES, Number, receptor

    page = pages["receptors.md"]
    for name in SUBTYPES:
        for preparation in PREPARATIONS:
            for key, number in vars(receptor(name, preparation)).items():
                if isinstance(number, Number):
                    assert number.source in page, (name, preparation, key)
                    assert re.search(rf"\| `{key}` \|.*\| {receptor_tables.short(number.value)}( \S+)? \|", page), key


def test_figures_of_the_page_are_there(checkout, pages):
    figures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", pages["receptors.md"])
    assert figures == ["receptor_potency.png", "ipsc_prolongation.png", "tonic_current.png"]
    assert all((checkout / "docs" / name).stat().st_size > 50_000 for name in figures)


# What the examples of the page assume of the reader's own network.
GRANULE_CELLS = """
title = "Granule cells"
time_step = "0.1 ms"

[populations.tc]
size = 1
neuron = "tc.py"

[populations.bc]
size = 2
neuron = "conductance_lif"

[populations.gc]
size = 3
neuron = "conductance_lif"
reversal = { E_gaba = "-70 mV" }

[populations.gc.tonic.delta]
receptor = "alpha4_beta_delta"
conductance = "2 nS"

[projections.bc_to_gc]
source = "bc"
target = "gc"
receptor = "alpha1_beta_gamma2"
synapse = { kind = "exponential" }
connect = { rule = "all_to_all" }
weight = "1 nS"
delay = "1 ms"
"""
T_CELL = """
from allotone.neurons import CellModel, Parameter

MODEL = CellModel(
    name="tc",
    title="Leak and a conductance of T-type channels",
    source="test",
    equations="dv/dt = (I_input - (g_leak + g_T)*(v - E_leak))/C_m : volt",
    parameters={
        name: Parameter(value, name, "assumed: test", minimum)
        for name, value, minimum in (
            ("C_m", "150 pF", "above 0"), ("g_leak", "8 nS", 0), ("g_T", "2 nS", 0), ("E_leak", "-70 mV", None)
        )
    },
    threshold="v > 100*volt",
    reset="",
    initial={"v": "-70 mV"},
    largest_time_step="0.2 ms",
)
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "my_network.toml").write_text(GRANULE_CELLS)
    (tmp_path / "tc.py").write_text(T_CELL)
    return tmp_path


def blocks(page, language):
    return [block for found, block in re.findall(r"```(\w*)\n(.*?)```", page, flags=re.DOTALL) if found == language]


def test_python_of_the_page_runs(pages, folder):
    code = "\n".join(blocks(pages["receptors.md"], "python"))
    code += "\nprint(network.definition.schema.populations['gc'].tonic['delta'].density)"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    *course, _, _, density = done.stdout.splitlines()
    pregnant, before, after, *recovery = (float(line.split()[-1]) for line in course)
    assert pregnant == before == after < 0.6
    assert [after, *recovery, 1] == sorted({after, *recovery, 1})
    assert float(density) == pytest.approx(recovery[1], abs=0.005)


def test_exposures_of_the_example_are_those_of_the_table(pages):
    from allotone.receptors.regulation_presets import REGULATIONS

    (code,) = (block for block in blocks(pages["receptors.md"], "python") if "regulate" in block)
    levels = REGULATIONS["mouse_dentate"]().levels
    exposure = [levels["pregnant"].value] * 2 + [levels["postpartum"].value] * 4
    assert f"regulate(times_h, {[int(u) if u == int(u) else u for u in exposure]}" in code


def test_toml_of_the_page_describes_networks(pages, folder):
    from allotone.network.definition import Definition
    from allotone.receptors import EFFECTS

    schemas = []
    for block in blocks(pages["receptors.md"], "toml"):
        (folder / "example.toml").write_text(f'extends = "my_network.toml"\n{block}')
        schemas.append(Definition.load(folder / "example.toml").schema)
    scheme, switch, shipped, own, numbers, ratio = schemas
    assert scheme.projections["bc_to_gc_kinetic"].synapse["kind"] == "jones_westbrook"
    assert switch.populations["gc"].tonic["delta"].polarity_switch == "shen_2007"
    assert shipped.effects["t_current"].effect in EFFECTS
    assert own.effects["less_release"].path == "projections.bc_to_gc.amplitude_factor"
    assert numbers.populations["gc"].tonic["delta"].receptor_parameters.keys() == {"K_allo"}
    assert ratio.receptors.potency_ratio == 0.6


def test_kinetic_projection_of_the_page_refuses_a_delay(pages, folder):
    from allotone import InputError
    from allotone.network.definition import Definition

    (block,) = (block for block in blocks(pages["receptors.md"], "toml") if "jones_westbrook" in block)
    (folder / "late.toml").write_text(f'extends = "my_network.toml"\n{block}delay = "1 ms"\n')
    with pytest.raises(InputError, match="a jones_westbrook synapse has no delay"):
        Definition.load(folder / "late.toml")


def test_fold_gap_is_the_largest_of_the_tables():
    from allotone.receptors import PREPARATIONS, SUBTYPES, receptor

    gaps = {}
    for preparation in PREPARATIONS:
        for one in (receptor(name, preparation) for name in SUBTYPES):
            K, c, L = one.K_allo.value, one.c_allo.value, one.L.value
            factor = ((1 + 1 / K) / (1 + 1 / (K * c))) ** 2
            gap = (1 + L * factor) / (factor * (1 + L)) - 1
            gaps[preparation] = max(gap, gaps.get(preparation, 0))
    assert max(gaps, key=gaps.get) == "native"
    shown = receptor_tables.values()
    assert [shown["fold_gap"], shown["fold_gap_slice"]] == [f"{100 * gaps[name]:.2g} %" for name in ("native", "slice")]


def test_check_says_which_page_is_stale(monkeypatch, tmp_path, pages, capsys):
    for name, text in pages.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(make_pages, "pages", lambda: pages)
    monkeypatch.setattr(make_pages, "DOCS", tmp_path)
    assert make_pages.main(["--check"]) == 0
    (tmp_path / "receptors.md").write_text("old", encoding="utf-8")
    assert make_pages.main(["--check"]) == 1
    assert "receptors.md" in capsys.readouterr().out
    assert make_pages.main() == 0
    assert (tmp_path / "receptors.md").read_text(encoding="utf-8") == pages["receptors.md"]


def table_after(page, words):
    """Rows of the first table below some words, each a list of cells, the heading left out."""
    lines = page[page.index(words) :].splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| ---"))
    rows = []
    for line in lines[start + 1 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("| ").split(" | ")])
    return rows


def test_every_parameter_of_every_schedule_is_on_the_page(pages):
    from allotone.concentration import SCHEDULES
    from allotone.concentration.kinds import Word

    page = pages["concentration.md"]
    for name, kind in SCHEDULES.items():
        rows = {row[0].strip("`"): row for row in table_after(page, f"### `{name}`\n")}
        assert rows.keys() == kind.parameters.keys()
        for key, one in kind.parameters.items():
            _, default, unit, meaning, origin = rows[key]
            assert meaning == one.meaning
            if origin != one.origin:
                same = SCHEDULES[origin.removeprefix("as of ").strip("`")].parameters[key]
                assert same == one and same.origin in page
            if isinstance(one, Word):
                assert re.findall(r"`(\w+)`", default) == list(one.choices)
            else:
                assert (default, unit) == (
                    one.default.split(" ")[0] or "none",
                    one.unit.replace("1", "", one.unit == "1"),
                )


def test_levels_of_the_states_follow_from_plasma(pages):
    from allotone.concentration import NUMBERS

    assert "{low} to {high}".format(**concentration_tables.F_EFF) in NUMBERS["f_eff"].origin
    rows = {row[0]: row for row in table_after(pages["concentration.md"], "What people carry")}
    assert len(rows) == 9
    levels = []
    for name, (_, _, plasma, brain, anchored, nominal, free) in rows.items():
        middle, low, high = map(float, re.findall(r"[\d.]+", anchored))
        plasma, brain, nominal, free = map(float, (plasma, brain, nominal, free))
        # Plasma rises and falls while a tablet or an infusion acts, and the brain lags behind it.
        lag = 0.02 if name.endswith("highest") else 0.006
        assert brain == pytest.approx(15 + 3 * plasma, rel=lag)
        assert [middle, low, high] == pytest.approx([f * brain for f in (0.067, 0.022, 0.22)], rel=0.01)
        assert [nominal, free] == pytest.approx([plasma, 0.01 * plasma], rel=0.005)
        levels += [middle] if name not in ("men", "after menopause") else []
    assert levels == sorted(set(levels))


def test_levels_at_the_ends_of_local_synthesis_are_those_of_the_schedules(pages):
    from allotone import schedule
    from allotone.concentration import NUMBERS

    ends = concentration_tables.C_LOC
    assert f"{ends['none']:g} to {ends['most']:g};" in NUMBERS["C_loc"].origin
    page = pages["concentration.md"]
    written = {row[0]: row[1].strip("`") for row in table_after(page, "What people carry")}
    rows = table_after(page, "**What the brain makes itself")
    assert [name for name, *_ in rows] == list(written)
    hours = np.linspace(0, 12, 121)
    for name, none, default, most, share, both in rows:
        at = hours if name.startswith("swallowed") else hours[:1]

        def highest(at=at, name=name, **numbers):
            return schedule(written[name], **numbers).receptor(at).values.max()

        found = [highest(C_loc="0 nmol/kg"), highest(), highest(C_loc="20 nmol/kg")]
        assert [float(none), float(default), float(most)] == pytest.approx(found, rel=0.006)
        assert float(share.rstrip(" %")) == pytest.approx(100 * (1 - found[0] / found[1]), abs=0.6)
        corners = [highest(C_loc="0 nmol/kg", f_eff=0.022), highest(C_loc="20 nmol/kg", f_eff=0.22)]
        assert [float(end) for end in both.split(" to ")] == pytest.approx(corners, rel=0.006)


def test_what_the_page_concludes_from_the_maps_holds():
    shown = concentration_tables.values()
    value = {key: float(found[1]) for key, text in shown.items() if (found := re.match(r"x?(\d+\.?\d*)( |$)", text))}
    assert value["median_anchored"] < value["luteal_anchored"] < 1.5 < 5 < value["median_anchored_none"]
    assert value["luteal_anchored_none"] == value["luteal_nominal"] and value["luteal_most"] < 2
    assert value["luteal_fold_nominal"] < 1.05 < value["assay_fold"]
    assert value["brexanolone_fold_free"] < 1.05 < 1.3 < value["brexanolone_fold_anchored"]
    assert value["assay_radio"] > 10 * value["cycle_highest"] > 10 * value["assay_schedule"]
    assert value["day_3"] < 1.3
    assert value["one_compartment"] < 3 < 8.5 < value["half_life"] < 13.1
    assert value["oral_too_high"] > 2 and value["first_hour"] < 50 and value["block_left"] < 20
    assert value["bolus_range"] > 4


def test_levels_of_an_infusion_do_not_tell_the_share_of_one_volume():
    from allotone.published.data import row_of

    volume = sum(concentration_tables._default_of("infusion", key) for key in ("V1", "V2"))
    assert volume == row_of("brx_V_label").value
    half_life = float(concentration_tables._disposition()["half_life"].split()[0])
    assert half_life == pytest.approx(row_of("brx_thalf_label").value, rel=0.01)
    default = concentration_tables._infusion_and_bolus(1.5, half_life)
    for end in concentration_tables.V1_RANGE:
        *infusion, bolus = concentration_tables._infusion_and_bolus(end, half_life)
        assert infusion == pytest.approx(default[:2], rel=0.02)
        assert bolus != pytest.approx(default[2], rel=0.3)


def test_yield_that_the_page_names_meets_the_area():
    from allotone import schedule
    from allotone.published.data import row_of

    hours = np.linspace(0, 12, 1201)
    given = concentration_tables.values()["oral_yield"]
    tablet = schedule(f"oral_progesterone:dose=20mg,allopregnanolone_yield={given}").plasma(hours).values
    above = 100 * tablet.mean() / schedule("menopause").plasma(hours).values.mean()
    assert above == pytest.approx(row_of("op4_20_auc_allo").value, rel=0.02)


def test_numbers_that_origins_and_the_readme_repeat(checkout):
    from allotone import schedule
    from allotone.concentration import SCHEDULES

    shown, origin = concentration_tables.values(), {}
    for name, key in (
        ("pregnancy", "fast_fraction"),
        ("biosynthesis", "state"),
        ("biosynthesis", "inhibitor_half_life"),
    ):
        origin[key] = SCHEDULES[name].parameters[key].meaning + SCHEDULES[name].parameters[key].origin
    assert f"{shown['first_hour']} of the excess goes in that hour" in origin["fast_fraction"]
    assert f"{shown['ssri_depleting'][1:]} of normal" in origin["state"] and shown["ssri"] == "x2.0"
    assert f"28 days reach {shown['dutasteride_28']}" in origin["inhibitor_half_life"]
    readme = " ".join((checkout / "README.md").read_text(encoding="utf-8").split())
    nominal, anchored, free = (
        schedule("infusion:at=52h", map=name).receptor([0]).values[0] for name in ("nominal", "anchored", "free")
    )
    low, high = (schedule("infusion:at=52h", f_eff=f_eff).receptor([0]).values[0] for f_eff in (0.022, 0.22))
    assert f"{nominal:.0f} nM (`nominal`), {anchored:.0f} nM (`anchored`" in readme
    assert f"{low:.0f} to {high:.0f} by the range of `f_eff`) or at most {free:.1f} nM (`free`)" in readme
    assert f"is {shown['luteal_anchored_none'][1:]} times the follicular" in readme
    assert f"{shown['luteal_anchored'][1:]} times with the default" in readme


def test_clocks_of_the_example_are_as_told(pages):
    from allotone import schedule

    (text,) = (block.strip() for block in blocks(pages["concentration.md"], "text") if "onset" in block)
    one, hours = schedule(text), [-121.0, -119.0, 0.0]
    for day, hour in ((21, 0), (16, -120), (14, -168)):
        expected = schedule("menstrual_cycle", day=day).progesterone([0])
        assert float(one.progesterone([hour])[0] / expected[0]) == pytest.approx(1)
    before, after, later = one.relative_synthesis(hours)
    assert before == 1 and after < 0.5 and later < 0.5


def test_scales_of_the_page_are_those_of_the_experiments(checkout):
    names = "postpartum_withdrawal", "menstrual_cycle"
    delivery, cycle = ((checkout / "experiments" / f"{name}.py").read_text(encoding="utf-8") for name in names)
    shown = concentration_tables.values()
    term, exposure = map(float, re.search(r"TERM_NM, TERM_EXPOSURE = ([\d.]+), ([\d.]+)", delivery).groups())
    assert shown["scale_pregnancy"] == f"{term / exposure:g} nM"
    assert f"FOLLICULAR, LUTEAL = {concentration_tables.FOLLICULAR_DAY:g}," in cycle
    apart, follicular = float(shown["scale_apart"][1:]), float(shown["scale_cycle"].split()[0])
    assert apart == pytest.approx(term / exposure / follicular, rel=0.05) and apart > 10


def test_concentration_page_follows_a_number_of_the_code(monkeypatch, pages):
    from dataclasses import replace

    from allotone.concentration import NUMBERS

    monkeypatch.setitem(NUMBERS, "f_eff", replace(NUMBERS["f_eff"], default="0.1"))
    changed = concentration_tables.values()
    assert "| `f_eff` | 0.1 |  | nM at the receptor" in changed["map_numbers"]
    (men,) = (line for line in changed["states"].splitlines() if line.startswith("| men |"))
    assert "| 1.65 (0.363 to 3.63) |" in men and men not in pages["concentration.md"]


def test_page_says_of_each_schedule_what_a_run_does_with_it(pages):
    from allotone import schedule
    from allotone.network.medium import medium_course

    rows = table_after(pages["concentration.md"], "What that means for a run of 10 s")
    assert {met for *_, met in rows} == {"held still", "followed"}
    for text, _, met in rows:
        assert medium_course(dict(schedule(text.strip("`"))), 10.0).frozen == (met == "held still"), text


@pytest.fixture
def measured(pages, tmp_path):
    (block,) = blocks(pages["concentration.md"], "csv")
    (tmp_path / "measured.csv").write_text(block)
    return tmp_path


def test_commands_of_the_concentration_page_run(pages, measured, monkeypatch, capsys):
    from allotone import nM, read_run
    from allotone.cli import main

    (block,) = blocks(pages["concentration.md"], "")
    monkeypatch.chdir(measured)
    printed = []
    for command in block.splitlines():
        program, *words = shlex.split(command)
        assert program == "allotone" and main(words) == 0, f"{command}\n{capsys.readouterr().err}"
        printed.append(capsys.readouterr().out)
    names, infusion, cycle, brain, later, own, _ = printed
    assert "menstrual_cycle" in names
    levels = [float(line.split(",")[1]) for line in infusion.splitlines()[2:]]
    assert len(levels) == 7 and max(levels) == levels[4] == pytest.approx(51.07, abs=0.01)
    assert "compartment=plasma" in cycle and len(cycle.splitlines()) == 7
    own_level, _, fallen, begun, _ = (float(line.split(",")[1]) for line in later.splitlines()[2:])
    assert own_level > 2 * fallen and begun > fallen
    assert "unit=nmol/kg" in brain and "terms.oral_progesterone.factor=0.5" in brain
    # 78 ng/mL of allopregnanolone as a bath.
    assert float(own.splitlines()[-1].split(",")[1]) == pytest.approx(78 / 0.3185, rel=1e-4)
    course = read_run(measured / "late.h5").allopregnanolone
    assert course.map == "anchored" and float(course.concentration[0] / nM) == pytest.approx(3.42, abs=0.01)


def test_python_of_the_concentration_page_runs(pages, measured):
    code = "\n".join(blocks(pages["concentration.md"], "python"))
    done = subprocess.run([sys.executable, "-c", code], cwd=measured, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    printed = done.stdout
    plasma, brain, low, high = (
        np.array(found.split(), float) for found in re.findall(r"^\[([\d. e+]+)\]$", printed, re.M)[:4]
    )
    assert plasma[0] == pytest.approx(163.7, abs=0.1)
    assert low == pytest.approx(0.022 * brain) and (high[1:] > 9 * low[1:]).all()
    from allotone import read_table

    along = read_table(measured / "along.h5")
    assert dict(along.sizes) == {"condition": 2, "time": 4, "seed": 2}
    assert (
        float(along.allopregnanolone.sel(condition="nominal").max())
        > 200
        > 60
        > float(along.allopregnanolone.sel(condition="anchored").max())
    )


def test_toml_of_the_concentration_page_describes_networks(pages, tmp_path):
    from allotone.network.definition import Definition

    found = []
    for block in blocks(pages["concentration.md"], "toml"):
        (tmp_path / "example.toml").write_text(f'extends = "pv_gamma"\n{block}')
        found.append(Definition.load(tmp_path / "example.toml").schema.medium)
    text, bolus, both, local = found
    assert text.allopregnanolone["at"] == "24.0 h"
    assert (bolus.allopregnanolone["dose"], bolus.allopregnanolone["f_eff"]) == ("3.0 mg", "0.22")
    assert both.allopregnanolone["terms"].keys() == {"own", "tablet"}
    assert local.local_synthesis.gain == "0.5 nM/Hz"

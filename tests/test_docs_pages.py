"""Generated pages of the documentation are what the code gives now, and no number on them is typed by hand."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "docs"))

import make_pages  # noqa: E402
import receptor_tables  # noqa: E402


@pytest.fixture(scope="module")
def pages():
    return make_pages.pages()


@pytest.mark.parametrize("name", ["receptors.md", "scoreboard.md"])
def test_committed_page_is_what_the_code_gives(checkout, pages, name):
    assert (checkout / "docs" / name).read_text(encoding="utf-8") == pages[name], "run make docs"


def test_template_holds_no_number(checkout):
    template = (checkout / "docs" / "receptors.template.md").read_text(encoding="utf-8")
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
                    assert re.search(rf"\| `{key}` \|.*\| {receptor_tables._short(number.value)}( \S+)? \|", page), key


def test_figures_of_the_page_are_there(checkout, pages):
    figures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", pages["receptors.md"])
    assert figures == ["receptor_potency.png", "ipsc_prolongation.png", "tonic_current.png"]
    assert all((checkout / "docs" / name).stat().st_size > 50_000 for name in figures)


def test_python_of_the_page_runs(pages, tmp_path):
    (block,) = re.findall(r"```python\n(.*?)```", pages["receptors.md"], flags=re.DOTALL)
    done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 2


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

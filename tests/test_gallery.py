"""The gallery: a section, a figure and printed findings for every experiment on published networks."""

import importlib
import re
import sys

import pytest

EXPERIMENTS = (
    "alpha_by_potentiation", "spindle_by_gaba_a", "tonic_sign", "tonic_biphasic", "gain_and_offset", "rectification",
    "gamma_delta_knockout", "mpfc_pv_knockout", "dentate_excitability", "bla_states", "seizure_suppression", "sleep_rhythms",
)  # fmt: skip


@pytest.fixture(scope="module")
def gallery(checkout):
    sys.path.insert(0, str(checkout / "docs"))
    try:
        return importlib.import_module("make_gallery")
    finally:
        sys.path.pop(0)


def test_every_experiment_has_its_place(gallery):
    assert set(gallery.names()) == set(EXPERIMENTS) and len(gallery.names()) == len(EXPERIMENTS)


def test_page_is_made_of_what_there_is(gallery, checkout):
    written = (checkout / "docs" / "gallery.md").read_text(encoding="utf-8")
    assert written == gallery.page(), "run python docs/make_gallery.py --page"
    links = re.findall(r"!\[\w+\]\((gallery/\w+\.png)\)", written)
    assert len(links) == len(EXPERIMENTS)
    assert all((checkout / "docs" / link).stat().st_size > 10_000 for link in links)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_section_tells_what_was_found_and_what_differs(gallery, checkout, name):
    template = (checkout / "docs" / gallery.TEMPLATE).read_text(encoding="utf-8")
    (section,) = (part for part in template.split("\n## ") if f"<<{name}>>" in part)
    assert "?" in section and "differs" in section and len(section.split()) > 80
    module = importlib.import_module(name)
    assert callable(module.main)
    assert all(f"\n{word}" in module.__doc__ for word in ("Question", "Design", "Read-out"))

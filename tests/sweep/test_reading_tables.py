"""A table is read as xarray reads it, only faster."""

import numpy as np
import pytest
import xarray
from small import DENSITY, DOSE, cells

from allotone import Sweep
from allotone.results import PointResult, read_table, write_table
from allotone.sweep import jobs, zipped

DESIGNS = {
    "grid": {DOSE: ["0 nM", "30 nM"], DENSITY: [0.5, 1.0]},
    "points": zipped({DOSE: ["0 nM", "30 nM", "infusion"], DENSITY: [0.5, 1.0, 2.0]}),
    "words": {DOSE: ["infusion", "infusion:at=24h"]},
    "none": None,
}


def by_xarray(path):
    with xarray.open_dataset(path, engine="h5netcdf", decode_times=False, decode_timedelta=False) as found:
        kept = {name: value for name, value in found.attrs.items() if name not in ("schema", "complete")}
        return found.load().drop_attrs(deep=False).assign_attrs(kept)


def assert_read_alike(path):
    ours, theirs = read_table(path), by_xarray(path)
    xarray.testing.assert_identical(ours, theirs)
    assert list(ours.data_vars) == list(theirs.data_vars) and list(ours.indexes) == list(theirs.indexes)
    assert {name: one.dtype for name, one in ours.variables.items()} == {
        name: one.dtype for name, one in theirs.variables.items()
    }


@pytest.mark.parametrize("design", DESIGNS)
def test_a_sweep(tmp_path, design, monkeypatch):
    point = jobs._point

    def failing(*arguments):
        return PointResult(1, "as it must") if arguments[4] == 1 else point(*arguments)

    monkeypatch.setattr(jobs, "_point", failing)
    path = tmp_path / "x.h5"
    statistics = ["mean_rate", "agent_rate", "band_power", "rate_spectrum"]
    Sweep(cells(), DESIGNS[design], seeds=2, duration="0.1 s", statistics=statistics).run(path, show_progress=False)
    assert_read_alike(path)
    assert "as it must" in read_table(path)["error"]


def test_what_xarray_wrote(tmp_path):
    number = {"units": "1"}
    table = xarray.Dataset(
        {
            "rate": (("dose", "agent"), np.array([[1.0, np.nan], [2.0, 3.0]]), {"units": "Hz"}),
            "sound": ("dose", np.array([True, False]), number),
            "count": ((), np.int32(3), number),
            "said": ("dose", np.array(["", "µ"], dtype=object), number),
        },
        coords={
            "dose": ("dose", [0.0, 30.0], {"units": "nM"}),
            "at": ("dose", [1.0, 2.0], {"units": "days"}),
            "place": ("agent", np.array(["a", "b"], dtype=object), number),
        },
        attrs={"title": "µ", "version": "1"},
    )
    write_table(table, tmp_path / "x.h5")
    assert_read_alike(tmp_path / "x.h5")

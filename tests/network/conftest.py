"""The small network as the raw table of its file, and as a definition."""

import tomllib

import pytest
from small_network import CELLS

from allotone.network.definition import Definition


@pytest.fixture(scope="session")
def cells_raw():
    return tomllib.loads(CELLS)


@pytest.fixture(scope="session")
def cells(cells_raw):
    return Definition.from_data(cells_raw)

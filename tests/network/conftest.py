"""The small networks: as the raw table of a file, as a definition, and ready to run."""

import tomllib

import pytest
from small_network import CELLS, CONTACT_SPIKES_MS, CONTACTS

from allotone import Network
from allotone.network.definition import Definition


@pytest.fixture(scope="session")
def cells_raw():
    return tomllib.loads(CELLS)


@pytest.fixture(scope="session")
def cells(cells_raw):
    return Definition.from_data(cells_raw)


@pytest.fixture(scope="session")
def contact_network(tmp_path_factory):
    folder = tmp_path_factory.mktemp("contacts")
    (folder / "spikes.csv").write_text("node_id,time_ms\n" + "".join(f"0,{time}\n" for time in CONTACT_SPIKES_MS))
    (folder / "contacts.toml").write_text(CONTACTS)
    return Network.load(folder / "contacts.toml")

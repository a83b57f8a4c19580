"""Each comparison made in this folder travels with its test's report, to the table at the end of the session."""

import pytest
from expected import COMPARED, HEADER


@pytest.fixture(autouse=True)
def comparisons(record_property):
    """Attach what a test compared, whichever process ran it."""
    before = len(COMPARED)
    yield
    for comparison in COMPARED[before:]:
        record_property("comparison", (HEADER, str(comparison), comparison.hit))

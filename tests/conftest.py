"""One compile cache for the whole session, and at its end the published values beside the simulated ones.

The cache is empty at the start unless ALLOTONE_CACHE names one.
"""

import os
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "experiments"))

_TEMPORARY = None if "ALLOTONE_CACHE" in os.environ else tempfile.TemporaryDirectory(prefix="allotone-cache-")
if _TEMPORARY:
    os.environ["ALLOTONE_CACHE"] = _TEMPORARY.name


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Root of the checkout."""
    return Path(__file__).parents[1]


def pytest_terminal_summary(terminalreporter):
    """Print what the tests in `published` compared; they may have run in several processes."""
    reports = [
        one for found in terminalreporter.stats.values() for one in found if getattr(one, "when", "") == "teardown"
    ]
    compared = [value for one in reports for name, value in one.user_properties if name == "comparison"]
    if not compared:
        return
    terminalreporter.section("simulated beside expected ('computed': independent re-implementation; 'seen': published)")
    terminalreporter.line(compared[0][0])
    for _, row, _ in sorted(compared, key=lambda one: one[1].split()[0]):
        terminalreporter.line(row)
    missed = sum(not hit for *_, hit in compared)
    terminalreporter.line(f"{len(compared)} compared, {missed} missed")

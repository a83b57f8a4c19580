"""One compile cache for the whole session, empty at the start unless ALLOTONE_CACHE names one."""

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

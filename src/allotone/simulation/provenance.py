"""Versions and source state that a result carries."""

import platform
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


@cache
def versions() -> dict[str, str]:
    """Versions of what computes, and the commit of a checkout ("" for an installed package)."""
    found = {"python_version": platform.python_version(), "platform": platform.platform(terse=True)}
    for package in ("allotone", "brian2", "numpy", "scipy"):
        try:
            found[f"{package}_version"] = version(package)
        except PackageNotFoundError:
            found[f"{package}_version"] = "unknown"
    folder = Path(__file__).parents[3]
    found["git_commit"] = _git(folder, "rev-parse", "HEAD") if (folder / "pyproject.toml").exists() else ""
    dirty = bool(_git(folder, "status", "--porcelain", "--untracked-files=no")) if found["git_commit"] else False
    found["git_dirty"] = str(dirty).lower()
    return found


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""

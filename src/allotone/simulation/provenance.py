"""Versions and source state that a result carries."""

import hashlib
import platform
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# They ask for simulations, or show what came of them.
_NOT_SIMULATING = {
    "cli",
    "cli.py",
    "figures",
    "published",
    "report",
    "results",
    "sweep",
    "progress.py",
    "__init__.py",
    "__main__.py",
}


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


@cache
def code_version() -> dict[str, str]:
    """What the numbers of a result depend on besides their input: this package's simulating rooms, and packages below."""
    root, digest = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted(path for path in root.rglob("*.py") if path.relative_to(root).parts[0] not in _NOT_SIMULATING):
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return {
        "allotone": f"{versions()['allotone_version']} ({digest.hexdigest()[:16]})",
        **{package: versions()[f"{package}_version"] for package in ("brian2", "numpy", "scipy")},
    }


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""

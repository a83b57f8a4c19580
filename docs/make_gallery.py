"""The gallery: every experiment on a published network run in its shipped size, with its figure and what it printed."""

import contextlib
import importlib
import io
import re
import shutil
import sys
import time
from pathlib import Path

DOCS = Path(__file__).parent
ROOT = DOCS.parent
TEMPLATE, PAGE, FIGURES, PRINTED = "gallery.template.md", "gallery.md", DOCS / "gallery", re.compile(r"<<(\w+)>>")


def names() -> list[str]:
    """Experiments of the gallery, in the order of the page."""
    return PRINTED.findall((DOCS / TEMPLATE).read_text(encoding="utf-8"))


def page() -> str:
    """The page: what each experiment printed stands under its figure."""
    template = (DOCS / TEMPLATE).read_text(encoding="utf-8")

    def section(match: re.Match) -> str:
        printed = (FIGURES / f"{match[1]}.txt").read_text(encoding="utf-8").rstrip()
        return (
            f"![{match[1]}](gallery/{match[1]}.png)\n\n<details><summary>What "
            f'<a href="../experiments/{match[1]}.py">{match[1]}.py</a> printed</summary>\n\n```text\n{printed}\n```\n\n</details>'
        )

    return PRINTED.sub(section, template)


def run(name: str) -> None:
    """Run one experiment; its figure and the lines it printed, without those that name files, go to the gallery."""
    printed, begun = io.StringIO(), time.monotonic()
    # A finished table would be taken as it is.
    (ROOT / "results" / f"{name}.h5").unlink(missing_ok=True)
    with contextlib.redirect_stdout(printed):
        status = importlib.import_module(name).main(["--output", str(ROOT / "results" / name)])
    if status:
        raise SystemExit(f"{name} ended with {status}")
    FIGURES.mkdir(exist_ok=True)
    shutil.copy(ROOT / "results" / f"{name}.png", FIGURES)
    lines = [line for line in printed.getvalue().splitlines() if not line.startswith("Table: ")]
    (FIGURES / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{name}: {time.monotonic() - begun:.0f} s", flush=True)


def main(arguments: list[str]) -> int:
    """Run the named experiments, all of them by default, and write the page; with --page only write it."""
    sys.path.insert(0, str(ROOT / "experiments"))
    for name in arguments or names():
        if name != "--page":
            run(name)
    (DOCS / PAGE).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Pages of the documentation whose numbers come from the code: text with placeholders, filled at build time."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

import concentration_tables
import receptor_tables

DOCS = Path(__file__).parent
_PLACEHOLDER = re.compile(r"<<([\w:]+)>>")
# Where a digit may stand in prose: code, links, placeholders, years, and the names of subunits and residues.
_ALLOWED = (
    r"```.*?```", r"`[^`\n]*`", r"\]\([^)\n]*\)", r"<<[^>]*>>", r"\b(19|20)\d\d\b", r"\b(alpha|beta|gamma)\d\b",
    r"\b[RS]\d{3}\b", r"\bEC50\b",
)  # fmt: skip


def typed_digits(template: str) -> list[str]:
    """Words of a template's prose that hold a digit which no code computed."""
    for pattern in _ALLOWED:
        template = re.sub(pattern, " ", template, flags=re.DOTALL)
    return [word for word in template.split() if re.search(r"\d", word)]


def fill(template: str, values: dict[str, str]) -> str:
    """The template with each placeholder replaced by its value.

    Raises
    ------
    ValueError
        A placeholder without a value, a value without a placeholder, or a digit typed into the prose.
    """
    typed = typed_digits(template)
    if typed:
        raise ValueError(f"numbers typed by hand: {', '.join(typed)}; compute them, or put code into backticks")
    named = {name for name in _PLACEHOLDER.findall(template) if not name.startswith("row:")}
    if named != values.keys():
        raise ValueError(f"placeholders and values differ in: {', '.join(sorted(named ^ values.keys()))}")

    def value(match: re.Match) -> str:
        name = match[1]
        return receptor_tables.row(name.removeprefix("row:")) if name.startswith("row:") else values[name]

    return _PLACEHOLDER.sub(value, template)


def pages() -> dict[str, str]:
    """Text of each generated page by its file name in this folder."""
    from allotone.published.scoreboard import markdown

    filled = {"receptors": receptor_tables.values(), "concentration": concentration_tables.values()}
    return {
        f"{name}.md": fill((DOCS / f"{name}.template.md").read_text(encoding="utf-8"), values)
        for name, values in filled.items()
    } | {"scoreboard.md": markdown()}


def write_networks() -> int:
    """Run every network that is held against published values, and write their page; minutes."""
    from allotone.published.scoreboard import networks_markdown

    text, board = networks_markdown()
    (DOCS / "scoreboard_networks.md").write_text(text, encoding="utf-8")
    print(board.headline())
    return int(board.failed)


def main(arguments: Iterable[str] = ()) -> int:
    """Write the pages; with --check only say which of them differ; with `networks` write that of networks alone."""
    if "networks" in arguments:
        return write_networks()
    stale = []
    for name, text in pages().items():
        path = DOCS / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in arguments:
                path.write_text(text, encoding="utf-8")
    print(f"{'differ' if '--check' in arguments else 'written'}: {', '.join(stale) or 'none'}")
    return int("--check" in arguments and bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

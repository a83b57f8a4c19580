"""The comparisons made in this folder as one table at the end of the session."""

from expected import COMPARED, HEADER


def pytest_terminal_summary(terminalreporter):
    """Print what was simulated beside what was expected."""
    if not COMPARED:
        return
    terminalreporter.section("simulated beside expected ('computed': independent re-implementation; 'seen': published)")
    terminalreporter.line(HEADER)
    for comparison in COMPARED:
        terminalreporter.line(str(comparison))
    missed = sum(not comparison.hit for comparison in COMPARED)
    terminalreporter.line(f"{len(COMPARED)} compared, {missed} missed")

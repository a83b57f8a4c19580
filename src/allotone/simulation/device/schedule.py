"""What a program does each time step, in the order of Brian2's schedule, and the loop over time."""

from dataclasses import dataclass, field

from .functions import Function

# Kinds of code that neither read nor change another group's state: a threshold may be looked at before them.
_OWN_STATE = ("stateupdate", "threshold")


@dataclass
class Schedule:
    """Clocks of a network, and the code objects that run at their ticks."""

    clocks: list
    steps: list[tuple[str, str]] = field(default_factory=list)

    def add(self, clock: str, name: str) -> None:
        """The next code object, and the clock at whose ticks it runs."""
        self.steps.append((clock, name))

    def text(self, streams: list[str]) -> str:
        """C++ of `_run_network`, which gives the streams of noise their key and then goes through time."""
        names = [clock.name for clock in self.clocks]
        lines = ["static __attribute__((noinline)) void _run_network(double duration)\n{"]
        if streams:
            lines.append(
                "uint64_t key = _random_generators[0].word();\nkey = (key << 32) | _random_generators[0].word();"
            )
        lines += [f"{stream}.seed = key;" for stream in streams]
        lines += [f"const int64_t {name}_end = clock_end(duration, _array_{name}_dt[0]);" for name in names]
        lines.append("for (;;)\n{")
        lines.append(f"const double now = std::min({{{', '.join(f'_array_{name}_t[0]' for name in names)}}});")
        for name in names:
            lines.append(f"const bool {name}_ticks = fabs(_array_{name}_t[0] - now) <= 1e-14;")
            lines.append(f"if (_array_{name}_t[0] == now && _array_{name}_timestep[0] >= {name}_end) break;")
        lines += [f"if ({clock}_ticks) _run_{name}();" for clock, name in self.steps]
        for name in names:
            lines.append(f"if ({name}_ticks) _array_{name}_t[0] = ++_array_{name}_timestep[0]*_array_{name}_dt[0];")
        return "\n".join([*lines, "}", "}"])

    def join_thresholds(self, functions: dict) -> None:
        """Let thresholds be looked at in the loop of the state update before them, where nothing else comes between."""
        for step in list(self.steps):
            threshold = functions[step[1]]
            if threshold.kind != "threshold":
                continue
            update = self._update_before(step, threshold, functions)
            in_blocks = update and update.in_blocks and threshold.in_blocks
            if in_blocks and threshold.supporting in ("", update.supporting):
                update.join(threshold)
                self.steps.remove(step)

    def _update_before(self, step: tuple[str, str], threshold: Function, functions: dict) -> Function | None:
        """What changes a group's state just before its threshold, on the same clock."""
        for clock, name in reversed(self.steps[: self.steps.index(step)]):
            before = functions[name]
            if before.kind not in _OWN_STATE:
                return None
            if before.codeobj.owner.name == threshold.codeobj.owner.name:
                return before if before.kind == "stateupdate" and clock == step[0] else None
        return None

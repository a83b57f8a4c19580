"""What a program does each time step, in the order of Brian2's schedule, and the loop over time."""

from dataclasses import dataclass, field

# Kinds of code that neither read nor change another group's state: a threshold may be looked at before them.
_OWN_STATE = ("stateupdate", "threshold")


@dataclass
class Schedule:
    """Clocks of a network, and the functions that run at their ticks."""

    clocks: list
    steps: list[tuple[str, str]] = field(default_factory=list)

    def add(self, clock: str, function: str) -> None:
        """The next function, and the clock at whose ticks it runs."""
        self.steps.append((clock, function))

    def text(self, streams: list[str]) -> str:
        """C++ of `_run_network`, which gives the streams of noise their key and then goes through time."""
        names = [clock.name for clock in self.clocks]
        lines = ["static __attribute__((noinline, hot)) void _run_network(double duration)\n{"]
        if streams:
            lines.append(
                "const uint64_t key = ((uint64_t) _random_generators[0].word() << 32) | _random_generators[0].word();"
            )
        lines += [f"{stream}.seed = key;" for stream in streams]
        lines += [f"const int64_t {name}_end = clock_end(duration, _array_{name}_dt[0]);" for name in names]
        lines.append("for (;;)\n{")
        lines.append(f"const double now = std::min({{{', '.join(f'_array_{name}_t[0]' for name in names)}}});")
        for name in names:
            lines.append(f"const bool {name}_ticks = fabs(_array_{name}_t[0] - now) <= 1e-14;")
            lines.append(f"if (_array_{name}_t[0] == now && _array_{name}_timestep[0] >= {name}_end) break;")
        lines += [f"if ({clock}_ticks) {function}();" for clock, function in self.steps if function != "NULL"]
        for name in names:
            lines.append(f"if ({name}_ticks) _array_{name}_t[0] = ++_array_{name}_timestep[0]*_array_{name}_dt[0];")
        return "\n".join([*lines, "}", "}"])

    def join_thresholds(self, functions: dict) -> None:
        """Let thresholds be looked at in the loop of the state update before them, where nothing else comes between."""
        for step in list(self.steps):
            clock, name = step
            threshold = functions.get(name.removeprefix("_run_"))
            if threshold is None or threshold.kind != "threshold":
                continue
            place = self.steps.index(step)
            for before in range(place - 1, -1, -1):
                other = functions.get(self.steps[before][1].removeprefix("_run_"))
                if other is None or other.kind not in _OWN_STATE:
                    break
                same = other.codeobj.owner.name == threshold.codeobj.owner.name
                callable = threshold.supporting in ("", other.supporting)
                if (
                    same
                    and callable
                    and other.kind == "stateupdate"
                    and other.in_blocks
                    and self.steps[before][0] == clock
                ):
                    other.threshold, threshold.joined = threshold, True
                    del self.steps[place]
                if same:
                    break

"""A process that has everything imported and runs commands of the command line, each in a child of its own."""

import json
import os
import resource
import sys


def serve() -> None:
    """Read {"arguments", "log", ...} lines; answer with the pid of the child, then with its exit status."""
    from allotone import cli
    from allotone.sweep import (
        carry_out,  # noqa: F401
        execution,
        store,
    )

    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os.setsid()
            log = os.open(asked["log"], os.O_CREAT | os.O_WRONLY | os.O_APPEND)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.close(0)
            if asked.get("helpers"):
                execution._LONG_S, execution.MOST_THREADS = 0, 1
            if "fail_at" in asked:
                store.write_part = failing(store.write_part, asked["fail_at"])
            try:
                code = cli.main(asked["arguments"])
            except SystemExit as end:
                code = end.code
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        print(f"started {pid}", flush=True)
        print(f"ended {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}", flush=True)


def failing(write, at):
    """`write`, whose files may not grow beyond 1000 bytes at its `at`-th call."""
    calls = 0

    def limited(*arguments):
        nonlocal calls
        calls += 1
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        if calls == at:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        try:
            return write(*arguments)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return limited


if __name__ == "__main__":
    serve()

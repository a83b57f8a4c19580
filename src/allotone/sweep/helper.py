"""A helper process: takes jobs as lines of JSON on standard input, answers with a line of JSON and a part's bytes."""

import json
import os
import queue
import sys
import threading

from ..errors import InputError, MachineError
from ..simulation.execute import stop_all
from .jobs import run_job


def main() -> None:
    """Answer jobs until the caller closes the input or is gone."""
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    jobs: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
    while True:
        content = b""
        try:
            answer = run_job(json.loads(jobs.get()))
            content = answer.content
            head = {"size": len(content), "done": answer.done, "failed": answer.failed, "seconds": answer.seconds}
        except InputError as error:
            head = {"path": error.path, "message": error.message}
        except MachineError as error:
            head = {"machine": str(error)}
        answers.write(json.dumps(head).encode() + b"\n" + content)
        answers.flush()


def _listen(jobs: "queue.Queue[bytes]") -> None:
    for line in sys.stdin.buffer:
        jobs.put(line)
    # Nobody is there to take an answer: what runs is given up.
    stop_all()
    os._exit(0)


if __name__ == "__main__":
    main()

"""A helper process: takes jobs as lines of JSON on standard input, answers with a line of JSON and a part's bytes."""

import json
import os
import queue
import sys
import threading

from ..simulation.serve import close_all, kept
from .jobs import answer_plainly


def main() -> None:
    """Answer jobs until the caller closes the input or is gone."""
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    jobs: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
    with kept():
        while True:
            head, content = answer_plainly(jobs.get().decode())
            head["size"] = len(content)
            answers.write(json.dumps(head).encode() + b"\n" + content)
            answers.flush()


def _listen(jobs: "queue.Queue[bytes]") -> None:
    for line in sys.stdin.buffer:
        jobs.put(line)
    # Nobody is there to take an answer: what runs is given up.
    close_all()
    os._exit(0)


if __name__ == "__main__":
    main()

"""Jobs on the workers of a dask.distributed scheduler."""

import json
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any

from ..errors import InputError
from .jobs import Answer, from_plain
from .local import WorkerDied

_CONNECT_S = 20  # a scheduler may be busy


class DaskWorkers:
    """Jobs on a scheduler's workers, which need this version of allotone and a compiler.

    Parameters
    ----------
    address : str
        Of the scheduler, such as 'tcp://127.0.0.1:8786'.

    Raises
    ------
    InputError
        dask.distributed is not installed, or nothing answers at the address.
    """

    def __init__(self, address: str):
        try:
            from distributed import Client
        except ImportError:
            raise InputError("dask", "dask.distributed is not installed; pip install 'allotone[dask]'") from None
        try:
            self._client = Client(address, timeout=_CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise InputError("dask", f"no scheduler answers at '{address}' ({error}); is it running?") from None
        self._tasks: dict[Future, Any] = {}

    @property
    def capacity(self) -> int:
        """Twice the threads of the workers there are: while one job's answer travels, the next one runs."""
        return 2 * max(1, sum(self._client.nthreads().values()))

    def submit(self, job: dict[str, Any]) -> "Future[Answer]":
        """The job's `Answer` to come; its exception is `WorkerDied`, or what `run_job` raises."""
        answer: Future[Answer] = Future()
        # The same job may be asked for again after its worker died.
        task = self._client.submit(_task(), json.dumps(job), pure=False)
        self._tasks[answer] = task
        task.add_done_callback(lambda task: self._settle(answer, task))
        return answer

    def stop(self) -> None:
        """Give everything up at once; what runs on a worker ends with its point."""
        self._client.cancel(list(self._tasks.values()), force=True)
        self._client.close(timeout=1)

    def close(self) -> None:
        """Leave the scheduler."""
        self._client.close()

    def _settle(self, answer: Future, task) -> None:
        from distributed.scheduler import KilledWorker

        self._tasks.pop(answer, None)
        try:
            found = from_plain(*task.result())
        except KilledWorker as death:
            answer.set_exception(WorkerDied(str(death)))
        except CancelledError:
            answer.set_exception(WorkerDied("the scheduler gave the job up"))
        except Exception as error:
            answer.set_exception(error)
        else:
            answer.set_result(found)


def _task() -> Callable[[str], tuple]:
    """What a worker calls, made so that it travels by value: a scheduler takes it in without importing anything."""

    def answer(job):
        import signal
        import sys
        import threading

        # Brian2 sets a signal handler when it is imported, which a thread may not.
        setting = signal.signal
        if threading.current_thread() is not threading.main_thread() and "brian2" not in sys.modules:
            signal.signal = lambda *arguments: None
        try:
            from allotone.sweep.jobs import answer_plainly
        finally:
            signal.signal = setting
        return answer_plainly(job)

    return answer

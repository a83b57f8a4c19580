"""A distributed scheduler's workers give the same file, though one of them is lost on the way."""

import os
import signal
import threading
import time

import pytest
from small import AXES, assert_same, cells

from allotone import InputError, Sweep
from allotone.sweep.store import parts_folder

distributed = pytest.importorskip("distributed")
# Long enough that a worker is lost in the middle of a job.
SWEEP = Sweep(cells(), AXES, seeds=4, duration="4 s", discard="1 s")


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, worker_dashboard_address=None, silence_logs=50
    ) as found:
        yield found


def test_a_lost_worker_changes_nothing(cluster, tmp_path):
    undisturbed, path = tmp_path / "undisturbed.h5", tmp_path / "distributed.h5"
    SWEEP.run(undisturbed, show_progress=False)
    lost = []

    def lose_a_worker():
        end = time.monotonic() + 30
        while not list(parts_folder(path).glob("*.h5")) and time.monotonic() < end:
            time.sleep(0.01)
        lost.append(next(iter(cluster.workers.values())).process.pid)
        os.kill(lost[0], signal.SIGKILL)

    helper = threading.Thread(target=lose_a_worker)
    helper.start()
    SWEEP.run(path, dask=cluster.scheduler_address, show_progress=False)
    helper.join()
    assert lost
    assert_same(path, undisturbed)


def test_what_cannot_be_distributed_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("allotone.sweep.distributed._CONNECT_S", 1)
    with pytest.raises(InputError, match="no scheduler answers at 'tcp://127.0.0.1:9'"):
        SWEEP.run(tmp_path / "x.h5", dask="tcp://127.0.0.1:9", show_progress=False)
    with pytest.raises(InputError, match="nothing reads 2"):
        SWEEP.run(tmp_path / "x.h5", dask="tcp://127.0.0.1:9", workers=2, show_progress=False)
    with pytest.raises(InputError, match="keep_runs"):
        SWEEP.run(tmp_path / "x.h5", dask="tcp://127.0.0.1:9", keep_runs=True, show_progress=False)
    assert list(tmp_path.iterdir()) == []

"""A network at many settings and seeds: the user's face of a sweep."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..results import read_table
from ..simulation.network import Network, seconds
from ..units import Quantity
from .axis import Axis
from .carry_out import carry_out
from .description import Description
from .design import Design, as_design

if TYPE_CHECKING:
    from xarray import Dataset


@dataclass(frozen=True)
class Sweep:
    """A network, what is varied, and how long each point runs.

    >>> sweep = Sweep(Network.load("pv_gamma"), {"medium.allopregnanolone": [0, 30, 100] * nM}, seeds=8, duration="2 s")
    >>> table = sweep.run("results/dose.h5")

    Parameters
    ----------
    network : Network or str
        Or the name or path of its file.
    axes : mapping of path to values, sequence of Axis, or Design
        A grid, unless a design says otherwise.
    seeds : int or list of int
        How many, from 0 on, or which; each is the `seed` of a run.
    duration, discard : Quantity or str
        Of each point, as in `Network.run`.
    statistics : list of str, optional
        By default those that need spikes alone and are one number, or one for each band.
    """

    network: Network | str
    axes: Mapping[str, Any] | Sequence[Axis] | Design
    seeds: int | Sequence[int] = 1
    duration: Quantity | str = "2 s"
    discard: Quantity | str = "0 ms"
    statistics: str | Iterable[str] | None = None

    def run(
        self,
        path: str | Path,
        *,
        workers: int | None = None,
        shard: tuple[int, int] | None = None,
        dask: str | None = None,
        retry_failed: bool = False,
        keep_runs: bool = False,
        show_progress: bool = True,
    ) -> "Dataset | None":
        """Compute what is missing at `path`, and the table of all points.

        Parts that are done lie in `PATH.parts/` until all are; the same call goes on from there after any end.

        Parameters
        ----------
        path : str or Path
            The file to become.
        workers : int, optional
            Points at a time; by default one for each core.
        shard : (int, int), optional
            Only the I-th of N shares of the points; `collect` joins them. Nothing is returned.
        dask : str, optional
            Address of a dask.distributed scheduler that runs the points instead of this machine.
        retry_failed : bool
            Whether points that failed before are tried again.
        keep_runs : bool
            Whether each point's whole run, spikes included, is kept as `PATH.runs/POINT.h5`.
        show_progress : bool
            Whether to say on standard error how far it is.

        Returns
        -------
        xarray.Dataset
            Dimensions: the axes (or `point`), then `seed`; `status` says which points failed, and `error` why.

        Raises
        ------
        InputError
            Anything wrong with what was asked, another sweep at `path`, an axis that changes nothing, a full disk.
        Interrupted
            A KeyboardInterrupt that says how to go on.
        """
        carry_out(
            self.describe(),
            Path(path),
            workers=workers,
            shard=shard,
            dask=dask,
            retry_failed=retry_failed,
            keep_runs=keep_runs,
            show_progress=show_progress,
        )
        return None if shard else read_table(path)

    def describe(self) -> Description:
        """All that decides the numbers of this sweep; InputError if something is wrong with it."""
        network = self.network if isinstance(self.network, Network) else Network.load(self.network)
        return Description.of(
            network.definition,
            as_design(self.axes),
            self.seeds,
            seconds("duration", self.duration),
            seconds("discard", self.discard),
            self.statistics,
        )

"""Pieces of a mailbox read one after the other, by several processes, or by several machines."""

from __future__ import annotations

import signal
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from rejoinder.errors import RejoinderError
from rejoinder.mail.sources import Slice
from rejoinder.scan.how import How
from rejoinder.scan.reading import Read, read_piece

#: A piece of work. Large, because handing one out costs milliseconds; small enough for the first results to come soon.
PIECE_BYTES = 4 * 1024 * 1024


class ClusterError(RejoinderError):
    """The machines that were to do the work cannot be reached."""


def read_pieces(
    pieces: Iterable[Slice], how: How, *, jobs: int = 1, cluster: str | None = None
) -> Iterator[Read]:
    """The pieces read, in their order whoever reads them.

    Raises ClusterError when `cluster`, a scheduler's address, cannot be used.
    """
    if cluster is None and jobs == 1:
        for piece in pieces:
            yield read_piece(piece, how)
        return
    with _connected(cluster), _quiet_at_the_end():
        yield from _in_parallel(pieces, how, -1 if cluster else jobs)


def _in_parallel(pieces: Iterable[Slice], how: How, jobs: int) -> Iterator[Read]:
    with _interrupts_held_back():  # in the middle of an import one would be lost
        from joblib import Parallel, delayed
    _start_trackers()
    # Workers get a function and a path: each loads the model itself, once.
    tasks = (delayed(read_piece)(piece, how) for piece in pieces)
    reads: Any = iter(())
    try:
        with _interrupts_held_back():
            parallel = Parallel(n_jobs=jobs, return_as="generator", batch_size=1, pre_dispatch="2*n_jobs")
            reads = parallel(tasks)
        yield from iter(reads.__next__, None)  # which leaves it to us to close `reads`
    finally:
        with warnings.catch_warnings():
            # Whoever stops in the middle knows that not everything was used.
            warnings.simplefilter("ignore", UserWarning)
            getattr(reads, "close", lambda: None)()


@contextmanager
def _quiet_at_the_end() -> Iterator[None]:
    """The thread that looks after workers may stumble when it is stopped: nobody need be told of that."""

    def hook(told: threading.ExceptHookArgs) -> None:
        if told.thread is None or "ExecutorManager" not in told.thread.name:
            before(told)

    before, threading.excepthook = threading.excepthook, hook
    try:
        yield
    finally:
        threading.excepthook = before


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """A Ctrl-C in here is heard behind it, by us; processes and threads that are started in here never hear one.

    They inherit that it is held back, and so do the processes that those threads
    start later: we stop them, else each of them would complain by itself.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_trackers() -> None:
    """Start what cleans up behind worker processes: whoever starts it lets interrupts through again."""
    with suppress(ImportError):
        from multiprocessing import resource_tracker

        from joblib.externals.loky.backend import resource_tracker as lokys

        resource_tracker.ensure_running()
        lokys.ensure_running()


@contextmanager
def _connected(cluster: str | None) -> Iterator[None]:
    if cluster is None:
        yield
        return
    client = _client(cluster)
    from joblib import parallel_config

    try:
        with parallel_config(backend="dask"):
            yield
    finally:
        client.close()


def _client(address: str) -> Any:
    try:
        from distributed import Client

        connect: Any = Client
    except ImportError as error:
        raise ClusterError(
            "--cluster needs dask, which is not installed.", "Install it: pip install 'rejoinder[cluster]'"
        ) from error
    try:
        return connect(address, timeout=10, set_as_default=True)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(
            f"The scheduler {address} cannot be reached.",
            "Check the address, and start one with: dask scheduler",
        ) from error

"""Pieces of a mailbox read one after the other, by several processes, or by several machines."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from rejoinder.errors import RejoinderError
from rejoinder.mail.sources import Slice
from rejoinder.scan.reading import How, Read, read_piece

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
    from joblib import Parallel, delayed

    # Workers get a function and a path: each loads the model itself, once.
    tasks = (delayed(read_piece)(piece, how) for piece in pieces)
    with _connected(cluster):
        parallel = Parallel(
            n_jobs=-1 if cluster else jobs, return_as="generator", batch_size=1, pre_dispatch="2*n_jobs"
        )
        with _children_deaf_to_interrupts():
            reads = parallel(tasks)
        yield from reads


@contextmanager
def _children_deaf_to_interrupts() -> Iterator[None]:
    """What is started in here does not hear Ctrl-C: we do, and tell it; else each of them would complain."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


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

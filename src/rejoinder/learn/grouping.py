"""Folds in which no mail is held out while a near-copy of it is learnt from."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from rejoinder.model.features import tokens

Ints = npt.NDArray[np.int64]

#: Words in a row that are compared, and the share of the shorter mail's runs that makes two mails near-copies.
RUN = 5
ALIKE = 0.3
#: Mails compared at once, so that the memory stays small.
_BLOCK = 500


def near_copies(texts: Sequence[str]) -> Ints:
    """A group number for each text; those that share many runs of words, and what they lead to, share a group."""
    rows = _runs(texts)
    sizes = np.asarray(rows.sum(axis=1)).ravel()
    links = [csr_matrix((len(texts), len(texts)), dtype=bool)]
    for start in range(0, len(texts), _BLOCK):
        shared = (rows[start : start + _BLOCK] @ rows.T).tocoo()
        left = shared.row + start
        alike = shared.data >= ALIKE * np.minimum(sizes[left], sizes[shared.col])
        ones = np.ones(int(alike.sum()), dtype=bool)
        links.append(csr_matrix((ones, (left[alike], shared.col[alike])), shape=links[0].shape))
    return np.asarray(connected_components(sum(links[1:], links[0]), directed=False)[1], dtype=np.int64)


def _runs(texts: Sequence[str]) -> csr_matrix:
    """Which text has which runs of words; a text too short for one is a run by itself."""
    hashes: list[int] = []
    pointers = [0]
    for text in texts:
        words = tokens(text)
        last = max(len(words) - RUN, 0)
        hashes += {_hash(" ".join(words[at : at + RUN])) for at in range(last + 1)}
        pointers.append(len(hashes))
    _, columns = np.unique(np.array(hashes, dtype=np.uint64), return_inverse=True)
    shape = (len(texts), int(columns.max(initial=-1)) + 1)
    return csr_matrix((np.ones(len(hashes), dtype=np.int32), columns, pointers), shape=shape)


def _hash(run: str) -> int:
    return int.from_bytes(hashlib.blake2b(run.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def grouped_folds(groups: Ints, labels: Sequence[frozenset[str]], count: int) -> Ints:
    """The fold of each mail: groups stay whole, and labels are spread as evenly as that allows.

    Large groups are dealt out first, each to the fold that has least of what
    it brings. Fewer folds come back when there are fewer groups.
    """
    members: dict[int, list[int]] = {}
    for at, group in enumerate(groups.tolist()):
        members.setdefault(group, []).append(at)
    count = min(count, len(members))
    total = Counter(label for one in labels for label in (*one, "mail", "none" if not one else "no"))
    filled = [Counter[str]() for _ in range(count)]
    folds = np.zeros(len(labels), dtype=np.int64)
    for inside in sorted(members.values(), key=lambda rows: (-len(rows), rows[0])):
        brings = Counter(
            label for at in inside for label in (*labels[at], "mail", "none" if not labels[at] else "no")
        )
        fold = min(
            range(count),
            key=lambda at: (
                sum(filled[at][label] * size / total[label] for label, size in brings.items()),
                at,
            ),
        )
        filled[fold] += brings
        folds[inside] = fold
    return folds

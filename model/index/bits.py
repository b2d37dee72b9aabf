"""Yes/no answers packed into machine words, so that a respondent's score is one bit count."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Answers = NDArray[np.uint8] | NDArray[np.bool_]
"""n respondents × k items, 1 or True = yes; no cell missing."""
Words = NDArray[np.unsignedinteger]
"""n respondents × words; bit j of a row, counted from the low end, is the answer to item j."""

_CHUNK_BYTES = 2 << 20


def word_type(items: int) -> np.dtype[np.unsignedinteger]:
    """The smallest machine word that holds ``items`` bits, 64 bits at most."""
    return np.dtype(next((f"<u{size}" for size in (1, 2, 4) if items <= 8 * size), "<u8"))


def packed(answers: Answers) -> Iterator[Words]:
    """Chunks of respondents in order, each packed (m, words); memory stays at a few megabytes for any n.

    Every cell that is not 0 counts as yes. The words of a chunk are a view of a buffer of its own.
    """
    n, k = answers.shape
    word = word_type(k)
    width = max(1, -(-k // (8 * word.itemsize))) * 8 * word.itemsize
    rows = max(1, _CHUNK_BYTES // width)
    padded = np.zeros((min(rows, n), width), dtype=np.uint8)
    for start in range(0, n, rows):
        chunk = answers[start : start + rows]
        padded[: len(chunk), :k] = chunk
        yield np.packbits(padded[: len(chunk)].reshape(-1), bitorder="little").view(word).reshape(len(chunk), -1)


def masks(chosen: NDArray[np.bool_]) -> Words:
    """Each row of booleans (m, k) as packed words (m, words)."""
    return np.concatenate([*packed(chosen)]) if len(chosen) else np.zeros((0, 1), dtype=word_type(chosen.shape[1]))


def ones(words: Words) -> NDArray[np.intp]:
    """Bits set per row of words (n, words) → (n)."""
    counts = np.bitwise_count(words)
    one = words.shape[1] == 1
    total: NDArray[np.intp] = counts[:, 0].astype(np.intp) if one else counts.sum(axis=1, dtype=np.intp)
    return total


def yes_by_item(answers: Answers) -> NDArray[np.int64]:
    """Number of yes per item (k), exact.

    255 stretches of rows are added as bytes, the longest sum a byte can hold, so that the sum runs at memory speed.
    """
    n, k = answers.shape
    cells = np.ascontiguousarray(answers).view(np.uint8)
    stretch = n // 255
    head = cells[: 255 * stretch].reshape(255, stretch * k).sum(axis=0, dtype=np.uint8)
    total: NDArray[np.int64] = head.reshape(stretch, k).sum(axis=0, dtype=np.int64)
    total += cells[255 * stretch :].sum(axis=0, dtype=np.int64)
    return total

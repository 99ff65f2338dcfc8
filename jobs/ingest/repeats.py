"""Find values that may occur twice in a unique column, by 64-bit hashes.

Equal values have equal hashes, so a hash that occurs once proves its row unique. Rows whose hashes collide are compared
by value, in `check.reject_repeats`.
"""

import numpy as np
import pyarrow as pa

HASHED_BYTES = 64
"""Texts that differ only after as many bytes have equal hashes."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)
"""The lowest 0 to 8 bytes of a word."""


def hashes(values: pa.Array) -> np.ndarray:
    """Hash of each value, as unsigned 64-bit integers; any hash for null."""
    texts = pa.concat_arrays([values.cast(pa.string())])
    _, offsets, content = texts.buffers()
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    starts, lengths = bounds[:-1], np.diff(bounds)
    padded = (content.to_pybytes() if content else b"") + bytes(8)
    words = np.ndarray((len(padded) - 7,), "<u8", padded, strides=(1,))
    found = lengths.astype(np.uint64)
    for at in range(0, min(int(lengths.max(initial=0)), HASHED_BYTES), 8):
        word = words[np.minimum(starts + at, len(words) - 1)] & _MASKS[np.clip(lengths - at, 0, 8)]
        found = (found ^ word) * _FACTOR
        found ^= found >> np.uint64(32)
    return found


def repeated(hashes: np.ndarray) -> np.ndarray:
    """The hashes that occur more than once, sorted; sorts the given ones in place. 8 bytes of memory per row."""
    hashes.sort()
    return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])

"""Arrow columns as numbers and as the text that Spark's cast to STRING writes."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def numbers(values: pa.Array) -> Floats:
    """The values as float64, NaN for null: integers, decimals of up to 18 digits, and text that Spark wrote."""
    if pa.types.is_decimal128(values.type):
        return _decimals(values)
    return np.asarray(pc.cast(values, pa.float64()).to_numpy(zero_copy_only=False))


def texts(values: pa.Array) -> list[str | None]:
    """The values as Spark's text, None for null."""
    if pa.types.is_timestamp(values.type):
        return [None if value is None else _time_text(str(value)) for value in values.to_pylist()]
    return list(pc.cast(values, pa.string()).to_pylist())


def _decimals(values: pa.Array) -> Floats:
    # dividing whole numbers of cents rounds once, like Spark's cast, and is much faster than Arrow's
    words = np.frombuffer(values.buffers()[1], dtype=np.int64).reshape(-1, 2)
    found = words[values.offset : values.offset + len(values), 0] / 10.0**values.type.scale
    return np.where(np.asarray(values.is_null().to_numpy(zero_copy_only=False)), np.nan, found)


def _time_text(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text

"""Vectors as bytes: two counts, then little-endian float32, row by row."""

from __future__ import annotations

import struct

import numpy as np

from coach.ports import Matrix

_SHAPE = struct.Struct("<II")


def matrix_to_bytes(matrix: Matrix) -> bytes:
    """(n, dimensions) as bytes; the numbers are kept exactly. Raises ValueError for another shape."""
    if matrix.ndim != 2:
        raise ValueError("vectors come as a matrix: one row a text")
    return _SHAPE.pack(*matrix.shape) + np.ascontiguousarray(matrix, dtype="<f4").tobytes()


def matrix_from_bytes(raw: bytes) -> Matrix:
    """The matrix, read-only: several callers may look at it."""
    rows, columns = _SHAPE.unpack_from(raw)
    return np.frombuffer(raw, dtype="<f4", offset=_SHAPE.size).reshape(rows, columns)

"""What a question answers, as PostgreSQL's binary COPY writes it, by columns: millions of rows in seconds.

For rows of fixed width alone: none of their columns may be NULL, and texts of bytes have one length each.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from psycopg import Cursor
from sqlalchemy.orm import Session

_HEADER: Final = 19
"""Signature, flags and length of the header's extension, of which there is none."""
_TRAILER: Final = 2


class NotEven(ValueError):
    """A row is not as wide as the others, or has a NULL."""


def columns_of(
    session: Session, statement: str, given: Mapping[str, Any], types: Mapping[str, str]
) -> dict[str, NDArray[Any]]:
    """The statement's columns, in its order, with numpy's type of each, big-endian numbers (``>i8``) or bytes
    (``V20``). Raises ``NotEven``.
    """
    parts: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in types.items():
        parts += [(f"length of {name}", ">i4"), (name, kind)]
    row = np.dtype(parts)
    cursor: Cursor[Any] = session.connection().connection.cursor()  # type: ignore[assignment]  # psycopg's own
    pieces = bytearray()
    with cursor, cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT binary)", given) as copy:
        for piece in copy:
            pieces += piece
    body = len(pieces) - _HEADER - _TRAILER
    if body % row.itemsize:
        raise NotEven("rows of different width, or with a NULL")
    rows = np.frombuffer(pieces, row, offset=_HEADER, count=body // row.itemsize)
    for name in types:
        if (rows[f"length of {name}"] != row[name].itemsize).any():
            raise NotEven(f"{name} is not {row[name].itemsize} bytes in every row")
    return {name: rows[name] for name in types}

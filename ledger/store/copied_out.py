"""What a question answers, by columns: millions of rows in seconds.

PostgreSQL puts each row's columns together as bytes, and many rows into one value: whoever asks has no work
with each of them. For rows of fixed width alone: none of their columns may be NULL, and texts of bytes have
one length each.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ledger.store.asked import ask

_ROWS: Final = 100_000
"""In one value, which has room for a thousand million bytes."""
_WRITTEN: Final = {">i8": "int8send({})", ">i4": "int4send({})", ">i2": "int2send({})", ">u1": "boolsend({})"}


class NotEven(ValueError):
    """A row is not as wide as the others, or has a NULL."""


def columns_of(
    session: Session, statement: str, given: Mapping[str, Any], types: Mapping[str, str]
) -> dict[str, NDArray[Any]]:
    """The statement's columns, with numpy's type of each: big-endian numbers (``>i8``), whether (``>u1``), or
    bytes (``V20``). Raises ``NotEven``.
    """
    row = np.dtype(list(types.items()))
    written = " || ".join(_WRITTEN.get(kind, "{}").format(name) for name, kind in types.items())
    names = ", ".join(types)
    even = [f"octet_length({name}) = {row[name].itemsize}" for name in types if types[name] not in _WRITTEN]
    question = f"""
        SELECT string_agg({written}, ''::bytea) AS rows, count(*) AS count,
          bool_and({" AND ".join(even) or "true"}) AS even
        FROM (
          SELECT *, row_number() OVER () / {_ROWS} AS part FROM ({statement}) asked ({names})
        ) numbered
        GROUP BY part
    """  # noqa: S608 - put together from constants
    found = ask(session.connection(), (question, given))
    pieces = b"".join(each.rows or b"" for each in found)
    size = row.itemsize * sum(each.count for each in found)
    if len(pieces) != size or not all(each.even for each in found):
        raise NotEven("rows of different width, or with a NULL")
    columns = np.frombuffer(pieces, row)
    return {name: columns[name] for name in types}

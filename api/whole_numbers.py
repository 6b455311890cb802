"""Whole numbers in an address or a header: digits and nothing else, so that no two readers differ."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_DIGITS = re.compile(r"-?[0-9]+")


def _digits(value: Any) -> Any:
    """Python's own reading would also take ``1_0`` for ten, and ``1.0``, `` 1`` and ``+1`` for one."""
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise PydanticCustomError("whole_number", "expected a whole number in decimal digits, as 182")
    return value


Whole = Annotated[int, BeforeValidator(_digits)]

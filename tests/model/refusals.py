"""When an action is refused: a model looks at everything that may be wrong before it changes anything.

The interfaces say which errors an action can give, not which of several comes first. So a refusal has all the
names that hold, and the contract must answer one of them.
"""

from collections.abc import Mapping


class Refused(Exception):
    """The action changes nothing."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__(" or ".join(sorted(names)))
        self.names = names


def refuse(reasons: Mapping[str, bool]) -> None:
    """Raises Refused with the names of the reasons that hold, if any does."""
    names = frozenset(name for name, holds in reasons.items() if holds)
    if names:
        raise Refused(names)

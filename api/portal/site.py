"""What every page shows of the site that it belongs to, beyond what the page itself is about."""

from contextvars import ContextVar
from dataclasses import dataclass

from api.session import Doors


@dataclass(frozen=True)
class Site:
    """``test_wallet``: whether it offers the local chain's accounts as a wallet; ``explorer_url`` of its
    chain's block explorer, empty when the operator names none.
    """

    test_wallet: bool = False
    explorer_url: str = ""

    @classmethod
    def of(cls, doors: Doors) -> "Site":
        """The site as its operator has set it up."""
        return cls(explorer_url=doors.settings.explorer_url.rstrip("/"))


_NONE = Site()
current_site: ContextVar[Site] = ContextVar("current_site", default=_NONE)
"""Of the request that is being answered."""

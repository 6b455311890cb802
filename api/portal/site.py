"""What every page shows of the site that it belongs to, beyond what the page itself is about."""

import time
from contextvars import ContextVar
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from api.portal.visitor import SignedIn, look
from api.session import Doors
from ledger.chain import anvil
from ledger.chain.deployment import load, path_for
from ledger.settings import Settings
from ledger.terms.deployment import DeploymentInvalid


@dataclass(frozen=True)
class Site:
    """``test_wallet``: whether it offers the local chain's accounts as a wallet; ``explorer_url`` of its
    chain's block explorer, empty when the operator names none; ``visitor``: who has signed in, None: nobody.
    """

    test_wallet: bool = False
    explorer_url: str = ""
    visitor: SignedIn | None = None

    @classmethod
    async def of(cls, request: HTTPConnection, doors: Doors) -> "Site":
        """The site as its operator has set it up, for who asks for a page of it."""
        settings = doors.settings
        offered = settings.test_wallet and _is_local(settings)
        found = await look(request, doors, int(time.time()))
        return cls(offered, settings.explorer_url.rstrip("/"), found)


def _is_local(settings: Settings) -> bool:
    """By the deployment's file: pages are not to wait for a node. The wallet itself asks that, each time."""
    try:
        return load(settings.deployment or path_for(anvil.CHAIN_ID)).chain_id == anvil.CHAIN_ID
    except DeploymentInvalid:
        return False


_NONE = Site()
current_site: ContextVar[Site] = ContextVar("current_site", default=_NONE)
"""Of the request that is being answered."""

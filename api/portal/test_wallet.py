"""``/test-wallet``: a local chain's accounts as a wallet in the page, to sign without installing any.

It is there only where the operator turned it on and the chain is anvil's own, 31337. Everywhere else there is
nothing at these addresses.
"""

from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.as_of import Now
from api.http.routing import Router
from api.portal.local_accounts import LocalWallet, NotOffered, answer, local_wallets
from api.portal.pages import PageRoute, page
from api.problems import NOT_FOUND, Problem
from api.session import OpenDoors
from ledger.chain import anvil
from ledger.chain.node import Node, RpcRefused
from ledger.errors import LedgerError

_PATIENCE_SECONDS = 3.0
"""How long a page waits for the local node."""
UNSUPPORTED = 4200
INTERNAL = -32603
"""Error codes of EIP-1193 and EIP-1474, as wallets give them."""


def local_node(doors: OpenDoors) -> Node:
    """The node of the local chain, asked anew which chain it is. Raises ``Problem`` (404) for any other."""
    if doors.settings.test_wallet:
        node = doors.node()
        if node.chain_id == node.within(_PATIENCE_SECONDS).number("eth_chainId") == anvil.CHAIN_ID:
            return node
    raise Problem(NOT_FOUND, "There is no test wallet here.")


LocalNode = Annotated[Node, Depends(local_node)]

router = Router(prefix="/test-wallet", include_in_schema=False, route_class=PageRoute)


class Request(BaseModel):
    """A wallet's method (EIP-1193) and its parameters."""

    model_config = ConfigDict(extra="forbid")

    method: str = Field(max_length=100)
    params: list[Any] = Field(default=[], max_length=10)


@router.get("")
def show(node: LocalNode, answering: Now) -> HTMLResponse:
    """The accounts, to choose one from."""
    wallets = local_wallets(answering.reading, node.within(_PATIENCE_SECONDS))
    return page("test_wallet.html", here="test-wallet", wallets=wallets)


@router.get("/accounts")
def accounts(node: LocalNode, answering: Now) -> list[LocalWallet]:
    """The accounts, for the wallet's own dialogs."""
    return local_wallets(answering.reading, node.within(_PATIENCE_SECONDS))


@router.post("/requests")
def ask(node: LocalNode, request: Request) -> JSONResponse:
    """Signs and sends what a person agreed to in the page, and asks the node what pages ask wallets."""
    try:
        return JSONResponse({"result": answer(node, request.method, request.params)})
    except NotOffered as refusal:
        return _refusal(UNSUPPORTED, str(refusal))
    except RpcRefused as refusal:
        return _refusal(refusal.code if isinstance(refusal.code, int) else INTERNAL, refusal.message)
    except LedgerError as refusal:
        return _refusal(INTERNAL, f"{refusal.what} {refusal.hint}".strip())


def _refusal(code: int, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}})

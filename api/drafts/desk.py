"""What the drafts' operations work with: the database, the chain's registry, and the relayer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, FastAPI, Request
from sqlalchemy.orm import Session

from api.drafts import reading
from api.drafts.activation import Activator
from api.problems import NODE_UNAVAILABLE, Problem
from api.session import CONNECT_SECONDS, Doors, OpenDoors, OpenSession
from ledger.chain import deployment
from ledger.chain.agreements import Registry


@dataclass(frozen=True)
class Desk:
    """Where drafts are handled. ``activator`` is None when the server has no relayer's key."""

    session: Session
    registry: Registry
    activator: Activator | None
    doors: Doors


@asynccontextmanager
async def relaying(app: FastAPI) -> AsyncIterator[None]:
    """While the server runs, drafts that all have signed are put in force, if it has a relayer's key."""
    doors: Doors = app.state.doors
    key = doors.settings.relayer_key
    app.state.activator = None
    if key is None:
        yield
        return
    activator = Activator(doors.database, lambda: registry(app), key.get_secret_value())
    app.state.activator = activator
    activator.start()
    try:
        yield
    finally:
        activator.stop()


def registry(app: FastAPI, patience: float = CONNECT_SECONDS) -> Registry:
    """The registry of the settings' deployment, checked once against the chain, which may take twice
    ``patience`` seconds. Raises LedgerError.
    """
    if not hasattr(app.state, "registry"):
        doors: Doors = app.state.doors
        node = doors.node(patience)
        try:
            found = deployment.find(doors.settings, node.within(patience))
            app.state.registry = Registry(node, found)
        except deployment.DeploymentInvalid as error:
            raise Problem(NODE_UNAVAILABLE, error.what, hint=error.hint) from error
    return cast(Registry, app.state.registry)


def desk_of(request: Request, session: OpenSession, doors: OpenDoors) -> Desk:
    """The desk, for one request."""
    patience = reading.READ_SECONDS / 2 if request.method == "GET" else CONNECT_SECONDS
    return Desk(session, registry(request.app, patience), request.app.state.activator, doors)


OpenDesk = Annotated[Desk, Depends(desk_of)]

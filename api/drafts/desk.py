"""What the drafts' operations work with: the database, the chain's registry, who asks, and the relayer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from sqlalchemy.orm import Session

from api.drafts import reading
from api.drafts.activation import Activator
from api.registry import mirrored, registry_of, watch
from api.session import CONNECT_SECONDS, Doors, OpenDoors, OpenSession
from api.visitor import may
from ledger.chain.agreements import Registry
from ledger.chain.node import NodeFailed
from ledger.people.access import Right
from ledger.people.identity import Identity


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
    registry = watch(app)
    activator = app.state.activator = (
        None
        if key is None
        else Activator(doors.database, lambda: registry.get(CONNECT_SECONDS), doors.settings)
    )
    if activator is not None:
        activator.start()
    try:
        yield
    finally:
        if activator is not None:
            activator.stop()
        registry.close()


def desk_of(request: Request, session: OpenSession, doors: OpenDoors) -> Desk:
    """The desk, for one request."""
    app, reads = request.app, request.method == "GET"
    try:
        registry = registry_of(app, reading.READ_SECONDS if reads else CONNECT_SECONDS)
    except NodeFailed:
        known = mirrored(session, doors) if reads else None
        if known is None:
            raise
        registry = known
    return Desk(session, registry, app.state.activator, doors)


OpenDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Identity, Depends(may(Right.DRAFTS_READ))]
Writer = Annotated[Identity, Depends(may(Right.DRAFTS_WRITE))]
"""Who asks, who may read or write drafts of the account: named before the desk, which asks a node."""

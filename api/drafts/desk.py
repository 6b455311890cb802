"""What the drafts' operations work with: the database, the chain's registry, and the relayer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from sqlalchemy.orm import Session

from api.drafts import reading
from api.drafts.activation import Activator
from api.made_once import MadeOnce
from api.problems import NODE_UNAVAILABLE, Problem
from api.session import CONNECT_SECONDS, Doors, OpenDoors, OpenSession
from ledger.chain import deployment
from ledger.chain.agreements import Registry
from ledger.chain.node import TIMEOUT_SECONDS, Node, NodeFailed
from ledger.store.reading import deployments
from ledger.terms.deployment import Deployment, DeploymentInvalid


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
    registry = app.state.registry = MadeOnce("registry", lambda: _checked(doors))
    activator = app.state.activator = (
        None
        if key is None
        else Activator(doors.database, lambda: registry.get(CONNECT_SECONDS), key.get_secret_value())
    )
    if activator is not None:
        activator.start()
    try:
        yield
    finally:
        if activator is not None:
            activator.stop()
        registry.close()


def _checked(doors: Doors) -> Registry:
    """The registry of the settings' deployment, checked against the chain. Raises LedgerError."""
    node = doors.node()
    try:
        return Registry(node, deployment.find(doors.settings, node.within(TIMEOUT_SECONDS)))
    except DeploymentInvalid as error:
        raise Problem(NODE_UNAVAILABLE, error.what, hint=error.hint) from error


def _mirrored(session: Session, doors: Doors) -> Registry | None:
    """The registry for who only reads while the node has said nothing yet: its questions fail at once, and
    the mirror answers them. None where it is not known which one it is.
    """
    known = [Deployment.from_json(each.json) for each in deployments(session)]
    if doors.settings.deployment is not None:
        try:
            named = deployment.load(doors.settings.deployment)
        except DeploymentInvalid:
            return None
        known = [
            each for each in known if (each.chain_id, each.contracts) == (named.chain_id, named.contracts)
        ]
    if len(known) != 1:
        return None
    nobody = Node.at(doors.settings.rpc_url, known[0].chain_id, TIMEOUT_SECONDS)
    return Registry(nobody, known[0]).within(0)


def desk_of(request: Request, session: OpenSession, doors: OpenDoors) -> Desk:
    """The desk, for one request."""
    app, reads = request.app, request.method == "GET"
    try:
        registry = app.state.registry.get(reading.READ_SECONDS if reads else CONNECT_SECONDS)
    except NodeFailed:
        known = _mirrored(session, doors) if reads else None
        if known is None:
            raise
        registry = known
    return Desk(session, registry, app.state.activator, doors)


OpenDesk = Annotated[Desk, Depends(desk_of)]

"""The chain's registry of agreements, which drafts and sign-ins ask: found once a node answers."""

from fastapi import FastAPI
from sqlalchemy.orm import Session

from api.made_once import MadeOnce
from api.problems import NODE_UNAVAILABLE, Problem
from api.session import Doors
from ledger.chain import deployment
from ledger.chain.agreements import Registry
from ledger.chain.node import TIMEOUT_SECONDS, Node
from ledger.store.reading import deployments
from ledger.terms.deployment import Deployment, DeploymentInvalid


def watch(app: FastAPI) -> "MadeOnce[Registry]":
    """Has the application find it when it is first asked for."""
    doors: Doors = app.state.doors
    app.state.registry = MadeOnce("registry", lambda: _checked(doors))
    return app.state.registry  # type: ignore[no-any-return]  # the state is untyped


def registry_of(app: FastAPI, patience: float) -> Registry:
    """It. Raises NodeUnreachable when no node answers within ``patience`` seconds, and as ``Problem``."""
    return app.state.registry.get(patience)  # type: ignore[no-any-return]  # the state is untyped


def _checked(doors: Doors) -> Registry:
    """The registry of the settings' deployment, checked against the chain. Raises LedgerError."""
    node = doors.node()
    try:
        return Registry(node, deployment.find(doors.settings, node.within(TIMEOUT_SECONDS)))
    except DeploymentInvalid as error:
        raise Problem(NODE_UNAVAILABLE, error.what, hint=error.hint) from error


def mirrored(session: Session, doors: Doors) -> Registry | None:
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

"""``/v1/actions/{name}/submit`` and ``/v1/relays``: an account signs, the relayer sends, an entry follows."""

import time
from hashlib import sha256
from typing import Annotated

import orjson
from eth_utils.address import to_checksum_address
from fastapi import Depends, Header, Response
from sqlalchemy import ColumnElement, desc, select
from sqlalchemy.orm import Session

from api.actions.problems import ACTION_INVALID, ACTION_UNKNOWN, PAYMENT_UNKNOWN
from api.actions.routes import prepare_action
from api.actions.schemas import ActionRequest
from api.drafts.desk import Desk, OpenDesk
from api.drafts.queries import raw
from api.http.routing import Router
from api.problem_schema import TAKES_A_BODY, problems
from api.problems import (
    AGREEMENT_UNKNOWN,
    MIRROR_EMPTY,
    MIRROR_OF_ANOTHER_VERSION,
    NODE_UNAVAILABLE,
    NOT_ALLOWED,
    ORIGIN_REFUSED,
    REFUSED,
    Problem,
)
from api.relays.problems import ACTION_REFUSED, BUDGET_SPENT, KEY_REUSED, NOT_RELAYED, RELAY_UNKNOWN
from api.relays.schemas import EntryBody, RelayBody, RelaysBody, RelayState
from api.session import OpenSession
from api.visitor import SIGNED_IN, Visitor, require
from ledger.actions import ACTIONS, Call
from ledger.chain.refusals import revert_data
from ledger.chain.reverts import reverted
from ledger.chain.rpc import RpcRefused
from ledger.people.access import Right
from ledger.people.identity import Identity
from ledger.relay import accepting
from ledger.relay.accepting import Asked, Budget, BudgetSpent, NameTaken, NotRelayed
from ledger.store.tables import Entry, Relay, RelayAttempt
from ledger.terms.contracts import AGREEMENTS, DEALS, PARTNERS, REVENUE, ContractName

router = Router(prefix="/v1", tags=["relays"])
RIGHTS: dict[ContractName, Right] = {
    PARTNERS: Right.ACCOUNT_ACT,
    AGREEMENTS: Right.AGREEMENTS_ACT,
    DEALS: Right.DEALS_ACT,
    REVENUE: Right.MONEY_ACT,
}
"""What a role or key must allow for the actions of a contract."""
_PRIVATE = {"Cache-Control": "no-store"}
_SHOWN = 50
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="your own name for it: the same again gives the same answer, and sends nothing twice",
        examples=["3f0c8a52-9f5e-4c8e-b1ab-6a2f0d8c1f11"],
    ),
]


def actor(name: str, found: Visitor) -> Identity:
    """Who asks, whose role or key allows actions of this kind. Raises ``Problem``."""
    if name not in ACTIONS:
        raise Problem(ACTION_UNKNOWN, f"There is no action {name[:60]!r}.", field="name")
    require(found, RIGHTS[ACTIONS[name].contract])
    return found


@router.post(
    "/actions/{name}/submit",
    status_code=202,
    summary="Have an action sent",
    responses=problems(
        *TAKES_A_BODY,
        *SIGNED_IN,
        NOT_ALLOWED,
        ORIGIN_REFUSED,
        ACTION_UNKNOWN,
        ACTION_INVALID,
        AGREEMENT_UNKNOWN,
        PAYMENT_UNKNOWN,
        REFUSED,
        ACTION_REFUSED,
        NOT_RELAYED,
        KEY_REUSED,
        BUDGET_SPENT,
        MIRROR_EMPTY,
        MIRROR_OF_ANOTHER_VERSION,
        NODE_UNAVAILABLE,
    ),
)
def submit_action(
    name: str,
    asked: ActionRequest,
    key: IdempotencyKey,
    who: Annotated[Identity, Depends(actor)],
    desk: OpenDesk,
    response: Response,
) -> RelayBody:
    """Takes an act with its actor's signature, and has the relayer send it and pay its gas.

    What the chain would refuse now is refused here, and costs nothing. The answer, and `GET /v1/relays/{id}`,
    name the transaction, then the entries that it made.
    """
    require_here(who, desk)
    said = sha256(orjson.dumps([name, asked.model_dump()], option=orjson.OPT_SORT_KEYS)).digest()
    try:
        relay = accepting.before(desk.session, who, key, said)
        if relay is None:
            wanted = _asked(name, asked, key, said, who, desk, response)
            settings = desk.doors.settings
            budget = Budget(settings.relay_gas_per_account, settings.relay_gas_per_day)
            deployment = desk.registry.deployment
            relay = accepting.accept(desk.session, deployment, who, wanted, budget, int(time.time()))
    except NameTaken as error:
        raise Problem(KEY_REUSED, error.what, field="Idempotency-Key", hint=error.hint) from error
    except NotRelayed as error:
        raise Problem(NOT_RELAYED, error.what, hint=error.hint or None) from error
    except BudgetSpent as error:
        later = {"Retry-After": str(error.seconds)}
        raise Problem(BUDGET_SPENT, error.what, hint=error.hint, headers=later) from error
    response.headers.update(_PRIVATE)
    return body_of(desk.session, relay)


@router.get("/relays", summary="List what was asked to be sent", responses=problems(*SIGNED_IN))
def list_relays(who: Visitor, session: OpenSession, response: Response) -> RelaysBody:
    """The newest actions that your account asked to have sent."""
    rows = session.scalars(
        select(Relay).where(*of_account(who)).order_by(desc(Relay.number)).limit(_SHOWN)
    ).all()
    response.headers.update(_PRIVATE)
    return RelaysBody(relays=[body_of(session, row) for row in rows])


@router.get("/relays/{id}", summary="Show what became of it", responses=problems(*SIGNED_IN, RELAY_UNKNOWN))
def get_relay(id: str, who: Visitor, session: OpenSession, response: Response) -> RelayBody:
    """The transaction, once it is signed; the entries that it made, once they are mirrored."""
    row = session.scalar(select(Relay).where(*of_account(who), Relay.id == id))
    if row is None:
        raise Problem(RELAY_UNKNOWN, "Your account has asked for nothing of this id.", field="id")
    response.headers.update(_PRIVATE)
    return body_of(session, row)


def require_here(who: Identity, desk: Desk) -> None:
    """Raises ``Problem`` when who asks has signed in to another deployment than this server's."""
    deployment = desk.registry.deployment
    here = (deployment.chain_id, raw(deployment.address(PARTNERS)))
    if (who.place.chain_id, who.place.contract) != here:
        raise Problem(NOT_ALLOWED, "You have signed in to another deployment: sign in anew.")


def _asked(
    name: str, asked: ActionRequest, key: str, said: bytes, who: Identity, desk: Desk, response: Response
) -> Asked:
    """The call that carries the actor's signature, simulated. Raises ``Problem``."""
    body = prepare_action(name, asked, desk, response)
    own = to_checksum_address(who.account)
    if body.actor not in (None, own):
        raise Problem(NOT_ALLOWED, f"You act for {own}, and this is an act of {body.actor}.", field="fields")
    if body.transaction is None or body.transaction.sender is not None:
        raise Problem(
            NOT_RELAYED, "It carries no signature of its actor, which it takes.", field="authorization"
        )
    for each in body.refusals or ():
        raise Problem(ACTION_REFUSED, each.what, hint=each.next or None, error=each.error)
    made = body.transaction
    deployment, to = desk.registry.deployment, to_checksum_address(made.to)
    call = Call(deployment.kind_of(to) or "", made.function, to, made.data, int(made.value))
    accepting.require_allowed(call, deployment)
    return Asked(key, said, name, body.sentence, call, _gas(desk, call, body.sentence))


def _gas(desk: Desk, call: Call, words: str) -> int:
    """What it is estimated to use, whoever sends it."""
    try:
        return desk.registry.node.number("eth_estimateGas", [{"to": call.to, "data": call.data}])
    except RpcRefused as error:
        if not error.is_revert:
            raise
        why = reverted(words, revert_data(error.data))
        raise Problem(ACTION_REFUSED, why.what, hint=why.hint or None, error=why.error) from error


def of_account(who: Identity) -> tuple[ColumnElement[bool], ...]:
    """What somebody's account had sent."""
    place = who.place
    return Relay.chain_id == place.chain_id, Relay.contract == place.contract, Relay.account == who.account


def body_of(session: Session, relay: Relay) -> RelayBody:
    """What became of it, as answers have it."""
    newest = relay.transaction_hash or session.scalar(
        select(RelayAttempt.hash)
        .where(RelayAttempt.relay == relay.number)
        .order_by(desc(RelayAttempt.signed_at), desc(RelayAttempt.fee))
        .limit(1)
    )
    return RelayBody(
        id=relay.id,
        action=relay.action,
        sentence=relay.words,
        state=RelayState(relay.state),
        final=relay.settled,
        asked_at=relay.asked_at,
        transaction_hash=newest,
        block_number=relay.block_number,
        entries=_entries(session, relay),
        failure=relay.failure,
        next=relay.failure_hint,
    )


def _entries(session: Session, relay: Relay) -> list[EntryBody]:
    if relay.transaction_hash is None or relay.block_number is None:
        return []
    rows = session.execute(
        select(Entry.contract, Entry.seq, Entry.event)
        .where(
            Entry.chain_id == relay.chain_id,
            Entry.block_number == relay.block_number,
            Entry.transaction_hash == relay.transaction_hash,
        )
        .order_by(Entry.log_index)
    )
    return [EntryBody(contract=contract, seq=seq, event=event) for contract, seq, event in rows]

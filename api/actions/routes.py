"""``/v1/actions``: what people can do, and what each act would be. Nothing is sent from here."""

from typing import Any

from fastapi import Response

from api.actions.approvals import approval_of, lacks
from api.actions.facts import ServerFacts, Spoken
from api.actions.problems import ACTION_INVALID, ACTION_UNKNOWN, PAYMENT_UNKNOWN
from api.actions.schemas import (
    ActionBody,
    ActionRequest,
    ApprovalBody,
    DeclarationBody,
    DeclarationsBody,
    RefusalBody,
    TransactionBody,
)
from api.as_of import AsOfBlock, finality
from api.drafts.desk import Desk, OpenDesk
from api.http.routing import Router
from api.problem_schema import TAKES_A_BODY, problems
from api.problems import (
    AGREEMENT_UNKNOWN,
    MIRROR_EMPTY,
    MIRROR_OF_ANOTHER_VERSION,
    NODE_UNAVAILABLE,
    REFUSED,
    Problem,
)
from api.tagged_route import TaggedRoute
from ledger.actions import ACTIONS, Action, Call, Role, Said, call_of, sentence, signed_form, with_accounts
from ledger.actions.as_json import given_from_json
from ledger.actions.on_chain import refusal, signer_of
from ledger.chain import first_acts
from ledger.chain.authorization import Authorization, random_nonce
from ledger.chain.checked_entries import BlockId
from ledger.chain.signatures import parse
from ledger.proof import header
from ledger.signing.eip712 import TypedData
from ledger.signing.passkeys import KeyPair
from ledger.terms.solidity import ValueInvalid
from ledger.terms.units import DAY

declared = Router(prefix="/v1/actions", tags=["actions"], route_class=TaggedRoute)
router = Router(prefix="/v1/actions", tags=["actions"])
_SIGNED_FOR = 7 * DAY
_DECLARED = DeclarationsBody(actions=[DeclarationBody.of(each) for each in ACTIONS.values()])
_WORD = 1 << 256
_MAX_ITEMS = 200
"""In one list: consents of a call; of invoices and claims the contract takes fewer."""


@declared.get("", summary="List what people can do", responses=problems())
def list_actions() -> DeclarationsBody:
    """Every act: who may do it, with which fields, by which functions or signature, and its refusals."""
    return _DECLARED


@router.post(
    "/{name}",
    summary="Say what an act would be",
    responses=problems(
        *TAKES_A_BODY,
        ACTION_UNKNOWN,
        ACTION_INVALID,
        AGREEMENT_UNKNOWN,
        PAYMENT_UNKNOWN,
        REFUSED,
        MIRROR_EMPTY,
        MIRROR_OF_ANOTHER_VERSION,
        NODE_UNAVAILABLE,
    ),
)
def prepare_action(name: str, request: ActionRequest, desk: OpenDesk, response: Response) -> ActionBody:
    """The act in a sentence, as a transaction, and as typed data to sign instead; and why the chain would
    refuse it now. With a signature, the transaction that carries it. Nothing is sent or kept.
    """
    response.headers["Cache-Control"] = "no-store"
    action = ACTIONS.get(name)
    if action is None:
        raise Problem(ACTION_UNKNOWN, f"There is no action {name}.")
    block = desk.registry.node.newest()
    facts = ServerFacts(desk, BlockId(block.number, block.hash))
    given, accounts = _put_there(desk, _given(action, request))
    said = Said(action, given, facts)
    nonce, deadline = _when(said, request, block.timestamp)
    signer = signer_of(said, facts)
    call = with_accounts(call_of(said), accounts, facts.deployment) if said.action.ways else None
    transaction = None if call is None else _transaction(said, call, signer)
    try:
        words = sentence(said, Spoken(desk, facts))
    except KeyError as missing:
        field = missing.args[0]
        raise Problem(ACTION_INVALID, f"{field} is missing.", field=f"fields.{field}") from None
    approval = approval_of(said, facts.questions, signer, deadline)
    return ActionBody(
        action=action.name,
        sentence=words,
        actor=said.actor,
        signer=signer,
        transaction=transaction,
        typed_data=_typed_data(said, nonce, deadline),
        refusals=_refusals(desk, said, facts, call, transaction, words, approval),
        approval=approval,
        as_of_block=AsOfBlock(
            number=block.number,
            hash=block.hash,
            timestamp=block.timestamp,
            finality=finality(desk.doors.settings.finality, block.number, desk.doors.head.look()),
            times_verified=header.stands_for(block.raw),
        ),
    )


def _given(action: Action, request: ActionRequest) -> dict[str, Any]:
    try:
        given = given_from_json(action, request.fields)
    except ValueInvalid as error:
        raise Problem(ACTION_INVALID, error.what + ".", field=f"fields.{error.path}") from error
    for field, value in given.items():
        if isinstance(value, list) and len(value) > _MAX_ITEMS:
            what = f"{field} has {len(value)} items, and {_MAX_ITEMS} are taken at once."
            raise Problem(ACTION_INVALID, what, field=f"fields.{field}")
    own = request.authorization
    if own is not None:
        given["authorization"] = Authorization(
            _number(own.nonce, "authorization.nonce"),
            _number(own.deadline, "authorization.deadline"),
            _signature(own.signature),
        )
    return given


def _when(said: Said, request: ActionRequest, now: int) -> tuple[int, int]:
    """The nonce and deadline to sign: those of the signature that is there, else as asked for."""
    own = said.given.get("authorization")
    if own is not None:
        return own.nonce, own.deadline
    nonce = random_nonce() if request.nonce is None else _number(request.nonce, "nonce")
    if request.deadline is not None:
        return nonce, _number(request.deadline, "deadline")
    return nonce, said.given.get("deadline") or now + _SIGNED_FOR


def _put_there(desk: Desk, given: dict[str, Any]) -> tuple[dict[str, Any], list[KeyPair]]:
    """Signatures as the contracts take them, and the accounts of passkeys that must be there for that."""
    deployment = desk.registry.deployment
    accounts: list[KeyPair] = []
    taken: dict[str, Any] = {}
    for name, value in given.items():
        several = value if isinstance(value, list) else [value]
        if several and all(isinstance(each, Authorization) for each in several):
            plain, theirs = first_acts.unwrapped(deployment, several)
            accounts += theirs
            taken[name] = plain if isinstance(value, list) else plain[0]
    return given | taken, first_acts.missing(desk.registry.node, deployment, accounts)


def _transaction(said: Said, call: Call, signer: str | None) -> TransactionBody:
    is_anyones = signer is None or "authorization" in said.given or _is_anyones(said, call.function)
    return TransactionBody(
        to=call.to,
        function=call.function,
        data=call.data,
        value=str(call.value),
        sender=None if is_anyones else signer,
    )


def _is_anyones(said: Said, function: str) -> bool:
    return any(way.function == function and way.by is Role.ANYONE for way in said.action.ways)


def _typed_data(said: Said, nonce: int, deadline: int) -> TypedData | None:
    if said.action.struct is None or said.actor is None:
        return None
    return signed_form(said, nonce=nonce, deadline=deadline)


def _refusals(
    desk: Desk,
    said: Said,
    facts: ServerFacts,
    call: Call | None,
    transaction: TransactionBody | None,
    words: str,
    approval: ApprovalBody | None,
) -> list[RefusalBody] | None:
    if call is None or transaction is None or said.action.by is Role.CONSORTIUM:
        return None
    found = refusal(desk.registry.node, call, transaction.sender, words)
    if found is not None and approval is not None and found.error not in said.action.refusals:
        # the token's own, of which the approval is to be the cure: what it would say next is asked here
        short = lacks(said, facts.questions, transaction.sender)
        return [] if short is None else [short]
    return [] if found is None else [RefusalBody(error=found.error, what=found.what, next=found.hint)]


def _number(text: str, field: str) -> int:
    found = int(text)
    if found >= _WORD:
        raise Problem(ACTION_INVALID, f"{field} does not fit 256 bits.", field=field)
    return found


def _signature(text: str) -> bytes:
    try:
        return parse(text)
    except ValueError:
        what = "The signature has half a byte: two hexadecimal digits make one."
        raise Problem(ACTION_INVALID, what, field="authorization.signature") from None

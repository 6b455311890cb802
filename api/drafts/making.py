"""Terms become a draft, if the contract would put them in force."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from api.drafts import queries, unsigned
from api.drafts.amending import predecessor_of
from api.drafts.problems import TERMS_INVALID
from api.problems import Problem
from ledger.chain.agreements import Registry
from ledger.chain.node import NodeFailed
from ledger.chain.reverts import Reverted
from ledger.indexer.tokens import describe
from ledger.rules import public_text
from ledger.store.tables import Draft, Token
from ledger.terms.agreement import NATIVE_COIN, Terms
from ledger.terms.quantities import moment, percent
from ledger.terms.solidity import ValueInvalid, snake

_LINK_BYTES = 24


def parse(document: Any) -> Terms:
    """Terms from JSON, their lists put in the ascending order that the contract wants; it changes no meaning.

    Raises ``Problem`` naming the field that is missing, unknown or malformed.
    """
    try:
        terms = Terms.from_json(document)
    except ValueInvalid as error:
        raise Problem(TERMS_INVALID, error.what + ".", field=error.path) from error
    fault = public_text.uri_fault(terms.uri)
    if fault is not None:
        raise Problem(TERMS_INVALID, f"The link to the contract's text {fault}.", field="terms.uri")
    return replace(
        terms,
        parties=tuple(sorted(terms.parties, key=_number)),
        payees=tuple(sorted(terms.payees, key=lambda payee: _number(payee.account))),
        tokens=tuple(sorted(terms.tokens, key=_number)),
        territories=tuple(sorted(terms.territories)),
    )


def make(
    session: Session, registry: Registry, terms: Terms, most_unsigned: int, *, drafted_by: bytes
) -> Draft:
    """The draft of these terms: a new one of the account ``drafted_by``, or the one that is there.

    Raises ``Problem`` when the contract would not put them in force, when nobody could pay under them, or
    when ``most_unsigned`` drafts wait for a first signature already.
    """
    predecessor = predecessor_of(session, registry, terms)
    if any(terms.predecessor) and predecessor is None:
        raise Problem(
            TERMS_INVALID,
            f"No agreement 0x{terms.predecessor.hex()} is in force that these terms could amend.",
            field="terms.predecessor",
            hint="GET /v1/agreements lists those that are; leave the field out to make an agreement of its "
            "own.",
        )
    try:
        registry.check(terms, predecessor)
    except Reverted as refusal:
        raise _problem(refusal) from refusal
    _check_beyond(registry, terms)
    _check_tokens(session, registry, terms)
    agreement = registry.agreement_id(terms)
    key = (registry.deployment.chain_id, queries.raw(registry.address), agreement)
    now = registry.node.timestamp()
    if session.get(Draft, key) is None:
        unsigned.make_room(session, now, most_unsigned)
    session.execute(
        insert(Draft)
        .values(
            chain_id=key[0],
            contract=key[1],
            agreement=agreement,
            link=secrets.token_urlsafe(_LINK_BYTES),
            terms=terms.to_json(),
            created_at=now,
            drafted_by=drafted_by,
        )
        .on_conflict_do_nothing(index_elements=["chain_id", "contract", "agreement"])
    )
    session.commit()
    return session.get_one(Draft, key)


def _check_beyond(registry: Registry, terms: Terms) -> None:
    """What the contract looks at after the signatures only, or not at all: that the programme exists."""
    if any(terms.programme) and not registry.has_programme(terms.programme):
        raise Problem(
            TERMS_INVALID,
            "There is no such programme on this ledger.",
            field="terms.programme",
            hint="Its owner creates it first; then draft the agreement.",
        )


def _check_tokens(session: Session, registry: Registry, terms: Terms) -> None:
    """What no contract looks at: that each token is one, so that somebody can pay."""
    chain_id = registry.deployment.chain_id
    known = session.scalars(
        select(Token.address).where(
            Token.chain_id == chain_id,
            Token.decimals.is_not(None),
            Token.address.in_([queries.raw(token) for token in terms.tokens]),
        )
    ).all()
    for place, token in enumerate(terms.tokens):
        raw = queries.raw(token)
        if raw in known or token == NATIVE_COIN:
            continue
        if registry.node.has_code(token):
            [said] = describe(registry.node, chain_id, [raw])
            if said["decimals"] is not None:
                continue
            if not said["answered"]:
                raise NodeFailed(f"The node did not let the token {token} say its decimals.")
            why = f"The token {token} is not a token on this chain: its contract does not say its decimals."
        else:
            why = f"The token {token} is not a token on this chain: there is no contract at this address."
        raise Problem(
            TERMS_INVALID,
            why,
            field=f"terms.tokens.{place}",
            hint="Give the address of an ERC-20 token on the chain that this server serves.",
        )


def _number(address: str) -> int:
    return int(address, 16)


def _problem(refusal: Reverted) -> Problem:
    """The contract's refusal, with the field it is about."""
    if refusal.error not in _REFUSALS:
        return Problem(TERMS_INVALID, refusal.what, hint=refusal.hint or None)
    field, say = _REFUSALS[refusal.error]
    arguments = refusal.arguments
    named = str(arguments.get("field", ""))
    if refusal.error == "FieldNotAvailable":
        field = _UNAVAILABLE.get(named, snake(named))
    elif refusal.error == "NotAscending":
        field = f"{snake(named)}[{arguments['index']}]"
    return Problem(TERMS_INVALID, say(arguments), field=f"terms.{field}", hint=_NEXT.get(refusal.error))


_NEXT = {"AlreadyAmended": "Amend the newest version of the agreement: its page names it."}


_UNAVAILABLE = {"periodSeconds": "tranches[0].period_seconds"}
_REFUSALS: dict[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "FieldNotAvailable": (
        "",
        lambda at: f"This version of the contracts does not offer {at['field']}: leave it out.",
    ),
    "NotAscending": (
        "",
        lambda at: f"{at['field']} names the same one twice, or the zero address.",
    ),
    "PartiesInvalid": (
        "parties",
        lambda at: f"An agreement has 1 to 100 parties; these terms have {at['count']}.",
    ),
    "PayeesInvalid": (
        "payees",
        lambda at: f"An agreement has 1 to 1,000 payees; these terms have {at['count']}.",
    ),
    "TokensInvalid": (
        "tokens",
        lambda at: f"An agreement is paid in 1 to 16 tokens; these terms have {at['count']}.",
    ),
    "TranchesInvalid": (
        "tranches",
        lambda _: (
            "At most 16 tranches, each boundary above the one before, the last one unbounded (up_to = "
            "2^256 - 1), "
            "and all with the same period of whole days."
        ),
    ),
    "HoldInvalid": (
        "hold_seconds",
        lambda at: f"A hold is whole days, ten years at most; this one is {at['holdSeconds']:,} seconds.",
    ),
    "TerritoriesInvalid": (
        "territories",
        lambda at: f"An agreement grants at most 64 territories; these terms have {at['count']}.",
    ),
    "ClawbackInvalid": (
        "clawback",
        lambda at: (
            f"clawback is {at['clawback']}: it is 0, 1 (allowed), 2 (inherited) or 3 (both), and only an "
            f"amendment "
            "has something to inherit."
        ),
    ),
    "AfterEndInvalid": ("after_end", lambda at: f"after_end is {at['afterEnd']}: it is 0, 1 or 2."),
    "PredecessorInvalid": ("predecessor", lambda _: "The agreement that it amends is not in force."),
    "AlreadyAmended": (
        "predecessor",
        lambda at: f"That agreement is amended already, by 0x{at['successor'].hex()}.",
    ),
    "AgreementUnknown": ("predecessor", lambda _: "There is no such agreement to amend."),
    "WeightCountWrong": (
        "payees",
        lambda at: f"{at['payee']} has {at['weights']} weights for {at['tranches']} tranches.",
    ),
    "WeightsDoNotSum": (
        "payees",
        lambda at: f"The weights sum to {at['sum']}, which is {percent(at['sum'])}; they must sum to 10^18.",
    ),
    "ValidityInvalid": (
        "valid_until",
        lambda at: (
            f"The terms end on {moment(at['validUntil'])}: "
            + ("before they begin." if at["validUntil"] < at["validFrom"] else "that is in the past.")
        ),
    ),
    "ProgrammeOwnerNotAParty": (
        "programme",
        lambda at: f"The programme's owner {at['owner']} decides on its deals, so it must be a party.",
    ),
}

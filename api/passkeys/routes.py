"""``/v1/passkeys``: whoever has a fingerprint and no wallet signs with an account of its own.

What comes out are signatures as of any wallet that is a contract: everything else takes them as such.
"""

import time
from typing import Annotated, Any
from urllib.parse import urlsplit

from eth_utils.address import to_checksum_address
from fastapi import Path, Request, Response

from api.http.routing import Router
from api.own_origin import require_origin
from api.passkeys.schemas import (
    AccountBody,
    ChallengeBody,
    ChallengeRequest,
    KeysBody,
    SignatureBody,
    SignatureRequest,
)
from api.problem_schema import TAKES_A_BODY, problems
from api.problems import (
    ADDRESS_INVALID,
    ID_INVALID,
    NODE_UNAVAILABLE,
    NOT_ALLOWED,
    ORIGIN_REFUSED,
    REFUSED,
    SIGN_IN_NEEDED,
    SIGN_IN_NOT_SET_UP,
    Problem,
    kind,
)
from api.registry import registry_of
from api.session import CONNECT_SECONDS, OpenDoors, OpenSession
from api.visitor import SIGNED_IN, Visitor, find_visitor
from ledger.chain.agreements import Registry
from ledger.people import passkeys
from ledger.people.message import digest as message_digest
from ledger.signing import assertions, digest
from ledger.signing.assertions import Assertion, AssertionInvalid
from ledger.signing.passkeys import PasskeyInvalid, account_of, before_it_is_there, challenge
from ledger.terms.contracts import ACCOUNTS

router = Router(prefix="/v1/passkeys", tags=["people"])
PASSKEY_REFUSED = kind(
    "passkey-refused", 422, "This passkey does not sign here", "See what the detail says; then sign again."
)
PASSKEY_UNKNOWN = kind(
    "passkey-unknown",
    404,
    "The server does not know this passkey",
    "Take one that you joined with here, or join with this one.",
)
_ASKS = (*TAKES_A_BODY, ADDRESS_INVALID, ID_INVALID, PASSKEY_REFUSED, REFUSED, NODE_UNAVAILABLE)
_PRIVATE = {"Cache-Control": "no-store"}
_MOST_VALUES = 20_000
"""In typed data: terms of 1,000 payees have about half as many. Hashing takes time that grows with them."""
Credential = Annotated[
    str,
    Path(
        pattern="^[A-Za-z0-9_-]{16,1364}$",
        description="the passkey's id, as browsers name it (base64url)",
        examples=["h8JQ3n1fR2mS0dT7uVwXyZ"],
    ),
]


@router.post("/account", summary="Show the account of two keys", responses=problems(*_ASKS))
def show_account(keys: KeysBody, request: Request, response: Response) -> AccountBody:
    """Where the account is, or will be: that follows from its keys, and nothing is kept or sent."""
    response.headers.update(_PRIVATE)
    return _account(registry_of(request.app, CONNECT_SECONDS), keys)


@router.post(
    "/challenge",
    summary="Say what a passkey is to be asked",
    responses=problems(*_ASKS, *SIGNED_IN, ORIGIN_REFUSED, SIGN_IN_NOT_SET_UP),
)
def challenge_passkey(
    asked: ChallengeRequest, request: Request, doors: OpenDoors, session: OpenSession, response: Response
) -> ChallengeBody:
    """The challenge by which a passkey signs a message or typed data for its account, and for no other.

    Show people first what it is: an authenticator does not. Typed data is for whoever has signed in.
    """
    if asked.typed_data is not None and find_visitor(request, doors, session) is None:
        raise Problem(SIGN_IN_NEEDED, "Typed data is signed by whoever has signed in.")
    registry = registry_of(request.app, CONNECT_SECONDS)
    account = to_checksum_address(asked.account)
    made = challenge(registry.deployment.chain_id, account, _digest(asked, registry))
    response.headers.update(_PRIVATE)
    host = urlsplit(require_origin(request, doors.settings)).hostname or ""
    return ChallengeBody(challenge=assertions.to_base64url(made), rp_id=host)


@router.post(
    "/signature",
    summary="Make a signature of what a passkey answered",
    responses=problems(*_ASKS, SIGN_IN_NOT_SET_UP),
)
def make_signature(
    asked: SignatureRequest, request: Request, doors: OpenDoors, response: Response
) -> SignatureBody:
    """Refuses what was signed on another site's pages, by nobody who was verified, or over something else."""
    registry = registry_of(request.app, CONNECT_SECONDS)
    account = to_checksum_address(asked.account)
    try:
        made = Assertion(
            *(_bytes(asked, name) for name in ("authenticator_data", "client_data", "signature"))
        )
        wanted = _bytes(asked, "challenge")
        assertions.require_good(made, wanted, require_origin(request, doors.settings))
        signature = assertions.encoded(made)
    except AssertionInvalid as error:
        raise Problem(PASSKEY_REFUSED, error.what, hint=error.hint) from error
    response.headers.update(_PRIVATE)
    if registry.node.has_code(account):
        return SignatureBody(signature=signature)
    factory = registry.deployment.address(ACCOUNTS)
    if asked.keys is None or _account(registry, asked.keys).account != asked.account:
        raise Problem(
            PASSKEY_REFUSED,
            f"{account} is not on the chain yet, and these are not the keys that it is made of.",
            field="keys",
            hint="Give the passkey and the recovery key that the account began with.",
        )
    return SignatureBody(signature=before_it_is_there(factory, asked.keys.to_keys(), signature))


@router.get(
    "/{credential}",
    summary="Show whose a passkey is",
    responses=problems(PASSKEY_UNKNOWN, REFUSED, NODE_UNAVAILABLE),
)
def get_passkey(
    credential: Credential, request: Request, session: OpenSession, response: Response
) -> AccountBody:
    """The account that the passkey signs for: a browser in which nobody signed in before asks this."""
    registry = registry_of(request.app, CONNECT_SECONDS)
    keys = passkeys.find(session, registry.deployment, _name(credential))
    if keys is None:
        raise Problem(PASSKEY_UNKNOWN, "Nobody signed in here with this passkey.", field="credential")
    response.headers.update(_PRIVATE)
    return _account(registry, KeysBody.of(keys))


@router.put(
    "/{credential}",
    summary="Remember a passkey",
    responses=problems(*_ASKS, *SIGNED_IN, NOT_ALLOWED, ORIGIN_REFUSED),
)
def put_passkey(
    credential: Credential,
    keys: KeysBody,
    found: Visitor,
    request: Request,
    session: OpenSession,
    response: Response,
) -> AccountBody:
    """Has the server say whose the passkey is, on other devices too. Only whoever signed in with it can."""
    body = _account(registry_of(request.app, CONNECT_SECONDS), keys)
    if found.role is None or found.address != body.account:
        raise Problem(NOT_ALLOWED, "You did not sign in with the account of these keys.", field="keys")
    name = _name(credential)
    if not passkeys.remember(session, found, name, keys.to_keys(), int(time.time())):
        raise Problem(NOT_ALLOWED, "This passkey is another account's, or the account has too many.")
    session.commit()
    response.headers.update(_PRIVATE)
    return body


def _name(credential: str) -> bytes:
    try:
        return assertions.from_base64url(credential)
    except ValueError as error:
        raise Problem(PASSKEY_UNKNOWN, f"The id of no passkey: {error}.", field="credential") from error


def _account(registry: Registry, keys: KeysBody) -> AccountBody:
    factory = registry.deployment.address(ACCOUNTS)
    try:
        account = account_of(factory, keys.to_keys())
    except PasskeyInvalid as error:
        raise Problem(PASSKEY_REFUSED, error.what, field="passkey", hint=error.hint) from error
    return AccountBody(
        account=bytes.fromhex(account[2:]),
        chain_id=registry.deployment.chain_id,
        created=registry.node.has_code(account),
        keys=keys,
    )


def _digest(asked: ChallengeRequest, registry: Registry) -> bytes:
    """The 32 bytes of what the account is to sign. Typed data is this ledger's alone."""
    if (asked.message is None) == (asked.typed_data is None):
        raise Problem(PASSKEY_REFUSED, "Give a message or typed data, one of the two.", field="message")
    if asked.typed_data is None:
        return message_digest(asked.message or "")
    domain = asked.typed_data.get("domain")
    contract = domain.get("verifyingContract") if isinstance(domain, dict) else None
    own = {address.lower() for address in registry.deployment.contracts.values()}
    if not isinstance(contract, str) or contract.lower() not in own:
        raise Problem(
            PASSKEY_REFUSED, "The typed data is for a contract that is not this ledger's.", field="typed_data"
        )
    if _values(asked.typed_data.get("message")) > _MOST_VALUES:
        what = f"The typed data has more than {_MOST_VALUES:,} values."
        raise Problem(PASSKEY_REFUSED, what, field="typed_data")
    try:
        return digest(asked.typed_data)
    except Exception as error:  # what its parts are not, the library below says in many kinds of error
        raise Problem(
            PASSKEY_REFUSED, "The typed data is not as EIP-712 has it.", field="typed_data"
        ) from error


def _values(said: Any) -> int:
    inner = said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
    return 1 + sum(_values(each) for each in inner)


def _bytes(asked: SignatureRequest, name: str) -> bytes:
    try:
        return assertions.from_base64url(getattr(asked, name))
    except ValueError as error:
        raise Problem(PASSKEY_REFUSED, f"{name}: {error}.", field=name) from error

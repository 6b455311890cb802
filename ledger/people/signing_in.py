"""A signed message becomes a session, once everything in it is as it should be."""

from dataclasses import dataclass

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from sqlalchemy.orm import Session

from ledger.chain.agreements import Registry
from ledger.chain.signatures import counts_once_deployed, signer, taken
from ledger.errors import LedgerError
from ledger.people import acting, message, nonces, sessions
from ledger.people.acting import Place
from ledger.people.message import Message
from ledger.signing import assertions
from ledger.signing.assertions import AssertionInvalid
from ledger.signing.counterfactual import is_wrapped, opened
from ledger.terms.contracts import PARTNERS
from ledger.terms.ids import NO_AGREEMENT

_AHEAD = 120
"""Seconds that a wallet's clock may be before the server's."""
_AGAIN = "Begin again: the server gives a new message to sign."


class SignInRefused(LedgerError):
    """The message is another server's, another chain's or no longer good; or the wallet acts for nobody."""


class SignatureRefused(LedgerError):
    """The signature is not the wallet's."""


@dataclass(frozen=True)
class Server:
    """What messages are bound to: ``origin`` as ``https://host``, the chain and its PartnerRegistry."""

    origin: str
    registry: Registry

    @property
    def place(self) -> Place:
        """The deployment that it serves."""
        deployment = self.registry.deployment
        return Place(deployment.chain_id, bytes.fromhex(deployment.address(PARTNERS)[2:]))


def challenge(session: Session, server: Server, address: str, now: int) -> tuple[str, str]:
    """The message that a wallet is to sign, and the nonce in it."""
    nonce = nonces.new(nonces.secret(session), now)
    text = message.compose(
        server.origin,
        address,
        chain_id=server.place.chain_id,
        nonce=nonce,
        issued_at=now,
        expires_at=now + nonces.GOOD_FOR,
    )
    return text, nonce


def sign_in(
    session: Session,
    server: Server,
    text: str,
    signature: bytes,
    account: bytes | None,
    *,
    before: str | None = None,
    now: int,
    seconds: int,
) -> str:
    """The token of a new session, for ``account`` or the one that the wallet acts for; committed. The session
    whose token is ``before`` ends with it.

    Raises MessageInvalid, NonceRefused, SignInRefused, SignatureRefused; NodeFailed when the chain's node,
    which knows contract wallets and the newest wallet of an account, does not answer.
    """
    said = message.parse(text)
    _require_bound(said, server, now)
    nonces.require_own(nonces.secret(session), said.nonce, now)
    _require_signed(server, said.address, message.digest(text), signature)
    acted_for = _acted_for(session, server, said.address, account)
    nonces.use(session, said.nonce, now)
    raw = bytes.fromhex(said.address[2:])
    if before is not None:
        sessions.end(session, before)
    token = sessions.begin(session, server.place, raw, acted_for, now=now, seconds=seconds)
    session.commit()
    return token


def _require_bound(said: Message, server: Server, now: int) -> None:
    """To this server, its chain and this moment."""
    scheme, _, domain = server.origin.partition("://")
    if said.domain.lower() != domain or (said.scheme or scheme) != scheme:
        raise SignInRefused(
            f"The message is for {said.domain}, expected {domain}: it was signed for another site.", _AGAIN
        )
    rest = said.uri[len(server.origin) :]
    if not said.uri.startswith(server.origin) or (rest and rest[0] not in "/?#"):
        raise SignInRefused(f"The message's URI is {said.uri}, expected {server.origin}.", _AGAIN)
    if said.chain_id != server.place.chain_id:
        raise SignInRefused(
            f"The message is for chain {said.chain_id}, expected {server.place.chain_id}.", _AGAIN
        )
    if said.issued_at > now + _AHEAD:
        raise SignInRefused("The message was issued in the future: a clock is wrong.", _AGAIN)
    if said.not_before is not None and said.not_before > now + _AHEAD:
        raise SignInRefused("The message is not good yet.", _AGAIN)
    if said.expires_at is not None and said.expires_at <= now:
        raise SignInRefused("The message has expired.", _AGAIN)


def _require_signed(server: Server, address: ChecksumAddress, digest: bytes, signature: bytes) -> None:
    registry = server.registry
    contract = registry.deployment.address(PARTNERS)
    _require_site(server, signature)
    if taken(registry.node, address, digest, signature, contract) is not None:
        return
    undeployed = is_wrapped(signature) and not registry.node.has_code(address)
    if undeployed and counts_once_deployed(registry.node, address, digest, signature):
        return
    made_by = signer(digest, signature)
    whose = "no key's" if made_by is None else f"one of {made_by}"
    raise SignatureRefused(
        f"Over this message it is {whose}, not one of {address}.",
        "The wallet that the message names must sign it (personal_sign), unchanged.",
    )


def _require_site(server: Server, signature: bytes) -> None:
    """A passkey's must have been made on this server's pages, which the chain does not look at."""
    wrapped = opened(signature)
    made = assertions.decoded(signature if wrapped is None else wrapped.signature)
    if made is None:
        return
    try:
        assertions.require_site(made, server.origin)
    except AssertionInvalid as error:
        raise SignatureRefused(error.what, error.hint) from error


def _acted_for(session: Session, server: Server, address: ChecksumAddress, account: bytes | None) -> bytes:
    place, raw = server.place, bytes.fromhex(address[2:])
    own = acting.own_account(session, place, raw)
    known = acting.account_of(session, place, raw) if own is None else own
    named = to_checksum_address(known)
    sight = server.registry.look(NO_AGREEMENT, [named], [])  # the chain may be further than the mirror
    if own is None or sight.wallets[named] != address:
        raise SignInRefused(
            f"{address} does not act for an account any more: its wallet is {sight.wallets[named]}.",
            "Sign in with that wallet.",
        )
    wanted = acting.preferred(session, place, raw) if account is None else account
    if wanted is None or acting.role_of(session, place, wanted, raw) is None:
        raise SignInRefused(
            f"{address} does not act for this account.",
            "Leave the account out for the wallet's own; an owner of the other lets you in as a member.",
        )
    return wanted

"""How a customer is named on chain without showing who it is: tags, commitments and deal ids.

A tag is HMAC-SHA256 of ``v1|kind|canonical id`` under the key that a programme's partners share for an epoch.
Two partners who mean the same customer must arrive at the same canonical id: the rules are below, vectors are
in ledger/chain/tag_vectors.json. A tag hides the customer from outsiders only: who has the key can test
guesses.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Callable
from urllib.parse import urlsplit

import idna
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from ledger.errors import LedgerError
from ledger.terms.ids import AgreementId, CustomerId, DealId, ProgrammeId


class IdentifierInvalid(LedgerError):
    """A customer's identifier is not one of its kind."""


def canonical_id(kind: str, identifier: str) -> str:
    """The one way to write a customer's identifier.

    - ``lei``: ISO 17442, 20 letters and digits whose check digits hold; upper case.
    - ``register``: ``<country>:<register>:<number>`` or ``<country>:<number>``, as ``DE:RA000242:HRB12345``;
      the country by ISO 3166-1 alpha-2, the register by GLEIF's registration authority code where a number is
      not unique in the country. Upper case, letters and digits only.
    - ``vat``: with its country prefix, as ``DE811907980``; upper case, letters and digits; Greece is ``EL``.
    - ``domain``: a host name, taken from a URL or an e-mail address too; lower case, punycode, no ``www.``.

    Raises IdentifierInvalid.
    """
    if kind not in _KINDS:
        raise IdentifierInvalid(f"{kind!r} is not a kind of identifier.", f"Use one of {', '.join(_KINDS)}.")
    return _KINDS[kind](unicodedata.normalize("NFKC", identifier).strip())


def tag(epoch_key: bytes, kind: str, identifier: str) -> bytes:
    """The 32-byte tag of a customer under a programme's epoch key. Raises IdentifierInvalid."""
    text = f"v1|{kind}|{canonical_id(kind, identifier)}"
    return hmac.new(epoch_key, text.encode(), hashlib.sha256).digest()


def random_salt() -> bytes:
    """32 bytes that keep a commitment from being guessed."""
    return secrets.token_bytes(32)


def commitment(
    chain_id: int, registry: str, account: str, agreement: AgreementId, tag: bytes, salt: bytes
) -> bytes:
    """``keccak256(abi.encode(chainid, registry, account, agreement, tag, salt))`` of a DealRegistry."""
    types = ["uint256", "address", "address", "bytes32", "bytes32", "bytes32"]
    return keccak(encode(types, [chain_id, registry, account, agreement, tag, salt]))


def deal_id(account: str, commitment: bytes) -> DealId:
    """``keccak256(abi.encode(account, commitment))``."""
    return DealId(keccak(encode(["address", "bytes32"], [account, commitment])))


def customer_of(programme: ProgrammeId, epoch: int, tag: bytes) -> CustomerId:
    """First 12 bytes of ``keccak256(abi.encode(programme, epoch, tag))``: by which a programme's deals
    conflict.
    """
    return CustomerId(keccak(encode(["bytes32", "uint32", "bytes32"], [programme, epoch, tag]))[:12])


def _lei(text: str) -> str:
    lei = _alphanumeric(text)
    if not re.fullmatch(r"[A-Z0-9]{18}[0-9]{2}", lei):
        raise IdentifierInvalid(f"{text!r} is not an LEI.", "An LEI has 20 letters and digits.")
    if int("".join(str(int(character, 36)) for character in lei)) % 97 != 1:
        raise IdentifierInvalid(
            f"The check digits of the LEI {text!r} are wrong.", "A character was mistyped."
        )
    return lei


def _register(text: str) -> str:
    parts = [_alphanumeric(part) for part in text.split(":")]
    if len(parts) not in (2, 3) or not re.fullmatch(r"[A-Z]{2}", parts[0]) or not all(parts):
        raise IdentifierInvalid(
            f"{text!r} is not a register number.", "Write country:number or country:register:number."
        )
    return ":".join(parts)


def _vat(text: str) -> str:
    vat = re.sub(r"^GR", "EL", _alphanumeric(text))
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{2,13}", vat) or not any(digit.isdigit() for digit in vat):
        raise IdentifierInvalid(f"{text!r} is not a VAT number.", "Write it with its country prefix.")
    return vat


def _domain(text: str) -> str:
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
        # www.com is a name of its own; any other leading www. is not.
        host = re.sub(r"^(www\.)+(?=[^.]+\.)", "", host.rstrip("."))
        name = idna.encode(host, uts46=True).decode("ascii")
    except ValueError as error:  # urlsplit's own, and IDNAError: their texts are about code points and labels
        raise IdentifierInvalid(f"{text!r} is not a domain.", "Write it as example.com.") from error
    if "." not in name or name.replace(".", "").isdigit():
        raise IdentifierInvalid(f"{text!r} is not a domain.", "Write it as example.com.")
    return name


def _alphanumeric(text: str) -> str:
    """Upper-case letters and digits, without the blanks and punctuation that people put between them."""
    kept = re.sub(r"[\s./_()-]", "", text).upper()
    if not kept.isascii() or (kept and not kept.isalnum()):
        raise IdentifierInvalid(
            f"{text!r} has characters other than A–Z and 0–9.",
            "Write it as its register does, in plain letters.",
        )
    return kept


_KINDS: dict[str, Callable[[str], str]] = {"lei": _lei, "register": _register, "vat": _vat, "domain": _domain}

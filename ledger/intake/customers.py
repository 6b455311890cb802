"""Who a customer is, from a CRM's cell: an identifier that is its own, or why it is none.

By a customer's identifier partners keep each other off it: what many share (a page on a network, a mail
provider's address) or what only fills a field would make strangers one customer.
"""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from ledger.chain.tags import IdentifierInvalid, canonical_id
from ledger.intake.names import name_key
from ledger.intake.shared_hosts import MAIL, RESERVED, RESERVED_ENDS, SHARED, SUFFIXES, words

_PLACEHOLDERS = words(
    """
    na nan nil no non none null nothing no-one nobody unknown unbekannt inconnu desconocido onbekend okänd
    test testing tests asdf qwerty xxx xx x tbd tbc todo dummy sample demo example placeholder pending
    missing empty leer keine keiner kein sin-sitio ninguno ninguna aucun aucune geen ingen website site
    domain url www http https email mail notprovided not-provided not-available notavailable not-applicable
    noweb nowebsite no-website nosite no-domain nodomain without undefined localhost localdomain invalid
    """
)


def identify(kind: str, text: str, own_hosts: Collection[str] = ()) -> str:
    """The canonical identifier of a customer.

    ``own_hosts``: shared hosts whose own company is the customer where nothing but the host is written.
    Raises ValueError, with the text in its reason, where it is not an identifier or not the customer's own.
    """
    if _is_placeholder(text):
        raise ValueError(_fills(text))
    try:
        identifier = canonical_id(kind, text)
    except IdentifierInvalid as error:
        raise ValueError(error.what) from error
    if kind == "domain":
        if identifier not in own_hosts or _has_more(text):
            _require_own(text, identifier)
    elif _is_made_up(kind, identifier):
        raise ValueError(_fills(text))
    return identifier


def _is_placeholder(text: str) -> bool:
    word = re.sub(r"[^\w]+|_+", "-", name_key(text)).strip("-")
    parts = word.split("-")
    if all(len(part) == 1 for part in parts):
        word = "".join(parts)  # n/a, N.A.
    return not word or word in _PLACEHOLDERS


def _fills(text: str) -> str:
    return f"{text!r} only fills the field: it names no customer"


def _has_more(text: str) -> bool:
    """Whether there is more than a host: a page of it, or a mailbox."""
    parts = urlsplit(text if "//" in text else f"//{text}")
    return bool(parts.username or parts.path.strip("/") or parts.query)


def _require_own(text: str, host: str) -> None:
    labels = host.split(".")
    ends = [".".join(labels[at:]) for at in range(len(labels))]
    if host in RESERVED or host.endswith(RESERVED_ENDS):
        raise ValueError(_fills(text))
    if host in SUFFIXES:
        raise ValueError(f"{text!r} is what names are registered under: it names no customer")
    for shared, why in ((MAIL, "gives addresses to everybody"), (SHARED, "has pages of many")):
        found = next((end for end in ends if end in shared), None)
        if found is not None:
            own = f"; if the customer is {found} itself, name it under opportunities.own_hosts"
            raise ValueError(
                f"{text!r}: {found} {why}, so that it names no customer{'' if _has_more(text) else own}"
            )


def _is_made_up(kind: str, identifier: str) -> bool:
    """A number that somebody typed to get past a field: DE999999999, DE123456789, DE:HRB00000."""
    digits = re.sub(r"[^0-9]", "", identifier.rpartition(":")[2])
    if kind == "register":
        return bool(digits) and not digits.strip("0")
    return kind == "vat" and (len(set(digits)) == 1 or digits in ("123456789", "1234567890", "12345678"))

"""To what several consent by transaction, and the hashes that name it, as the contracts make them."""

from enum import IntEnum
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from ledger.terms.solidity import Fields


class ConsentTo(IntEnum):
    """What a consent by transaction is to."""

    END = 1
    EXTENSION = 2
    CLAWBACK = 3


CONSENTED = {
    "ConsentedToEnd": ConsentTo.END,
    "ConsentedToExtension": ConsentTo.EXTENSION,
    "ConsentedToClawback": ConsentTo.CLAWBACK,
}
"""By the event that says so."""


def end_action(agreement: bytes, ends_at: int) -> bytes:
    """All parties end an agreement; ``ends_at`` is the last second at which it is in force."""
    return _action("End", (("agreement", "bytes32"), ("endsAt", "uint40")), agreement, ends_at)


def extension_action(deal: bytes, exclusive_until: int) -> bytes:
    """Partner and vendor extend a deal's exclusivity to this second."""
    return _action("Extend", (("deal", "bytes32"), ("exclusiveUntil", "uint40")), deal, exclusive_until)


def clawback_action(payer: str, invoice_ref: bytes, refunded: int, amount: int) -> bytes:
    """All payees let a released payment be clawed back; amounts in token base units, ``refunded`` before."""
    fields: Fields = (
        ("payer", "address"),
        ("invoiceRef", "bytes32"),
        ("refunded", "uint256"),
        ("amount", "uint256"),
    )
    return _action("Clawback", fields, payer, invoice_ref, refunded, amount)


def _action(name: str, fields: Fields, *values: Any) -> bytes:
    kinds = [kind for _, kind in fields]
    members = ",".join(f"{kind} {member}" for member, kind in fields)
    return keccak(encode(["bytes32", *kinds], [keccak(text=f"{name}({members})"), *values]))

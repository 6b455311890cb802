"""Hashes that name an action to which several consent by transaction, as the contracts make them."""

from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from ledger.chain.solidity import Fields


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


def retag_action(deal: bytes, tag: bytes) -> bytes:
    """A won deal's vendor agrees that it is tagged again so."""
    return _action("RetagWon", (("deal", "bytes32"), ("tag", "bytes32")), deal, tag)


def _action(name: str, fields: Fields, *values: Any) -> bytes:
    kinds = [kind for _, kind in fields]
    members = ",".join(f"{kind} {member}" for member, kind in fields)
    return keccak(encode(["bytes32", *kinds], [keccak(text=f"{name}({members})"), *values]))

"""How an action becomes EIP-712 typed data, and the digest that a wallet signs."""

from collections.abc import Sequence
from typing import Any

from eth_account.messages import encode_typed_data
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from ledger.terms.deployment import Deployment
from ledger.terms.solidity import Fields

TypedData = dict[str, Any]

DOMAIN_NAMES = {
    "PartnerRegistry": "Partnership Ledger Partners",
    "AgreementRegistry": "Partnership Ledger Agreements",
    "DealRegistry": "Partnership Ledger Deals",
    "RevenueLedger": "Partnership Ledger Revenue",
}
_DOMAIN_FIELDS: Fields = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)
AUTHORIZED: Fields = (("nonce", "uint256"), ("deadline", "uint256"))
"""How the struct of every action ends."""


def domain(deployment: Deployment, contract_name: str) -> dict[str, Any]:
    """The EIP-712 domain of one of the ledger's contracts (ERC-5267 says the same on chain)."""
    return {
        "name": DOMAIN_NAMES[contract_name],
        "version": "1",
        "chainId": deployment.chain_id,
        "verifyingContract": deployment.address(contract_name),
    }


def digest(typed_data: TypedData) -> bytes:
    """The 32 bytes that are signed: ``keccak256(0x1901 ‖ domain separator ‖ hashStruct(message))``."""
    signable = encode_typed_data(full_message=typed_data)
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def cancel_nonce(
    deployment: Deployment, contract_name: str, account: str, cancelled: int, *, nonce: int, deadline: int
) -> TypedData:
    """An account makes the signatures that carry the nonce ``cancelled`` worthless on one contract."""
    fields: Fields = (("account", "address"), ("cancelled", "uint256"))
    return action(deployment, contract_name, "CancelNonce", fields, (account, cancelled), nonce, deadline)


def action(
    deployment: Deployment,
    contract_name: str,
    primary: str,
    fields: Fields,
    values: Sequence[Any],
    nonce: int,
    deadline: int,
) -> TypedData:
    """Typed data of a struct whose members are plain values, followed by nonce and deadline."""
    types = {primary: fields + AUTHORIZED}
    named = zip(types[primary], (*values, nonce, deadline), strict=True)
    message = {name: _value(kind, value) for (name, kind), value in named}
    return typed_data(deployment, contract_name, primary, types, message)


def _value(kind: str, value: Any) -> Any:
    if kind == "bytes32":
        return "0x" + value.hex()
    if kind == "address":
        return to_checksum_address(value)
    return str(int(value)) if kind.startswith("uint") else value


def typed_data(
    deployment: Deployment,
    contract_name: str,
    primary: str,
    types: dict[str, Fields],
    message: dict[str, Any],
) -> TypedData:
    """The whole object: ``types`` are the structs', the primary one first."""
    every = {"EIP712Domain": _DOMAIN_FIELDS, **types}
    return {
        "types": {
            struct: [{"name": name, "type": kind} for name, kind in fields]
            for struct, fields in every.items()
        },
        "primaryType": primary,
        "domain": domain(deployment, contract_name),
        "message": message,
    }

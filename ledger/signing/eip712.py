"""EIP-712 typed data of the ledger's contracts, and the digest that a wallet signs."""

from typing import Any

from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak

from ledger.terms.contracts import AGREEMENTS, DEALS, PARTNERS, REVENUE
from ledger.terms.deployment import Deployment
from ledger.terms.solidity import Fields

TypedData = dict[str, Any]

DOMAIN_NAMES = {
    PARTNERS: "Partnership Ledger Partners",
    AGREEMENTS: "Partnership Ledger Agreements",
    DEALS: "Partnership Ledger Deals",
    REVENUE: "Partnership Ledger Revenue",
}
DOMAIN_FIELDS: Fields = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)


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


def typed_data(
    deployment: Deployment,
    contract_name: str,
    primary: str,
    types: dict[str, Fields],
    message: dict[str, Any],
) -> TypedData:
    """The whole object: ``types`` are the structs', the primary one first."""
    every = {"EIP712Domain": DOMAIN_FIELDS, **types}
    return {
        "types": {
            struct: [{"name": name, "type": kind} for name, kind in fields]
            for struct, fields in every.items()
        },
        "primaryType": primary,
        "domain": domain(deployment, contract_name),
        "message": message,
    }

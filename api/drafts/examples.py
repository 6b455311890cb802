"""What OpenAPI shows for the drafts' operations."""

from typing import Any

from ledger.terms.agreement import PAYEE_FIELDS, TERMS_FIELDS, TRANCHE_FIELDS
from ledger.terms.solidity import Fields, snake

_VENDOR = "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"
_RESELLER = "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc"
_TOKEN = "0x5FbDB2315678afecb367f032d93F642f64180aa3"  # noqa: S105 - the address of a token, not a password

TERMS: dict[str, Any] = {
    "parties": [_VENDOR, _RESELLER],
    "payees": [
        {"account": _VENDOR, "weights": ["800000000000000000"]},
        {"account": _RESELLER, "weights": ["200000000000000000"]},
    ],
    "tokens": [_TOKEN],
    "decision_seconds": 1_209_600,
    "exclusivity_seconds": 7_776_000,
    "valid_until": 1_830_297_599,
    "uri": "https://vendor.example/partner-agreement.pdf",
    "salt": "0x7d1c0a3be1f94cbe98a2d6b1f0c4c7a6d5e8f9010b2c3d4e5f60718293a4b5c6",
}
DRAFT_REQUEST: dict[str, Any] = {"terms": TERMS}
SIGNATURE_REQUEST: dict[str, Any] = {
    "account": _VENDOR,
    "nonce": "11529215046068469760",
    "deadline": "1797033599",
    "signature": "0x" + "5b" * 32 + "2c" * 32 + "1b",
}


def _schema(kind: str) -> dict[str, Any]:
    """The JSON schema of a Solidity type as this API writes it."""
    if kind.endswith("[]"):
        return {"type": "array", "items": _schema(kind[:-2])}
    if kind in _STRUCTS:
        return _object(_STRUCTS[kind])
    if kind == "address":
        return {"type": "string", "pattern": "^0x[0-9a-fA-F]{40}$"}
    if kind == "bytes32":
        return {"type": "string", "pattern": "^0x[0-9a-fA-F]{64}$"}
    if kind.startswith("uint"):
        bits = int(kind[4:])
        if bits > 53:
            return {"type": "string", "pattern": "^[0-9]{1,78}$", "description": f"of {bits} bits at most"}
        return {"type": "integer", "minimum": 0, "maximum": 2**bits - 1}
    return {"type": "string"}


def _object(fields: Fields, required: tuple[str, ...] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {snake(name): _schema(kind) for name, kind in fields},
        "required": [snake(name) for name, _ in fields] if required is None else list(required),
        "additionalProperties": False,
    }


_STRUCTS = {"Payee": PAYEE_FIELDS, "Tranche": TRANCHE_FIELDS}
TERMS_SCHEMA = _object(TERMS_FIELDS, ("parties", "payees", "tokens"))
"""Terms as ``Terms.from_json`` takes them; what is left out is zero, empty, or unbounded."""

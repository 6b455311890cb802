"""What the API says of the operator's checkpoint."""

from typing import Any

from pydantic import Field

from api.as_of import Answer


class SignedCheckpointAnswer(Answer):
    """The newest checkpoint that this operator signed. `as_of_block` is where the mirror is now."""

    checkpoint: dict[str, Any] = Field(
        description="heads, block and digest, with the operator's EIP-712 signature, as `pledger checkpoint "
        "sign` wrote it; `pledger compare` checks it",
        examples=[{"format": "partnership-ledger-checkpoint/1", "chain_id": 31337, "operator": "0x…"}],
    )

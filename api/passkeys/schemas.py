"""Passkeys as the API takes them, and what it says of them."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from api.identifiers import EXAMPLE_ADDRESS, Address, Hex, Id
from ledger.signing.passkeys import KeyPair, PublicKey

_PASSKEY: dict[str, JsonValue] = {
    "x": "0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
    "y": "0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
}
_RECOVERY: dict[str, JsonValue] = {
    "x": "0x7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978",
    "y": "0x07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1",
}
_BYTES = r"^[A-Za-z0-9_-]*$"
_LONGEST = 4_096
Text64 = Annotated[str, Field(pattern=_BYTES, min_length=1, max_length=_LONGEST)]
"""Bytes as browsers write them for WebAuthn: base64url without padding."""


class PublicKeyBody(BaseModel):
    """A point of the curve P-256."""

    model_config = ConfigDict(extra="forbid")

    x: Id = Field(examples=[_PASSKEY["x"]])
    y: Id = Field(examples=[_PASSKEY["y"]])


class KeysBody(BaseModel):
    """The two keys that an account is created with: its address follows from them."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"passkey": _PASSKEY, "recovery": _RECOVERY}]}
    )

    passkey: PublicKeyBody = Field(description="signs for the account")
    recovery: PublicKeyBody = Field(description="can have a lost passkey replaced, and nothing else")

    def to_keys(self) -> KeyPair:
        """As the account has them."""
        passkey, recovery = self.passkey, self.recovery
        return KeyPair(PublicKey(passkey.x, passkey.y), PublicKey(recovery.x, recovery.y))

    @classmethod
    def of(cls, keys: KeyPair) -> "KeysBody":
        """To be shown."""
        pair = (keys.passkey, keys.recovery)
        passkey, recovery = (PublicKeyBody(x=key.x, y=key.y) for key in pair)
        return cls(passkey=passkey, recovery=recovery)


class AccountBody(BaseModel):
    """The account of two keys."""

    account: Address = Field(examples=[EXAMPLE_ADDRESS])
    chain_id: int = Field(examples=[31337])
    created: bool = Field(description="whether it is on the chain: its first act puts it there")
    keys: KeysBody


class ChallengeRequest(BaseModel):
    """What an account is to sign: a message (personal_sign), or typed data (eth_signTypedData_v4)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"account": EXAMPLE_ADDRESS, "message": "What it is to sign"}]},
    )

    account: Address = Field(examples=[EXAMPLE_ADDRESS])
    message: str | None = Field(default=None, max_length=_LONGEST, examples=["ledger.example wants you to …"])
    typed_data: dict[str, Any] | None = None


class ChallengeBody(BaseModel):
    """What the passkey is to be asked, and the rest of what a browser is told when it is."""

    challenge: str = Field(description="base64url", examples=["3q2-7w"])
    rp_id: str = Field(
        description="whose passkey it must be: this server's host", examples=["ledger.example"]
    )


class SignatureRequest(BaseModel):
    """What the authenticator answered, each as base64url."""

    model_config = ConfigDict(extra="forbid")

    account: Address = Field(examples=[EXAMPLE_ADDRESS])
    keys: KeysBody | None = Field(
        default=None, description="the account's first keys, which it takes while it is not on the chain"
    )
    challenge: Text64 = Field(examples=["3q2-7w"])
    authenticator_data: Text64 = Field(examples=["SZYN5YgO"])
    client_data: Text64 = Field(description="clientDataJSON", examples=["eyJ0eXBlIjoi"])
    signature: Text64 = Field(description="as it came (DER)", examples=["MEUCIQ"])


class SignatureBody(BaseModel):
    """As the account takes it (ERC-1271); wrapped where it is not on the chain yet (ERC-6492)."""

    signature: Hex

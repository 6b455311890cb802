"""An authenticator in software: makes passkeys, and signs with them as browsers hand it on (WebAuthn)."""

import json
from hashlib import sha256
from typing import Any

from Crypto.Hash import SHA256
from Crypto.PublicKey import ECC
from Crypto.Signature import DSS

from ledger.signing.assertions import Assertion, from_base64url, to_base64url
from ledger.signing.passkeys import KeyPair, PublicKey

ORIGIN = "http://127.0.0.1"
PRESENT, VERIFIED = 0x01, 0x04


class Passkey:
    """A passkey of one device."""

    def __init__(self, secret: int) -> None:
        self._key = ECC.construct(curve="P-256", d=secret)
        point = self._key.pointQ
        self.public = PublicKey(int(point.x).to_bytes(32), int(point.y).to_bytes(32))

    def answer(
        self,
        challenge: bytes,
        *,
        origin: str = ORIGIN,
        site: str = "127.0.0.1",
        flags: int = PRESENT | VERIFIED,
        kind: str = "webauthn.get",
        more: dict[str, Any] | None = None,
    ) -> Assertion:
        """What it gives back when it is asked, by a page of ``origin`` for the passkey of ``site``."""
        said = {"type": kind, "challenge": to_base64url(challenge), "origin": origin} | (more or {})
        client_data = json.dumps(said | {"crossOrigin": False} | (more or {}), separators=(",", ":")).encode()
        data = sha256(site.encode()).digest() + bytes([flags]) + bytes(4)
        hashed = SHA256.new(data + sha256(client_data).digest())
        return Assertion(data, client_data, DSS.new(self._key, "deterministic-rfc6979", "der").sign(hashed))


def body(keys: KeyPair) -> dict[str, Any]:
    """Two keys as the API takes them."""
    pair = {"passkey": keys.passkey, "recovery": keys.recovery}
    return {name: {"x": "0x" + key.x.hex(), "y": "0x" + key.y.hex()} for name, key in pair.items()}


def parts(made: Assertion) -> dict[str, str]:
    """An answer as the API takes it."""
    names = ("authenticator_data", "client_data", "signature")
    return {name: to_base64url(getattr(made, name)) for name in names}


class Company:
    """Somebody with a fingerprint, and neither a wallet nor coin."""

    def __init__(self, client: Any, secret: int) -> None:
        self.client, self.passkey = client, Passkey(secret)
        self.keys = KeyPair(self.passkey.public, Passkey(secret + 1).public)
        answer = client.post("/v1/passkeys/account", json=body(self.keys))
        assert answer.status_code == 200, answer.text
        self.account: str = answer.json()["account"]

    def challenge(self, **what: Any) -> Any:
        """What its passkey is to be asked, for ``message`` or ``typed_data``."""
        return self.client.post("/v1/passkeys/challenge", json={"account": self.account, **what})

    def signature_of(self, challenge: str, made: Assertion, **other: Any) -> Any:
        """The server's answer to what the passkey answered."""
        asked = {"account": self.account, "keys": body(self.keys), "challenge": challenge}
        return self.client.post("/v1/passkeys/signature", json=asked | parts(made) | other)

    def sign(self, **what: Any) -> str:
        """Its signature, as everything else takes it."""
        answer = self.challenge(**what)
        assert answer.status_code == 200, answer.text
        challenge = answer.json()["challenge"]
        made = self.signature_of(challenge, self.passkey.answer(from_base64url(challenge)))
        assert made.status_code == 200, made.text
        return str(made.json()["signature"])

    def sign_in(self) -> Any:
        """Signs in, and gives the server's answer."""
        asked = self.client.post("/v1/sign-in/challenge", json={"address": self.account})
        message = asked.json()["message"]
        return self.client.post(
            "/v1/sign-in", json={"message": message, "signature": self.sign(message=message)}
        )

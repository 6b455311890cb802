"""Test clients of people who have signed in, as browsers on this machine do."""

from typing import Any, Self

from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from fastapi import FastAPI
from starlette.testclient import TestClient

DESK: LocalAccount = Account.from_key("0x" + "d5" * 32)
"""Somebody who drafts agreements of others, and is not a partner."""


class Visitor(TestClient):
    """Asks from this machine; signs in as ``key`` when the server starts, if one is given."""

    def __init__(self, app: FastAPI, key: LocalAccount | None = DESK, **more: Any) -> None:
        super().__init__(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50_000), **more)
        self.headers["Origin"] = "http://127.0.0.1"
        self._key = key

    def __enter__(self) -> Self:
        super().__enter__()
        if self._key is not None:
            answer = sign_in(self, self._key)
            assert answer.status_code == 201, answer.text
        return self


def challenge(client: Any, address: str) -> str:
    """The message that a wallet is given to sign."""
    answer = client.post("/v1/sign-in/challenge", json={"address": address})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["message"])


def signed(key: LocalAccount, message: str) -> str:
    """A key's signature of a message."""
    return "0x" + bytes(key.sign_message(encode_defunct(text=message)).signature).hex()


def sign_in(client: Any, key: LocalAccount, **more: Any) -> Any:
    """Signs in, and gives the server's answer."""
    message = challenge(client, key.address)
    body = {"message": message, "signature": signed(key, message)} | more
    return client.post("/v1/sign-in", json=body)

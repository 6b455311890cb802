"""A draft, and its parties signing it through the API."""

import time
from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from ledger_world import Partner

from ledger.chain.authorization import sign
from ledger.terms.agreement import Terms


class Room:
    """A draft, and its parties signing it through the API."""

    def __init__(self, client: TestClient, draft: dict[str, Any]) -> None:
        self.client, self.draft = client, draft
        self.path = f"/v1/agreements/drafts/{draft['id']}"

    def party(self, account: str) -> dict[str, Any]:
        """What the newest draft says of a party."""
        self.draft = self.client.get(self.path).json()
        return next(party for party in self.draft["parties"] if party["account"] == account)

    def sign(self, partner: Partner, **changed: Any) -> Response:
        """A partner signs what it is offered; ``changed`` goes into the request after that."""
        party = self.party(partner.account)
        signed = sign(party["typed_data"], partner.key)
        return self.hand(partner.account, party, signed.signature, **changed)

    def hand(self, signer: str, party: dict[str, Any], made: bytes, **changed: Any) -> Response:
        """Hands a signature in, with the nonce and deadline that the party is offered."""
        body = {"account": signer, "nonce": party["nonce"], "deadline": party["deadline"]}
        body |= {"signature": "0x" + made.hex()} | changed
        return self.client.post(f"{self.path}/signatures", json=body)

    def wait(self, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The draft as soon as the condition holds of it."""
        for _ in range(100):
            self.draft = self.client.get(self.path).json()
            if condition(self.draft):
                return self.draft
            time.sleep(0.05)
        raise AssertionError(f"still {self.draft['state']}, {self.draft['activation']}")


def open_room(client: TestClient, terms: Terms) -> Room:
    """Drafts the terms."""
    answer = client.post("/v1/agreements/drafts", json={"terms": terms.to_json()})
    assert answer.status_code == 201, answer.text
    return Room(client, answer.json())

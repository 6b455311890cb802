"""A partner without coin withdraws: it signs in, signs what the server says, and the relayer sends it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from eth_account.messages import encode_defunct, encode_typed_data
from eth_account.signers.local import LocalAccount

from ledger.chain import anvil
from ledger.cli.demonstration import mirror
from ledger.cli.demonstration.beside import beside
from ledger.cli.demonstration.server import Portal
from ledger.cli.demonstration.stage import Stage
from ledger.errors import LedgerError
from ledger.store.database import Database

_WITHDRAWS = "lumenoak"
_PATIENCE_SECONDS = 60


@contextmanager
def relaying(stage: Stage) -> Iterator[None]:
    """``pledger relay`` in a process of its own, until the block ends."""
    with beside(stage, [*mirror.PROGRAM, "relay"], "relay.log", patience=5):
        yield


def withdraw(stage: Stage, portal: Portal, database: Database) -> None:
    """Everything that one partner can claim. Raises LedgerError when the server or the relayer refuses."""
    partner = stage.partners.partners[_WITHDRAWS]
    key, chain = anvil.wallet(stage.wallets[_WITHDRAWS]), stage.chain
    coin = chain.node.number("eth_getBalance", [key.address, "latest"])
    chain.set_balance(key.address, 0)
    try:
        with httpx.Client(
            base_url=portal.url, headers={"Origin": portal.url}, timeout=_PATIENCE_SECONDS, trust_env=False
        ) as server:
            _sign_in(server, key)
            for fields in _owed(portal, partner.account):
                form = _said(server.post("/v1/actions/claim", json={"fields": fields}))
                relay = _sent(server, fields, form["typed_data"], key)
                with mirror.following(stage, database) as indexer:
                    indexer.catch_up()
                relay = _said(server.get(f"/v1/relays/{relay['id']}"))
                entries = ", ".join(f"{each['event']} {each['seq']}" for each in relay["entries"])
                stage.console.print(f"  {partner.name}: {form['sentence']}", markup=False)
                stage.console.print(f"  its wallet signed and holds no coin; the relayer sent it: {entries}")
    finally:
        chain.set_balance(key.address, coin)
    chain.mine()  # what was set by hand is no part of a state root before a block holds it
    with mirror.following(stage, database) as indexer:
        indexer.catch_up()


def _sign_in(server: httpx.Client, key: LocalAccount) -> None:
    text = str(_said(server.post("/v1/sign-in/challenge", json={"address": key.address}))["message"])
    signature = "0x" + bytes(key.sign_message(encode_defunct(text=text)).signature).hex()
    _said(server.post("/v1/sign-in", json={"message": text, "signature": signature}))


def _owed(portal: Portal, account: str) -> Iterator[dict[str, Any]]:
    """The fields of its claims, one for each token."""
    lines = list(portal.every(f"/v1/partners/{account}/balances", "balances"))
    for token in sorted({line["token"]["address"] for line in lines}):
        sources = [
            {"agreement": line["agreement"], "period": period["period"]}
            for line in lines
            for period in line["periods"]
            if line["token"]["address"] == token and period["claimable"]["units"] != "0"
        ]
        if sources:
            yield {"account": account, "token": token, "sources": sources}


def _sent(server: httpx.Client, fields: dict[str, Any], typed: dict[str, Any], key: LocalAccount) -> Any:
    """Signs it, and has it sent."""
    signature = bytes(key.sign_message(encode_typed_data(full_message=typed)).signature)
    own = {name: typed["message"][name] for name in ("nonce", "deadline")}
    body = {"fields": fields, "authorization": own | {"signature": "0x" + signature.hex()}}
    name = {"Idempotency-Key": f"demonstration-{own['nonce']}"}
    relay = _said(server.post("/v1/actions/claim/submit", json=body, headers=name))
    until = time.monotonic() + _PATIENCE_SECONDS
    while relay["state"] != "mined":
        if relay["state"] == "failed" or time.monotonic() > until:
            raise LedgerError(
                f"The relayer did not send it: {relay['failure'] or 'it still waits'}.",
                "Its output is in relay.log, in the demonstration's folder.",
            )
        time.sleep(0.1)
        relay = _said(server.get(f"/v1/relays/{relay['id']}"))
    return relay


def _said(answer: httpx.Response) -> Any:
    """The body of an answer. Raises LedgerError when it is a problem."""
    body = answer.json()
    if not answer.is_success:
        raise LedgerError(f"{answer.url.path}: {body.get('detail', answer.status_code)}")
    return body

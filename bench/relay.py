"""Measures the relayer beside a bare ``eth_sendRawTransaction``, and writes bench/relay.json.

make bench-relay [JOBS=100000]. The chain has a block a second; ``pledger relay`` with four keys and a server
are processes of their own. An act is sent when the node tells its subscribers of the transaction. Measured is
how long an act takes from its signature to there, put into the queue and handed in at the API, each in turn
with a bare transaction; the same with so many settled jobs behind it; and how many acts a second leave.
"""

import argparse
import asyncio
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
import websockets
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_canonical_address
from sqlalchemy import text

from bench.api.servers import serving
from ledger.actions import call, form
from ledger.chain import anvil, deployment
from ledger.chain.anvil import Anvil
from ledger.chain.authorization import sign
from ledger.chain.deploy import Consortium, deploy
from ledger.chain.sender import Sender
from ledger.checkout import ROOT
from ledger.indexer.run import indexing
from ledger.people.acting import Place
from ledger.people.identity import Identity
from ledger.relay.accepting import Asked, Budget, accept
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.terms.deployment import Deployment

KEYS, SAMPLES, PER_SECOND, SECONDS = 4, 30, 50, 10
_PLENTY = Budget(10**15, 10**15)
_RELAY = [sys.executable, "-c", "from ledger.cli.main import main; main()", "relay"]
_JOBS = """
INSERT INTO app.relay (id, chain_id, contract, account, asked_by, idempotency_key, body_hash, action, words,
  "to", data, gas, asked_at, state, settled, sender, nonce, transaction_hash, block_number, cost)
SELECT 'old-' || n, chain_id, contract, account, asked_by, 'old-' || n, body_hash, action, words,
  "to", data, gas, asked_at - 86400 * 2 - n, 'mined', true, sender, n, sha256(n::text::bytea), 1, 1
FROM (SELECT * FROM app.relay WHERE state = 'mined' ORDER BY number LIMIT 1) one,
  generate_series(1, :jobs) n
"""


class Told:
    """When the node told its subscribers of each pending transaction, by hash (seconds of a steady clock)."""

    def __init__(self, url: str) -> None:
        self.at: dict[str, float] = {}
        self._url = url.replace("http://", "ws://")
        self._begun = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._listen()), daemon=True).start()
        self._begun.wait(10)

    async def _listen(self) -> None:
        async with websockets.connect(self._url) as socket:
            asked = {
                "jsonrpc": "2.0",
                "id": 1,
                "method": "eth_subscribe",
                "params": ["newPendingTransactions"],
            }
            await socket.send(json.dumps(asked))
            await socket.recv()
            self._begun.set()
            async for message in socket:
                told = time.perf_counter()
                self.at[json.loads(message)["params"]["result"]] = told


class Acts:
    """Acts of one account: each makes a nonce of its own worthless, so that there is no end of them."""

    def __init__(self, deployment: Deployment, key: LocalAccount) -> None:
        self.deployment, self.key = deployment, key
        place = Place(deployment.chain_id, to_canonical_address(deployment.address("PartnerRegistry")))
        raw = to_canonical_address(key.address)
        self.who = Identity(place, raw, raw, None, frozenset())

    def signed(self) -> tuple[dict[str, Any], Any]:
        """The fields, and the signature over them."""
        said = {"account": self.key.address, "cancelled": secrets.randbits(200)}
        own = sign(form(self.deployment, _ACT, nonce=secrets.randbits(60), deadline=2**40, **said), self.key)
        return said, own

    def queue(self, database: Database) -> str:
        """Puts one into the queue, as the API does once it has checked it. Returns its name."""
        said, own = self.signed()
        made = call(self.deployment, _ACT, **said, authorization=own)
        name = secrets.token_hex(16)
        with database.session() as session:
            asked = Asked(name, bytes(32), _ACT, "a measured act", made, 100_000)
            accept(session, self.deployment, self.who, asked, _PLENTY, int(time.time()))
        return name


_ACT = "cancel_deal_signature"


def main() -> None:
    """Prints what is measured as it is there."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=100_000)
    jobs: int = parser.parse_args().jobs
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        anvil.start(options=["--block-time", "1"]) as chain,
    ):
        settings, deployed = _set_up(chain, Path(folder))
        told, acts = Told(chain.rpc_url), Acts(deployed, Account.create())
        with Database.open(settings) as database, _relaying(settings):
            with indexing(database, chain.node, deployed, finality="immediate") as indexer:
                indexer.catch_up()
            environment = settings.environment()
            with serving("api.app:create_app", environment, "--factory") as port:
                result = {"keys": KEYS, "empty": _latency(chain, database, told, acts, port)}
                with database.engine.begin() as connection:
                    connection.execute(text(_JOBS), {"jobs": jobs})
                    connection.execute(text("ANALYZE app.relay"))  # as autovacuum does within a minute
                result["jobs_behind"] = jobs
                print(json.dumps(result), flush=True)
                result["with_jobs_behind"] = _latency(chain, database, told, acts, port)
            print(json.dumps(result), flush=True)
            result["burst"] = _burst(database, told, acts)
    result["machine"] = f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f}"
    (ROOT / "bench" / "relay.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


def _set_up(chain: Anvil, home: Path) -> tuple[Settings, Deployment]:
    chain.node.rpc("evm_setIntervalMining", [0])
    chain.node.rpc("evm_setAutomine", [True])
    sender = Sender(chain.node, anvil.wallet(0))
    deployed = deploy(sender, Consortium.of_one(sender.address))
    deployment.save(deployed, home / "deployment.json")
    chain.node.rpc("evm_setAutomine", [False])
    chain.node.rpc("evm_setIntervalMining", [1])
    keys = [anvil.wallet(number) for number in range(1, KEYS + 1)]
    settings = Settings(
        _env_file=None,
        home=home,
        rpc_url=chain.rpc_url,
        deployment=home / "deployment.json",
        finality="immediate",
        relayer_keys=",".join("0x" + bytes(key.key).hex() for key in keys),
        relay_gas_per_account=10**15,
        relay_gas_per_day=10**15,
    )
    return settings, deployed


@contextmanager
def _relaying(settings: Settings) -> Iterator[None]:
    process = subprocess.Popen(
        _RELAY, env=os.environ | settings.environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        for _ in range(KEYS):
            if not (process.stdout and process.stdout.readline()):
                raise SystemExit("The relayer did not start.")
        yield
    finally:
        process.terminate()
        process.wait()


def _latency(chain: Anvil, database: Database, told: Told, acts: Acts, port: int) -> dict[str, Any]:
    """Milliseconds from the signature to the node's word of the transaction, one after the other."""
    bare, queued, by_api = [], [], []
    key = anvil.wallet(9)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        _sign_in(client, acts.key)
        for _ in range(SAMPLES):
            bare.append(_sent_bare(chain, told, key))
            begun = time.perf_counter()
            queued.append(_wait(database, told, acts.queue(database)) - begun)
            by_api.append(_sent_by_api(client, database, told, acts))
    return {"bare_ms": _spread(bare), "queued_ms": _spread(queued), "by_api_ms": _spread(by_api)}


def _sent_bare(chain: Anvil, told: Told, key: LocalAccount) -> float:
    """Signed before the clock starts."""
    fields = {
        "to": key.address,
        "value": 1,
        "gas": 21_000,
        "gasPrice": 10**11,
        "chainId": chain.node.chain_id,
    }
    nonce = chain.node.number("eth_getTransactionCount", [key.address, "pending"])
    signed = key.sign_transaction(fields | {"nonce": nonce})
    begun = time.perf_counter()
    chain.node.rpc("eth_sendRawTransaction", [signed.raw_transaction.to_0x_hex()])
    return _at(told, signed.hash.to_0x_hex()) - begun


def _sign_in(client: httpx.Client, key: LocalAccount) -> None:
    client.headers["Origin"] = str(client.base_url).rstrip("/")
    message = client.post("/v1/sign-in/challenge", json={"address": key.address}).json()["message"]
    signature = key.sign_message(encode_defunct(text=message)).signature.to_0x_hex()
    client.post("/v1/sign-in", json={"message": message, "signature": signature}).raise_for_status()


def _sent_by_api(client: httpx.Client, database: Database, told: Told, acts: Acts) -> float:
    said, own = acts.signed()
    fields = {"account": said["account"], "cancelled": str(said["cancelled"])}
    body = {"nonce": str(own.nonce), "deadline": str(own.deadline), "signature": "0x" + own.signature.hex()}
    name = secrets.token_hex(16)
    begun = time.perf_counter()
    asked = {"fields": fields, "authorization": body}
    answer = client.post(f"/v1/actions/{_ACT}/submit", json=asked, headers={"Idempotency-Key": name})
    answer.raise_for_status()
    return _wait(database, told, name) - begun


def _wait(database: Database, told: Told, name: str) -> float:
    """When the node told of the transaction of the act of this name."""
    wanted = text("SELECT a.hash FROM app.relay_attempt a JOIN app.relay r ON r.number = a.relay "
                  "WHERE r.idempotency_key = :name ORDER BY a.signed_at LIMIT 1")  # fmt: skip
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with database.engine.connect() as connection:
            found = connection.scalar(wanted, {"name": name})
        if found is not None:
            return _at(told, "0x" + bytes(found).hex())
        time.sleep(0.02)
    raise SystemExit(f"{name} was not sent within a minute.")


def _at(told: Told, hash_: str) -> float:
    until = time.monotonic() + 60
    while hash_ not in told.at:
        if time.monotonic() > until:
            raise SystemExit(f"The node did not tell of {hash_}.")
        time.sleep(0.001)
    return told.at[hash_]


def _burst(database: Database, told: Told, acts: Acts) -> dict[str, Any]:
    """So many acts a second for a while: when the last was sent, and how long each waited."""
    before, names, asked_at = set(told.at), [], []
    begun = time.perf_counter()
    for number in range(PER_SECOND * SECONDS):
        due = begun + number / PER_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        asked_at.append(time.perf_counter())
        names.append(acts.queue(database))
    asked_in = time.perf_counter() - begun
    waited = [_wait(database, told, name) - at for name, at in zip(names, asked_at, strict=True)]
    sent_in = max(at for hash_, at in told.at.items() if hash_ not in before) - begun
    return {
        "acts": len(names),
        "asked_a_second": round(len(names) / asked_in, 1),
        "sent_a_second": round(len(names) / sent_in, 1),
        "waited_ms": _spread(waited),
    }


def _spread(seconds: list[float]) -> dict[str, float]:
    cut = quantiles(seconds, n=100)
    return {"p50": round(median(seconds) * 1000, 1), "p99": round(cut[98] * 1000, 1)}


if __name__ == "__main__":
    main()

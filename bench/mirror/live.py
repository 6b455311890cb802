"""Live: how long after a block was mined its payment can be read in SQL, with a poll every 200 ms, or told of
new blocks by the node's WebSocket.
"""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from bench.mirror import history, ours
from bench.mirror.meter import MeasuredFailed
from ledger.chain import anvil
from ledger.chain.anvil import Anvil
from ledger.terms.contracts import AGREEMENTS, REVENUE
from ledger.terms.deployment import Deployment

POLL_SECONDS = 0.2
_ROWS = "SELECT count(*) FROM chain.payment"


def run(
    chain: Anvil,
    deployment: Deployment,
    path: Path,
    database_url: str,
    folder: Path,
    blocks: int = 60,
    *,
    by_websocket: bool = False,
) -> list[float]:
    """Seconds from the answer that a payment is mined to the row, for each of so many blocks."""
    env = ours.environment(chain, path, database_url) | {"PLEDGER_POLL_SECONDS": str(POLL_SECONDS)}
    if by_websocket:
        env["PLEDGER_WS_URL"] = chain.rpc_url.replace("http", "ws", 1)
    with (
        (folder / "live.log").open("wb") as log,
        psycopg.connect(database_url, autocommit=True) as connection,
    ):
        process = subprocess.Popen(
            [str(ours.PLEDGER), "index", "--follow"],
            cwd=folder,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            return _measure(chain, deployment, blocks, lambda: _count(connection))
        except TimeoutError as error:
            raise MeasuredFailed(f"{error} The indexer said:\n{(folder / 'live.log').read_text()}") from error
        finally:
            process.terminate()
            process.wait(timeout=30)


def _measure(chain: Anvil, deployment: Deployment, blocks: int, count: Callable[[], int]) -> list[float]:
    agreement = _any_agreement(chain, deployment)
    call = history.pay_batch(deployment.tokens["tUSD"], agreement, 1)
    expected = count()
    found = []
    for number in range(blocks + 1):
        sent = history.send(chain, anvil.wallet(0).address, deployment.address(REVENUE), call)
        history.wait(chain, sent, poll_seconds=0.001)
        mined = time.perf_counter()
        call = history.pay_batch(deployment.tokens["tUSD"], agreement, 1)
        expected += 1
        while count() < expected:
            if time.perf_counter() - mined > 30:
                raise TimeoutError(f"Payment {number} is not in the table: {count()} of {expected}.")
            time.sleep(0.001)
        if number:  # the first also waits for the indexer to start
            found.append(time.perf_counter() - mined)
        time.sleep(0.05 + 0.001 * (os.getpid() * number % 197))  # not in step with the poll
    return found


def _any_agreement(chain: Anvil, deployment: Deployment) -> bytes:
    registry = chain.node.contract(deployment, AGREEMENTS)
    event = registry.events.AgreementActivated().get_logs(from_block=0, to_block=deployment.block + 100)[0]
    return bytes(event["args"]["agreement"])


def _count(connection: "psycopg.Connection[tuple[int]]") -> int:
    row = connection.execute(_ROWS).fetchone()
    return row[0] if row else 0

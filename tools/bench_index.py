"""How fast `pledger index` mirrors and `pledger rebuild` rebuilds, and in how much memory: pays invoices on a
local chain, then reads them all.

    .venv/bin/python tools/bench_index.py [invoices, 20,000 unless given]

Paying takes most of the time; only the reading is measured, three times, each in a process of its own.
"""

import gc
import multiprocessing
import resource
import secrets
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from ledger.chain import anvil, typed_data
from ledger.chain.artifacts import contract_abi
from ledger.chain.authorization import BY_TRANSACTION
from ledger.chain.deploy import Consortium, deploy
from ledger.chain.deployment import Deployment
from ledger.chain.node import connect
from ledger.chain.payments import Bundle, Invoice
from ledger.chain.sender import Sender
from ledger.chain.terms import WHOLE, Payee, Terms
from ledger.indexer.rebuild import rebuild
from ledger.indexer.run import indexing
from ledger.settings import Settings
from ledger.store import schema
from ledger.store.database import Database

AGREEMENTS = 20
BATCH = 100


def main() -> None:
    """Prints one line for each of three readings from scratch, and one for a rebuild."""
    invoices = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with (
        anvil.start(options=["--gas-limit", "60000000"]) as chain,
        tempfile.TemporaryDirectory() as home,
        Database.open(Settings(home=Path(home))) as database,
    ):
        sender = Sender(chain.node, anvil.wallet(0))
        deployment = deploy(sender, Consortium.of_one(sender.address), with_test_token=True)
        pay(sender, deployment, invoices)
        for _ in range(3):
            schema.drop_chain(database.engine)
            entries, seconds, mebibytes = in_a_process(
                index, database.url.render_as_string(hide_password=False), chain.rpc_url, deployment.to_json()
            )
            print(
                f"{entries:,} entries in {seconds:.2f} s: {entries / seconds:,.0f}/s, "
                f"{mebibytes:,.0f} MiB at most"
            )
        done = rebuild(database)
        print(f"rebuilt in {done.seconds:.2f} s: {done.entries / done.seconds:,.0f}/s")


def in_a_process(work: Any, *arguments: Any) -> Any:
    """What a function returns that runs in a new process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def index(url: str, node: str, file: dict[str, Any]) -> tuple[int, float, float]:
    """Mirrors everything; returns the entries, the seconds, and the most memory of the process, in MiB."""
    gc.freeze()
    with (
        Database.open(url) as database,
        indexing(database, connect(node), Deployment.from_json(file)) as indexer,
    ):
        began = time.perf_counter()
        indexer.catch_up()
        seconds = time.perf_counter() - began
        entries = sum(journal.seq for journal in indexer.mirror.journals.values())
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return entries, seconds, kibibytes / 1024


def pay(sender: Sender, deployment: Deployment, invoices: int) -> None:
    """Pays as many invoices under a few agreements, a hundred at a time."""
    node = sender.node
    token = node.contract_at(deployment.tokens["tUSD"], contract_abi("TestDollar"))
    registry = node.contract(deployment, "AgreementRegistry")
    ledger = node.contract(deployment, "RevenueLedger")
    sender.send(token.functions.mint(sender.address, 10**15))
    sender.send(token.functions.approve(ledger.address, 2**256 - 1))
    agreements = []
    for _ in range(AGREEMENTS):
        terms = Terms(
            parties=(sender.address,),
            payees=(Payee(sender.address, (WHOLE,)),),
            tokens=(token.address,),
            salt=secrets.token_bytes(32),
        )
        sender.send(registry.functions.activate(terms.to_abi(), [BY_TRANSACTION.to_abi()]))
        agreements.append(typed_data.agreement_id(deployment, terms))
    for number in range(invoices // BATCH):
        paid = tuple(Invoice(amount=1 + k, invoice_ref=secrets.token_bytes(32)) for k in range(BATCH))
        bundle = Bundle(agreements[number % AGREEMENTS], paid)
        sender.send(ledger.functions.payBatch(token.address, [bundle.to_abi()]))


if __name__ == "__main__":
    main()

"""How many entries a second `pledger index` mirrors: pays invoices on a local chain, then reads them all.

    .venv/bin/python tools/bench_index.py [invoices, 20,000 unless given]

Paying takes most of the time; only the indexing is measured, three times.
"""

import gc
import secrets
import sys
import tempfile
import time
from pathlib import Path

from ledger.chain import anvil, typed_data
from ledger.chain.artifacts import contract_abi
from ledger.chain.authorization import BY_TRANSACTION
from ledger.chain.deploy import Consortium, deploy
from ledger.chain.deployment import Deployment
from ledger.chain.payments import Bundle, Invoice
from ledger.chain.sender import Sender
from ledger.chain.terms import WHOLE, Payee, Terms
from ledger.indexer.run import indexing
from ledger.settings import Settings
from ledger.store import schema
from ledger.store.database import Database

AGREEMENTS = 20
BATCH = 100


def main() -> None:
    """Prints one line for each of three readings from scratch."""
    invoices = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with (
        anvil.start(options=["--gas-limit", "60000000"]) as chain,
        tempfile.TemporaryDirectory() as home,
        Database.open(Settings(home=Path(home))) as database,
    ):
        sender = Sender(chain.node, anvil.wallet(0))
        deployment = deploy(sender, Consortium.of_one(sender.address), with_test_token=True)
        pay(sender, deployment, invoices)
        gc.freeze()
        for _ in range(3):
            schema.drop_chain(database.engine)
            with indexing(database, chain.node, deployment) as indexer:
                began = time.perf_counter()
                indexer.catch_up()
                seconds = time.perf_counter() - began
                entries = sum(journal.seq for journal in indexer.mirror.journals.values())
            print(f"{entries:,} entries in {seconds:.2f} s: {entries / seconds:,.0f}/s")


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

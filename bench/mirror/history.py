"""The chain that is mirrored: many thousand invoices, a hundred a block, and a claim every ten blocks.

Building it takes minutes, so that it is kept: as anvil's own state file, by the contracts' fingerprint.
"""

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eth_utils.crypto import keccak
from rich.progress import track

from ledger import signing as typed_data
from ledger.artifacts.contracts import bytecode, contract_abi
from ledger.chain import anvil
from ledger.chain.anvil import Anvil
from ledger.chain.authorization import BY_TRANSACTION
from ledger.chain.deploy import Consortium, deploy
from ledger.chain.deployment import load, save
from ledger.chain.sender import Sender
from ledger.rules.plan import share_of
from ledger.terms.agreement import Payee, Terms
from ledger.terms.contracts import JOURNALS
from ledger.terms.deployment import Deployment
from ledger.terms.ids import AgreementId
from ledger.terms.units import WHOLE

INVOICES_A_BLOCK = 100
CLAIM_EVERY = 10
AGREEMENTS = 20
_OPTIONS = ["--gas-limit", "60000000", "--timestamp", "1800000000"]
_NEWEST_ONLY = ["--prune-history", "--state-interval", "1000000"]
"""Anvil would keep the state at every block, and write all of it once a minute: more than a gigabyte."""


@contextmanager
def running(folder: Path, invoices: int) -> Iterator[tuple[Anvil, Deployment]]:
    """The chain, built when it is not there yet; it can be added to, which is forgotten afterwards."""
    code = keccak(text="".join(bytecode(name) for name in JOURNALS)).hex()[:12]
    kept = folder / f"chain-{code}-{invoices}"
    if not (kept / "deployment.json").exists():
        _build(kept, invoices)
    with anvil.start(options=[*_OPTIONS, "--load-state", str(kept / "state.json")], longest=600) as chain:
        yield chain, load(kept / "deployment.json")


def _build(kept: Path, invoices: int) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    options = [*_OPTIONS, *_NEWEST_ONLY, "--dump-state", str(kept / "state.json")]
    # Anvil works out the root of its whole state at every block, which takes a second in the end; but not as
    # the fork of a chain, here of an empty one.
    with (
        anvil.start(options=_OPTIONS) as empty,
        anvil.start(options=[*options, "--fork-url", empty.rpc_url]) as chain,
    ):
        sender = Sender(chain.node, anvil.wallet(0))
        deployment = deploy(sender, Consortium.of_one(sender.address), with_test_token=True)
        _pay(chain, sender, deployment, invoices // INVOICES_A_BLOCK)
        chain.process.terminate()  # it writes its state as it ends, which takes a while
        chain.process.wait()
    save(deployment, kept / "deployment.json")


def _pay(chain: Anvil, sender: Sender, deployment: Deployment, blocks: int) -> None:
    node, token = chain.node, deployment.tokens["tUSD"]
    ledger = node.contract(deployment, "RevenueLedger")
    dollar = node.contract_at(token, contract_abi("TestDollar"))
    sender.send(dollar.functions.mint(sender.address, 10**15))
    sender.send(dollar.functions.approve(ledger.address, 2**256 - 1))
    agreements = [_agree(sender, deployment) for _ in range(AGREEMENTS)]
    for block in track(range(blocks), description=f"paying {blocks * INVOICES_A_BLOCK:,} invoices"):
        agreement, share = agreements[block % AGREEMENTS]
        sent = send(chain, sender.address, ledger.address, pay_batch(token, agreement, INVOICES_A_BLOCK))
        if block % CLAIM_EVERY == CLAIM_EVERY - 1:
            claim = ledger.encode_abi("claim", [sender.address, token, share])
            sent = send(chain, sender.address, ledger.address, bytes.fromhex(claim[2:]))
            wait(chain, sent)  # anvil answers before it mines: it must not fall far behind
    wait(chain, sent)


def _agree(sender: Sender, deployment: Deployment) -> tuple[bytes, tuple[object, ...]]:
    terms = Terms(
        parties=(sender.address,),
        payees=(Payee(sender.address, (WHOLE,)),),
        tokens=(deployment.tokens["tUSD"],),
        salt=secrets.token_bytes(32),
    )
    registry = sender.node.contract(deployment, "AgreementRegistry")
    sender.send(registry.functions.activate(terms.to_abi(), [BY_TRANSACTION.to_abi()]))
    agreement = typed_data.agreement_id(deployment, terms)
    return agreement, share_of(terms, agreement, sender.address)


def pay_batch(token: str, agreement: AgreementId, invoices: int) -> bytes:
    """Calldata of a payment of so many invoices under one agreement."""
    selector = keccak(text="payBatch(address,(bytes32,(bytes32,uint256,bytes32)[])[])")[:4]
    words = [int(token, 16), 0x40, 1, 0x20]
    encoded = [selector, *(word.to_bytes(32) for word in words), agreement]
    encoded += [(0x40).to_bytes(32), invoices.to_bytes(32)]
    for number in range(invoices):
        encoded += [bytes(32), (1 + number).to_bytes(32), secrets.token_bytes(32)]
    return b"".join(encoded)


def send(chain: Anvil, sender: str, contract: str, call: bytes) -> str:
    """Sends a call as a transaction of one of anvil's own accounts, which is a block of its own: its hash."""
    transaction = {"from": sender, "to": contract, "gas": hex(30_000_000), "data": "0x" + call.hex()}
    return str(chain.node.rpc("eth_sendTransaction", [transaction]))


def wait(chain: Anvil, transaction: str, poll_seconds: float = 0.02) -> None:
    """Returns when the transaction is mined. Raises RuntimeError when it failed."""
    while (receipt := chain.node.rpc("eth_getTransactionReceipt", [transaction])) is None:
        time.sleep(poll_seconds)
    if receipt["status"] != "0x1":
        raise RuntimeError(f"The transaction {transaction} failed.")


def describe(deployment: Deployment, path: Path) -> None:
    """Writes what a peer needs to know of the contracts."""
    contracts = {name: {"address": deployment.address(name), "abi": contract_abi(name)} for name in JOURNALS}
    path.write_text(
        json.dumps({"chainId": deployment.chain_id, "startBlock": deployment.block, "contracts": contracts})
    )

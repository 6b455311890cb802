"""What a payer has already paid: read from the ledger's events, and held against the ledger's own records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from ledger.chain.deployment import Deployment
from ledger.chain.events import decode_log, journal_topics
from ledger.chain.node import Node, RpcRefused
from ledger.errors import LedgerError
from ledger.intake.chain_state import ChainState

_PAID = 1
_SIGNATURE = "PaymentReceived(bytes32,address,address,bytes32,uint256,bytes32,uint40,uint64,bytes24)"


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that is on chain; amount in token base units, ``matures_at`` in unix seconds."""

    agreement: bytes
    token: bytes
    deal: bytes
    amount: int
    matures_at: int

    def record(self) -> bytes:
        """What ``paymentOf`` must say of it: see ``PaymentHash.record``."""
        types = ["bytes32", "address", "bytes32", "uint256", "uint40", "uint256"]
        values = [self.agreement, self.token, self.deal, self.amount, self.matures_at, 0]
        return keccak(encode(types, values))[:31] + bytes([_PAID])


def read_payments(state: ChainState, payers: Iterable[str], references: Iterable[bytes]) -> dict[bytes, Paid]:
    """The payments of these invoices that are on chain, by reference, by whichever of the payers.

    The events say what was paid, ``paymentOf`` says what is true: LedgerError when the two differ, because
    the node then keeps something back, and paying on its word could be wrong.
    """
    wanted = list(references)
    found: dict[bytes, Paid] = {}
    for payer in sorted(payers):
        by_event = _from_events(state, payer)
        slots = state.questions.ask("RevenueLedger", "paymentOf", [[payer, own] for own in wanted])
        for reference, slot in zip(wanted, slots, strict=True):
            paid = by_event.get(reference)
            if slot != (bytes(32) if paid is None else paid.record()):
                raise LedgerError(
                    f"The node's events and its state disagree on the invoice 0x{reference.hex()}.",
                    "It has not kept all events, or is not synchronised: use another node.",
                )
            if paid is not None:
                found[reference] = paid
    return found


def _from_events(state: ChainState, payer: str) -> Mapping[bytes, Paid]:
    topic = keccak(text=_SIGNATURE)
    if topic not in journal_topics("RevenueLedger"):
        raise LedgerError("The contracts' PaymentReceived event is not the one this import reads.")
    found: dict[bytes, Paid] = {}
    deployment = state.deployment
    topics = ["0x" + topic.hex(), None, "0x" + payer.removeprefix("0x").lower().rjust(64, "0")]
    for log in _logs(state.questions.node, deployment, topics, deployment.block, state.block):
        event = decode_log(deployment, log).args
        found[event["invoice_ref"]] = Paid(
            event["agreement"], event["token"], event["deal"], event["amount"], event["matures_at"]
        )
    return found


def _logs(
    node: Node, deployment: Deployment, topics: list[str | None], first: int, last: int
) -> list[dict[str, object]]:
    """Logs of the blocks first to last; where the node refuses so many at once, in halves."""
    chosen = {
        "address": deployment.address("RevenueLedger"),
        "topics": topics,
        "fromBlock": hex(first),
        "toBlock": hex(last),
    }
    try:
        found: list[dict[str, object]] = node.rpc("eth_getLogs", [chosen])
    except RpcRefused:
        if first >= last:
            raise
        middle = (first + last) // 2
        return _logs(node, deployment, topics, first, middle) + _logs(
            node, deployment, topics, middle + 1, last
        )
    return found

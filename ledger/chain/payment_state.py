"""What a payer has paid, and what became of it: read from the ledger's events, and each held against the
record that the contract keeps of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from eth_typing import ChecksumAddress
from eth_utils.address import to_canonical_address, to_checksum_address

from ledger.chain.calls import Questions
from ledger.chain.checked_entries import EntriesUnchecked, blocks_at_once, checked_entries
from ledger.chain.logs import logs_between
from ledger.errors import LedgerError
from ledger.journal.events import Event, decode_log, topic_of
from ledger.journal.payments import ABOUT_PAYMENTS, payments_in, step_in
from ledger.rules.payment import Payment

_MOVES = frozenset({"WalletRotated", "AccountRecovered"})


class Payments(NamedTuple):
    """``confirmed``: those that were asked about; ``logged``: all others that the payers made, on the word of
    the node's logs alone: good for a doubt, never for a payment.
    """

    confirmed: dict[bytes, Payment]
    logged: dict[bytes, Payment]


def read_payments(
    questions: Questions, payers: Iterable[str], references: Iterable[bytes]
) -> dict[bytes, Payment]:
    """The payments of these invoices that are on chain, by reference, by whichever of the payers.

    The events say what was paid, ``paymentOf`` says what is true: LedgerError when the two differ, because
    the node then keeps something back, and paying on its word could be wrong. Raises as ``Node.rpc``.
    """
    return all_payments(questions, payers, references).confirmed


def all_payments(questions: Questions, payers: Iterable[str], references: Iterable[bytes]) -> Payments:
    """The same, and what else the payers have paid. Raises as :func:`read_payments`."""
    wanted = list(dict.fromkeys(references))
    found = Payments({}, {})
    for payer in sorted(payers):
        slots = questions.ask("RevenueLedger", "paymentOf", [[payer, own] for own in wanted])
        by_event = _confirmed(questions, payer, dict(zip(wanted, slots, strict=True)))
        found.logged.update(by_event)
        found.confirmed.update({own: by_event[own] for own in wanted if own in by_event})
    return found


def _confirmed(questions: Questions, payer: str, slots: Mapping[bytes, bytes]) -> dict[bytes, Payment]:
    """What a wallet has paid, of ``slots`` each as its record says; of a node that keeps logs back, smaller
    ranges are asked for, and then every entry of the ledger.
    """
    unlike = b""
    for events in _readings(questions, payer):
        by_event = _by_events(questions, payer, events)
        unlike = next((own for own, slot in slots.items() if slot != _record(by_event.get(own))), b"")
        if not unlike:
            return by_event
    raise LedgerError(
        f"{questions.node.place}: the node's logs and its state disagree on the invoice 0x{unlike.hex()}; "
        "nothing was sent.",
        "It has not kept all logs (a pruned node), or is not synchronised: set PLEDGER_RPC_URL to another "
        "node, and run this again.",
    )


def _record(paid: Payment | None) -> bytes:
    return bytes(32) if paid is None else paid.record()


def wallets_of(questions: Questions, account: str) -> set[ChecksumAddress]:
    """Every wallet that acts or ever acted for an account, itself included: the chain knows a payer by its
    wallet.

    Raises EntriesUnchecked when the node does not have all that was ever written about accounts: what an
    unknown wallet paid would be paid again.
    """
    entries = checked_entries(questions.node, questions.deployment, "PartnerRegistry", questions.at)
    taken = [
        entry.args["wallet"]
        for entry in entries
        if entry.name in _MOVES and to_checksum_address(entry.args["account"]) == to_checksum_address(account)
    ]
    return {to_checksum_address(account), *(to_checksum_address(wallet) for wallet in taken)}


def _readings(questions: Questions, payer: str) -> Iterator[list[Event]]:
    """What a node's logs have of a wallet's payments, each time read more thoroughly."""
    asked = {
        "address": questions.deployment.address("RevenueLedger"),
        "topics": [
            [topic_of("RevenueLedger", name) for name in sorted(ABOUT_PAYMENTS)],
            None,
            "0x" + payer.removeprefix("0x").lower().rjust(64, "0"),
        ],
    }
    first, last = questions.deployment.block, questions.block
    for at_once in blocks_at_once(first, last):
        logs = logs_between(questions.node, asked, first, last, at_once)
        yield [decode_log(questions.deployment, log) for log in logs]
    with suppress(EntriesUnchecked):
        yield checked_entries(questions.node, questions.deployment, "RevenueLedger", questions.at)


def _by_events(questions: Questions, payer: str, events: Iterable[Event]) -> dict[bytes, Payment]:
    """What a wallet has paid, by reference, as far as these events go."""
    found: dict[bytes, Payment] = {}
    ruling_seconds = questions.ask("RevenueLedger", "RULING_SECONDS", [[]])[0]
    wallet = to_canonical_address(payer)
    for event in events:
        if event.name not in ABOUT_PAYMENTS or event.args["payer"] != wallet:
            continue
        if made := payments_in(event):
            found.update({each.invoice_ref: each for each in made})
            continue
        reference = event.args["invoice_ref"]
        # a log does not say when its block was; of a dispute its deadline does
        disputed_at = event.args["rule_by"] - ruling_seconds if "rule_by" in event.args else 0
        step = step_in(event, disputed_at)
        if (
            step is not None and reference in found
        ):  # else its payment's log is not there, as its record shows
            found[reference] = found[reference].after(step)
    return found

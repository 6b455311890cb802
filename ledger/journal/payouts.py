"""What an entry of the revenue ledger says of payees that were paid: one or all, of one agreement or more."""

from collections.abc import Sequence
from typing import NamedTuple

from ledger.journal.events import Event
from ledger.terms.ids import AgreementId


class Payout(NamedTuple):
    """What a payee was paid of an agreement and period, and the wallet it went to; token base units."""

    agreement: AgreementId
    token: bytes
    period: int
    account: bytes
    recipient: bytes
    amount: int


def payouts_in(event: Event) -> Sequence[Payout]:
    """In the entry's order; none by other entries."""
    args = event.args
    match event.name:
        case "Claimed":
            of = (args["agreement"], args["token"], args["period"])
            return [Payout(*of, args["account"], args["recipient"], args["amount"])]
        case "ClaimedAcross":
            to = (args["account"], args["recipient"])
            return [
                Payout(each.agreement, args["token"], each.period, *to, each.amount)
                for each in args["portions"]
            ]
        case "Distributed":
            of = (args["agreement"], args["token"], args["period"])
            return [Payout(*of, *part) for part in args["parts"]]
    return []


def agreements_in(event: Event) -> set[bytes]:
    """The agreements that an entry of a claim across several names."""
    return {each.agreement for each in event.args.get("portions", ())}

"""A deal as its newest entry left it."""

from collections.abc import Sequence

from ledger.errors import LedgerError
from ledger.indexer.entries import Entry
from ledger.indexer.projections.changes import Fold, Row, base_row, or_none, table_of
from ledger.store.tables import Deal
from ledger.terms.deals import State

_UNREVEALED = (
    "agreement",
    "registered_under",
    "programme",
    "epoch",
    "tag",
    "territory",
    "rival",
    "registered_at",
    "decide_by",
    "vendor",
)
_UNDECIDED = ("reason", "value", "token", "exclusive_until", "retagged_at", "decide_again_by")


def _deal_step(current: Row | None, entry: Entry) -> Sequence[Row]:
    if entry.event == "DealCommitted":
        return [_committed(entry)]
    if current is None:
        raise LedgerError(
            f"Entry {entry.seq} of 0x{entry.contract.hex()} is about a deal that nobody committed to."
        )
    match entry.event:
        case "DealRegistered":
            return [_registered(current, entry)]
        case "DealDecided":
            return [_decided(current, entry)]
        case "DealApprovedByDefault":
            return [_approved_by_default(current, entry)]
        case "DealExtended":
            return [{**current, "exclusive_until": entry.args["exclusive_until"]}]
        case "DealRetagged":
            return [_retagged(current, entry)]
        case "DealMoved":
            return [{**current, "agreement": entry.args["agreement"]}]
        case _:
            return [{**current, "state": int(State.WITHDRAWN), "state_since": entry.timestamp}]


def _committed(entry: Entry) -> Row:
    return base_row(entry) | {
        "deal": entry.args["deal"],
        "account": entry.args["account"],
        "commitment": entry.args["commitment"],
        "priority": entry.seq,
        "committed_at": entry.timestamp,
        "state": int(State.COMMITTED),
        "state_since": entry.timestamp,
        **dict.fromkeys(_UNREVEALED + _UNDECIDED),
    }


def _registered(current: Row, entry: Entry) -> Row:
    args = entry.args
    return {
        **current,
        "agreement": args["agreement"],
        "registered_under": args["agreement"],
        "programme": args["programme"],
        "epoch": args["epoch"],
        "tag": args["tag"],
        "territory": or_none(args["territory"]),
        "rival": or_none(args["rival"]),
        "registered_at": entry.timestamp,
        "decide_by": args["decide_by"] or None,
        "vendor": args["programme"][:20],  # a programme's id begins with its owner's account
        "state": int(State.REGISTERED),
        "state_since": entry.timestamp,
    }


def _decided(current: Row, entry: Entry) -> Row:
    args = entry.args
    row = {
        **current,
        "vendor": args["vendor"],
        "state": args["outcome"],
        "state_since": entry.timestamp,
        "reason": or_none(args["reason"]),
    }
    if args["outcome"] == State.RETURNED:
        row["decide_again_by"] = args["decide_by"] or None
    if args["outcome"] == State.APPROVED:
        row["exclusive_until"] = args["exclusive_until"]
    if args["outcome"] == State.WON:
        row |= {"value": args["value"], "token": args["token"]}
    return row


def _approved_by_default(current: Row, entry: Entry) -> Row:
    return {
        **current,
        "state": int(State.APPROVED),
        "state_since": entry.timestamp,
        "reason": None,
        "exclusive_until": entry.args["exclusive_until"],
    }


def _retagged(current: Row, entry: Entry) -> Row:
    args = entry.args
    return {
        **current,
        "epoch": args["epoch"],
        "tag": args["tag"],
        "rival": or_none(args["rival"]),
        "retagged_at": entry.timestamp,
    }


DEALS = Fold(
    table=table_of(Deal),
    subject=("deal",),
    events=frozenset(
        {
            "DealCommitted",
            "DealRegistered",
            "DealDecided",
            "DealWithdrawn",
            "DealApprovedByDefault",
            "DealExtended",
            "DealRetagged",
            "DealMoved",
        }
    ),
    step=_deal_step,
)

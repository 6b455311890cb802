"""Rows of the DealRegistry's entries: a deal as its newest entry left it, and what changed it."""

from collections.abc import Sequence

from ledger.errors import LedgerError
from ledger.indexer.entries import Entries, Entry
from ledger.indexer.projections.changes import Changes, Fold, Row, base_row, each_or_none, or_none, table_of
from ledger.store.tables import Deal, DealDecision, DealExtension, DealMove, DealRetag
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


def deal_decided(entries: Entries, changes: Changes) -> None:
    """The decision as the vendor made it."""
    args = entries.args
    changes.append(
        DealDecision,
        entries,
        deal=args["deal"],
        vendor=args["vendor"],
        by_account=None,
        outcome=args["outcome"],
        reason=args["reason"],
        value=args["value"],
        token=args["token"],
        exclusive_until=args["exclusive_until"],
        decide_by=args["decide_by"],
        decided_at=entries.timestamps,
    )


def deal_withdrawn(entries: Entries, changes: Changes) -> None:
    """The partner's own decision to take the deal back."""
    changes.append(
        DealDecision,
        entries,
        deal=entries.args["deal"],
        vendor=None,
        by_account=None,
        outcome=int(State.WITHDRAWN),
        reason=bytes(32),
        value=0,
        token=bytes(20),
        exclusive_until=0,
        decide_by=0,
        decided_at=entries.timestamps,
    )


def deal_approved_by_default(entries: Entries, changes: Changes) -> None:
    """The decision that a vendor's silence amounts to."""
    changes.append(
        DealDecision,
        entries,
        deal=entries.args["deal"],
        vendor=None,
        by_account=entries.args["by"],
        outcome=int(State.APPROVED),
        reason=bytes(32),
        value=0,
        token=bytes(20),
        exclusive_until=entries.args["exclusive_until"],
        decide_by=0,
        decided_at=entries.timestamps,
    )


def deal_extended(entries: Entries, changes: Changes) -> None:
    """A longer exclusivity."""
    args = entries.args
    changes.append(
        DealExtension,
        entries,
        deal=args["deal"],
        exclusive_until=args["exclusive_until"],
        extended_at=entries.timestamps,
    )


def deal_retagged(entries: Entries, changes: Changes) -> None:
    """A tag under a newer key."""
    args = entries.args
    changes.append(
        DealRetag,
        entries,
        deal=args["deal"],
        account=args["by"],
        epoch=args["epoch"],
        tag=args["tag"],
        rival=each_or_none(args["rival"]),
        retagged_at=entries.timestamps,
    )


def deal_moved(entries: Entries, changes: Changes) -> None:
    """The successor that a deal was won under."""
    args = entries.args
    changes.append(
        DealMove, entries, deal=args["deal"], agreement=args["agreement"], moved_at=entries.timestamps
    )


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

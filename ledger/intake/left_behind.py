"""Deals that partners registered and that no row of the report stands for any more.

An opportunity whose customer is corrected is another deal: the one it leaves behind goes on keeping the old
customer from others until it is withdrawn. Which opportunity a deal was made for is known to who has the
partner's import key: its salt is in the deal's id.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from eth_utils.address import to_canonical_address

from ledger.chain.checked_entries import EntriesUnchecked, checked_entries, journal_head
from ledger.chain.logs import logs_between
from ledger.intake.chain_state import ChainState
from ledger.intake.deal_state import records
from ledger.intake.deals import OPEN
from ledger.intake.keys import Keyring
from ledger.intake.opportunities import Opportunities
from ledger.intake.partners_file import PartnersFile
from ledger.intake.references import deal_salt
from ledger.journal.events import decode_log, topic_of
from ledger.keccak import keccak
from ledger.terms.contracts import DEALS
from ledger.terms.deals import State
from ledger.terms.ids import DealId

_KEEPS_OTHERS_OFF = OPEN | {State.APPROVED}
_EVENT = "DealRegistered"
_MOST_ENTRIES = 50_000
"""Of the registry, that are read to find a deal."""
_ATTEMPTS = 3
_MOST_GUESSES = 300_000


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A deal, and the opportunity that it was made for: empty where that is not in the report, or was not
    made by an import.
    """

    deal: DealId
    account: str
    state: State
    opportunity: str


@dataclass
class Leftovers:
    """Deals that were left behind; ``unknown`` says why they, or all of them, cannot be told."""

    deals: list[LeftBehind] = field(default_factory=list)
    unknown: str = ""


def find_left_behind(
    state: ChainState, file: PartnersFile, report: Opportunities, known: Collection[bytes], keyring: Keyring
) -> Leftovers:
    """Deals of partners whose import keys are at hand, that can still keep others off their customers.

    ``known``: those that rows of the report stand for. Deals for which a row may stand that cannot be used,
    or whose agreement is not in force, are not among them.
    """
    accounts = {file.partners[key].account: key for key in keyring.import_keys if key in file.partners}
    try:
        registered, unknown = _registered(state, accounts)
    except EntriesUnchecked as error:
        return Leftovers(unknown=error.what)
    made = [own for own in registered if own["deal"] not in known and own["programme"] == state.programme]
    live = [
        (own, record)
        for own, record in zip(made, records(state, [own["deal"] for own in made]), strict=True)
        if record.state in _KEEPS_OTHERS_OFF and not record.untagged
    ]
    rows = sorted(report.ids())
    salts: dict[str, dict[bytes, str]] = {
        account: _salts(keyring.import_keys[key], rows)
        for account, key in accounts.items()
        if len(live) * len(rows) <= _MOST_GUESSES and any(record.account == account for _, record in live)
    }
    found = Leftovers(unknown=unknown)
    for own, record in live:
        opportunity = _made_for(state, own, salts.get(record.account, {}))
        row = report.deals.get(opportunity)
        is_open = opportunity in report.left_out or (not opportunity and report.is_damaged)
        if not is_open and (row is None or state.agreements[row.agreement].in_force):
            found.deals.append(LeftBehind(own["deal"], record.account, record.state, opportunity))
    return found


def _registered(state: ChainState, accounts: Collection[str]) -> tuple[list[Mapping[str, Any]], str]:
    """What the registry wrote when deals of these accounts were registered; and, where it has more entries
    than are read for this, why some may be missing.
    """
    questions = state.questions
    seq, _ = journal_head(questions.node, state.deployment.address(DEALS), questions.at, DEALS)
    wanted = {to_canonical_address(account) for account in accounts}
    if seq <= _MOST_ENTRIES:
        entries = checked_entries(questions.node, state.deployment, DEALS, questions.at)
        return [own.args for own in entries if own.name == _EVENT and own.args["account"] in wanted], ""
    topics = [topic_of(DEALS, _EVENT), None, None, ["0x" + own.rjust(32, b"\0").hex() for own in wanted]]
    asked = {"address": state.deployment.address(DEALS), "topics": topics}
    logs = logs_between(questions.node, asked, state.deployment.block, questions.block)
    why = f"the registry has {seq:,} entries, and this node's logs were not held against all of them"
    return [decode_log(state.deployment, log).args for log in logs], why


def _salts(import_key: bytes, opportunities: Iterable[str]) -> dict[bytes, str]:
    return {
        deal_salt(import_key, opportunity, attempt): opportunity
        for opportunity in opportunities
        for attempt in range(_ATTEMPTS)
    }


def _made_for(state: ChainState, own: Mapping[str, bytes], salts: Mapping[bytes, str]) -> str:
    """The opportunity whose salt is in a deal's id: see `ledger.chain.tags.commitment`."""
    account = own["account"].rjust(32, b"\0")
    registry = to_canonical_address(state.deployment.address(DEALS)).rjust(32, b"\0")
    chain = state.deployment.chain_id.to_bytes(32)
    before = b"".join((chain, registry, account, own["agreement"], own["tag"]))
    for salt, opportunity in salts.items():
        if keccak(account + keccak(before + salt)) == own["deal"]:
            return opportunity
    return ""

"""Deals that partners registered and that no row of the report stands for any more.

An opportunity whose customer is corrected is another deal: the one it leaves behind goes on keeping the old
customer from others until it is withdrawn. Which opportunity a deal was made for is known to who has the
partner's import key: its salt is in the deal's id.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from eth_utils.address import to_canonical_address

from ledger.chain.checked_entries import EntriesUnchecked, checked_entries
from ledger.chain.states import State
from ledger.intake.chain_state import ChainState
from ledger.intake.deal_state import records
from ledger.intake.deals import OPEN
from ledger.intake.keys import Keyring
from ledger.intake.opportunities import Opportunities
from ledger.intake.partners_file import PartnersFile
from ledger.intake.references import deal_salt
from ledger.keccak import keccak

_KEEPS_OTHERS_OFF = OPEN | {State.APPROVED}
_ATTEMPTS = 3
_MOST_GUESSES = 1_000_000


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A deal, and the opportunity that it was made for: empty where that is not in the report, or was not
    made by an import.
    """

    deal: bytes
    account: str
    state: State
    opportunity: str


@dataclass
class Leftovers:
    """Deals that were left behind; ``unknown`` says why that cannot be told, when it cannot."""

    deals: list[LeftBehind] = field(default_factory=list)
    unknown: str = ""


def find_left_behind(
    state: ChainState, file: PartnersFile, report: Opportunities, known: Collection[bytes], keyring: Keyring
) -> Leftovers:
    """Deals of partners whose import keys are at hand, that can still keep others off their customers.

    ``known``: those that rows of the report stand for.
    """
    accounts = {file.partners[key].account: key for key in keyring.import_keys if key in file.partners}
    by_account = {to_canonical_address(account): account for account in accounts}
    try:
        entries = checked_entries(state.questions.node, state.deployment, "DealRegistry", state.questions.at)
    except EntriesUnchecked as error:
        return Leftovers(unknown=error.what)
    made = [
        entry.args
        for entry in entries
        if entry.name == "DealRegistered"
        and entry.args["account"] in by_account
        and entry.args["programme"] == state.programme
        and entry.args["deal"] not in known
    ]
    found = Leftovers()
    live = [
        (own, record)
        for own, record in zip(made, records(state, [own["deal"] for own in made]), strict=True)
        if record.state in _KEEPS_OTHERS_OFF
    ]
    rows = list(report.ids())
    may_look = len(live) * len(rows) <= _MOST_GUESSES
    salts = (
        {key: _salts(keyring.import_keys[key], rows) for key in accounts.values()}
        if may_look and live
        else {}
    )
    for own, record in live:
        account = by_account[own["account"]]
        opportunity = _made_for(state, own, salts.get(accounts[account], {}))
        found.deals.append(LeftBehind(own["deal"], account, record.state, opportunity))
    return found


def _salts(import_key: bytes, opportunities: Iterable[str]) -> dict[bytes, str]:
    return {
        deal_salt(import_key, opportunity, attempt): opportunity
        for opportunity in opportunities
        for attempt in range(_ATTEMPTS)
    }


def _made_for(state: ChainState, own: Mapping[str, bytes], salts: Mapping[bytes, str]) -> str:
    """The opportunity whose salt is in a deal's id: see `ledger.chain.tags.commitment`."""
    account = own["account"].rjust(32, b"\0")
    registry = to_canonical_address(state.deployment.address("DealRegistry")).rjust(32, b"\0")
    chain = state.deployment.chain_id.to_bytes(32)
    before = b"".join((chain, registry, account, own["agreement"], own["tag"]))
    for salt, opportunity in salts.items():
        if keccak(account + keccak(before + salt)) == own["deal"]:
            return opportunity
    return ""

"""``pledger balances`` and ``pledger score``: what a partner is owed, and how it stands, as of the newest
block.
"""

from typing import Annotated

import typer
from eth_utils.address import to_checksum_address
from rich.console import Console
from rich.table import Table

from ledger.accounting.balances import balances_of, totals_of
from ledger.accounting.tokens import TokenNote, notes_on
from ledger.cli.partner_names import account_from
from ledger.cli.reading import as_of, reading_mirror
from ledger.reputation.fixed_point import decimal_text
from ledger.reputation.standing import standing_of
from ledger.settings import Settings

Account = Annotated[
    str, typer.Argument(metavar="PARTNER", help="The partner: its account's address, or its registered name.")
]


def balances_command(partner: Account) -> None:
    """Shows what a partner earned, claimed and can claim, by agreement and in all."""
    with reading_mirror(Settings()) as reading:
        account = account_from(reading, partner)
        balances = balances_of(reading, account)
        notes = notes_on(reading, {each.token for each in balances})
        table = Table("agreement", "received", "earned", "claimed", "claimable", box=None)
        for each in balances:
            note = notes[each.token]
            amounts = (each.received, each.earned, each.claimed, each.claimable)
            table.add_row("0x" + each.agreement.hex(), *(_shown(note, amount) for amount in amounts))
        for total in totals_of(balances):
            note = notes[total.token]
            sums = (total.earned, total.claimed, total.claimable)
            table.add_row("in all", "", *(_shown(note, amount) for amount in sums))
        print(f"{to_checksum_address(account)} {as_of(reading)}")
        if balances:
            _print(table)
        else:
            print("is a payee of no agreement")


def score_command(partner: Account) -> None:
    """Shows a partner's score, and what each counterparty and event did to it."""
    with reading_mirror(Settings()) as reading:
        account = account_from(reading, partner)
        standing = standing_of(reading, account)
        record = standing.record
        print(f"{to_checksum_address(account)} {as_of(reading)}")
        print(f"score {record.score}  {standing.algorithm}  inputs 0x{standing.inputs_hash.hex()}")
        for note in standing.notes():
            print(note)
        table = Table("counterparty", "trust", "events", "for", "against", "effect", box=None)
        for each in record.counterparties():
            table.add_row(
                to_checksum_address(each.counterparty),
                decimal_text(each.trust),
                str(each.events),
                decimal_text(each.contribution.positive),
                decimal_text(each.contribution.negative),
                f"{each.effect:+}",
            )
        if table.row_count:
            _print(table)
        events = Table("event", "days ago", "deal", "effect", box=None)
        for event in record.events(reversed(record.evidence)):
            events.add_row(
                event.evidence.kind.value,
                str(event.days),
                "0x" + event.evidence.subject.hex(),
                f"{event.effect:+}",
            )
        if events.row_count:
            _print(events)


def _shown(note: TokenNote, units: int) -> str:
    return note.display(units) or f"{units} of {to_checksum_address(note.address)}"


def _print(table: Table) -> None:
    """As wide as it needs to be: ids and amounts are never cut, also where nobody looks at a terminal."""
    Console(width=max(200, Console().width)).print(table)

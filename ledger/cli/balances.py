"""``pledger balances``: what a partner is owed, as of the newest block."""

from typing import Annotated

import typer
from eth_utils.address import to_checksum_address
from rich.console import Console
from rich.table import Table

from ledger.accounting.balances import balances_of, totals_of
from ledger.accounting.tokens import TokenNote, notes_on
from ledger.cli.partner_names import account_from
from ledger.cli.reading import as_of, reading_mirror
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


def _shown(note: TokenNote, units: int) -> str:
    return note.display(units) or f"{units} of {to_checksum_address(note.address)}"


def _print(table: Table) -> None:
    """As wide as it needs to be: ids and amounts are never cut, also where nobody looks at a terminal."""
    Console(width=max(200, Console().width)).print(table)

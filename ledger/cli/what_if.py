"""``pledger what-if``: what came in under an agreement, split by other terms."""

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from eth_utils.address import to_canonical_address, to_checksum_address
from rich.console import Console
from rich.table import Table

from ledger.accounting.books import books
from ledger.accounting.tokens import notes_on
from ledger.accounting.what_if import Split, payments_of, what_if
from ledger.cli.acting.desk import identifier
from ledger.cli.reading import as_of, reading_mirror
from ledger.errors import LedgerError
from ledger.rules.book import Share
from ledger.rules.release import Periods
from ledger.settings import Settings
from ledger.terms.agreement import Terms
from ledger.terms.ids import AgreementId
from ledger.terms.solidity import ValueInvalid


def what_if_command(
    agreement: Annotated[str, typer.Argument(metavar="AGREEMENT", help="Whose payments are split anew.")],
    terms: Annotated[
        Path,
        typer.Argument(metavar="TERMS.JSON", help="Other terms, as the API gives and takes them."),
    ],
) -> None:
    """Shows what each payee would have earned under other terms, beside what it did earn. Changes nothing."""
    wanted, other = identifier(AgreementId, agreement), _read(terms)
    with reading_mirror(Settings()) as reading:
        kept = books(reading, [wanted])
        if not kept:
            raise LedgerError(
                f"Nothing was paid in under 0x{wanted.hex()} as of block {reading.as_of.number}.",
                "Check its id; `pledger index --once` brings the mirror up to date.",
            )
        notes = notes_on(reading, {book.token for book in kept})
        print(f"0x{wanted.hex()} {as_of(reading)}")
        for book in kept:
            payments = payments_of(reading, wanted, book.token)
            then = what_if(payments, _split(other), reading.as_of.timestamp, wanted, book.token)
            earned = {each.account: each.earned for each in book.positions}
            would = {each.account: each.earned for each in then.positions}
            table = Table("payee", "earned", "would have", "difference", box=None)
            for account in dict.fromkeys([*earned, *would]):
                did, might = earned.get(account, 0), would.get(account, 0)
                shown = [notes[book.token].display(each) or str(each) for each in (did, might, might - did)]
                table.add_row(to_checksum_address(account), *shown)
            Console(width=max(160, Console().width)).print(table)
            if then.held:
                print(f"still held: {notes[book.token].display(then.held) or then.held}")


def _split(terms: Terms) -> Split:
    boundaries = tuple(tranche.up_to for tranche in terms.tranches)
    shares: dict[bytes, Share] = {
        to_canonical_address(payee.account): Share(boundaries, payee.weights) for payee in terms.payees
    }
    periods = Periods(terms.valid_from, terms.tranches[0].period_seconds)
    return Split(shares, periods, terms.hold_seconds)


def _read(path: Path) -> Terms:
    """Terms from a file: by themselves, or within an answer of the API. Raises LedgerError."""
    try:
        document: Any = orjson.loads(path.read_bytes())
        return Terms.from_json(document.get("terms", document) if isinstance(document, dict) else document)
    except OSError as error:
        raise LedgerError(f"Cannot read {path}: {error.strerror}.", "Check the path.") from error
    except orjson.JSONDecodeError as error:
        raise LedgerError(f"{path} is not JSON: {error}.", "GET /v1/agreements/{id} gives terms.") from error
    except ValueInvalid as error:
        raise LedgerError(
            f"{path} is not terms: {error.what}.", "GET /v1/agreements/{id} gives terms."
        ) from error

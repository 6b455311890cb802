"""The names that the mirror knows of what terms name, for their words."""

from eth_utils.address import to_checksum_address
from sqlalchemy import select

from api.drafts import wording
from api.partner_names import Names
from ledger.accounting.tokens import notes_on
from ledger.store.reading import Reading
from ledger.store.tables import Programme
from ledger.terms.agreement import Terms
from ledger.terms.contracts import AGREEMENTS


def names_in(reading: Reading, *terms: Terms) -> wording.Names:
    """Names of the partners, symbols of the tokens, and the programmes' names."""
    accounts = {bytes.fromhex(each[2:]) for of in terms for each in (*of.parties, of.arbiter)}
    accounts |= {bytes.fromhex(payee.account[2:]) for of in terms for payee in of.payees}
    tokens = {bytes.fromhex(each[2:]) for of in terms for each in of.tokens}
    notes = {to_checksum_address(token): note for token, note in notes_on(reading, tokens).items()}
    programmes = reading.session.execute(
        select(Programme.programme, Programme.name).where(
            reading.seen(Programme, AGREEMENTS),
            Programme.programme.in_({of.programme for of in terms}),
        )
    )
    return wording.Names(
        partners={
            to_checksum_address(account): name for account, name in Names.of(reading, accounts).known.items()
        },
        tokens={token: note.symbol for token, note in notes.items() if note.symbol},
        programmes=dict(programmes.all()),
        decimals={token: note.decimals for token, note in notes.items() if note.decimals is not None},
    )

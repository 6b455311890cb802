"""The names that the mirror knows of what terms name, for their words."""

from eth_utils.address import to_checksum_address
from sqlalchemy import select

from api.drafts import wording
from api.partner_names import Names
from ledger.chain.terms import Terms
from ledger.store.reading import Reading
from ledger.store.tables import Programme, Token


def names_in(reading: Reading, terms: Terms) -> wording.Names:
    """Names of the partners, symbols of the tokens, and the programme's name."""
    accounts = {bytes.fromhex(each[2:]) for each in terms.parties}
    accounts |= {bytes.fromhex(payee.account[2:]) for payee in terms.payees}
    tokens = [bytes.fromhex(each[2:]) for each in terms.tokens]
    symbols = reading.session.execute(
        select(Token.address, Token.symbol).where(
            Token.chain_id == reading.chain_id, Token.address.in_(tokens), Token.symbol.is_not(None)
        )
    )
    programmes = reading.session.execute(
        select(Programme.programme, Programme.name).where(
            reading.seen(Programme, "AgreementRegistry"), Programme.programme == terms.programme
        )
    )
    return wording.Names(
        partners={
            to_checksum_address(account): name for account, name in Names.of(reading, accounts).known.items()
        },
        tokens={to_checksum_address(token): symbol for token, symbol in symbols if symbol},
        programmes=dict(programmes.all()),
    )

"""What actions need to know of the chain, from the mirror where it can say, and how people read them."""

from functools import cached_property

from eth_utils.address import to_canonical_address, to_checksum_address
from sqlalchemy import select

from api.actions.problems import PAYMENT_UNKNOWN
from api.drafts.amending import terms_of
from api.drafts.desk import Desk
from api.drafts.queries import token_notes
from api.partner_names import Names
from api.payers import accounts_of, wallets_of
from api.problems import AGREEMENT_UNKNOWN, Problem
from ledger.accounting.tokens import TokenNote
from ledger.actions.on_chain import ChainFacts
from ledger.chain.calls import Questions
from ledger.chain.checked_entries import BlockId
from ledger.read.payments import lives
from ledger.rules.payment import Payment
from ledger.store.reading import Reading, read
from ledger.store.tables import Payment as Row
from ledger.terms.agreement import NATIVE_COIN, Terms
from ledger.terms.contracts import REVENUE
from ledger.terms.ids import AgreementId, InvoiceRef
from ledger.terms.quantities import moment, short

_COIN = TokenNote(b"", "of the chain's coin", 18)


class ServerFacts(ChainFacts):
    """Terms and payments are the mirror's to say, all else the node's, as of ``block``."""

    def __init__(self, desk: Desk, block: BlockId) -> None:
        registry = desk.registry
        super().__init__(Questions(registry.node, registry.deployment, block))
        self._desk = desk

    @cached_property
    def reading(self) -> Reading:
        """The mirror. Raises ``Problem`` where nothing is mirrored."""
        ledger = to_canonical_address(self.deployment.address(REVENUE))
        return read(self._desk.session, chain_id=self.deployment.chain_id, ledger=ledger)

    def terms_of(self, agreement: AgreementId) -> Terms:
        """Raises ``Problem`` when it was never in force."""
        terms = terms_of(self._desk.session, self._desk.registry, agreement)
        if terms is None:
            raise Problem(AGREEMENT_UNKNOWN, f"No agreement 0x{agreement.hex()} is in force.")
        return terms

    def payment_of(self, payer: str, invoice_ref: InvoiceRef) -> Payment:
        """By whichever wallet the payer paid with. Raises ``Problem`` when the mirror has no such payment."""
        named = to_canonical_address(payer)
        account = accounts_of(self.reading, [named])[named]
        row = self.reading.session.scalar(
            select(Row).where(
                self.reading.seen(Row, REVENUE),
                Row.payer.in_(wallets_of(self.reading, account)),
                Row.invoice_ref == invoice_ref,
            )
        )
        if row is None:
            raise Problem(PAYMENT_UNKNOWN, f"{payer} paid no invoice 0x{invoice_ref.hex()}.")
        [life] = lives(self.reading, [row])
        return life.now


class Spoken:
    """Accounts by the names under which they registered, amounts in whole tokens."""

    def __init__(self, desk: Desk, facts: ServerFacts) -> None:
        self._desk, self._facts = desk, facts

    def account(self, address: str) -> str:
        """``Agency (0x1234…cdef)``, or the address alone. A name does not prove who it is."""
        raw = to_canonical_address(address)
        name = Names.of(self._facts.reading, [raw]).known.get(raw)
        return f"{name} ({short(address)})" if name else address

    def token(self, address: str) -> str:
        """``USDC (0x1234…cdef)``, or the address alone."""
        if address == NATIVE_COIN:
            return "the chain's coin"
        symbol = self._note(address).symbol
        return f"{symbol} ({short(address)})" if symbol else f"the token {address}"

    def amount(self, token: str, units: int) -> str:
        """``1,240.50 USDT``, or in the token's smallest units."""
        shown = self._note(token).display(units)
        return shown or f"{units:,} smallest units of the token {token}"

    def moment(self, seconds: int) -> str:
        """To the second."""
        return moment(seconds)

    def _note(self, address: str) -> TokenNote:
        if address == NATIVE_COIN:
            return _COIN
        registry, token = self._desk.registry, to_checksum_address(address)
        chain_id = registry.deployment.chain_id
        return token_notes(self._desk.session, registry.node, chain_id, {token})[token]

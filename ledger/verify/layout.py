"""Where the contracts keep what bundles prove: slots, fields and bits are those of the compiler and sources,
a mapping's value is at the hash of key and slot. docs/bundle.md lists them for other verifiers.
"""

from ledger.artifacts.contracts import constant, field, slot
from ledger.keccak import keccak
from ledger.proof.storage import of_mapping
from ledger.terms.contracts import AGREEMENTS, PARTNERS, REVENUE
from ledger.terms.ids import AgreementId, InvoiceRef
from ledger.terms.units import DAY

_HALF = 2**128 - 1
_DAYS_IN_WORD = 256


def book(agreement: AgreementId, token: bytes) -> bytes:
    """The book's word: see :func:`released_in` and :func:`next_day`."""
    return of_mapping(_book_id(agreement, token), _variable("_books"))


def owing(agreement: AgreementId, token: bytes) -> bytes:
    """The word of its debts by ruling: see :func:`owed_and_served`."""
    return of_mapping(_book_id(agreement, token), _variable("_owing"))


def agreed(agreement: AgreementId, token: bytes) -> bytes:
    """The same of its debts by consent."""
    return of_mapping(_book_id(agreement, token), _variable("_agreed"))


def released(agreement: AgreementId, token: bytes, period: int) -> bytes:
    """What is released of one period, where there are periods."""
    return of_mapping(_word(period), of_mapping(_book_id(agreement, token), _variable("_released")))


def claimed(agreement: AgreementId, token: bytes, period: int | None, account: bytes) -> bytes:
    """What an account had earned when it was last paid alone, in the low 128 bits, and what is set aside for
    it, in the high ones; ``period`` is None where there are none.
    """
    return of_mapping(account, of_mapping(_total_id(agreement, token, period), _variable("_claimed")))


def settled(agreement: AgreementId, token: bytes, period: int | None) -> bytes:
    """Up to where of a total everybody is paid; ``period`` is None where there are none."""
    return of_mapping(_total_id(agreement, token, period), _variable("_settled"))


def through(agreement: AgreementId, token: bytes, period: int | None) -> bytes:
    """The last payee that a round in parts came to."""
    return of_mapping(_total_id(agreement, token, period), _variable("_through"))


def up_to(book_word: int, settled_word: int, through_word: int, account: bytes) -> int:
    """Up to where of a total an account was paid with everybody."""
    if not book_word & constant("PackedBooks", "DISTRIBUTED"):
        return 0
    together, ahead = field("Settled", "upTo").of(settled_word), field("Settled", "ahead").of(settled_word)
    return together + (ahead if int.from_bytes(account) <= through_word else 0)


def released_in(book_word: int) -> int:
    """What is released of a book, of all its periods together."""
    return book_word & (1 << constant("PackedBooks", "VALID_FROM")) - 1


def next_day(book_word: int) -> int:
    """The first day of which a book's word says that it is not released yet, counted from 1970."""
    begins, ends = constant("PackedBooks", "VALID_FROM"), constant("PackedBooks", "VALID_UNTIL")
    valid_from = book_word >> begins & (1 << ends - begins) - 1
    return (book_word >> constant("PackedBooks", "NEXT_DAY")) + valid_from // DAY


def owed_and_served(word: int) -> tuple[int, int]:
    """What a word of :func:`owing` or :func:`agreed` says."""
    return field("RevenueState.Owing", "owed").of(word), field("RevenueState.Owing", "served").of(word)


def held(agreement: AgreementId, token: bytes, day: int) -> bytes:
    """What is held until the beginning of a day, counted from 1970."""
    return of_mapping(_word(day), of_mapping(_book_id(agreement, token), _variable("_held")))


def held_days(agreement: AgreementId, token: bytes, day: int) -> bytes:
    """The word with a bit for each of 256 days, that day among them, for which something is or was held."""
    word = _word(day // _DAYS_IN_WORD)
    return of_mapping(word, of_mapping(_book_id(agreement, token), _variable("_heldDays")))


def payment(payer: bytes, invoice_ref: InvoiceRef) -> bytes:
    """The record of a payment: a hash over all that it is gone by, see PaymentRecord.sol."""
    return of_mapping(invoice_ref, of_mapping(payer, _variable("_payments")))


def refund_due(payer: bytes, invoice_ref: InvoiceRef) -> bytes:
    """What a ruling gave back of a payment and nobody has fetched yet."""
    return of_mapping(invoice_ref, of_mapping(payer, _variable("_refundDue")))


def new_book(agreement: AgreementId) -> bytes:
    """In the agreement registry: what a first payment finds of an agreement; not zero once it is in force."""
    return of_mapping(agreement, _variable("_newBooks", AGREEMENTS))


def identity(address: bytes) -> bytes:
    """In the partner registry: what an address is, an account's wallet for one."""
    return of_mapping(address, _variable("_identity", PARTNERS))


def wallet_in(word: int) -> bytes | None:
    """The wallet that an account's word of :func:`identity` names; None: the account's address itself."""
    taken = constant("AccountKeys", "TAKEN")
    wallet = word & (taken - 1)
    return None if wallet == 0 or word & taken else wallet.to_bytes(20)


def days_of(word: int, day: int) -> set[int]:
    """The days that a word of :func:`held_days` names."""
    first = day // _DAYS_IN_WORD * _DAYS_IN_WORD
    return {first + bit for bit in range(_DAYS_IN_WORD) if word >> bit & 1}


def halves(word: int) -> tuple[int, int]:
    """The low and the high 128 bits."""
    return word & _HALF, word >> 128


def _book_id(agreement: AgreementId, token: bytes) -> bytes:
    return bytes(keccak(agreement + token.rjust(32, b"\0")))


def _total_id(agreement: AgreementId, token: bytes, period: int | None) -> bytes:
    book_id = _book_id(agreement, token)
    return book_id if period is None else bytes(keccak(book_id + _word(period)))


def _variable(name: str, contract: str = REVENUE) -> bytes:
    return _word(slot(contract, name))


def _word(number: int) -> bytes:
    return number.to_bytes(32)

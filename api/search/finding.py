"""What was meant by what somebody wrote."""

from typing import Any

from pydantic_core import PydanticCustomError

from api.as_of import Answering
from api.entry_reference import EntryReference
from api.identifiers import parse_address, parse_id
from api.partner_names import NamedAccount
from api.search.schemas import Found, Kind
from ledger.read import search
from ledger.read.accounts import is_known
from ledger.read.asking import NEWEST, ask
from ledger.store.reading import Reading

_NUMBER_DIGITS = 19


def find(answering: Answering, text: str) -> list[Found]:
    """What it may mean, the likeliest first: one more than are shown, where there are more.

    Raises PydanticCustomError for an address whose capitals are not its checksum.
    """
    reading, written = answering.reading, text.strip()
    digits = written.replace(",", "").replace("_", "")
    if written[:2].lower() == "0x" and len(written) == 42:
        return _account(reading, parse_address(written))
    if written[:2].lower() == "0x" or len(written) == 64:
        return _of_id(reading, written)
    if digits.isascii() and digits.isdecimal() and len(digits) < _NUMBER_DIGITS:
        found = _found(reading, search.NUMBER, sought=min(int(digits), NEWEST))
        return found + _named(reading, written)
    return _named(reading, written)


def _account(reading: Reading, address: bytes) -> list[Found]:
    found = _found(reading, search.ADDRESS, sought=address)
    if found or not is_known(reading, address):
        return found
    nameless = NamedAccount(account=address, name=None)
    return [Found(kind=Kind.ACCOUNT, id=address, name=None, partner=nameless, entry=None)]


def _of_id(reading: Reading, written: str) -> list[Found]:
    try:
        sought = parse_id(written if written[:2].lower() == "0x" else "0x" + written)
    except PydanticCustomError:
        return _named(reading, written)
    return _found(reading, search.ID, sought=sought)


def _named(reading: Reading, written: str) -> list[Found]:
    words = search.beginnings(written)
    if not words:
        return []
    found = _found(reading, search.NAMES, sought=words)
    whole = written.casefold()
    return sorted(found, key=lambda each: _likely(str(each.name).casefold(), whole))[: search.MOST + 1]


def _likely(name: str, whole: str) -> tuple[bool, bool, int]:
    """The same name first, then those that begin so, then the shorter."""
    return name != whole, not name.startswith(whole), len(name)


def _found(reading: Reading, question: str, **given: Any) -> list[Found]:
    names = {address: name for name, address in reading.contracts.items()}
    return [
        Found(
            kind=row.kind,
            id=row.id,
            name=row.name,
            partner=NamedAccount(account=row.account, name=row.partner) if row.account else None,
            entry=EntryReference(contract=names[row.contract], seq=row.seq) if row.contract else None,
        )
        for row in ask(reading, question, **given)
    ]

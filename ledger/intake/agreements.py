"""The terms that an agreement of the partners file stands for: what its parties sign."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from eth_typing import ChecksumAddress

from ledger.chain.terms import OPEN_ENDED, Payee, Terms
from ledger.intake.partners_file import Agreement, PartnersFile

_DAY = 86_400


def programme_id(owner: str, number: int) -> bytes:
    """The owner in the high 160 bits, its own number below: what ``programmeId`` says on chain."""
    return bytes.fromhex(owner.removeprefix("0x")) + number.to_bytes(12, "big")


def programme_of(file: PartnersFile) -> bytes:
    """The id of the file's programme."""
    return programme_id(file.partners[file.programme.owner].account, file.programme.number)


def terms_of(file: PartnersFile, agreement: Agreement, tokens: Mapping[str, ChecksumAddress]) -> Terms:
    """The terms; ``tokens`` are the addresses by currency code.

    The same file gives the same terms on every run.
    """
    accounts = {key: partner.account for key, partner in file.partners.items()}
    payees = (Payee(accounts[key], (weight,)) for key, weight in agreement.shares.items())
    document = agreement.document
    return Terms(
        parties=tuple(sorted((accounts[key] for key in agreement.parties), key=_numeric)),
        payees=tuple(sorted(payees, key=lambda payee: _numeric(payee.account))),
        tokens=tuple(sorted({tokens[code.casefold()] for code in agreement.currencies}, key=_numeric)),
        programme=programme_of(file) if agreement.programme else bytes(32),
        decision_seconds=agreement.decision_days * _DAY,
        exclusivity_seconds=agreement.exclusivity_days * _DAY,
        payment_seconds=agreement.payment_days * _DAY,
        valid_from=_midnight(agreement.valid_from),
        valid_until=_last_second(agreement.valid_until),
        document_hash=document.hash if document is not None else bytes(32),
        uri=document.uri if document is not None else "",
        salt=agreement.salt,
    )


def _numeric(address: str) -> int:
    return int(address, 16)


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _last_second(day: date | None) -> int:
    return OPEN_ENDED if day is None else _midnight(day + timedelta(days=1)) - 1

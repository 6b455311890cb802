"""The terms that an agreement of the partners file stands for: what its parties sign."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

from eth_typing import ChecksumAddress

from ledger.intake.agreement_section import Agreement
from ledger.intake.partners_file import PartnersFile
from ledger.terms.agreement import OPEN_ENDED, UNBOUNDED, Payee, Terms, Tranche
from ledger.terms.clauses import AfterEnd
from ledger.terms.deals import Rule
from ledger.terms.ids import NO_AGREEMENT, NO_PROGRAMME, AgreementId, ProgrammeId
from ledger.terms.solidity import ZERO_ADDRESS
from ledger.terms.units import DAY

RULES = {"first registered": Rule.FIRST_REGISTERED, "territory": Rule.TERRITORY, "open": Rule.OPEN}
"""How the file calls the rules by which a programme's conflicts are settled."""

_CLAWBACK = {"no": 0, "yes": 1, "inherited": 2, "yes, and inherited": 3}
_AFTER_END = {each.name.lower().replace("_", " "): each for each in AfterEnd}


def programme_id(owner: str, number: int) -> ProgrammeId:
    """The owner in the high 160 bits, its own number below: what ``programmeId`` says on chain."""
    return ProgrammeId(bytes.fromhex(owner.removeprefix("0x")) + number.to_bytes(12, "big"))


def programme_of(file: PartnersFile) -> ProgrammeId:
    """The id of the file's programme."""
    return programme_id(file.partners[file.programme.owner].account, file.programme.number)


def territory_code(text: str) -> bytes:
    """A territory as terms and deals name it: its letters, filled up with zeros to 32 bytes."""
    return text.encode("ascii").ljust(32, b"\0")


def terms_by_key(
    file: PartnersFile, tokens: Mapping[str, ChecksumAddress], id_of: Callable[[Terms], AgreementId]
) -> dict[str, Terms]:
    """The terms of every agreement of the file; an amendment's name its predecessor by ``id_of`` its
    terms.
    """
    found: dict[str, Terms] = {}
    for line in file.agreements:
        if file.agreements[line].amends is not None:
            continue
        predecessor = NO_AGREEMENT
        for key in file.versions_of(line):
            found[key] = terms_of(file, file.agreements[key], tokens, predecessor)
            predecessor = id_of(found[key])
    return {key: found[key] for key in file.agreements}


def terms_of(
    file: PartnersFile,
    agreement: Agreement,
    tokens: Mapping[str, ChecksumAddress],
    predecessor: AgreementId = NO_AGREEMENT,
) -> Terms:
    """The terms; ``tokens`` are the addresses by currency code.

    The same file gives the same terms on every run.
    """
    accounts = {key: partner.account for key, partner in file.partners.items()}
    bands = agreement.bands()
    payees = (
        Payee(accounts[key], tuple(band.shares.get(key, 0) for band in bands)) for key in agreement.payees()
    )
    document = agreement.document
    return Terms(
        parties=tuple(sorted((accounts[key] for key in agreement.parties), key=_numeric)),
        payees=tuple(sorted(payees, key=lambda payee: _numeric(payee.account))),
        tranches=_tranches(file, agreement),
        tokens=tuple(sorted({tokens[code.casefold()] for code in agreement.currencies}, key=_numeric)),
        programme=programme_of(file) if agreement.programme else NO_PROGRAMME,
        territories=tuple(sorted(map(territory_code, agreement.territories))),
        decision_seconds=agreement.decision_days * DAY,
        exclusivity_seconds=agreement.exclusivity_days * DAY,
        hold_seconds=agreement.hold_days * DAY,
        payment_seconds=agreement.payment_days * DAY,
        clawback=_CLAWBACK[agreement.clawback],
        arbiter=accounts[agreement.arbiter] if agreement.arbiter is not None else ZERO_ADDRESS,
        valid_from=_midnight(agreement.valid_from),
        valid_until=_last_second(agreement.valid_until),
        notice_seconds=agreement.notice_days * DAY,
        after_end=_AFTER_END[agreement.after_end],
        predecessor=predecessor,
        document_hash=document.hash if document is not None else bytes(32),
        uri=document.uri if document is not None else "",
        salt=agreement.salt,
    )


def _tranches(file: PartnersFile, agreement: Agreement) -> tuple[Tranche, ...]:
    return tuple(
        Tranche(
            UNBOUNDED if band.up_to is None else file.boundary(agreement, band.up_to),
            agreement.period_days * DAY,
        )
        for band in agreement.bands()
    )


def _numeric(address: str) -> int:
    return int(address, 16)


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _last_second(day: date | None) -> int:
    return OPEN_ENDED if day is None else _midnight(day + timedelta(days=1)) - 1

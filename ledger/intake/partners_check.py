"""What must hold between the parts of a partners file: every name known, every share accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ledger.chain.terms import WHOLE
from ledger.intake.shares import to_percent

if TYPE_CHECKING:
    from ledger.intake.partners_file import Agreement, PartnersFile

Fault = tuple[tuple[str | int, ...], str]


def faults(file: PartnersFile) -> Iterator[Fault]:
    """Each fault with the path of the value."""
    yield from _partner_faults(file)
    if file.programme.owner not in file.partners:
        yield ("programme", "owner"), f"there is no partner {file.programme.owner!r}"
    codes: set[str] = set()
    for code in file.currencies:
        if code.casefold() in codes:
            yield ("currencies", code), "the currency is there twice"
        codes.add(code.casefold())
    for key, agreement in file.agreements.items():
        for loc, reason in _agreement_faults(file, agreement):
            yield ("agreements", key, *loc), reason
    default = file.opportunities.currency if file.opportunities is not None else None
    if default is not None and file.currency(default) is None:
        yield ("opportunities", "currency"), f"there is no currency {default!r}"
    if file.billing is not None:
        if file.billing.payer not in file.partners:
            yield ("billing", "payer"), f"there is no partner {file.billing.payer!r}"
        if file.billing.columns.opportunity is None and file.billing.columns.agreement is None:
            yield ("billing", "columns"), "name the column of the opportunity, of the agreement, or both"
        if file.billing.columns.opportunity is not None and file.opportunities is None:
            yield ("billing", "columns", "opportunity"), "there is no section 'opportunities' to find it by"


def _partner_faults(file: PartnersFile) -> Iterator[Fault]:
    accounts: dict[str, str] = {}
    names: dict[str, str] = {}
    for key, partner in file.partners.items():
        other = accounts.setdefault(partner.account, key)
        if other != key:
            yield ("partners", key, "account"), f"is the account of {other!r} too"
        for name in (partner.name, *partner.crm_names):
            other = names.setdefault(name.casefold(), key)
            if other != key:
                yield ("partners", key), f"the CRM name {name!r} is that of {other!r} too"


def _agreement_faults(file: PartnersFile, agreement: Agreement) -> Iterator[Fault]:
    for position, party in enumerate(agreement.parties):
        if party not in file.partners:
            yield ("parties", position), f"there is no partner {party!r}"
        if party in agreement.parties[:position]:
            yield ("parties", position), f"{party!r} is there twice"
    for payee in agreement.shares:
        if payee not in file.partners:
            yield ("shares", payee), f"there is no partner {payee!r}"
    total = sum(agreement.shares.values())
    if total != WHOLE:
        yield ("shares",), f"the shares sum to {to_percent(total)}, not to 100%"
    seen: set[str] = set()
    for position, code in enumerate(agreement.currencies):
        if file.currency(code) is None:
            yield ("currencies", position), f"there is no currency {code!r}"
        if code.casefold() in seen:
            yield ("currencies", position), f"{code!r} is there twice"
        seen.add(code.casefold())
    if agreement.programme and file.programme.owner not in agreement.parties:
        yield ("parties",), f"the programme's owner {file.programme.owner!r} is not a party"
    if agreement.valid_until is not None and agreement.valid_until < agreement.valid_from:
        yield ("valid_until",), "is before valid_from"

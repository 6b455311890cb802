"""What must hold between the parts of a partners file: every name known, every share accounted for."""

from collections.abc import Iterator
from pathlib import Path

from ledger.intake.agreement_section import Agreement
from ledger.intake.names import name_key
from ledger.intake.partners_file import PartnersFile
from ledger.intake.problems import reject_if_any
from ledger.intake.shares import to_percent
from ledger.intake.yaml_source import YamlSource
from ledger.terms.units import WHOLE

Fault = tuple[tuple[str | int, ...], str]


def read_partners_file(path: Path) -> PartnersFile:
    """Reads and checks the file. Raises IntakeRejected with every fault by line and path."""
    source = YamlSource(path)
    parsed = source.parse(PartnersFile)
    reject_if_any(source.problem(loc, reason) for loc, reason in faults(parsed))
    return parsed


def faults(file: PartnersFile) -> Iterator[Fault]:
    """Each fault with the path of the value."""
    yield from _partner_faults(file)
    if file.programme.owner not in file.partners:
        yield ("programme", "owner"), f"there is no partner {file.programme.owner!r}"
    codes: set[str] = set()
    for code, currency in file.currencies.items():
        if currency.places is not None and currency.places > currency.decimals:
            yield ("currencies", code, "places"), "is more than the token's decimals"
        if code.casefold() in codes:
            yield ("currencies", code), "the currency is there twice"
        codes.add(code.casefold())
    yield from _line_faults(file)
    for key, agreement in file.agreements.items():
        for loc, reason in _agreement_faults(file, agreement):
            yield ("agreements", key, *loc), reason
    if file.opportunities is not None:
        has_column = file.opportunities.columns.territory is not None
        if has_column != (file.programme.rule == "territory"):
            reason = f"the programme's rule is {file.programme.rule!r}"
            yield (
                ("opportunities", "columns", "territory"),
                (f"{reason}: leave it out" if has_column else f"{reason}: name the column of the territory"),
            )
        stages: set[str] = set()
        for stage in file.opportunities.stages:
            if name_key(stage) in stages:
                yield ("opportunities", "stages", stage), "is there twice, but for its case"
            stages.add(name_key(stage))
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
            other = names.setdefault(name_key(name), key)
            if other != key:
                yield ("partners", key), f"the CRM name {name!r} is that of {other!r} too"


def _agreement_faults(file: PartnersFile, agreement: Agreement) -> Iterator[Fault]:
    for position, party in enumerate(agreement.parties):
        if party not in file.partners:
            yield ("parties", position), f"there is no partner {party!r}"
        if party in agreement.parties[:position]:
            yield ("parties", position), f"{party!r} is there twice"
    yield from _split_faults(file, agreement)
    if agreement.arbiter is not None and agreement.arbiter not in file.partners:
        yield ("arbiter",), f"there is no partner {agreement.arbiter!r}"
    for position, territory in enumerate(agreement.territories):
        if territory in agreement.territories[:position]:
            yield ("territories", position), f"{territory!r} is there twice"
    if agreement.territories and file.programme.rule != "territory":
        yield ("territories",), f"the programme's rule is {file.programme.rule!r}: it knows no territories"
    if agreement.clawback.endswith("inherited") and agreement.amends is None:
        yield ("clawback",), "there is nothing to inherit: it amends none"
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


def _line_faults(file: PartnersFile) -> Iterator[Fault]:
    """Amendments form lines: each version amends one that is there, and no two amend the same."""
    amended_by: dict[str, str] = {}
    for key, agreement in file.agreements.items():
        if agreement.amends is None:
            continue
        if agreement.amends not in file.agreements:
            yield ("agreements", key, "amends"), f"there is no agreement {agreement.amends!r}"
        elif amended_by.setdefault(agreement.amends, key) != key:
            yield ("agreements", key, "amends"), f"{amended_by[agreement.amends]!r} amends it already"
        elif _comes_back(file, key):
            yield ("agreements", key, "amends"), "an agreement cannot amend itself, be it by others"


def _comes_back(file: PartnersFile, key: str) -> bool:
    seen = {key}
    at = file.agreements[key].amends
    while at is not None and at in file.agreements:
        if at in seen:
            return True
        seen.add(at)
        at = file.agreements[at].amends
    return False


def _split_faults(file: PartnersFile, agreement: Agreement) -> Iterator[Fault]:
    if (agreement.shares is None) == (agreement.tranches is None):
        yield (), "give shares, or tranches, and not both"
        return
    for position, band in enumerate(agreement.bands()):
        path = ("shares",) if agreement.tranches is None else ("tranches", position, "shares")
        for payee in band.shares:
            if payee not in file.partners:
                yield (*path, payee), f"there is no partner {payee!r}"
        total = sum(band.shares.values())
        if total != WHOLE:
            yield path, f"the shares sum to {to_percent(total)}, not to 100%"
    yield from _boundary_faults(file, agreement)


def _boundary_faults(file: PartnersFile, agreement: Agreement) -> Iterator[Fault]:
    """Boundaries count base units of whatever token is paid in, so all must have the same decimals."""
    bands = agreement.bands()
    known = [own for code in agreement.currencies if (own := file.currency(code)) is not None]
    if len(bands) > 1 and len({own.decimals for own in known}) > 1:
        yield ("currencies",), "tranches need currencies whose tokens have the same decimals"
        return
    below = 0
    for position, band in enumerate(bands):
        path = ("tranches", position, "up_to")
        if position == len(bands) - 1:
            if band.up_to is not None:
                yield path, "the last tranche has no boundary: leave it out"
            return
        if band.up_to is None:
            yield path, "is missing: only the last tranche has no boundary"
            return
        try:
            units = file.boundary(agreement, band.up_to)
        except ValueError as error:
            yield path, str(error)
            return
        if units <= below:
            yield path, "is not above the boundary before it"
        below = units

"""The files of one import, read and checked together before the chain is asked anything."""

from dataclasses import dataclass
from pathlib import Path

from ledger.errors import LedgerError
from ledger.intake.billing import Billing, read_billing
from ledger.intake.keys import Keyring
from ledger.intake.matching import Matched, match
from ledger.intake.opportunities import Opportunities, read_opportunities
from ledger.intake.partners_file import PartnersFile
from ledger.intake.problems import IntakeRejected, Problem, reject_if_any


@dataclass(frozen=True)
class Reports:
    """What the files say, without a fault; a report that was not passed is None."""

    partners: PartnersFile
    opportunities: Opportunities | None
    billing: Billing | None
    matched: Matched | None


def read_reports(
    partners: PartnersFile, opportunities_path: Path | None, billing_path: Path | None, keyring: Keyring
) -> Reports:
    """Reads both reports. Raises IntakeRejected with everything that is wrong in either, LedgerError on
    bad options.
    """
    problems: list[Problem] = []
    opportunities = _opportunities(partners, opportunities_path, problems)
    billing = _billing(partners, billing_path, problems)
    # Charges are matched only against opportunities that could be read: else one fault would be told many
    # times.
    reject_if_any(problems)
    matched = None
    if billing is not None and partners.billing is not None:
        payer = partners.billing.payer
        if payer not in keyring.import_keys:
            raise LedgerError(
                f"The keys file has no import key of the payer {payer!r}.",
                f"Write it under accounts.{payer}.import_key: 32 random bytes, kept for ever; "
                "invoice references are made with it.",
            )
        matched = match(billing, opportunities, partners, partners.billing, keyring.import_keys[payer])
        reject_if_any(matched.problems)
    return Reports(partners, opportunities, billing, matched)


def _opportunities(
    partners: PartnersFile, path: Path | None, problems: list[Problem]
) -> Opportunities | None:
    if path is None:
        return None
    if partners.opportunities is None:
        raise LedgerError(
            "The partners file does not say how to read an opportunity report.",
            "Add the section 'opportunities'; examples/partners.yaml has one.",
        )
    try:
        found = read_opportunities(path, partners, partners.opportunities)
    except IntakeRejected as rejected:
        problems += rejected.problems
        return None
    problems += found.problems
    return found


def _billing(partners: PartnersFile, path: Path | None, problems: list[Problem]) -> Billing | None:
    if path is None:
        return None
    if partners.billing is None:
        raise LedgerError(
            "The partners file does not say how to read a billing report.",
            "Add the section 'billing'; examples/partners.yaml has one.",
        )
    try:
        found = read_billing(path, partners, partners.billing)
    except IntakeRejected as rejected:
        problems += rejected.problems
        return None
    problems += found.problems
    return found

"""The files of one import, read and checked together before the chain is asked anything."""

from collections.abc import Sequence
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
    """What the files say; a report that was not passed is None. ``problems``: what is wrong with rows, which
    are left out; those that do not fit together are in ``matched``.
    """

    partners: PartnersFile
    opportunities: Opportunities | None
    billing: Billing | None
    matched: Matched | None
    problems: Sequence[Problem] = ()


def read_reports(
    partners: PartnersFile,
    opportunities_path: Path | None,
    billing_path: Path | None,
    keyring: Keyring,
    *,
    strict: bool = False,
) -> Reports:
    """Reads both reports. Raises IntakeRejected when one cannot be read, or, when ``strict``, with everything
    that is wrong in either; LedgerError on bad options.
    """
    unreadable: list[Problem] = []
    opportunities = _opportunities(partners, opportunities_path, unreadable)
    billing = _billing(partners, billing_path, unreadable)
    problems = [problem for report in (opportunities, billing) if report for problem in report.problems]
    # Charges are matched only against opportunities that could be read: else one fault would be told many
    # times.
    reject_if_any([*unreadable, *problems] if strict or unreadable else ())
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
        reject_if_any(matched.problems if strict else ())
    return Reports(partners, opportunities, billing, matched, problems)


def _opportunities(
    partners: PartnersFile, path: Path | None, unreadable: list[Problem]
) -> Opportunities | None:
    if path is None:
        return None
    if partners.opportunities is None:
        raise LedgerError(
            "The partners file does not say how to read an opportunity report.",
            "Add the section 'opportunities'; examples/partners.yaml has one.",
        )
    try:
        return read_opportunities(path, partners, partners.opportunities)
    except IntakeRejected as rejected:
        unreadable += rejected.problems
        return None


def _billing(partners: PartnersFile, path: Path | None, unreadable: list[Problem]) -> Billing | None:
    if path is None:
        return None
    if partners.billing is None:
        raise LedgerError(
            "The partners file does not say how to read a billing report.",
            "Add the section 'billing'; examples/partners.yaml has one.",
        )
    try:
        return read_billing(path, partners, partners.billing)
    except IntakeRejected as rejected:
        unreadable += rejected.problems
        return None

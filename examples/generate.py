"""Writes the sample files beside it: partners.yaml, opportunities.csv, billing.csv.

    python examples/generate.py

The same files come out on every run and machine. All companies, ids and amounts are invented; domains are
under .example, which nobody can own; there is no personal data.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from random import Random
from typing import TypeVar

from ledger.cli.demonstration.actors import account

FOLDER = Path(__file__).resolve().parent
DEALS, CHARGES, DIRECT_CHARGES = 120, 300, 24

T = TypeVar("T")

PARTNERS = {
    "halyard": "Halyard Software AB",
    "nordhaus": "Nordhaus Systemberatung GmbH",
    "fjordlink": "Fjordlink Konsult AS",
    "bluewater": "Bluewater Integration Ltd",
    "atelier": "Atelier Numérique Lyon SAS",
    "puente": "Puente Digital S.L.",
    "cobalt": "Cobalt Ridge Consulting Inc.",
    "tessellate": "Tessellate Data Cooperative",
    "lumenoak": "Lumen & Oak LLP",
    "ostrava": "Ostrava Datové Systémy s.r.o.",
    "concord": "Concord Arbitration Chamber",
}
AGREEMENTS = {
    "nordic-resale": ["shares: {halyard: 70%, nordhaus: 17.5%, fjordlink: 12.5%}"],
    "uk-resale": [
        "tranches:           # the vendor recoups its advance first; then 70/30; then halves",
        '  - {up_to: "50000", shares: {halyard: 100%}}',
        '  - {up_to: "120000", shares: {halyard: 70%, bluewater: 30%}}',
        "  - {shares: {halyard: 50%, bluewater: 50%}}",
    ],
    "france-iberia": [
        "shares: {halyard: 68%, atelier: 16%, puente: 16%}",
        "notice_days: 90",
        "after_end: finish",
    ],
    "north-america": [
        "shares: {halyard: 65%, cobalt: 25%, tessellate: 10%}",
        "clawback: yes       # a refund is owed out of later revenue",
        "arbiter: concord",
    ],
    "data-alliance": [
        "shares: {halyard: 60%, tessellate: 20%, lumenoak: 10%, ostrava: 10%}",
        "hold_days: 3        # as long the payer can take a payment back, and a party dispute it",
        "arbiter: concord",
    ],
}
AMENDMENTS = {
    "nordic-resale-2026": [
        "amends: nordic-resale",
        "shares: {halyard: 65%, nordhaus: 20%, fjordlink: 15%}",
    ],
}
PARTIES = {
    "nordic-resale": ("halyard", "nordhaus", "fjordlink"),
    "uk-resale": ("halyard", "bluewater"),
    "france-iberia": ("halyard", "atelier", "puente"),
    "north-america": ("halyard", "cobalt", "tessellate"),
    "data-alliance": ("halyard", "tessellate", "lumenoak", "ostrava"),
    "nordic-resale-2026": ("halyard", "nordhaus", "fjordlink"),
}
SELLERS = {
    "nordhaus": "nordic-resale",
    "fjordlink": "nordic-resale",
    "bluewater": "uk-resale",
    "atelier": "france-iberia",
    "puente": "france-iberia",
    "cobalt": "north-america",
    "tessellate": "data-alliance",
    "lumenoak": "data-alliance",
    "ostrava": "data-alliance",
}
FIRST_WORDS = """
    Alder Amber Aspen Birch Bramble Cedar Cinder Clover Coral Cypress Dune Ember Falcon Fern Flint
    Garnet Harbor Hazel Heron Indigo Juniper Kelp Lark Linden Maple Marlin Meadow Onyx Osprey Pebble
    Pine Quartz Raven Rowan Saffron Sable Sorrel Tamarack Thistle Willow
""".split()  # noqa: SIM905 (a list of quoted words is harder to read)
SECOND_WORDS = ("Foods", "Freight", "Clinics", "Optics", "Textiles", "Energy", "Paper")
OPEN_STAGES = (
    "Qualification",
    "Needs Analysis",
    "Value Proposition",
    "Proposal/Price Quote",
    "Negotiation/Review",
)
CHANCES = {"Closed Won": 100, "Closed Lost": 0, "Qualification": 10, "Needs Analysis": 20}
DESKS = ("Channel Desk North", "Channel Desk South", "Channel Desk Americas")
CENT = Decimal("0.01")


@dataclass
class Opportunity:
    """A row of the CRM report; the partner is empty for the vendor's direct business."""

    id: str
    customer: str
    website: str
    partner: str
    stage: str
    amount: Decimal
    created: date
    closed: date


class Dice:
    """Choices from the one number generator whose sequence Python keeps the same across its versions."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 (sample data)

    def below(self, limit: int) -> int:
        """A number from 0 to limit − 1."""
        return int(self._random.random() * limit)

    def one_of(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[self.below(len(choices))]

    def text(self, length: int) -> str:
        """Letters and digits, as ids have them."""
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        return "".join(self.one_of(alphabet) for _ in range(length))


def opportunities(dice: Dice) -> list[Opportunity]:
    """120 deals, of which 29 are in 14 conflicts, one is a customer's second; and 12 rows without partner."""
    names = [f"{first} {second}" for second in SECOND_WORDS for first in FIRST_WORDS]
    customers = iter(names[dice.below(7) :: 2])
    sellers = list(SELLERS)
    rows: list[Opportunity] = []
    for number in range(89):
        customer = next(customers)
        stage = ("Closed Won", "Closed Won", "Closed Lost", "", "Closed Won")[number % 5] or dice.one_of(
            OPEN_STAGES
        )
        rows.append(_opportunity(dice, customer, sellers[number % len(sellers)], stage))
    for number in range(13):
        rows += _conflict(dice, next(customers), sellers[number % 9], sellers[(number * 2 + 4) % 9], number)
    customer = next(customers)
    for place, (partner, stage) in enumerate(
        (("cobalt", "Closed Won"), ("bluewater", "Negotiation/Review"), ("ostrava", "Qualification"))
    ):
        rows.append(_opportunity(dice, customer, partner, stage, days=60 + 3 * place))
    customer = next(customers)
    rows.append(_opportunity(dice, customer, "puente", "Closed Lost", days=20))
    rows.append(_opportunity(dice, customer, "puente", "Needs Analysis", days=130))
    if len(rows) != DEALS:
        raise AssertionError(f"{len(rows)} deals")
    rows += [
        _opportunity(dice, next(customers), "", dice.one_of(("Closed Won", *OPEN_STAGES))) for _ in range(12)
    ]
    return sorted(rows, key=lambda row: (row.created, row.id))


def _conflict(dice: Dice, customer: str, first: str, second: str, number: int) -> Iterator[Opportunity]:
    """The same customer by two partners: mostly the first wins it; where it loses, the second may try."""
    if first == second:
        second = "bluewater" if first != "bluewater" else "cobalt"
    begins = 10 + 5 * number
    ends = (
        ("Closed Won", "Proposal/Price Quote"),
        ("Closed Lost", "Closed Won"),
        ("Closed Won", "Value Proposition"),
        ("Negotiation/Review", "Proposal/Price Quote"),
        ("Closed Won", "Closed Lost"),
        ("Qualification", "Negotiation/Review"),
    )[number % 6]
    yield _opportunity(dice, customer, first, ends[0], days=begins)
    yield _opportunity(dice, customer, second, ends[1], days=begins + 1 + dice.below(20))


def _opportunity(
    dice: Dice, customer: str, partner: str, stage: str, *, days: int | None = None
) -> Opportunity:
    created = date(2025, 1, 6) + timedelta(days=dice.below(150) if days is None else days)
    amount = Decimal(1_200 + 60 * dice.below(800))
    host = customer.lower().replace(" ", "-") + ".example"
    # People write one address in many ways; the tag is the same.
    website = dice.one_of((host, f"www.{host}", f"https://www.{host}/", f"https://{host.title()}"))
    fifteen = "0068d00000" + dice.text(5)
    closed = created + timedelta(days=20 + dice.below(60))
    return Opportunity(fifteen + _suffix(fifteen), customer, website, partner, stage, amount, created, closed)


def _suffix(fifteen: str) -> str:
    """The three characters by which Salesforce's ids survive programs that ignore case."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    parts = (fifteen[start : start + 5] for start in (0, 5, 10))
    return "".join(alphabet[sum(1 << i for i, own in enumerate(part) if own.isupper())] for part in parts)


def opportunities_csv(rows: Sequence[Opportunity]) -> str:
    """The report as Salesforce exports it: every cell quoted, a notice at the end."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(
        (
            "Opportunity ID",
            "Opportunity Name",
            "Account Name",
            "Website",
            "Partner Account",
            "Partner Agreement",
            "Stage",
            "Amount Currency",
            "Amount",
            "Probability (%)",
            "Close Date",
            "Created Date",
            "Opportunity Owner",
        )
    )
    for number, row in enumerate(rows):
        writer.writerow(
            (
                row.id,
                f"{row.customer} rollout",
                row.customer,
                row.website,
                PARTNERS.get(row.partner, ""),
                "data-alliance" if row.partner == "tessellate" else "",
                row.stage,
                "USD",
                f"{row.amount:.2f}",
                CHANCES.get(row.stage, 50),
                _us(row.closed),
                _us(row.created),
                DESKS[number % len(DESKS)],
            )
        )
    out.write('\n"Partner deals"\n"Confidential Information - Do Not Distribute"\n')
    return out.getvalue()


def _us(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


@dataclass
class Transaction:
    """A row of the billing report."""

    kind: str
    source: str
    amount: Decimal
    fee: Decimal
    created: datetime
    description: str
    opportunity: str = ""
    agreement: str = ""


def transactions(dice: Dice, rows: Sequence[Opportunity]) -> list[Transaction]:
    """300 charges of won deals and of agreements, refunds of some, and what else a billing account has."""
    won = [row for row in rows if row.partner and row.stage == "Closed Won"]
    charges: list[Transaction] = []
    parts = _parts(won, CHARGES - DIRECT_CHARGES)
    for place, (deal, count) in enumerate(zip(won, parts, strict=True)):
        # Of every ninth deal the last instalment is still to come.
        due = _instalments(deal.amount, count + 1 if place % 9 == 8 else count)[:count]
        for number, amount in enumerate(due):
            moment = _moment(dice, deal.closed + timedelta(days=5 + 30 * number))
            # Some systems keep the id with its three check characters, some without.
            shown = deal.id if number % 2 else deal.id[:15]
            charges.append(_charge(dice, amount, moment, opportunity=shown))
    for number in range(DIRECT_CHARGES):
        agreement = list(AGREEMENTS)[number % len(AGREEMENTS)]
        moment = _moment(dice, date(2025, 7, 1) + timedelta(days=5 * number))
        charges.append(_charge(dice, Decimal(90 + 5 * dice.below(100)), moment, agreement=agreement))
    charges.sort(key=lambda row: (row.created, row.source))
    for number, row in enumerate(charges, 1):
        row.description = f"Invoice HLY-2025-{number:04d}"
    others = [*_refunds(dice, charges), *_house_rows(dice)]
    return sorted([*charges, *others], key=lambda row: (row.created, row.source))


def _parts(won: Sequence[Opportunity], total: int) -> list[int]:
    """How many invoices each won deal has, so that there are ``total`` of them."""
    each, rest = divmod(total, len(won))
    return [each + (1 if number < rest else 0) for number in range(len(won))]


def _instalments(amount: Decimal, count: int) -> list[Decimal]:
    even = (amount / count).quantize(CENT, ROUND_HALF_EVEN)
    return [even] * (count - 1) + [amount - even * (count - 1)]


def _charge(
    dice: Dice, amount: Decimal, moment: datetime, *, opportunity: str = "", agreement: str = ""
) -> Transaction:
    by_card = dice.below(3) > 0
    rate, fixed = (Decimal("0.029"), Decimal("0.30")) if by_card else (Decimal("0.008"), Decimal(0))
    fee = min((amount * rate + fixed).quantize(CENT, ROUND_HALF_EVEN), Decimal("95.00"))
    kind, prefix = ("charge", "ch_") if by_card else ("payment", "py_")
    return Transaction(kind, prefix + dice.text(24), amount, fee, moment, "", opportunity, agreement)


def _refunds(dice: Dice, charges: Sequence[Transaction]) -> Iterator[Transaction]:
    for number in range(8):
        charge = charges[20 + 31 * number]
        share = (Decimal(1), Decimal("0.5"), Decimal("0.25"))[number % 3]
        amount = -(charge.amount * share).quantize(CENT, ROUND_HALF_EVEN)
        later = charge.created + timedelta(days=3 + dice.below(9))
        yield Transaction(
            "refund", charge.source, amount, Decimal(0), later, f"Refund of {charge.description}"
        )


def _house_rows(dice: Dice) -> Iterator[Transaction]:
    """Fees, payouts, transfers and adjustments of the billing account itself."""
    for month in range(2, 13):
        moment = datetime(2025, month, 1, 4, 12)
        fee = -Decimal(900 + dice.below(2_000)) / 100
        yield Transaction("stripe_fee", "", fee, Decimal(0), moment, "Billing - Usage Fee")
    for week in range(40):
        moment = datetime(2025, 2, 3, 0, 0) + timedelta(weeks=week)
        amount = -Decimal(200_000 + dice.below(900_000)) / 100
        yield Transaction("payout", "po_" + dice.text(24), amount, Decimal(0), moment, "STRIPE PAYOUT")
    for number in range(3):
        moment = datetime(2025, 5 + number, 17, 9, 30)
        yield Transaction(
            "adjustment", "du_" + dice.text(24), Decimal(-15), Decimal(0), moment, "Chargeback fee"
        )
        yield Transaction("transfer", "tr_" + dice.text(24), Decimal(-250), Decimal(0), moment, "Transfer")


def _moment(dice: Dice, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7 + dice.below(12), dice.below(60))


def billing_csv(dice: Dice, rows: Sequence[Transaction]) -> str:
    """The report as Stripe exports balance transactions."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        (
            "id",
            "Type",
            "Source",
            "Amount",
            "Fee",
            "Net",
            "Currency",
            "Created (UTC)",
            "Available On (UTC)",
            "Description",
            "Transfer",
            "Transfer Date (UTC)",
            "Transfer Group",
            "opportunity_id (metadata)",
            "agreement (metadata)",
        )
    )
    for row in rows:
        available = row.created + timedelta(days=7)
        writer.writerow(
            (
                "txn_" + dice.text(24),
                row.kind,
                row.source,
                f"{row.amount:.2f}",
                f"{row.fee:.2f}",
                f"{row.amount - row.fee:.2f}",
                "usd",
                f"{row.created:%Y-%m-%d %H:%M}",
                f"{available:%Y-%m-%d} 00:00",
                row.description,
                "",
                "",
                "",
                row.opportunity,
                row.agreement,
            )
        )
    return out.getvalue()


def partners_yaml(*, amended: bool = False) -> str:
    """Partners, programme, agreements and how the two reports are read; ``amended``: a year later."""
    lines = [
        "# What `pledger import` goes by. The accounts are anvil's public ones: for a local chain only.",
        *(["# As partners.yaml, and with the amendment that was signed since."] if amended else []),
        "partners:",
    ]
    agreements = AGREEMENTS | (AMENDMENTS if amended else {})
    for key, name in PARTNERS.items():
        lines += [
            f"  {key}:",
            f'    name: "{name}"',
            f'    account: "{account(key)}"',
            f"    uri: https://{key}.example",
        ]
    lines += [
        "",
        "programme:",
        "  owner: halyard",
        "  number: 1",
        "  name: Halyard Partner Programme 2025",
        "  rule: first registered",
        "",
        "currencies:",
        "  usd: {token: tUSD, decimals: 6}       # a name in the deployment file, or an address",
        "",
        "agreements:",
    ]
    for key, terms in agreements.items():
        lines += [
            f"  {key}:",
            f"    parties: [{', '.join(PARTIES[key])}]",
            *(f"    {line}" for line in terms),
            "    currencies: [usd]",
            "    decision_days: 14",
            "    exclusivity_days: 90",
            "    payment_days: 30",
            "    valid_from: 2025-01-01",
        ]
    lines += [
        "",
        "# The CRM's opportunity report: the columns that say whose deal a row is.",
        "opportunities:",
        "  profile: salesforce     # other programs, headers and forms: docs/import.md",
        "  columns: {partner: Partner Account, customer: Website, agreement: Partner Agreement}",
        "  customer_kind: domain",
        "  dates: M/D/YYYY",
        "  conflicts: reject       # a later registration of a customer that another partner holds",
        "",
        "# The billing report: Stripe's balance transactions of one account.",
        "billing:",
        "  profile: stripe-balance",
        "  source: stripe:halyard",
        "  payer: halyard",
        "  amount: gross",
        "  columns: {opportunity: opportunity_id (metadata), agreement: agreement (metadata)}",
    ]
    return "\n".join(lines) + "\n"


def generate() -> dict[str, str]:
    """The files by name."""
    dice = Dice(20250106)
    rows = opportunities(dice)
    return {
        "partners.yaml": partners_yaml(),
        "partners-amended.yaml": partners_yaml(amended=True),
        "opportunities.csv": opportunities_csv(rows),
        "billing.csv": billing_csv(dice, transactions(dice, rows)),
    }


if __name__ == "__main__":
    for name, text in generate().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")

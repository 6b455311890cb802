"""Small valid files for import, to be broken one thing at a time."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ledger.intake.billing import Billing, read_billing
from ledger.intake.opportunities import Opportunities, read_opportunities
from ledger.intake.partners_check import read_partners_file
from ledger.intake.partners_file import PartnersFile

VENDOR, NORTH, SOUTH = (f"0x{digit * 40}" for digit in "123")

PARTNERS_YAML = f"""\
partners:
  vendor: {{name: Vendor AB, account: "{VENDOR}"}}
  north: {{name: North Ltd, account: "{NORTH}", crm_names: [North Limited]}}
  south: {{name: South SAS, account: "{SOUTH}"}}
programme: {{owner: vendor, number: 1, name: Programme}}
currencies:
  usd: {{token: tUSD, decimals: 6}}
  jpy: {{token: "0x4444444444444444444444444444444444444444", decimals: 0}}
agreements:
  resale:
    parties: [vendor, north]
    shares: {{vendor: 70%, north: 30%}}
    currencies: [usd]
    valid_from: 2025-01-01
  alliance:
    parties: [south, vendor, north]
    shares: {{vendor: 50%, north: 12.5%, south: 37.5%}}
    currencies: [usd, jpy]
    valid_from: 2025-01-01
    valid_until: 2030-12-31
opportunities:
  columns: {{partner: Partner Account, customer: Website, agreement: Agreement}}
  customer_kind: domain
  dates: M/D/YYYY
billing:
  source: stripe:vendor
  payer: vendor
  amount: gross
  columns: {{opportunity: opportunity_id (metadata), agreement: agreement (metadata)}}
"""

OPPORTUNITY = {
    "Opportunity ID": "0068d00000AAAAA",
    "Opportunity Name": "Acme rollout",
    "Account Name": "Acme",
    "Website": "www.acme.example",
    "Partner Account": "North Ltd",
    "Agreement": "resale",
    "Stage": "Closed Won",
    "Amount Currency": "USD",
    "Amount": "1200.00",
    "Close Date": "3/4/2025",
    "Created Date": "2/3/2025",
}
CHARGE = {
    "id": "txn_1",
    "Type": "charge",
    "Source": "ch_1",
    "Amount": "100.00",
    "Fee": "3.20",
    "Net": "96.80",
    "Currency": "usd",
    "Created (UTC)": "2025-04-01 10:30",
    "opportunity_id (metadata)": "",
    "agreement (metadata)": "resale",
}


def csv_of(rows: Sequence[Mapping[str, str]], columns: Sequence[str] | None = None) -> str:
    """CSV text with every cell quoted."""
    header = list(columns or rows[0])
    lines = [header, *([row.get(name, "") for name in header] for row in rows)]
    return "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines) + "\n"


def partners(folder: Path, text: str = PARTNERS_YAML) -> PartnersFile:
    path = folder / "partners.yaml"
    path.write_text(text)
    return read_partners_file(path)


def opportunities(
    folder: Path,
    *rows: Mapping[str, str],
    text: str | None = None,
    encoding: str = "utf-8",
    yaml: str = PARTNERS_YAML,
) -> Opportunities:
    file = partners(folder, yaml)
    assert file.opportunities is not None
    path = folder / "opportunities.csv"
    path.write_text(text if text is not None else csv_of(rows), encoding)
    return read_opportunities(path, file, file.opportunities)


def billing(
    folder: Path, *rows: Mapping[str, str], text: str | None = None, yaml: str = PARTNERS_YAML
) -> Billing:
    file = partners(folder, yaml)
    assert file.billing is not None
    path = folder / "billing.csv"
    path.write_text(text if text is not None else csv_of(rows))
    return read_billing(path, file, file.billing)

"""Ready profiles: how well-known programs export, in the form of the partners file's own sections.

A profile is named in one line; whatever the section says itself goes before it. Header names and forms are
those of the programs' public documentation and of files that people published.
"""

from collections.abc import Mapping
from typing import Any

Section = Mapping[str, Any]

_HUBSPOT_STAGES = {
    "Appointment Scheduled": "registered",
    "Qualified To Buy": "registered",
    "Presentation Scheduled": "registered",
    "Decision Maker Bought-In": "approved",
    "Contract Sent": "approved",
    "Closed Won": "won",
    "Closed Lost": "lost",
}

OPPORTUNITIES: Mapping[str, Section] = {
    # Salesforce, a report exported as "Details Only"; the language is the user's, dates and numbers are those
    # of the user's locale.
    "salesforce": {
        "columns": {
            "id": "Opportunity ID",
            "stage": "Stage",
            "amount": "Amount",
            "currency": "Amount Currency",
            "created": "Created Date",
        },
    },
    "salesforce-german": {
        "dates": "D.M.YYYY",
        "numbers": "1.234,56",
        "columns": {
            "id": "Opportunity-ID",
            "stage": "Phase",
            "amount": "Betrag",
            "currency": "Betrag Währung",
            "created": "Erstelldatum",
        },
    },
    # Data Loader and the Bulk API name the fields themselves, in whatever case.
    "salesforce-data-loader": {
        "dates": "YYYY-MM-DD",
        "numbers": "1,234.56",
        "separator": ",",
        "columns": {
            "id": "Id",
            "stage": "StageName",
            "amount": "Amount",
            "currency": "CurrencyIsoCode",
            "created": "CreatedDate",
        },
    },
    "hubspot": {
        "dates": "YYYY-MM-DD",
        "numbers": "1,234.56",
        "separator": ",",
        # Exports of several pipelines have the pipeline's name behind the stage's.
        "stages": {
            name: target
            for stage, target in _HUBSPOT_STAGES.items()
            for name in (stage, f"{stage} (Sales Pipeline)")
        },
        "columns": {
            "id": "Record ID",
            "stage": "Deal Stage",
            "amount": "Amount",
            "currency": "Currency",
            "created": "Create Date",
        },
    },
}

BILLING: Mapping[str, Section] = {
    # Stripe's dashboard: Balances, all transactions, Export.
    "stripe-balance": {
        "dates": "YYYY-MM-DD",
        "numbers": "1,234.56",
        "columns": {
            "id": "id",
            "type": "Type",
            "source": "Source",
            "amount": "Amount",
            "fee": "Fee",
            "net": "Net",
            "currency": "Currency",
            "created": "Created (UTC)",
        },
    },
    # Stripe's reports: Balance change from activity, or Payout reconciliation, itemized.
    "stripe-itemized": {
        "dates": "YYYY-MM-DD",
        "numbers": "1,234.56",
        "columns": {
            "id": "balance_transaction_id",
            "type": "reporting_category",
            "source": "source_id",
            "amount": "gross",
            "fee": "fee",
            "net": "net",
            "currency": "currency",
            "created": "created_utc",
            "charge": "charge_id",
        },
    },
}


def over_profile(profiles: Mapping[str, Section], given: object) -> object:
    """A section with what its profile says of everything that it does not say itself."""
    if not isinstance(given, dict) or not isinstance(given.get("profile"), str):
        return given
    profile = profiles.get(given["profile"])
    if profile is None:
        return given
    columns = given.get("columns", {})
    if isinstance(columns, dict):
        columns = {**profile["columns"], **columns}
    return {**profile, **given, "columns": columns}

"""docs/import.md: each of its examples can be read, and it leaves no profile, form or column out."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from ledger.intake import profiles
from ledger.intake.amounts import NumberFormat
from ledger.intake.dates import DateFormat
from ledger.intake.partners_file import Currency
from ledger.intake.report_sections import BillingColumns, BillingReport, OpportunityColumns, OpportunityReport
from ledger.intake.table import Separator
from ledger.intake.text_file import Encoding

GUIDE = (Path(__file__).parents[2] / "docs/import.md").read_text()
EXAMPLES = [
    yaml.load(block, Loader=yaml.BaseLoader) for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.S)
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: ",".join(example))
def test_an_example_can_be_read(example: dict[str, Any]) -> None:
    for section, content in example.items():
        if section == "currencies":
            assert all(Currency.model_validate(own) for own in content.values())
        else:
            assert section in ("opportunities", "billing")
            model: type[BaseModel] = OpportunityReport if section == "opportunities" else BillingReport
            assert model.model_validate(content)


def test_it_names_every_profile_form_and_column() -> None:
    words = [*profiles.OPPORTUNITIES, *profiles.BILLING]
    for choices in (DateFormat, NumberFormat, Encoding):
        words += get_args(choices)
    assert [word for word in words if f"`{word}`" not in GUIDE and f'`"{word}"`' not in GUIDE] == []
    assert [own for own in get_args(Separator) if own.replace("|", "\\|") not in GUIDE] == []
    named = {column for example in EXAMPLES for own in example.values() for column in own.get("columns", ())}
    assert {*OpportunityColumns.model_fields, *BillingColumns.model_fields} <= named
    for profile in (*profiles.OPPORTUNITIES.values(), *profiles.BILLING.values()):
        assert [title for title in profile["columns"].values() if title not in GUIDE] == []

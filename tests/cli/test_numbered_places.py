"""What the terminal reads by place of a contract's answer stands there, by the contract's own names."""

from ledger.artifacts.contracts import contract_abi
from ledger.cli.acting import deal_records, owed, paying


def names(contract: str, view: str) -> list[str]:
    (answer,) = next(each["outputs"] for each in contract_abi(contract) if each.get("name") == view)
    return [part["name"] for part in answer["components"]]


def test_places_are_those_of_the_contracts_names() -> None:
    book, deal = names("RevenueLedger", "bookOf"), names("DealRegistry", "dealOf")
    standing = names("AgreementRegistry", "standingOf")
    read = [owed._VALID_FROM, owed._HOLD_DAYS, owed._PERIOD_DAYS, owed._OPEN]
    assert [book[place] for place in read] == ["validFrom", "holdDays", "periodDays", "open"]
    of_deal = [deal_records.ACCOUNT, deal_records.STATE, deal_records.SINCE, deal_records.AGREEMENT]
    assert [deal[place] for place in of_deal] == ["account", "state", "since", "agreement"]
    of_deal = [deal_records.VENDOR, deal_records.DECIDE_BY, deal_records.EXCLUSIVE_UNTIL]
    assert [deal[place] for place in of_deal] == ["vendor", "decideBy", "exclusiveUntil"]
    of_standing = [paying._SUCCESSOR, paying._ENDS_AT, paying._SUCCEEDED_FROM]
    assert [standing[place] for place in of_standing] == ["successor", "endsAt", "succeededFrom"]
    assert standing[2] == "endsAt", "as agreement end reads it"

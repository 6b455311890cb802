"""What the views answer in several values is read by the contract's own names."""

from typing import Any

import pytest
from eth_utils.address import to_checksum_address
from ledger_world import World

from ledger.artifacts.contracts import contract_abi
from ledger.chain import views
from ledger.chain.calls import Questions
from ledger.chain.checked_entries import BlockId
from ledger.terms.deals import Rule
from ledger.terms.ids import AgreementId
from ledger.terms.solidity import snake

VIEWS: list[views.View[Any]] = [own for own in vars(views).values() if isinstance(own, views.View)]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.function)
def test_fields_are_the_contracts_own_in_its_order(view: views.View[Any]) -> None:
    (own,) = [each for each in contract_abi(view.contract) if each.get("name") == view.function]
    values = own["outputs"] if len(own["outputs"]) > 1 else own["outputs"][0]["components"]
    assert list(view.answer._fields) == [snake(value["name"]) for value in values]


def test_what_a_view_says_has_the_fields_types(world: World) -> None:
    vendor = world.partner("Vendor")
    agreement = world.agreement([vendor])
    asking = Questions(world.node, world.deployment, BlockId.newest(world.node))
    standing, none = views.STANDING_OF.of_each(asking, [[agreement.id], [bytes(32)]])
    assert standing.active and not none.active and not any(standing.successor)
    assert views.PROGRAMME_OF.of(asking, agreement.terms.programme).rule in Rule
    nobody = views.DEAL_OF.of(asking, bytes(32)).account
    assert nobody == to_checksum_address(nobody)


def test_an_end_is_the_earlier_of_two_and_a_successor_stands_from_its_time_on() -> None:
    standing = views.Standing(True, AgreementId(bytes(32)), 0, 0, 0, 0)
    assert standing.last_second(100) == 100
    assert standing._replace(ends_at=90).last_second(100) == 90
    assert standing._replace(ends_at=110).last_second(100) == 100
    amended = standing._replace(successor=AgreementId(b"s" * 32), succeeded_from=50)
    assert [amended.is_replaced(now) for now in (49, 50)] == [False, True]
    assert not standing.is_replaced(50)

"""Whatever is done, the contracts and the reference model answer the same: amounts, states, errors, heads."""

import pytest
from ledger_world import World

from model import steps_agreements, steps_deals, steps_money, steps_questioned
from model.history import History

MONEY = (*steps_money.PAYING, *steps_money.TAKING, *steps_questioned.DISPUTES, *steps_questioned.DEBTS)
MAKERS = (*steps_agreements.STEPS, *steps_deals.STEPS, *MONEY, *MONEY)
MOSTLY_DEALS = (*steps_agreements.STEPS, *[steps_agreements.open_epoch] * 3, *steps_deals.STEPS * 4)


def test_a_short_history_is_the_same_on_chain_and_in_the_model(world: World) -> None:
    History(world, 7, MAKERS).play(60)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(100, 120))
def test_long_histories_are_the_same_on_chain_and_in_the_model(world: World, seed: int) -> None:
    History(world, seed, MOSTLY_DEALS if seed % 2 else MAKERS).play(300)

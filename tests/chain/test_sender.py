"""Sending: refusals by name before they cost gas, and nonces that never clash."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from forms import form_of
from ledger_world import World

from ledger.chain import anvil
from ledger.chain.authorization import sign
from ledger.chain.reverts import Reverted, reverted
from ledger.chain.sender import Sender
from ledger.errors import LedgerError


def test_a_refusal_is_known_by_name_and_costs_nothing(world: World) -> None:
    partner = world.partner("Partner")
    before = world.node.rpc("eth_getBalance", [partner.account, "latest"])
    with pytest.raises(Reverted) as refused:
        partner.sender.send(world.partners.functions.register(partner.account, "Partner", ""))
    said = f"register was refused: {partner.account} is registered already (AlreadyRegistered)."
    assert refused.value.what == said
    assert refused.value.error == "AlreadyRegistered"
    assert refused.value.arguments == {"account": partner.account}
    assert world.node.rpc("eth_getBalance", [partner.account, "latest"]) == before


def test_a_tokens_refusal_is_known_too(world: World) -> None:
    payer = world.partner("Payer")
    agreement = world.agreement([payer])
    invoice = world.invoice(5)
    call = world.ledger.functions.pay(agreement.id, world.token.address, invoice.to_abi())
    with pytest.raises(Reverted, match="ERC20InsufficientAllowance") as refused:
        payer.sender.send(call)
    assert "Approve the revenue ledger" in refused.value.hint


def test_unknown_reasons_are_shown_as_they_are() -> None:
    assert "0xdeadbeef" in reverted("it", "0xdeadbeef").what
    assert "it gave no reason" in reverted("it", "0x").what
    assert "it gave no reason" in reverted("it", None).what
    assert reverted("it", "0x08c379a0").error == "Error"  # cut short


def test_an_account_without_gas_money(world: World) -> None:
    poor = Sender(world.node, anvil.wallet(50))
    with pytest.raises(LedgerError, match=f"{poor.address} cannot pay the gas of register: it has 0 wei"):
        poor.send(world.partners.functions.register(poor.address, "Poor", ""))


def test_threads_share_a_sender(world: World) -> None:
    def attest(number: int) -> int:
        account = anvil.wallet(number).address
        call = world.partners.functions.attest(account, 1, world.deadline(), bytes(32))
        return int(world.relayer.send(call)["status"])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(attest, range(1, 13))) == [1] * 12


def test_what_fails_only_when_it_is_mined_is_explained(world: World) -> None:
    """The signature is in time when the transaction is estimated, and late when it is mined."""
    deadline = world.deadline(seconds=60)
    key = anvil.wallet(20)
    data = form_of("Register")(world.deployment, key.address, "Late", "", nonce=1, deadline=deadline)
    register = world.partners.functions.registerWithAuthorization
    call = register(key.address, "Late", "", sign(data, key).to_abi())

    world.node.rpc("evm_setAutomine", [False])
    try:
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(world.relayer.send, call)
            while int(world.node.rpc("txpool_status")["pending"], 16) == 0:
                assert not sending.done()
                time.sleep(0.01)
            world.chain.set_time(deadline + 1)
            with pytest.raises(Reverted, match=f"or consent of {key.address} was good until 20"):
                sending.result()
    finally:
        world.node.rpc("evm_setAutomine", [True])

"""Paying and claiming from the command line: what is owed arrives, and what would be lost or pointless is
said before anything is signed.
"""

import pytest
from acting_partners import Run, held, reference
from ledger_actions import amend, rotate
from ledger_world import DAY, Partner, World
from web3.contract import Contract
from web3.types import TxReceipt

from ledger.artifacts.contracts import bytecode, contract_abi
from ledger.cli.moments import shown
from ledger.errors import LedgerError
from ledger.intake.references import invoice_ref
from ledger.terms.agreement import NATIVE_COIN, UNBOUNDED, Tranche

IMPORT_KEY = "0x" + "11" * 32


def sent(world: World, who: Partner) -> int:
    """Transactions of a wallet."""
    return int(world.node.rpc("eth_getTransactionCount", [who.sender.address, "latest"]), 16)


def test_everything_that_is_owed_is_claimed_at_once(world: World, run: Run) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    plain = world.agreement([vendor, agency], {vendor: 0.7, agency: 0.3})
    coin = world.agreement([vendor, agency], tokens=[NATIVE_COIN])
    world.agreement([vendor, agency])  # nothing was paid under it
    assert "Nothing can be claimed" in run(agency, "claim")
    assert sent(world, agency) == 1  # its registration

    world.pay(vendor, plain, 10_000_000)
    invoice = world.invoice(10**18)
    call = world.ledger.functions.pay(coin.id, NATIVE_COIN, invoice.to_abi())
    vendor.sender.send(call, value=10**18)
    before = int(world.node.rpc("eth_getBalance", [agency.account, "latest"]), 16)
    output = run(agency, "claim")
    assert "3.00 tUSD" in output and "0.50 of the chain's coin" in output and "0x" + plain.id.hex() in output
    assert output.count("done: withdraw") == 2
    assert world.token.functions.balanceOf(agency.account).call() == 3_000_000
    assert int(world.node.rpc("eth_getBalance", [agency.account, "latest"]), 16) > before
    assert "Nothing can be claimed" in run(agency, "claim", "0x" + plain.id.hex().upper())


def test_why_nothing_can_be_claimed_is_said(world: World, run: Run) -> None:
    vendor, agency, friend = world.partner("Vendor"), world.partner("Agency"), world.stranger("Friend")
    assert f"{friend.account} now: it is not registered here. `pledger register" in run(friend, "claim")
    assert f"{agency.account} now: no agreement pays it." in run(agency, "claim")
    holding = world.agreement([vendor, agency], {vendor: 0.9, agency: 0.1}, hold_seconds=3 * DAY)
    named = "0x" + holding.id.hex()
    assert "nothing was released to it yet, or all of it was claimed" in run(agency, "claim")
    for _ in range(2):
        world.pay(vendor, holding, 5_000_000)
        world.chain.increase_time(DAY)
    world.chain.mine()
    output = run(agency, "claim", named)
    first = shown((world.node.timestamp() // DAY + 2) * DAY)
    assert (
        f"{named} are still held: 10.00 tUSD for all its payees together, the first of it until {first}."
        in output
    )
    world.chain.increase_time(4 * DAY)
    world.chain.mine()
    assert "done: withdraw 1.00 tUSD" in run(agency, "claim")
    assert "held" not in run(agency, "claim")
    world.pay(vendor, world.agreement([vendor, agency], hold_seconds=3000 * DAY), 5_000_000)
    assert run(agency, "claim") == f"Nothing can be claimed for {agency.account} now.\n"


def test_a_claim_goes_where_its_owner_says_and_never_where_it_would_be_lost(world: World, run: Run) -> None:
    vendor, agency, friend = world.partner("Vendor"), world.partner("Agency"), world.stranger("Friend")
    agreement = world.agreement([vendor, agency])
    world.pay(vendor, agreement, 10_000_000)
    named, count = "0x" + agreement.id.hex(), sent(world, agency)
    ledger = world.ledger.address
    for lost in (ledger, "0x" + "00" * 20, world.token.address):
        with pytest.raises(LedgerError, match="nobody could take the money out of it"):
            run(agency, "claim", "--to", lost)
    mistyped = friend.account.swapcase().replace("0X", "0x")
    with pytest.raises(LedgerError, match="a character was mistyped"):
        run(agency, "claim", "--to", mistyped)
    with pytest.raises(LedgerError, match="is not a payee of the agreement"):
        run(friend, "claim", named)
    with pytest.raises(LedgerError, match="does not act for"):
        run(friend, "claim", "--for", agency.account, "--to", friend.account)
    assert sent(world, agency) == count
    run(agency, "claim", named, "--token", "TUSD", "--to", friend.account)
    assert world.token.functions.balanceOf(friend.account).call() == 5_000_000
    run(friend, "claim", "--for", vendor.account)  # anyone can, to its own wallet
    assert world.token.functions.balanceOf(vendor.account).call() == 5_000_000
    with pytest.raises(LedgerError, match="It is not paid in 'EURX'"):
        run(vendor, "claim", "--token", "EURX")


def test_claims_reach_periods_amended_agreements_and_held_days_that_are_due(world: World, run: Run) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    monthly = (Tranche(4_000_000, 30 * DAY), Tranche(UNBOUNDED, 30 * DAY))
    banded = world.agreement([vendor, agency], {vendor: [0, 1], agency: [1, 0]}, tranches=monthly)
    old = world.agreement([vendor, agency], {vendor: 0.9, agency: 0.1}, hold_seconds=7 * DAY)
    world.pay(vendor, banded, 3_000_000)
    world.pay(vendor, old, 20_000_000)
    amend(world, old, world.terms([vendor, agency], predecessor=old.id), [vendor, agency])
    world.chain.increase_time(31 * DAY)
    world.pay(vendor, banded, 6_000_000)
    rotate(world, agency, (newer := world.stranger("Newer")))
    output = run(newer, "claim", "--for", newer.account)  # a wallet's address names its account, too
    listed = [line.split() for line in output.splitlines() if "  agreement" in line]
    assert sorted(line[0] for line in listed) == ["2.00", "3.00", "4.00"]
    [first, second] = sorted(int(line[-1]) for line in listed if "period" in line)
    assert second == first + 1
    assert output.count("done: withdraw 9.00 tUSD") == 1
    assert world.token.functions.balanceOf(newer.account).call() == 9_000_000


def test_more_days_than_one_claim_releases_are_claimed_all_the_same(world: World, run: Run) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], hold_seconds=DAY)
    for _ in range(66):
        world.pay(vendor, agreement, 2_000_000)
        world.chain.increase_time(DAY)
    world.chain.increase_time(2 * DAY)
    world.chain.mine()
    output = run(agency, "claim")
    assert "done: withdraw 64.00 tUSD" in output and "done: withdraw 2.00 tUSD" in output
    assert world.token.functions.balanceOf(agency.account).call() == 66_000_000


def test_an_invoice_is_paid_once_and_its_allowance_is_exact(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor, agency, newer = world.partner("Vendor"), world.partner("Agency"), world.stranger("Newer")
    agreement = world.agreement([vendor, agency], hold_seconds=7 * DAY)
    named = "0x" + agreement.id.hex()
    world.relayer.send(world.token.functions.mint(vendor.account, 20_000_000))
    with pytest.raises(LedgerError, match="Say which invoice"):
        run(vendor, "pay", named, "12.5")
    with pytest.raises(LedgerError, match="PLEDGER_IMPORT_KEY is not set"):
        run(vendor, "pay", named, "12.5", "--invoice", "INV-7")
    monkeypatch.setenv("PLEDGER_IMPORT_KEY", IMPORT_KEY)
    # What a page or a document adds unseen, and another encoding of accents, make no other invoice of it.
    output = run(vendor, "pay", named, "12.5", "--invoice", "\u200bRu\u0308ck-7 ", "--source", "books")
    assert "done: let the ledger take 12.50 tUSD" in output and "done: pay 12.50 tUSD" in output
    ref = invoice_ref(bytes.fromhex(IMPORT_KEY[2:]), "books", "R\u00fcck-7")
    assert "0x" + ref.hex() in output
    assert any(world.ledger.functions.paymentOf(vendor.account, ref).call())
    assert world.token.functions.allowance(vendor.account, world.ledger.address).call() == 0
    again = ("pay", named, "12.5", "--reference", "0X" + ref.hex().upper())
    with pytest.raises(LedgerError, match="has paid the invoice"):
        run(vendor, *again)
    rotate(world, vendor, newer)
    world.relayer.send(world.token.functions.mint(newer.account, 20_000_000))
    with pytest.raises(LedgerError, match=f"{vendor.account} has paid the invoice"):
        run(newer, *again)  # another wallet of the same account


def test_the_chains_own_coin_is_paid_with_the_call(world: World, run: Run) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], tokens=[world.token.address, NATIVE_COIN])
    pay = ("pay", "0x" + agreement.id.hex(), "0.25", "--reference", reference(world, "INV-1"))
    with pytest.raises(LedgerError, match="takes 2 tokens"):
        run(vendor, *pay)
    assert "done: pay 0.25 of the chain's coin" in run(vendor, *pay, "--token", "coin")
    assert world.chain.node.rpc("eth_getBalance", [world.ledger.address, "latest"]) == hex(25 * 10**16)


def test_what_cannot_be_paid_is_said_before_anything_is_signed(world: World, run: Run) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    parties, now = [vendor, agency], world.node.timestamp()
    open_now = world.agreement(parties)
    later = world.agreement(parties, valid_from=now + 30 * DAY)
    over = world.agreement(parties, valid_until=now + DAY)
    old = world.agreement(parties)
    new = amend(world, old, world.terms(parties, predecessor=old.id), parties)
    world.chain.increase_time(2 * DAY)
    world.chain.mine()
    world.relayer.send(world.token.functions.mint(vendor.account, 5_000_000))
    count = sent(world, vendor)

    def refused(agreement: bytes, amount: str, why: str, *more: str) -> None:
        with pytest.raises(LedgerError, match=why):
            run(
                vendor, "pay", "0x" + agreement.hex(), amount, "--reference", reference(world, "INV-1"), *more
            )

    refused(b"\x07" * 32, "1", "No agreement 0x0707")
    refused(later.id, "1", "in force from")
    refused(over.id, "1", "The agreement ended on")
    refused(old.id, "1", f"0x{new.id.hex()} has taken its place")
    refused(open_now.id, "1", "It is not paid in 'EURX'", "--token", "EURX")
    refused(open_now.id, "1", "It is not paid in", "--token", NATIVE_COIN)
    refused(open_now.id, "1.2345678", "7 decimals")
    refused(open_now.id, "1.234,5,6", "1.234,5,6")
    refused(open_now.id, "ten", "plain number")
    refused(open_now.id, "1.234", "for some and")
    refused(open_now.id, "1,234", "for some and")
    refused(open_now.id, "(5)", "is negative")
    refused(open_now.id, "0.000000", "The amount is nothing")
    refused(open_now.id, "5.01", "has 5.00 tUSD, and 5.01 tUSD are to be paid")
    refused(open_now.id, "1", "was not won", "--deal", "0x" + "07" * 32)
    refused(open_now.id, "1", "A reference of zeros", "--reference", "0x" + "00" * 32)
    with pytest.raises(LedgerError, match="is not the id of an agreement"):
        run(vendor, "pay", "0x" + open_now.id.hex()[:12], "1", "--reference", reference(world, "INV-1"))
    world.relayer.send(world.ledger.functions.pauseDeposits())
    refused(open_now.id, "1", "paused new payments")
    assert sent(world, vendor) == count


def test_nothing_is_sent_to_release_what_is_not_due(
    world: World, run: Run, parties: tuple[Partner, Partner, Partner]
) -> None:
    vendor, agreement = parties[0], held(world, parties)
    world.pay(vendor, agreement, 10_000_000, ref="INV-1")
    count = sent(world, vendor)
    assert "Nothing is due" in run(vendor, "payment", "mature", "0x" + agreement.id.hex())
    assert sent(world, vendor) == count


def test_a_token_that_pays_nothing_out_keeps_nobody_from_the_others(world: World, run: Run) -> None:
    """A token that the ledger holds too little of, and one whose code says no more how it is written."""
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    broken, _ = deploy_token(world)
    good = world.agreement([vendor, agency])
    bad = world.agreement([vendor, agency], tokens=[broken.address])
    world.pay(vendor, good, 10_000_000)
    world.pay(vendor, bad, 10_000_000, token=broken)
    world.node.rpc("anvil_setCode", [broken.address, "0x60006000fd"])
    with pytest.raises(LedgerError, match=f"withdraw 5000000 smallest units of {broken.address}"):
        run(agency, "claim")
    assert world.token.functions.balanceOf(agency.account).call() == 5_000_000


def deploy_token(world: World) -> tuple[Contract, TxReceipt]:
    contract = world.node.w3.eth.contract(abi=contract_abi("TestDollar"), bytecode=bytecode("TestDollar"))
    address, receipt = world.relayer.deploy(contract.constructor(), "another token")
    return world.node.contract_at(address, contract_abi("TestDollar")), receipt


def test_everybody_is_paid_at_once_by_anyone(world: World, run: Run) -> None:
    vendor, agency, friend = world.partner("Vendor"), world.partner("Agency"), world.stranger("Friend")
    agreement = world.agreement([vendor, agency], {vendor: 0.7, agency: 0.3}, hold_seconds=DAY)
    named = "0x" + agreement.id.hex()
    assert "nothing was released yet, or all of it was paid out" in run(friend, "distribute", named)
    world.pay(vendor, agreement, 10_000_000)
    assert "Nobody has anything coming now: 10.00 tUSD is still held." in run(friend, "distribute", named)
    world.chain.increase_time(3 * DAY)
    world.chain.mine()
    output = run(friend, "distribute", named)
    assert f"7.00 tUSD  to the wallet of {vendor.account}" in output
    assert "2 payees get 10.00 tUSD in all" in output
    assert world.token.functions.balanceOf(agency.account).call() == 3_000_000
    assert "nothing was released yet, or all of it was paid out" in run(friend, "distribute", named)


def test_a_long_list_is_paid_in_parts_and_who_cannot_be_paid_is_named(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor, agency, friend = world.partner("Vendor"), world.partner("Agency"), world.stranger("Friend")
    monkeypatch.setattr("ledger.cli.acting.distributing._MOST", 1)
    monthly = (Tranche(4_000_000, 30 * DAY), Tranche(UNBOUNDED, 30 * DAY))
    shares = {vendor: [0, 1], agency: [1, 0]}
    agreement = world.agreement([vendor, agency], shares, tokens=[NATIVE_COIN], tranches=monthly)
    for _ in range(2):
        call = world.ledger.functions.pay(agreement.id, NATIVE_COIN, world.invoice(5_000_000).to_abi())
        vendor.sender.send(call, value=5_000_000)
        world.chain.increase_time(31 * DAY)
    world.node.rpc("anvil_setCode", [agency.account, "0x5f5ffd"])  # its wallet takes no coin
    output = run(friend, "distribute", "0x" + agreement.id.hex())
    assert output.count("Transaction 1 of 2") == output.count("Transaction 2 of 2") == 2
    assert output.count(f"{agency.account} could not be paid") == 2

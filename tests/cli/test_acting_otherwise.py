"""Acting without sending: dry runs, forms that are signed here or elsewhere, and who sends them; and each
declared action as a command.
"""

import json
from pathlib import Path

import pytest
from acting_partners import Run, held, reference
from eth_account.messages import encode_typed_data
from ledger_world import DAY, Partner, World

from ledger.actions import ACTIONS
from ledger.cli.acting.any_action import act_app
from ledger.cli.moments import shown
from ledger.errors import LedgerError


def sent(world: World, who: Partner) -> int:
    return int(world.node.rpc("eth_getTransactionCount", [who.sender.address, "latest"]), 16)


def test_a_dry_run_says_what_the_chain_says_and_sends_nothing(world: World, run: Run) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency])
    pay = ("pay", "0x" + agreement.id.hex(), "12.5", "--reference", reference(world, "INV-1"), "--dry-run")
    world.relayer.send(world.token.functions.mint(vendor.account, 12_500_000))
    before = sent(world, vendor)
    output = run(vendor, *pay)  # the payment is tried behind the allowance that it takes
    assert "would be taken: let the ledger take 12.50 tUSD" in output
    assert "would be taken: pay 12.50 tUSD" in output and "done:" not in output
    with pytest.raises(LedgerError, match="is registered already"):
        run(vendor, "act", "register", "--name", "Vendor", "--dry-run")
    world.pay(vendor, agreement, 10_000_000)
    before = sent(world, vendor)
    assert "would be taken: withdraw 5.00 tUSD" in run(vendor, "claim", "--dry-run")
    with pytest.raises(LedgerError, match="Choose one"):
        run(vendor, "claim", "--dry-run", "--sign-only", "form.json")
    assert sent(world, vendor) == before


def test_what_one_signs_another_sends(world: World, run: Run, tmp_path: Path) -> None:
    vendor, agency, friend = world.partner("Vendor"), world.partner("Agency"), world.stranger("Friend")
    agreement = world.agreement([vendor, agency])
    world.pay(vendor, agreement, 10_000_000)
    before, path = sent(world, agency), str(tmp_path / "claim.json")
    output = run(agency, "claim", "--to", friend.account, "--sign-only", path)
    assert f"signed: withdraw 5.00 tUSD owed to {agency.account}, to {friend.account}" in output
    assert f"pledger submit {path}" in output
    assert sent(world, agency) == before
    assert "done: withdraw 5.00 tUSD" in run(friend, "submit", path)
    assert world.token.functions.balanceOf(friend.account).call() == 5_000_000
    with pytest.raises(LedgerError, match=r"was used or cancelled before|has claimed all"):
        run(friend, "submit", path)
    with pytest.raises(LedgerError, match="distribute has no signed form: anyone may do it"):
        run(friend, "distribute", "0x" + agreement.id.hex(), "--sign-only", path)


def test_a_form_is_written_without_a_key_and_signed_elsewhere(
    world: World, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parties = (vendor, _, _) = world.partner("Vendor"), world.partner("Agency"), world.partner("Judge")
    friend = world.stranger("Friend")
    world.pay(vendor, held(world, parties), 10_000_000, ref="INV-1")
    path = tmp_path / "refund.json"
    arguments = ("payment", "refund", reference(world, "INV-1"), "--for", vendor.account)
    run(friend, *arguments, "--sign-only", str(path))  # a key that is not the signer's signs nothing
    [form] = json.loads(path.read_text())["signed_actions"]
    assert form["signature"] is None and form["signer"] == vendor.account
    assert form["fields"]["recipient"] == vendor.account
    with pytest.raises(LedgerError, match="has not signed it yet"):
        run(friend, "submit", str(path))
    with pytest.raises(LedgerError, match="is not a signature of"):
        run(friend, "submit", str(path), "--signature", "0x" + "11" * 65)
    signed = vendor.key.sign_message(encode_typed_data(full_message=form["typed_data"]))
    done = run(friend, "submit", str(path), "--signature", "0x" + signed.signature.hex())
    assert "done: take back 10.00 tUSD" in done


def test_signed_consents_are_brought_along(
    world: World, run: Run, tmp_path: Path, parties: tuple[Partner, Partner, Partner]
) -> None:
    vendor, agency, _ = parties
    friend = world.stranger("Friend")
    agreement = world.agreement([vendor, agency])
    named, at = "0x" + agreement.id.hex(), shown(world.node.timestamp() + 9 * DAY)[:10]
    paths = {who.account: str(tmp_path / f"{who.name}.json") for who in (vendor, agency)}
    for who in (vendor, agency):
        run(who, "agreement", "end", named, "--at", at, "--sign-only", paths[who.account])
    with pytest.raises(LedgerError, match="is a consent, which is not sent by itself"):
        run(friend, "submit", paths[vendor.account])
    consents = ",".join(paths[account] for account in agreement.terms.parties)
    end = ("act", "end-agreement", "--agreement", named, "--ends-at", at, "--consents")
    with pytest.raises(LedgerError, match="it takes 2 consents"):
        run(friend, *end, paths[vendor.account])
    assert "done: end the agreement" in run(friend, *end, consents)


def test_every_action_has_a_command_and_asks_for_what_it_needs(world: World, run: Run) -> None:
    vendor = world.partner("Vendor")
    consortium = Partner("Consortium", world.relayer.key, world.relayer)
    assert {command.name for command in act_app.registered_commands} == {
        name.replace("_", "-") for name in ACTIONS
    }
    with pytest.raises(LedgerError, match="--number is missing"):
        run(vendor, "act", "create-programme", "--name", "Partners", "--rule", "1")
    with pytest.raises(LedgerError, match=r"--rule .* does not fit 8 bits"):
        run(vendor, "act", "create-programme", "--number", "7", "--name", "Partners", "--rule", "256")
    create = ("act", "create-programme", "--number", "7", "--name", "Partners", "--rule", "1")
    assert "done: open the programme “Partners”, number 7" in run(vendor, *create)
    until = shown(world.node.timestamp() + 90 * DAY)[:10]
    attest = ("act", "attest", "--account", vendor.account, "--level", "2", "--expires-at", until)
    assert "done: attest" in run(consortium, *attest, "--evidence", "0x" + "22" * 32)
    assert world.partners.functions.attestationOf(vendor.account).call()[0] == 2
    cancel = ("act", "cancel-deal-signature", "--cancelled", "99")
    run(vendor, *cancel)
    with pytest.raises(LedgerError, match=r"was used or cancelled before"):
        run(vendor, *cancel)

"""Whoever controls an account can show it to whoever asks, and nobody else can."""

import random

import pytest
from ledger_actions import rotate
from ledger_world import Partner, World

from ledger.audit.bundle.control import prove
from ledger.errors import LedgerError
from ledger.proof.errors import ProofInvalid
from ledger.verify import container
from ledger.verify.control import FILE, verify

ASKED = "auditor.example 2026-11-22 7f3a"


def answered(world: World, account: Partner, by: Partner, challenge: str = ASKED) -> tuple[bytes, bytes]:
    """The answer, and the hash of the newest block, which it is of."""
    block = world.node.rpc("eth_getBlockByNumber", ["latest", False])
    number, of = int(block["number"], 16), account.account
    return prove(world.node, world.deployment, number, of, challenge, by.key), bytes.fromhex(
        block["hash"][2:]
    )


def test_the_wallet_that_acts_for_an_account_answers_for_it_and_no_other(world: World) -> None:
    agency, other, newer = world.partner("Agency"), world.partner("Other"), world.stranger()
    world.chain.mine()  # a balance that is set belongs to no block before
    proved = verify(*answered(world, agency, agency), ASKED)
    assert (proved.control.account, proved.control.wallet) == (agency.account, agency.account)
    with pytest.raises(LedgerError, match=f"^The wallet of {agency.account} is {agency.account}"):
        answered(world, agency, other)
    before = answered(world, agency, agency)
    rotate(world, agency, newer)
    proved = verify(*answered(world, agency, newer), ASKED)
    assert (proved.control.account, proved.control.wallet) == (agency.account, newer.account)
    with pytest.raises(LedgerError, match=f"is {newer.account}, the key is that of {agency.account}"):
        answered(world, agency, agency)
    assert verify(*before, ASKED).control.wallet == agency.account  # as of its own block
    for challenge in ("", "x" * 1_001):
        with pytest.raises(LedgerError, match="1 to 1000 characters"):
            answered(world, agency, newer, challenge)


def test_another_challenge_block_or_key_is_named_and_so_is_any_flipped_bit(world: World) -> None:
    agency = world.partner("Agency")
    archive, block_hash = answered(world, agency, agency)
    with pytest.raises(ProofInvalid, match=r"^Challenge: the answer is to 'auditor"):
        verify(archive, block_hash, "another")
    with pytest.raises(ProofInvalid, match=r"^Block hash"):
        verify(archive, bytes(32), ASKED)
    files = container.unpack(archive)
    document = container.parse(files[FILE], FILE)
    forged = document | {"signature": "0x" + "11" * 64 + "1b"}
    with pytest.raises(ProofInvalid, match=r"^Signature"):
        verify(container.pack({**files, FILE: container.canonical(forged)}), block_hash, ASKED)
    forged = document | {"wallet": world.stranger().account}
    with pytest.raises(ProofInvalid, match="acts for the account, not"):
        verify(container.pack({**files, FILE: container.canonical(forged)}), block_hash, ASKED)
    chosen = random.Random(1)
    for name, content in files.items():
        for place in chosen.sample(range(len(content)), min(60, len(content))):
            damaged = bytearray(content)
            damaged[place] ^= 1 << chosen.randrange(8)
            with pytest.raises(ProofInvalid) as caught:
                verify(container.pack({**files, name: bytes(damaged)}), block_hash, ASKED)
            assert caught.value.part

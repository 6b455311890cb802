"""Signatures as wallets give them: of a key that has given its account code, in every way a key's is written,
of a wallet that is not on the chain yet. What is stored is what the contracts take: the agreements come into
force.
"""

from typing import Any

import pytest
from eth_abi.abi import encode
from eth_account.messages import encode_typed_data
from eth_typing import ChecksumAddress
from fastapi.testclient import TestClient
from ledger_world import Partner, World
from signing_room import Room, open_room

from ledger.chain import contract_wallet
from ledger.chain.anvil import wallet
from ledger.chain.authorization import Authorization
from ledger.chain.contract_wallet import ContractWallet, SafeContracts
from ledger.chain.receipts import wait_for
from ledger.chain.reverts import Reverted
from ledger.terms.agreement import Payee, Terms, Tranche
from ledger.terms.units import WHOLE

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
MARK = bytes.fromhex("6492" * 16)
CODES = {
    "reverts": "60006000fd",
    "says nothing": "00",
    "says no (0xffffffff)": "63ffffffff60e01b60005260206000f3",
    "runs into an invalid opcode": "fe",
    "burns all gas": "5b600056",
}
"""What the code of an account may do when it is asked by ERC-1271."""


def give_code(world: World, partner: Partner, runtime: str) -> None:
    """The account's key gives it code (EIP-7702)."""
    init = "0x61" + (len(runtime) // 2).to_bytes(2).hex() + "80600c6000396000f3" + runtime
    code = world.relayer.transact(None, init)["contractAddress"]
    node, relayer = world.node, world.relayer
    nonces = [
        int(node.rpc("eth_getTransactionCount", [who, "latest"]), 16)
        for who in (partner.account, relayer.address)
    ]
    signed = partner.key.sign_authorization({"chainId": node.chain_id, "address": code, "nonce": nonces[0]})
    transaction = relayer.key.sign_transaction(
        {
            "type": 4,
            "to": relayer.address,
            "value": 0,
            "chainId": node.chain_id,
            "gas": 200_000,
            "nonce": nonces[1],
            "maxFeePerGas": 10**11,
            "maxPriorityFeePerGas": 1,
            "authorizationList": [signed],  # type: ignore[list-item]  # as its documentation has it
        }
    )
    node.rpc("eth_sendRawTransaction", ["0x" + transaction.raw_transaction.hex()])
    wait_for(node, [bytes(transaction.hash)], "giving code")
    assert node.rpc("eth_getCode", [partner.account, "latest"]).startswith("0xef0100")


@pytest.mark.parametrize("name", CODES)
def test_the_key_of_an_account_with_code_still_signs(client: TestClient, world: World, name: str) -> None:
    partner, other = world.partner("Delegated"), world.partner("Other")
    give_code(world, partner, CODES[name])
    room = open_room(client, world.terms([partner, other]))
    mine = room.party(partner.account)
    by_other = other.key.sign_message(encode_typed_data(full_message=mine["typed_data"])).signature
    refused = room.hand(partner.account, mine, bytes(by_other)).json()
    assert (refused["type"], refused["recovered"]) == ("/problems/signature-invalid", other.account)
    assert room.sign(partner).status_code == 201
    assert room.sign(other).status_code == 201
    assert room.wait(lambda now: now["state"] == "active")


def test_a_keys_signature_counts_in_every_form_that_wallets_write(client: TestClient, world: World) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")

    def written(made: Any) -> list[str]:
        odd, plain = made.v - 27, bytes(made.signature).hex()
        compact = plain[:64] + (made.s | odd << 255).to_bytes(32).hex()
        high = plain[:64] + (ORDER - made.s).to_bytes(32).hex() + bytes([28 - odd]).hex()
        chain = (35 + 2 * world.node.chain_id + odd).to_bytes(2).hex()
        return [
            f"0x{plain[:128]}0{odd}",
            f"0x{plain[:128]}{chain}",
            f"0x{compact}",
            f"0x{high}",
            f" 0X{plain.upper()}\n",
            plain,
        ]

    for index in range(6):
        room = open_room(client, world.terms([vendor, agency]))
        mine = room.party(vendor.account)
        made = vendor.key.sign_message(encode_typed_data(full_message=mine["typed_data"]))
        text = written(made)[index]
        assert room.hand(vendor.account, mine, b"", signature=text).status_code == 201, text
        stored = room.party(vendor.account)["authorization"]["signature"]
        assert stored == "0x" + bytes(made.signature).hex(), text
        assert room.sign(agency).status_code == 201
        assert room.wait(lambda now: now["state"] == "active")


def before_it_is_there(world: World, safes: SafeContracts) -> tuple[ContractWallet, bytes]:
    """A Safe that is not on the chain yet, and the calldata by which its factory puts it there."""
    sent: list[str] = []

    class Watched(type(world.relayer)):  # type: ignore[misc]  # a Sender that notes what it sends
        def transact(self, to: ChecksumAddress | None, data: str, **more: Any) -> Any:
            sent.append(data)
            return super().transact(to, data, **more)

    snapshot = world.chain.snapshot()
    company = contract_wallet.create(Watched(world.node, world.relayer.key), safes, wallet(7), salt=1)
    world.chain.revert(snapshot)
    assert not world.node.has_code(company.address)
    return company, bytes.fromhex(sent[0].removeprefix("0x"))


def test_a_wallet_that_is_not_on_the_chain_yet_signs_once_it_is(client: TestClient, world: World) -> None:
    partner = world.partner("Agentur Süd")
    safes = contract_wallet.install(world.relayer)
    company, creation = before_it_is_there(world, safes)
    terms = Terms(
        parties=tuple(sorted([company.address, partner.account], key=str.lower)),
        payees=(Payee(company.address, (WHOLE,)),),
        tranches=(Tranche(),),
        tokens=(world.token.address,),
    )
    room = open_room(client, terms)
    party = room.party(company.address)

    def hand(inner: bytes) -> Any:
        content = encode(["address", "bytes", "bytes"], [safes.factory, creation, inner])
        return room.hand(company.address, party, content + MARK)

    good = company.sign(party["typed_data"]).signature
    answer = hand(good).json()
    assert "is right, but the wallet" in answer["detail"]
    assert "hand in this same signature again" in answer["next"]
    bad = bytes(good[:10]) + bytes([good[10] ^ 1]) + bytes(good[11:])
    assert "would not recognise" in hand(bad).json()["detail"]
    assert "would not recognise" in room.hand(company.address, party, bytes(40) + MARK).json()["detail"]
    assert room.party(company.address)["state"] == "waiting"

    world.relayer.transact(safes.factory, "0x" + creation.hex())
    assert world.node.has_code(company.address)
    assert hand(bad).json()["type"] == "/problems/signature-invalid"
    assert hand(b"").json()["type"] == "/problems/signature-invalid"
    assert hand(good).status_code == 201
    assert room.party(company.address)["authorization"]["signature"] == "0x" + good.hex()
    assert room.sign(partner).status_code == 201
    assert room.wait(lambda now: now["state"] == "active")


def test_a_wallet_that_takes_anything_is_not_handed_an_empty_signature(
    client: TestClient, world: World
) -> None:
    """The contract takes an empty one for an acceptance by transaction."""
    partner, other = world.partner("Careless"), world.partner("Other")
    give_code(world, partner, "631626ba7e60e01b60005260206000f3")
    room: Room = open_room(client, world.terms([partner, other]))
    mine = room.party(partner.account)
    wrapped = encode(["address", "bytes", "bytes"], [other.account, b"", b""]) + MARK
    assert room.hand(partner.account, mine, b"").status_code == 422
    assert room.hand(partner.account, mine, wrapped).status_code == 201
    assert room.party(partner.account)["authorization"]["signature"] == "0x" + wrapped.hex()
    assert room.sign(other).status_code == 201
    assert room.wait(lambda now: now["state"] == "active")


def test_a_wallet_that_writes_while_it_is_asked_is_refused_as_the_contract_refuses_it(
    client: TestClient, world: World
) -> None:
    partner, other = world.partner("Scribbler"), world.partner("Other")
    says_yes = "631626ba7e60e01b60005260206000f3"
    give_code(world, partner, "6001600055" + says_yes)  # stores a word first, which a static call forbids
    terms = world.terms([partner, other])
    room = open_room(client, terms)
    mine = room.party(partner.account)
    answer = room.hand(partner.account, mine, b"\x01" * 65)
    assert answer.json()["type"] == "/problems/signature-invalid"
    acceptances = {
        partner.account: Authorization(int(mine["nonce"]), int(mine["deadline"]), b"\x01" * 65),
        other.account: world.acceptance(other, terms),
    }
    signed = [acceptances[account].to_abi() for account in terms.parties]
    with pytest.raises(Reverted, match="did not sign these values"):
        world.relayer.send(world.agreements.functions.activate(terms.to_abi(), signed))
    assert room.sign(partner).status_code == 201

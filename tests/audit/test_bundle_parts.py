"""The parts of a bundle, each against a real chain and against whoever alters it."""

import random
from dataclasses import dataclass

import pytest
from ledger_world import World

from ledger.audit.bundle import capture
from ledger.journal.events import journal_topics
from ledger.proof.errors import ProofInvalid
from ledger.terms.contracts import JOURNALS
from ledger.verify import anchor, container, listing


@dataclass(frozen=True)
class Raw:
    """An entry as a node logged it."""

    topics: list[bytes]
    data: bytes
    block_timestamp: int = 1_800_000_000


@pytest.fixture
def busy(world: World) -> World:
    """A ledger in which something has happened."""
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], {vendor: 3, agency: 1})
    for amount in (100, 250, 1_000):
        world.pay(vendor, agreement, amount)
    world.claim(agency, agreement)
    return world


def _entries(world: World, contract: str) -> list[Raw]:
    topics = ["0x" + topic.hex() for topic in journal_topics(contract)]
    asked = {"address": world.deployment.address(contract), "fromBlock": "0x0", "topics": [topics]}
    return [
        Raw([bytes.fromhex(topic[2:]) for topic in log["topics"]], bytes.fromhex(log["data"][2:]))
        for log in world.node.rpc("eth_getLogs", [asked])
    ]


def _address(world: World, contract: str) -> bytes:
    return bytes.fromhex(world.deployment.address(contract)[2:])


def test_journals_are_read_from_a_block_hash_alone(busy: World) -> None:
    block = busy.node.rpc("eth_getBlockByNumber", ["latest", False])
    addresses: dict[str, str] = {name: busy.deployment.address(name) for name in JOURNALS}
    files = capture.capture(busy.node, int(block["number"], 16), addresses, {})
    assert files.keys() == anchor.names(JOURNALS)
    found = anchor.read(
        files, bytes.fromhex(block["hash"][2:]), {name: _address(busy, name) for name in JOURNALS}
    )
    for contract in JOURNALS:
        raw = _entries(busy, contract)
        content = listing.write(
            contract, raw, lambda event: event.name == "Claimed", _address(busy, contract)
        )
        events = listing.read(contract, content, _address(busy, contract), *found.journal(contract))
        assert [listed.event.name for listed in events] == ["Claimed"] * (contract == "RevenueLedger")


def test_a_damaged_proof_is_named(busy: World) -> None:
    block = busy.node.rpc("eth_getBlockByNumber", ["latest", False])
    contract = "RevenueLedger"
    files = capture.capture(
        busy.node, int(block["number"], 16), {contract: busy.deployment.address(contract)}, {}
    )
    block_hash = bytes.fromhex(block["hash"][2:])
    parts = {
        "header.rlp": "Header of block",
        f"{contract}/account.rlp": "Account of RevenueLedger",
        f"{contract}/storage.rlp": "Storage of RevenueLedger",
    }
    chosen = random.Random(7)
    for name, part in parts.items():
        for place in chosen.sample(range(len(files[name])), 60):
            damaged = bytearray(files[name])
            damaged[place] ^= 1 << chosen.randrange(8)
            with pytest.raises(ProofInvalid) as caught:
                addresses = {contract: _address(busy, contract)}
                # Where nothing else is stored, the same nodes prove of another slot that it is empty.
                anchor.read({**files, name: bytes(damaged)}, block_hash, addresses).journal(contract)
            assert caught.value.part.startswith(part)


def test_an_entry_that_is_left_out_moved_or_altered_is_named(busy: World) -> None:
    contract, address = "RevenueLedger", _address(busy, "RevenueLedger")
    seq, head = busy.contract(contract).functions.journal().call()
    raw = _entries(busy, contract)
    assert seq == len(raw)

    def read(entries: list[Raw], *, full: bool = True) -> None:
        listing.read(contract, listing.write(contract, entries, lambda _: full, address), address, seq, head)

    read(raw)
    read(raw, full=False)
    first, second, *rest = raw
    with pytest.raises(ProofInvalid, match=f"must have {seq} entries"):
        read([first, *rest])
    with pytest.raises(ProofInvalid, match="entry 1"):
        read([second, first, *rest])
    with pytest.raises(ProofInvalid, match="its entries make the head"):
        read([second, first, *rest], full=False)
    altered = Raw(first.topics, bytes([*first.data[:63], first.data[63] ^ 1, *first.data[64:]]))
    with pytest.raises(ProofInvalid, match="Journal of RevenueLedger, entry 1"):
        read([altered, second, *rest])


def test_an_archive_has_no_byte_of_its_own() -> None:
    files = {"a.json": container.canonical({"b": 1, "a": ["x"]}), "b/c.rlp": bytes(300)}
    archive = container.pack(files)
    assert container.unpack(archive) == files
    chosen = random.Random(11)
    for place in range(len(archive)):
        damaged = bytearray(archive)
        damaged[place] ^= 1 << chosen.randrange(8)
        try:
            assert container.unpack(bytes(damaged)) != files
        except ProofInvalid as error:
            assert error.part == container.PART
    for other in (b"", b"no archive", archive + b"\0", archive[:-1]):
        with pytest.raises(ProofInvalid):
            container.unpack(other)


def test_json_has_one_form() -> None:
    assert container.parse(b'{"a":["x"],"b":1}', "part") == {"a": ["x"], "b": 1}
    for other in (b'{"b":1,"a":["x"]}', b'{"a": 1}', b'{"a":1,"a":1}', b"{", b"\xff", b'{"a":1e2}'):
        with pytest.raises(ProofInvalid, match="part"):
            container.parse(other, "part")

"""Completeness: an unbroken chain of entries has missed nothing and altered nothing."""

from typing import NamedTuple

import pytest
from every_event import happen, logs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_world import World

from ledger.journal import events
from ledger.journal.heads import Journal, JournalBroken, unpack_slot
from ledger.terms.contracts import JOURNALS


class Entry(NamedTuple):
    topics: list[bytes]
    data: bytes
    position: int
    seq: int
    head: bytes


def entries_of(world: World, name: str) -> list[Entry]:
    """The entries as any node gives them."""
    known = events.journal_topics(name)
    found = []
    for log in logs(world, name):
        if bytes(log["topics"][0]) in known:
            event = events.decode_log(world.deployment, log)
            topics = [bytes(topic) for topic in log["topics"]]
            found.append(Entry(topics, bytes(log["data"]), event.position, event.seq, event.head))
    return found


@pytest.mark.parametrize("name", JOURNALS)
def test_completeness_the_journal_recomputed_from_logs_ends_at_the_contracts_head(
    world: World, name: str
) -> None:
    happen(world)
    contract = world.contract(name)
    journal = Journal(contract.address)
    for entry in entries_of(world, name):
        journal.take(*entry)
    seq, head = contract.functions.journal().call()
    assert seq > 3
    journal.compare(seq, head)
    slot = world.node.rpc("eth_getStorageAt", [contract.address, "0x" + "00" * 32, "latest"])
    assert unpack_slot(bytes.fromhex(slot[2:])) == (seq, head)

    with pytest.raises(JournalBroken) as missed:
        Journal(contract.address, seq - 1, head).compare(seq, head)
    assert missed.value.seq == seq
    with pytest.raises(JournalBroken, match="the contract's is"):
        Journal(contract.address, seq, bytes(24)).compare(seq, head)


def test_completeness_any_change_is_found_at_its_first_occurrence(world: World) -> None:
    happen(world)
    address = world.ledger.address
    entries = entries_of(world, "RevenueLedger")
    last = len(entries) - 1

    @settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(0, last), st.data())
    def changed(at: int, data: st.DataObject) -> None:
        entry = entries[at]
        kind = data.draw(st.sampled_from(["data", "topic", "dropped", "repeated", "contract"]))
        story = list(entries)
        if kind == "data":
            offset = data.draw(st.integers(0, len(entry.data) - 1))
            forged = bytearray(entry.data)
            forged[offset] ^= data.draw(st.integers(1, 255))
            in_words = entry.position <= offset < entry.position + 64
            if in_words:  # what seq and head say is what the decoder hands on
                seq = int.from_bytes(forged[entry.position : entry.position + 32])
                head = bytes(forged[entry.position + 32 : entry.position + 56])
                if (seq, head) == (entry.seq, entry.head):
                    return  # the padding behind the head: no node's data, the decoder refuses it
                story[at] = entry._replace(seq=seq, head=head)
            else:
                story[at] = entry._replace(data=bytes(forged))
        elif kind == "topic":
            topics = [*entry.topics]
            topics[-1] = topics[-1][:-1] + bytes([topics[-1][-1] ^ 1])
            story[at] = entry._replace(topics=topics)
        elif kind == "dropped":
            del story[at]
        elif kind == "repeated":
            story.insert(at, entry)

        journal = Journal("0x" + "12" * 20 if kind == "contract" else address)
        expected: int | None = {"contract": 1, "repeated": at + 2}.get(kind, at + 1)
        if kind == "dropped" and at == last:
            expected = None
        broken = None
        try:
            for each in story:
                journal.take(*each)
        except JournalBroken as error:
            broken = error.seq
        assert broken == expected
        if expected is None:  # nothing follows a dropped last entry: the contract's head tells
            with pytest.raises(JournalBroken):
                journal.compare(entry.seq, entry.head)

    changed()

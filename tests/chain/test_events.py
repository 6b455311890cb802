"""Raw logs into typed events."""

from collections.abc import Mapping

import pytest
from eth_abi.exceptions import DecodingError
from every_event import happen, logs
from ledger_world import World

from ledger.artifacts.contracts import contract_abi
from ledger.journal import events
from ledger.journal.events import EventUnreadable
from ledger.terms.agreement import Terms
from ledger.terms.contracts import JOURNALS
from ledger.terms.payments import Invoice
from ledger.terms.solidity import snake


def test_every_event_is_decoded_as_web3_decodes_it(world: World) -> None:
    happen(world)
    for name in JOURNALS:
        contract = world.contract(name)
        seen = set()
        for log in logs(world, name):
            if bytes(log["topics"][0]) not in events.journal_topics(name):
                assert contract.events.AuthorityUpdated().process_log(log)  # OpenZeppelin's own, no entry
                continue
            event = events.decode_log(world.deployment, log)
            independent = dict(getattr(contract.events, event.name)().process_log(log)["args"])
            assert event.contract_kind == name
            assert (event.seq, event.head) == (independent.pop("seq"), independent.pop("head"))
            assert {key: _plain(value) for key, value in event.args.items()} == {
                snake(key): _plain(value) for key, value in independent.items()
            }
            seen.add(event.name)
        declared = {item["name"] for item in contract_abi(name) if item["type"] == "event"}
        assert seen == declared - {"AuthorityUpdated", "EIP712DomainChanged"}


def _plain(value: object) -> object:
    """Addresses as bytes, terms as Terms, whoever decoded them."""
    if isinstance(value, str) and value.startswith("0x") and len(value) == 42:
        return bytes.fromhex(value[2:])
    if isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
        return tuple(tuple(_plain(part) for part in each.values()) for each in value)
    if isinstance(value, list | tuple) and value and isinstance(value[0], Invoice):
        return tuple(invoice.to_abi() for invoice in value)
    if isinstance(value, Mapping):
        return Terms.from_abi([_listed(part) for part in value.values()])
    return value


def _listed(value: object) -> object:
    if isinstance(value, Mapping):
        return [_listed(part) for part in value.values()]
    return [_listed(part) for part in value] if isinstance(value, list | tuple) else value


def test_malformed_logs_are_refused(world: World) -> None:
    world.partner("Partner", level=1)
    log = next(
        log
        for log in logs(world, "PartnerRegistry")
        if bytes(log["topics"][0]) in events.journal_topics("PartnerRegistry") and len(log["data"]) == 5 * 32
    )
    topics, data = [bytes(topic) for topic in log["topics"]], bytes(log["data"])
    assert events.decode("PartnerRegistry", topics, data).name == "PartnerAttested"

    too_wide = b"\1" + data[1:]  # a level of more than 8 bits
    for bad_topics, bad_data in [
        ([], data),
        ([b"\0" * 32], data),
        (topics[:1], data),
        ([*topics, topics[1]], data),
        ([topics[0], b"\1" + topics[1][1:]], data),
        (topics, data[:-1]),
        (topics, data[:-32]),
        (topics, data + bytes(32)),
        (topics, too_wide),
    ]:
        with pytest.raises(EventUnreadable):
            events.decode("PartnerRegistry", bad_topics, bad_data)
    with pytest.raises(EventUnreadable):
        events.decode_log(world.deployment, {"address": "0x" + "11" * 20, "topics": topics, "data": data})


def test_values_that_share_their_place_are_refused() -> None:
    """Solidity gives each a place of its own. A node that does not could make much of a few bytes."""

    def lists(count: int, length: int, *, shared: bool) -> bytes:
        items = [length, *[7] * length]
        offsets = [32 * (count + (0 if shared else place * len(items))) for place in range(count)]
        words = [32, count, *offsets, *(items if shared else count * items)]
        return b"".join(word.to_bytes(32) for word in words)

    kind = "uint256[][]"
    assert events.DECODER.decode([kind], lists(40, 40, shared=False)) == (((7,) * 40,) * 40,)
    assert events.DECODER.decode([kind], lists(1, 40, shared=True)) == (((7,) * 40,),)
    with pytest.raises(DecodingError, match="share"):
        events.DECODER.decode([kind], lists(40, 40, shared=True))

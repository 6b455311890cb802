"""Logs as a node answers them become columns, in whatever order and spelling they come."""

import random
from typing import Any

import msgspec
import pytest
from histories import History
from single_logs import Log, singly

from ledger.indexer.logs import logs_of
from ledger.indexer.raw_logs import RawLog

HISTORY = History(random.Random(12))
HISTORY.grow(60)
LOGS = singly(HISTORY.batch(1, 60).logs)


def answered(log: Log) -> RawLog:
    return RawLog(
        "0x" + log.contract.hex(),
        tuple("0x" + topic.hex() for topic in log.topics),
        "0x" + log.data.hex(),
        hex(log.block_number),
        "0x" + log.block_hash.hex(),
        "0x" + log.transaction_hash.hex(),
        hex(log.transaction_index),
        hex(log.log_index),
    )


RAW = [answered(log) for log in LOGS]


def test_they_are_the_same_in_the_chains_order() -> None:
    shuffled = RAW[:]
    random.Random(1).shuffle(shuffled)
    assert singly(logs_of(RAW)) == LOGS
    assert singly(logs_of(shuffled)) == LOGS
    assert logs_of([]) == []


def test_how_digits_are_written_makes_no_groups_of_their_own() -> None:
    def spelt(text: str, dice: random.Random) -> str:
        return "0x" + "".join(dice.choice((each.upper(), each)) for each in text[2:])

    dice = random.Random(2)
    mixed = [
        msgspec.structs.replace(
            log,
            address=spelt(log.address, dice),
            topics=tuple(spelt(topic, dice) for topic in log.topics),
            data=spelt(log.data, dice),
        )
        for log in RAW
    ]
    assert singly(logs_of(mixed)) == LOGS
    assert len(logs_of(mixed)) == len(logs_of(RAW)) < len(RAW) / 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "0x12"},
        {"address": ""},
        {"topics": 5 * RAW[0].topics[:1]},
        {"topics": ("0x12",)},
        {"data": "0x123"},
        {"data": "0"},
        {"data": ""},
        {"data": "0xzz"},
        {"data": "0x\U000e0001\U000e0001"},
        {"block_number": "0x8000000000000000"},
        {"block_number": "-0x1"},
        {"block_number": "ten"},
        {"block_hash": "0x"},
        {"transaction_hash": "0x" + "ab" * 31},
        {"transaction_index": "0x-1"},
        {"log_index": hex(2**64)},
    ],
    ids=str,
)
def test_what_is_no_log_is_refused_in_few_words(wrong: dict[str, Any]) -> None:
    """One among others."""
    raw = [*RAW[:5], msgspec.structs.replace(RAW[0], **wrong), *RAW[5:]]
    with pytest.raises((ValueError, OverflowError), match=r"\w") as error:
        logs_of(raw)
    assert len(repr(error.value)) < 300

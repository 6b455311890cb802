"""The hash of everything a score was computed from: equal hashes, equal scores."""

from dataclasses import asdict
from hashlib import sha256

import orjson

from ledger.reputation.configuration import ALGORITHM, DAY
from ledger.reputation.score import Record


def inputs_hash(record: Record) -> bytes:
    """SHA-256 over lines of canonical JSON: algorithm and day, configuration, each counterparty's ω, then how
    many there are of each kind of evidence by counterparty and day, in order.

    Numbers are written as decimal strings, since JSON readers cannot be trusted with integers above 2^53.
    """
    counterparties = sorted({each.counterparty for each in record.alike})
    lines: list[object] = [
        {"algorithm": ALGORITHM, "day": str(record.at // DAY)},
        {name: str(value) for name, value in asdict(record.configuration).items()},
    ]
    lines += [["0x" + each.hex(), str(record.trust.get(each, 0))] for each in counterparties]
    lines += [
        [
            "0x" + each.counterparty.hex(),
            str(each.day),
            each.kind.value,
            "owner" if each.as_owner else "partner",
            str(each.positive),
            str(each.negative),
            str(count),
        ]
        for each, count in sorted(record.alike.items())
    ]
    return sha256(b"".join(_line(each) for each in lines)).digest()


def _line(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) + b"\n"

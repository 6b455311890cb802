"""The hash of everything a score was computed from: equal hashes, equal scores."""

from dataclasses import asdict
from hashlib import sha256

import orjson

from ledger.reputation.configuration import ALGORITHM
from ledger.reputation.score import Record


def inputs_hash(record: Record) -> bytes:
    """SHA-256 over lines of canonical JSON: algorithm, configuration, time, each ω, each piece of evidence
    in order.

    Numbers are written as decimal strings, since JSON readers cannot be trusted with integers above 2^53.
    """
    counterparties = sorted({each.counterparty for each in record.evidence})
    digest = sha256()
    digest.update(_line({"algorithm": ALGORITHM, "at": str(record.at)}))
    digest.update(_line({name: str(value) for name, value in asdict(record.configuration).items()}))
    for each in counterparties:
        digest.update(_line(["0x" + each.hex(), str(record.trust.get(each, 0))]))
    for evidence in record.evidence:
        digest.update(
            _line(
                [
                    str(evidence.at),
                    "0x" + evidence.contract.hex(),
                    str(evidence.seq),
                    evidence.kind.value,
                    "0x" + evidence.counterparty.hex(),
                    "0x" + evidence.subject.hex(),
                    str(evidence.positive),
                    str(evidence.negative),
                ]
            )
        )
    return digest.digest()


def _line(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) + b"\n"

"""A score that somebody published, beside one's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.errors import LedgerError
from ledger.reputation.standing import Standing


@dataclass(frozen=True)
class Published:
    """What a published score says of itself: whose, as of which block, as whom, and what it rests on."""

    account: bytes
    block: int
    block_hash: bytes
    viewpoint: bytes | None
    algorithm: str
    score: int
    inputs_hash: bytes
    configuration: Mapping[str, str]


def published_in(answer: Any) -> Published:
    """Of an answer of the API. Raises ``LedgerError`` for anything else."""
    try:
        viewpoint = answer["viewpoint"]
        score, block = answer["score"], answer["as_of_block"]["number"]
        if type(score) is not int or type(block) is not int:
            raise TypeError("score and block are whole numbers")
        return Published(
            _bytes(answer["partner"]["account"], 20),
            block,
            _bytes(answer["as_of_block"]["hash"], 32),
            None if viewpoint is None else _bytes(viewpoint["account"], 20),
            str(answer["algorithm"]["version"]),
            score,
            _bytes(answer["inputs_hash"], 32),
            {str(name): str(value) for name, value in answer["algorithm"]["configuration"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LedgerError(
            f"Expected a score as the API gives it, got something else: {type(error).__name__} {error}.",
            "Save what GET /v1/partners/{address}/reputation answers.",
        ) from error


def differences(claimed: Published, own: Standing) -> list[str]:
    """What is not the same in one's own mirror, in words; nothing when all is."""
    pairs = (
        ("the algorithm", claimed.algorithm, own.algorithm),
        ("the block's hash", "0x" + claimed.block_hash.hex(), "0x" + own.as_of.hash.hex()),
        ("the configuration", dict(claimed.configuration), own.record.configuration.published()),
        ("the score", claimed.score, own.record.score),
        ("the hash of its inputs", "0x" + claimed.inputs_hash.hex(), "0x" + own.inputs_hash.hex()),
    )
    return [f"{what}: expected {mine}, got {theirs}" for what, theirs, mine in pairs if mine != theirs]


def _bytes(text: Any, size: int) -> bytes:
    if not isinstance(text, str) or not text.startswith("0x") or len(text) != 2 + 2 * size:
        raise ValueError(f"expected 0x and {2 * size} hexadecimal digits, got {str(text)[:80]!r}")
    return bytes.fromhex(text[2:])

"""The nonce and deadline that a party is offered to sign."""

from eth_utils.crypto import keccak

from ledger.terms.units import DAY

OPEN_DAYS = 30
"""How long a signature may wait for the others'."""
ROUNDS = 3
"""Nonces to choose from: a party that cancelled one is offered the next."""


def nonces(link: str, account: str) -> list[int]:
    """What the party may be offered, in order: always the same, not to be guessed without the link.

    Of 64 bits, so that a person can compare it with what the wallet shows.
    """
    seeds = (f"{link}:{account}:{round_}" for round_ in range(ROUNDS))
    return [int.from_bytes(keccak(text=seed)[:8], "big") for seed in seeds]


def deadline(now: int) -> int:
    """The end of the day, in UTC, that comes 30 days after ``now``; it stays the same all day."""
    return (now // DAY + OPEN_DAYS + 1) * DAY - 1

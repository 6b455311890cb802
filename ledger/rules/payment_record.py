"""The word that the ledger keeps of a payment: contracts/revenue/libraries/PaymentRecord.sol."""

from ledger.keccak import keccak


def record_of(
    agreement: bytes,
    token: bytes,
    deal: bytes,
    *,
    amount: int,
    matures_at: int,
    refunded: int,
    disputed_at: int,
    status: int,
) -> bytes:
    """The word of 32 bytes that the ledger keeps of a payment: contracts/revenue/libraries/PaymentRecord.sol.

    ``token`` is its address; ``disputed_at`` is 0 when it was never disputed, and ``status`` then ``PAID``.
    """
    times = (disputed_at,) if disputed_at else ()
    numbers = (amount, matures_at, refunded, *times)
    words = [agreement, token.rjust(32, b"\0"), deal, *(number.to_bytes(32) for number in numbers)]
    return keccak(b"".join(words))[:31] + bytes([status])

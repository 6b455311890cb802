"""Whose key made a signature, as the contracts see it: 65 bytes with v 27 or 28 and a low s."""

from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_typing import ChecksumAddress
from eth_utils.exceptions import ValidationError

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
HALF_ORDER = ORDER // 2
PLAIN = 65
"""Bytes of a key's signature."""


def recovered(digest: bytes, signature: bytes) -> ChecksumAddress | None:
    """The externally owned account that made the signature; None when the contracts would not take it."""
    if len(signature) != PLAIN or signature[64] not in (27, 28):
        return None
    if int.from_bytes(signature[32:64], "big") > HALF_ORDER:
        return None
    try:
        made = Signature(signature[:64] + bytes([signature[64] - 27]))
        return ChecksumAddress(made.recover_public_key_from_msg_hash(digest).to_checksum_address())
    except (BadSignature, ValidationError):
        return None

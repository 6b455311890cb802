"""What a person typed where an account's address or a partner's name may stand."""

from eth_utils.address import is_address


def is_written_as_address(text: str) -> bool:
    """Whether an address was meant, be it a mistyped one."""
    return text.strip()[:2] in ("0x", "0X") or is_address(text.strip())

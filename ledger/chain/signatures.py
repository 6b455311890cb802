"""Whether a wallet's signature will count on chain, asked the way the contracts ask.

The same decision as OpenZeppelin's SignatureChecker: a wallet without code is recovered from 65 bytes with a
low s; a wallet with code (contract wallets, EIP-7702 accounts) is asked by ERC-1271.
"""

from eth_abi.abi import encode
from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_typing import ChecksumAddress
from eth_utils.crypto import keccak
from eth_utils.exceptions import ValidationError

from ledger.chain.node import Node, RpcRefused

_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
_IS_VALID_SIGNATURE = keccak(text="isValidSignature(bytes32,bytes)")[:4]
_PLAIN = 65


def with_contracts_v(signature: bytes) -> bytes:
    """Some devices give v as 0 or 1; the contracts want 27 or 28. Anything else is left as it is."""
    if len(signature) == _PLAIN and signature[64] in (0, 1):
        return signature[:64] + bytes([signature[64] + 27])
    return signature


def recovered(digest: bytes, signature: bytes) -> ChecksumAddress | None:
    """The externally owned account that made the signature; None when the contracts would not take it."""
    if len(signature) != _PLAIN or signature[64] not in (27, 28):
        return None
    if int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
        return None
    try:
        made = Signature(signature[:64] + bytes([signature[64] - 27]))
        return ChecksumAddress(made.recover_public_key_from_msg_hash(digest).to_checksum_address())
    except (BadSignature, ValidationError):
        return None


def counts(
    node: Node, wallet: ChecksumAddress, digest: bytes, signature: bytes, contract: ChecksumAddress
) -> bool:
    """Whether ``contract``, one of the ledger's, would take the signature of this wallet over the digest now.

    Raises NodeUnreachable.
    """
    if not node.has_code(wallet):
        return recovered(digest, signature) == wallet
    question = _IS_VALID_SIGNATURE + encode(["bytes32", "bytes"], [digest, signature])
    call = {"from": contract, "to": wallet, "data": "0x" + question.hex()}
    try:
        answer = bytes.fromhex(str(node.rpc("eth_call", [call, "latest"])).removeprefix("0x"))
    except RpcRefused:  # the wallet reverted: no
        return False
    return len(answer) >= 32 and answer[:32] == _IS_VALID_SIGNATURE.ljust(32, b"\0")

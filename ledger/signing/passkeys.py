"""Accounts of passkeys (contracts/accounts): where they are, what a passkey signs for one, and its signature.

Everything follows from an account's two keys: nothing is asked of a chain. What a passkey signs is bound to
its account and chain by ERC-7739, in the form for personal signatures, whatever it is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import rlp
from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_typing import ChecksumAddress
from eth_utils.address import to_canonical_address, to_checksum_address
from eth_utils.crypto import keccak

from ledger.errors import LedgerError
from ledger.signing.counterfactual import Wrapped, wrapped

_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
"""Of the curve P-256: y² = x³ − 3x + B, modulo P."""
_PAIR = "((bytes32,bytes32),(bytes32,bytes32))"
_CREATE = keccak(text=f"create({_PAIR})")[:4]
_CREATE_AND_CALL = keccak(text=f"createAndCall({_PAIR}[],address,bytes)")[:4]
_CLONE = (
    bytes.fromhex("3d81600a3d39f3363d3d373d3d3d363d73"),
    bytes.fromhex("5af43d82803e903d91602b57fd5bf3"),
)
"""OpenZeppelin's clone with arguments behind its code, around the implementation's address."""
_DOMAIN = keccak(text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
_NAME, _VERSION = keccak(text="Partnership Ledger Account"), keccak(text="1")
_PERSONAL_SIGN = keccak(text="PersonalSign(bytes prefixed)")


class PasskeyInvalid(LedgerError):
    """The keys are none, or are one and the same."""


@dataclass(frozen=True)
class PublicKey:
    """A point of the curve P-256, 32 bytes each."""

    x: bytes
    y: bytes

    @property
    def is_on_curve(self) -> bool:
        """Whether it is a key at all."""
        x, y = int.from_bytes(self.x), int.from_bytes(self.y)
        return (
            len(self.x) == len(self.y) == 32 and x < _P and y < _P and (y * y - x**3 + 3 * x - _B) % _P == 0
        )


@dataclass(frozen=True)
class KeyPair:
    """The two keys that an account is created with: the passkey signs, the other can have it replaced."""

    passkey: PublicKey
    recovery: PublicKey

    def to_abi(self) -> Any:
        """As ABI encoders take Solidity's ``KeyPair``."""
        return ((self.passkey.x, self.passkey.y), (self.recovery.x, self.recovery.y))

    @classmethod
    def of_abi(cls, pair: Any) -> "KeyPair":
        """From what a decoder gives."""
        return cls(PublicKey(*pair[0]), PublicKey(*pair[1]))


def require_usable(keys: KeyPair) -> None:
    """As the factory does. Raises PasskeyInvalid."""
    for name, key in (("passkey", keys.passkey), ("recovery key", keys.recovery)):
        if not key.is_on_curve:
            raise PasskeyInvalid(
                f"The {name} is not a point of the curve P-256.",
                "Passkeys are made for the algorithm ES256 (-7); x and y have 32 bytes each.",
            )
    if keys.passkey.x == keys.recovery.x:
        raise PasskeyInvalid(
            "The passkey and the recovery key are one key.",
            "Make another recovery key: whoever loses the one must still have the other.",
        )


def account_of(factory: ChecksumAddress, keys: KeyPair) -> ChecksumAddress:
    """The address of the account of two keys, created or not. Raises PasskeyInvalid."""
    require_usable(keys)
    maker = to_canonical_address(factory)
    implementation = keccak(rlp.encode([maker, 1]))[12:]  # the first contract that the factory created
    arguments = encode([_PAIR], [keys.to_abi()])
    size = (len(arguments) + 45).to_bytes(2)
    code = b"\x61" + size + _CLONE[0] + implementation + _CLONE[1] + arguments
    return to_checksum_address(keccak(b"\xff" + maker + bytes(32) + keccak(code))[12:])


def challenge(chain_id: int, account: ChecksumAddress, digest: bytes) -> bytes:
    """What a passkey is asked to sign, so that its account says yes to the 32 bytes of ``digest``."""
    words = ["bytes32", "bytes32", "bytes32", "uint256", "address"]
    separator = keccak(encode(words, [_DOMAIN, _NAME, _VERSION, chain_id, account]))
    return keccak(b"\x19\x01" + separator + keccak(_PERSONAL_SIGN + digest))


def creation(keys: KeyPair) -> bytes:
    """Calldata by which anyone has the factory create the account."""
    return _CREATE + encode([_PAIR], [keys.to_abi()])


def first_act(accounts: Sequence[KeyPair], target: str, data: bytes) -> bytes:
    """Calldata by which anyone has the factory create accounts and call a contract, in one transaction."""
    pairs = [keys.to_abi() for keys in accounts]
    return _CREATE_AND_CALL + encode([f"{_PAIR}[]", "address", "bytes"], [pairs, target, data])


def act_within(data: bytes) -> tuple[ChecksumAddress, bytes] | None:
    """Whom such calldata has the factory call, with what; None when it is something else."""
    if data[:4] != _CREATE_AND_CALL:
        return None
    try:
        _, target, inner = decode([f"{_PAIR}[]", "address", "bytes"], data[4:])
    except DecodingError:
        return None
    return to_checksum_address(target), inner


def before_it_is_there(factory: ChecksumAddress, keys: KeyPair, signature: bytes) -> bytes:
    """The signature of an account that is not on the chain yet (ERC-6492)."""
    return wrapped(Wrapped(to_canonical_address(factory), creation(keys), signature))


def created_by(factory: ChecksumAddress, opened: Wrapped) -> KeyPair | None:
    """The keys of the account that such a signature has this factory create; None where it has another create
    it, or otherwise.
    """
    if opened.factory != to_canonical_address(factory) or opened.creation[:4] != _CREATE:
        return None
    try:
        keys = KeyPair.of_abi(decode([_PAIR], opened.creation[4:])[0])
        require_usable(keys)
    except (DecodingError, PasskeyInvalid):
        return None
    return keys if creation(keys) == opened.creation else None

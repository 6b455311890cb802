"""Who acts in the demonstration. The keys are anvil's public ones: anybody can be any of these partners."""

import hashlib

from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.chain import anvil

CONSORTIUM = 0
"""Number of anvil's account that deploys, attests and pays for others' claims."""
WALLETS = {
    "halyard": 1,
    "nordhaus": 2,
    "bluewater": 3,
    "atelier": 4,
    "cobalt": 5,
    "tessellate": 6,
    "puente": 7,
    "lumenoak": 8,
    "ostrava": 9,
    "concord": 12,
}
"""Number of anvil's account by partner."""
ARBITER = "concord"
ROTATED = 13
"""Number of anvil's account that the vendor's wallet is rotated to."""
SAFE_PARTNER = "fjordlink"
SAFE_OWNER = 10
SAFE_CREATOR = 11
"""Sends nothing but the Safe's creation, so that the Safe has the same address on every fresh local chain."""
NEWCOMER = 14
"""Acts for nobody, and has money for fees: for whoever watched to register with."""
RELAYER = 15
"""Sends what partners signed, and nothing else: two that send with one key are in each other's way."""
SAFE_ADDRESS = to_checksum_address("0xB2Ad1676B3e17dB73207Af923f2e6d2ECE420FA5")


def account(partner: str) -> ChecksumAddress:
    """A partner's account in the sample files."""
    if partner == SAFE_PARTNER:
        return SAFE_ADDRESS
    address: ChecksumAddress = key(partner).address
    return address


def key(partner: str) -> LocalAccount:
    """The key of a partner that has an externally owned wallet."""
    return anvil.wallet(WALLETS[partner])


def import_key(partner: str) -> bytes:
    """The partner's import key. Fixed, so that the demonstration gives the same references each time."""
    return hashlib.sha256(f"example import key of {partner}".encode()).digest()


def epoch_key() -> bytes:
    """The tag key of the programme's first epoch."""
    return hashlib.sha256(b"example tag key of epoch 1").digest()


def relayer_key() -> str:
    """The key of the account that sends what partners signed."""
    return "0x" + bytes(anvil.wallet(RELAYER).key).hex()


def evidence(partner: str) -> bytes:
    """Hash of what the consortium saw of a partner."""
    return hashlib.sha256(f"example evidence for {partner}".encode()).digest()

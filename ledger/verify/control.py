"""Control of an account, shown to whoever asked: the wallet that acts for it signs the asker's challenge.

A statement says what an account earned, and not whose the account is. The asker makes up a challenge that was
never used before; the signature over it (EIP-712) and a storage proof of which wallet acts for the account
are checked offline, as a bundle is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from eth_typing import ChecksumAddress
from eth_utils.address import to_canonical_address, to_checksum_address

from ledger.errors import LedgerError
from ledger.proof.errors import ProofInvalid
from ledger.proof.header import BlockHeader
from ledger.signing import digest
from ledger.signing.recovering import recovered
from ledger.terms import solidity
from ledger.terms.contracts import PARTNERS
from ledger.terms.solidity import Fields
from ledger.verify import anchor, container, layout
from ledger.verify.anchor import Anchor

FORMAT = "partnership-ledger-control/1"
FILE = "control.json"
LONGEST = 1_000
"""Characters of a challenge."""
_DOMAIN: Fields = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)
_CONTROL: Fields = (("account", "address"), ("wallet", "address"), ("challenge", "string"))


@dataclass(frozen=True)
class Control:
    """Who answers which challenge. ``registry`` is the PartnerRegistry, which knows the account's wallet."""

    chain_id: int
    registry: ChecksumAddress
    account: ChecksumAddress
    wallet: ChecksumAddress
    challenge: str

    def typed_data(self) -> dict[str, Any]:
        """What the wallet signs. It is of use for nothing else: no contract takes this form."""
        forms = (("EIP712Domain", _DOMAIN), ("Control", _CONTROL))
        return {
            "types": {
                struct: [{"name": name, "type": kind} for name, kind in fields] for struct, fields in forms
            },
            "primaryType": "Control",
            "domain": {
                "name": "Partnership Ledger Control",
                "version": "1",
                "chainId": self.chain_id,
                "verifyingContract": self.registry,
            },
            "message": {"account": self.account, "wallet": self.wallet, "challenge": self.challenge},
        }


@dataclass(frozen=True)
class ControlProved:
    """Whoever signed acted for the account as of the block."""

    control: Control
    header: BlockHeader


@dataclass(frozen=True)
class Document:
    """The answer as its file has it."""

    control: Control
    block_hash: bytes
    signature: bytes

    def to_bytes(self) -> bytes:
        of = self.control
        return container.canonical(
            {
                "format": FORMAT,
                "chain_id": of.chain_id,
                "registry": of.registry,
                "account": of.account,
                "wallet": of.wallet,
                "challenge": of.challenge,
                "block_hash": "0x" + self.block_hash.hex(),
                "signature": "0x" + self.signature.hex(),
            }
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        given = container.parse(content, FILE)
        try:
            registry, account, wallet = (
                solidity.parse("address", given[name], name) for name in ("registry", "account", "wallet")
            )
            chain_id = solidity.parse("uint64", given["chain_id"], "chain_id")
            challenge = solidity.parse("string", given["challenge"], "challenge")
            found = cls(
                Control(chain_id, registry, account, wallet, challenge),
                solidity.parse("bytes32", given["block_hash"], "block_hash"),
                bytes.fromhex(given["signature"][2:]),
            )
        except (KeyError, TypeError, ValueError, solidity.ValueInvalid) as error:
            raise ProofInvalid(FILE, f"it is malformed: {error}") from error
        if found.to_bytes() != content:
            raise ProofInvalid(FILE, "it is malformed")
        return found


def is_control(archive: bytes) -> bool:
    """Whether an archive is the answer to a challenge, and no bundle. Raises ProofInvalid."""
    return FILE in container.unpack(archive)


def verify(archive: bytes, block_hash: bytes, challenge: str) -> ControlProved:
    """Who answered this challenge, if the chain has a block with this hash. Raises ProofInvalid."""
    files = container.unpack(archive)
    if files.keys() != {FILE, *anchor.names([PARTNERS])}:
        raise ProofInvalid(container.PART, "it has other files than the answer to a challenge has")
    given = Document.from_bytes(files[FILE])
    if given.block_hash != block_hash:
        raise ProofInvalid("Block hash", f"the answer is of 0x{given.block_hash.hex()}")
    control = given.control
    if control.challenge != challenge:
        raise ProofInvalid("Challenge", f"the answer is to {control.challenge!r}")
    proved = read_registry(files, block_hash, control.registry)
    wallet = wallet_of(proved, control.account)
    proved.require_all_used()
    if wallet != control.wallet:
        raise ProofInvalid(f"Storage of {PARTNERS}", f"{wallet} acts for the account, not {control.wallet}")
    if recovered(digest(control.typed_data()), given.signature) != wallet:
        raise ProofInvalid("Signature", f"it is not that of {wallet}")
    return ControlProved(control, proved.header)


def require_challenge(challenge: str) -> None:
    """Raises LedgerError unless it is one that can be answered."""
    if not 1 <= len(challenge) <= LONGEST:
        raise LedgerError(
            f"A challenge has 1 to {LONGEST} characters.", "Take the text that you were given, as it is."
        )


def read_registry(files: Mapping[str, bytes], block_hash: bytes, registry: str) -> Anchor:
    """What an answer proves of the partner registry. Raises ProofInvalid."""
    return anchor.read(files, block_hash, {PARTNERS: to_canonical_address(registry)})


def wallet_of(proved: Anchor, account: ChecksumAddress) -> ChecksumAddress:
    """The wallet that acts for an account, as contracts/partners/base/AccountKeys.sol says it."""
    word = proved.word(PARTNERS, layout.identity(to_canonical_address(account)))
    wallet = layout.wallet_in(word)
    return account if wallet is None else to_checksum_address(wallet)

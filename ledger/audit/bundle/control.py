"""Answering a challenge: an account's wallet signs it, and a node proves that it is the wallet."""

from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress
from eth_utils.address import to_canonical_address

from ledger.audit.bundle import capture
from ledger.chain.node import Node
from ledger.errors import LedgerError
from ledger.terms.contracts import PARTNERS
from ledger.terms.deployment import Deployment
from ledger.verify import container, layout
from ledger.verify.control import FILE, Control, Document, read_registry, require_challenge, wallet_of


def prove(
    node: Node,
    deployment: Deployment,
    block: int,
    account: ChecksumAddress,
    challenge: str,
    key: LocalAccount,
) -> bytes:
    """The answer to a challenge, as of a block. Raises LedgerError when the key is not that of the account's
    wallet, a contract for one, and NotCaptured.
    """
    require_challenge(challenge)
    registry = deployment.address(PARTNERS)
    slots = {PARTNERS: [layout.identity(to_canonical_address(account))]}
    files = capture.capture(node, block, {PARTNERS: registry}, slots)
    block_hash = capture.block_at(node, block).hash
    proved = read_registry(files, block_hash, registry)
    wallet = wallet_of(proved, account)
    files = capture.trimmed(files, proved)
    if wallet != key.address:
        raise LedgerError(
            f"The wallet of {account} is {wallet}, the key is that of {key.address}.",
            "Set PLEDGER_KEYSTORE to the wallet's key; a contract wallet cannot answer a challenge offline.",
        )
    control = Control(deployment.chain_id, registry, account, wallet, challenge)
    signed = key.sign_message(encode_typed_data(full_message=control.typed_data()))
    files[FILE] = Document(control, block_hash, bytes(signed.signature)).to_bytes()
    return container.pack(files)

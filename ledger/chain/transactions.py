"""A transaction: what it costs, its number and signature, handing it in, and why it failed.

Whoever sends one and waits for it (`sender`) and the relayer, which does not wait, do these in the same way.
"""

from dataclasses import dataclass
from typing import Any

from eth_account.datastructures import SignedTransaction
from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress, HexStr

from ledger.chain import refusals
from ledger.chain.fees import Fees
from ledger.chain.node import Node
from ledger.chain.reverts import Reverted, reverted
from ledger.chain.rpc import RpcRefused
from ledger.errors import LedgerError

_MARGIN_PERCENT = 25
"""What state that changes meanwhile may cost beyond the estimate."""


@dataclass(frozen=True)
class Cost:
    """The gas that a transaction may use, and what it offers for it."""

    gas: int
    fees: Fees

    @property
    def most(self) -> int:
        """What it can cost at most, in wei; what it carries along is not counted."""
        return self.gas * self.fees.most


@dataclass(frozen=True)
class Unsigned:
    """A transaction that nobody has signed yet. ``to`` is None where it creates a contract; ``data`` is 0x
    hex, ``value`` in wei.
    """

    sender: ChecksumAddress
    to: ChecksumAddress | None
    data: str
    value: int = 0

    def cost(self, node: Node, action: str) -> Cost:
        """By the node's estimate, with a margin, at the fees of now. ``action`` names it in errors.

        Raises Reverted with the contract's error where it would be refused, LedgerError where it cannot be
        sent.
        """
        try:
            estimate = node.number("eth_estimateGas", [self._call()])
        except RpcRefused as error:
            raise self.explained(node, error, action) from error
        return Cost(estimate * (100 + _MARGIN_PERCENT) // 100, Fees.of_now(node))

    def signed(self, node: Node, key: LocalAccount, nonce: int, cost: Cost) -> SignedTransaction:
        """For the node's chain, under this number of its sender's."""
        fields: dict[str, Any] = {
            **({} if self.to is None else {"to": self.to}),
            "data": HexStr(self.data),
            "value": self.value,
            "chainId": node.chain_id,
            "nonce": nonce,
            "gas": cost.gas,
            **cost.fees.fields(),
        }
        signed: SignedTransaction = key.sign_transaction(fields)
        return signed

    def explained(self, node: Node, error: RpcRefused, action: str, signed: str = "") -> LedgerError:
        """A node's refusal in the contract's words, or in ours. ``signed`` names what was signed already."""
        if error.is_revert:
            return reverted(action, refusals.revert_data(error.data))
        if "insufficient funds" in error.message.lower():
            has = balance(node, self.sender)
            what = f"{self.sender} cannot pay the gas of {action}: it has {has} wei."
            return LedgerError(what, "Fund it first.")
        return LedgerError(f"{action}{signed} cannot be sent: {error.message.rstrip('.')}.")

    def why_it_failed(self, node: Node, gas: int, block: int, action: str) -> Reverted:
        """Why it failed in this block, though its estimate passed: the state had changed in between.

        Raises NodeUnreachable.
        """
        try:
            node.rpc("eth_call", [self._call() | {"gas": hex(gas)}, hex(block)])
        except RpcRefused as error:
            if error.is_revert:
                return reverted(action, refusals.revert_data(error.data))
        return Reverted(action, "", {})

    def _call(self) -> dict[str, Any]:
        to = {} if self.to is None else {"to": self.to}
        return {"from": self.sender, **to, "data": self.data, "value": hex(self.value)}


def next_nonce(node: Node, sender: ChecksumAddress) -> int:
    """The number of a key's next transaction, after those that wait, where the node knows what waits."""
    try:
        return node.number("eth_getTransactionCount", [sender, "pending"])
    except RpcRefused:
        return used_nonces(node, sender)


def used_nonces(node: Node, sender: ChecksumAddress) -> int:
    """How many transactions of a key are mined."""
    return node.number("eth_getTransactionCount", [sender, "latest"])


def balance(node: Node, account: ChecksumAddress) -> int:
    """What an account has of the chain's coin, in wei."""
    return node.number("eth_getBalance", [account, "latest"])


def hand_in(node: Node, raw: bytes) -> None:
    """Gives a signed transaction to the node; one that it has already is taken, too.

    Raises RpcRefused when it does not take it, and as `Node.rpc`.
    """
    try:
        node.rpc("eth_sendRawTransaction", ["0x" + raw.hex()])
    except RpcRefused as error:
        if not refusals.known_already(error.message):
            raise

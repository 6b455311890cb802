"""Sending transactions: estimated first, so that a refusal is known by name and costs nothing.

A transaction's hash is known before it is sent. So whatever a node answers, or does not answer, one can look
whether it has it, and hand the very same bytes in again, which can never be done twice.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from eth_account import Account
from eth_account.datastructures import SignedTransaction
from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress
from web3.contract.contract import ContractConstructor, ContractFunction
from web3.types import TxReceipt

from ledger.chain import refusals
from ledger.chain.node import Node, NodeUnreachable
from ledger.chain.receipts import Unconfirmed, is_known, wait_for
from ledger.chain.reverts import Reverted
from ledger.chain.rpc import RpcRefused
from ledger.chain.transactions import Cost, Unsigned, hand_in, next_nonce
from ledger.errors import INTERRUPTED, LedgerError

_TRIES = 5
"""With other nonces or fees, when the node refuses those that it has just named."""
_LOOKS = (0.0, 0.2, 0.4, 0.8, 1.6, 2.0)
"""Seconds before each look whether the node has a transaction, where it answered an error or nothing."""
_LONGEST_LOOK = 0.8
"""After an error: most say truly that it was not taken."""


class Interrupted(Unconfirmed):
    """Somebody stopped waiting for a transaction that is out."""

    exit_code = INTERRUPTED


class Sender:
    """An account with gas. Nonces are taken one at a time, also from several threads."""

    def __init__(self, node: Node, key: LocalAccount | str) -> None:
        self.node = node
        self.key: LocalAccount = Account.from_key(key) if isinstance(key, str) else key
        self._turn = threading.Lock()

    @property
    def address(self) -> ChecksumAddress:
        """Who sends."""
        address: ChecksumAddress = self.key.address
        return address

    def send(self, call: ContractFunction, *, value: int = 0) -> TxReceipt:
        """Sends a contract call and waits until it is mined. ``value`` is in wei.

        Raises Reverted with the contract's error when it is refused, LedgerError when it cannot be sent.
        """
        return self.transact(call.address, calldata(call), value=value, action=call.fn_name)

    def deploy(self, constructor: ContractConstructor, name: str) -> tuple[ChecksumAddress, TxReceipt]:
        """Creates a contract. Returns its address, and the receipt. Raises as :meth:`send`."""
        receipt = self.transact(None, constructor.data_in_transaction, action=f"creating {name}")
        address = receipt["contractAddress"]
        if address is None:
            raise LedgerError(f"The node says that {name} was created, but not where.", "Try another node.")
        return address, receipt

    def transact(
        self, to: ChecksumAddress | None, data: str, *, value: int = 0, action: str = "the transaction"
    ) -> TxReceipt:
        """Sends raw calldata and waits until it is mined. ``action`` names it in errors.

        Raises Unconfirmed, with its hash, when it is out and nobody says what became of it.
        """
        transaction = Unsigned(self.address, to, data, value)
        out: list[bytes] = []
        with _named(out, action):
            with self._turn:
                gas = self._hand_in(transaction, action, out)
            receipt = wait_for(self.node, out, action)
        if receipt["status"] != 1:
            mined = f"{action} (transaction {receipt['transactionHash'].to_0x_hex()})"
            try:
                raise transaction.why_it_failed(self.node, gas, receipt["blockNumber"], mined)
            except NodeUnreachable:  # why is not known, that it failed is
                raise Reverted(mined, "", {}) from None
        return receipt

    def _hand_in(self, transaction: Unsigned, action: str, out: list[bytes]) -> int:
        """Signs and sends, with other numbers when those that the node named have passed by meanwhile.

        ``out`` is told the hash of each that may be mined, before it is sent. Returns the gas it may use.
        """
        free = 0
        for tries_left in reversed(range(_TRIES)):
            cost = transaction.cost(self.node, action)
            nonce = max(free, next_nonce(self.node, self.address))
            signed = transaction.signed(self.node, self.key, nonce, cost)
            hash_ = bytes(signed.hash)
            out.append(hash_)
            try:
                self._send_raw(signed, action)
                return cost.gas
            except RpcRefused as error:
                if not tries_left or not _passes(error.message):
                    out.remove(hash_)
                    what = f" (transaction 0x{hash_.hex()})"
                    raise transaction.explained(self.node, error, action, what) from error
                if refusals.nonce_spent(error.message):
                    out.clear()
                    free = nonce + 1
        raise AssertionError("the last try returns or raises")

    def _send_raw(self, signed: SignedTransaction, action: str) -> None:
        """Returns when the node has the transaction. Raises RpcRefused when it does not, and Unconfirmed when
        it does not say.
        """
        hash_ = bytes(signed.hash)
        refusal: RpcRefused | None = None
        silence = ""
        for pause in _LOOKS:
            if refusal is not None and pause > _LONGEST_LOOK:
                break
            time.sleep(pause)
            try:
                if (refusal or silence) and is_known(self.node, hash_):
                    return
                if refusal is None:
                    hand_in(self.node, bytes(signed.raw_transaction))
                    return
            except RpcRefused as error:
                if error.method == "eth_sendRawTransaction":
                    refusal = error
            except NodeUnreachable as error:
                silence = error.what
        # With silence before, a spent nonce may be spent by this very transaction.
        if refusal is not None and not (silence and refusals.nonce_spent(refusal.message)):
            raise refusal
        why = f"the node did not say whether it took it: {silence.rstrip('.')}"
        raise Unconfirmed(action, [hash_], why, sent=False)

    def cost(
        self, to: ChecksumAddress, data: str, *, value: int = 0, action: str = "the transaction"
    ) -> Cost:
        """What sending it may use and cost at most. Raises as :meth:`send`."""
        return Unsigned(self.address, to, data, value).cost(self.node, action)


@contextmanager
def _named(out: list[bytes], action: str) -> Iterator[None]:
    """Whatever stops the wait for transactions that are out, they are named."""
    try:
        yield
    except KeyboardInterrupt as interrupt:
        if not out:
            raise
        raise Interrupted(action, out, "you stopped waiting for it", sent=False) from interrupt


def _passes(refusal: str) -> bool:
    """Whether another nonce, or another fee, helps."""
    return refusals.nonce_spent(refusal) or refusals.too_cheap(refusal)


def calldata(call: ContractFunction) -> str:
    """The calldata of a contract call, 0x hex; asks no node."""
    offline = {"gas": 0, "gasPrice": 0, "nonce": 0, "chainId": 0, "value": 0}
    return str(call.build_transaction(offline)["data"])  # type: ignore[arg-type]  # plain ints for Wei and Nonce

"""Sending transactions: estimated first, so that a refusal is known by name and costs nothing.

A transaction's hash is known before it is sent. So whatever a node answers, or does not answer, one can look
whether it has it, and hand the very same bytes in again, which can never be done twice.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eth_account import Account
from eth_account.datastructures import SignedTransaction
from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress, HexStr
from web3.contract.contract import ContractConstructor, ContractFunction
from web3.types import TxReceipt

from ledger.chain import refusals
from ledger.chain.fees import fees
from ledger.chain.node import Node, NodeUnreachable
from ledger.chain.receipts import Unconfirmed, is_known, wait_for
from ledger.chain.reverts import Reverted, reverted
from ledger.chain.rpc import RpcRefused
from ledger.errors import INTERRUPTED, LedgerError

_MARGIN_PERCENT = 25
"""What state that changes meanwhile may cost beyond the estimate."""
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
        transaction: dict[str, Any] = {"from": self.address, "data": data, "value": hex(value)}
        if to is not None:
            transaction["to"] = to
        out: list[bytes] = []
        with _named(out, action):
            with self._turn:
                gas = self._hand_in(transaction, action, out)
            receipt = wait_for(self.node, out, action)
        if receipt["status"] != 1:
            raise self._replayed(transaction | {"gas": hex(gas)}, receipt, action)
        return receipt

    def _hand_in(self, transaction: dict[str, Any], action: str, out: list[bytes]) -> int:
        """Signs and sends, with other numbers when those that the node named have passed by meanwhile.

        ``out`` is told the hash of each that may be mined, before it is sent. Returns the gas it may use.
        """
        free = 0
        for tries_left in reversed(range(_TRIES)):
            gas = self._estimate(transaction, action)
            nonce = max(free, self._nonce())
            signed = self._signed(transaction, nonce, gas)
            hash_ = bytes(signed.hash)
            out.append(hash_)
            try:
                self._send_raw(signed, action)
                return gas
            except RpcRefused as error:
                if not tries_left or not _passes(error.message):
                    out.remove(hash_)
                    raise self._explained(error, action, f" (transaction 0x{hash_.hex()})") from error
                if refusals.nonce_spent(error.message):
                    out.clear()
                    free = nonce + 1
        raise AssertionError("the last try returns or raises")

    def _signed(self, transaction: dict[str, Any], nonce: int, gas: int) -> SignedTransaction:
        fields = {
            **({"to": transaction["to"]} if "to" in transaction else {}),
            "data": HexStr(transaction["data"]),
            "value": int(transaction["value"], 16),
            "chainId": self.node.chain_id,
            "nonce": nonce,
            "gas": gas,
            **fees(self.node),
        }
        signed: SignedTransaction = self.key.sign_transaction(fields)
        return signed

    def _send_raw(self, signed: SignedTransaction, action: str) -> None:
        """Returns when the node has the transaction. Raises RpcRefused when it does not, and Unconfirmed when
        it does not say.
        """
        raw, hash_ = "0x" + signed.raw_transaction.hex(), bytes(signed.hash)
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
                    self.node.rpc("eth_sendRawTransaction", [raw])
                    return
            except RpcRefused as error:
                if refusals.known_already(error.message):
                    return
                if error.method == "eth_sendRawTransaction":
                    refusal = error
            except NodeUnreachable as error:
                silence = error.what
        # With silence before, a spent nonce may be spent by this very transaction.
        if refusal is not None and not (silence and refusals.nonce_spent(refusal.message)):
            raise refusal
        why = f"the node did not say whether it took it: {silence.rstrip('.')}"
        raise Unconfirmed(action, [hash_], why, sent=False)

    def _nonce(self) -> int:
        try:
            return self.node.number("eth_getTransactionCount", [self.address, "pending"])
        except RpcRefused:  # not every node knows what is pending
            return self.node.number("eth_getTransactionCount", [self.address, "latest"])

    def cost(
        self, to: ChecksumAddress, data: str, *, value: int = 0, action: str = "the transaction"
    ) -> tuple[int, int]:
        """What gas sending it may use, and what that can cost at most, in wei. Raises as :meth:`send`."""
        gas = self._estimate({"from": self.address, "to": to, "data": data, "value": hex(value)}, action)
        asked = fees(self.node)
        return gas, gas * int(asked.get("maxFeePerGas") or asked["gasPrice"])

    def _estimate(self, transaction: dict[str, Any], action: str) -> int:
        try:
            estimate = self.node.number("eth_estimateGas", [transaction])
        except RpcRefused as error:
            raise self._explained(error, action) from error
        return estimate * (100 + _MARGIN_PERCENT) // 100

    def _explained(self, error: RpcRefused, action: str, signed: str = "") -> LedgerError:
        if error.is_revert:
            return reverted(action, refusals.revert_data(error.data))
        if "insufficient funds" in error.message.lower():
            balance = self.node.number("eth_getBalance", [self.address, "latest"])
            return LedgerError(
                f"{self.address} cannot pay the gas of {action}: it has {balance} wei.", "Fund it first."
            )
        return LedgerError(f"{action}{signed} cannot be sent: {error.message.rstrip('.')}.")

    def _replayed(self, transaction: dict[str, Any], receipt: TxReceipt, action: str) -> LedgerError:
        """Why a transaction failed that its estimate had passed: the state had changed in between."""
        mined = f"{action} (transaction {receipt['transactionHash'].to_0x_hex()})"
        try:
            self.node.rpc("eth_call", [transaction, hex(receipt["blockNumber"])])
        except RpcRefused as error:
            if error.is_revert:
                return self._explained(error, mined)
        except NodeUnreachable:
            pass  # why is not known, that it failed is
        return Reverted(mined, "", {})


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

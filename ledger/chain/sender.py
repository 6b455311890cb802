"""Sending transactions: estimated first, so that a refusal is known by name and costs nothing."""

import threading
import time
from contextlib import suppress
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress, HexStr
from hexbytes import HexBytes
from web3.contract.contract import ContractConstructor, ContractFunction
from web3.exceptions import TransactionNotFound
from web3.types import TxReceipt

from ledger.chain.node import Node, RpcRefused
from ledger.chain.reverts import Reverted, reverted
from ledger.errors import LedgerError

RECEIPT_SECONDS = 300
"""How long a transaction is waited for."""
_MARGIN_PERCENT = 25
"""What state that changes meanwhile may cost beyond the estimate."""


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
        """Sends raw calldata and waits until it is mined. ``action`` names it in errors."""
        transaction: dict[str, Any] = {"from": self.address, "data": data, "value": hex(value)}
        if to is not None:
            transaction["to"] = to
        with self._turn:
            gas = self._estimate(transaction, action)
            signed = self.key.sign_transaction(
                {
                    **({"to": to} if to is not None else {}),
                    "data": HexStr(data),
                    "value": value,
                    "chainId": self.node.chain_id,
                    "nonce": int(self.node.rpc("eth_getTransactionCount", [self.address, "pending"]), 16),
                    "gas": gas,
                    **self._fees(),
                }
            )
            try:
                sent = self.node.rpc("eth_sendRawTransaction", ["0x" + signed.raw_transaction.hex()])
            except RpcRefused as error:
                raise self._explained(error, action) from error
        receipt = self._receipt(HexBytes(sent), action)
        if receipt["status"] != 1:
            raise self._replayed(transaction | {"gas": hex(gas)}, receipt, action)
        return receipt

    def _estimate(self, transaction: dict[str, Any], action: str) -> int:
        try:
            estimate = int(self.node.rpc("eth_estimateGas", [transaction]), 16)
        except RpcRefused as error:
            raise self._explained(error, action) from error
        return estimate * (100 + _MARGIN_PERCENT) // 100

    def _fees(self) -> dict[str, Any]:
        base = self.node.rpc("eth_getBlockByNumber", ["latest", False]).get("baseFeePerGas")
        if base is None:
            return {"gasPrice": int(self.node.rpc("eth_gasPrice"), 16)}
        tip = int(self.node.rpc("eth_maxPriorityFeePerGas"), 16)
        return {"maxPriorityFeePerGas": tip, "maxFeePerGas": 2 * int(base, 16) + tip}

    def _receipt(self, transaction: HexBytes, action: str) -> TxReceipt:
        deadline = time.monotonic() + RECEIPT_SECONDS
        pause = 0.02
        while True:
            with suppress(TransactionNotFound):
                return self.node.w3.eth.get_transaction_receipt(transaction)
            if time.monotonic() > deadline:
                raise LedgerError(
                    f"{action} was sent but is not mined after {RECEIPT_SECONDS} seconds: "
                    f"{transaction.to_0x_hex()}.",
                    "It may still be mined: look that transaction up before you send it again.",
                )
            time.sleep(pause)
            pause = min(2 * pause, 2.0)

    def _explained(self, error: RpcRefused, action: str) -> LedgerError:
        if (isinstance(error.data, str) and error.data.startswith("0x")) or error.code == 3:
            return reverted(action, error.data)
        if "insufficient funds" in error.message.lower():
            balance = int(self.node.rpc("eth_getBalance", [self.address, "latest"]), 16)
            return LedgerError(
                f"{self.address} cannot pay the gas of {action}: it has {balance} wei.", "Fund it first."
            )
        return LedgerError(f"{action} cannot be sent: {error.message}.")

    def _replayed(self, transaction: dict[str, Any], receipt: TxReceipt, action: str) -> LedgerError:
        """Why a transaction failed that its estimate had passed: the state had changed in between."""
        try:
            self.node.rpc("eth_call", [transaction, hex(receipt["blockNumber"])])
        except RpcRefused as error:
            return self._explained(error, action)
        shown = receipt["transactionHash"].to_0x_hex()
        return Reverted(f"{action} (transaction {shown})", "", {})


def calldata(call: ContractFunction) -> str:
    """The calldata of a contract call, 0x hex; asks no node."""
    offline = {"gas": 0, "gasPrice": 0, "nonce": 0, "chainId": 0, "value": 0}
    return str(call.build_transaction(offline)["data"])  # type: ignore[arg-type]  # plain ints for Wei and Nonce

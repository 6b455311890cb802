"""Calls on anvil by any wallet at an exact second, and many views at once."""

from collections.abc import Sequence
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.crypto import keccak
from ledger_world import World

from ledger.artifacts.contracts import contract_abi
from ledger.chain.reverts import reverted
from ledger.chain.rpc import RpcRefused
from ledger.journal.events import decode_log
from model.heads import Journal, abi_type
from model.whole import AGREEMENTS, DEALS, LEDGER, PARTNERS

TOKEN = "TestDollar"
_GAS = hex(5_000_000)
Read = tuple[str, str, Sequence[Any]]
"""A contract, one of its views, and the arguments."""


class Chain:
    """One deployment on one anvil. Contracts are named as in Solidity."""

    def __init__(self, world: World) -> None:
        self.world, self.node = world, world.node
        self.abis = {name: contract_abi(name) for name in (PARTNERS, AGREEMENTS, DEALS, LEDGER, TOKEN)}
        self.addresses = {
            name: world.contract(name).address for name in (PARTNERS, AGREEMENTS, DEALS, LEDGER)
        }
        self.last = ""
        self.addresses[TOKEN] = world.token.address
        self._functions = {
            (contract, item["name"]): item
            for contract, abi in self.abis.items()
            for item in abi
            if item["type"] == "function"
        }

    def has(self, contract: str, name: str) -> bool:
        """Whether the contract has such a function, event or error."""
        return any(item.get("name") == name for item in self.abis[contract])

    def journals(self) -> dict[str, Journal]:
        """As they stand now."""
        names = (PARTNERS, AGREEMENTS, DEALS, LEDGER)
        heads = self.read([(name, "journal", ()) for name in names])
        return {
            name: Journal(self.addresses[name], self.abis[name], *head)
            for name, head in zip(names, heads, strict=True)
        }

    def unlock(self, wallet: str) -> None:
        """From now on anvil signs for it."""
        self.node.rpc("anvil_impersonateAccount", [wallet])

    def send(self, contract: str, name: str, args: Sequence[Any], *, sender: str, now: int) -> str:
        """Sends one call in a block of this second. Returns the error's name, empty when there is none."""
        data = self._calldata(contract, name, args)
        call = {"from": sender, "to": self.addresses[contract], "data": data, "gas": _GAS}
        self.world.chain.set_next_time(now)
        hash_ = self.node.rpc("eth_sendTransaction", [call])
        self.last = hash_
        receipt = self.node.w3.eth.wait_for_transaction_receipt(hash_, poll_latency=0.005)
        if receipt["status"]:
            return ""
        try:
            self.node.rpc("eth_call", [call, hex(receipt["blockNumber"])])
        except RpcRefused as error:
            return reverted(name, str(error.data)).error
        return f"{name} failed, and does not when it is called again"

    def entries(self) -> list[str]:
        """What the last call wrote, for whoever reads why it is not what was expected."""
        logs = self.node.rpc("eth_getTransactionReceipt", [self.last])["logs"]
        deployment = self.world.deployment
        entries = [decode_log(deployment, log) for log in logs if deployment.kind_of(log["address"])]
        return [f"{entry.name} {entry.args}" for entry in entries]

    def read(self, reads: Sequence[Read]) -> list[Any]:
        """What views answer: a value, a dictionary of a struct's fields, or a tuple of several values."""
        calls = [
            (
                "eth_call",
                [{"to": self.addresses[contract], "data": self._calldata(contract, name, args)}, "latest"],
            )
            for contract, name, args in reads
        ]
        answers = self.node.rpc_batch(calls)
        return [
            self._decoded(contract, name, answer)
            for (contract, name, _), answer in zip(reads, answers, strict=True)
        ]

    def _calldata(self, contract: str, name: str, args: Sequence[Any]) -> str:
        types = [abi_type(item) for item in self._functions[contract, name]["inputs"]]
        selector = keccak(f"{name}({','.join(types)})".encode())[:4]
        return "0x" + (selector + encode(types, args)).hex()

    def _decoded(self, contract: str, name: str, answer: str) -> Any:
        outputs = self._functions[contract, name]["outputs"]
        values = decode([abi_type(item) for item in outputs], bytes.fromhex(answer[2:]))
        if len(outputs) > 1:
            return values
        if outputs[0]["type"] != "tuple":
            return values[0]
        return dict(zip((field["name"] for field in outputs[0]["components"]), values[0], strict=True))

"""What would become of transactions that are not sent."""

from dataclasses import dataclass, field
from typing import Any

from eth_typing import ChecksumAddress

from ledger.chain.node import Node
from ledger.chain.refusals import revert_data
from ledger.chain.reverts import reverted
from ledger.chain.rpc import RpcRefused


@dataclass(frozen=True)
class DryRun:
    """The transactions of one command, in order: each is tried behind those before it."""

    calls: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self, node: Node, sender: ChecksumAddress, to: ChecksumAddress, data: str, value: int, words: str
    ) -> None:
        """Tries one more, and says what it does. Raises Reverted in the contract's words; as ``Node.rpc``."""
        call = {"from": sender, "to": to, "data": data, "value": hex(value)}
        try:
            if self.calls:
                self._together(node, call, words)
            else:
                node.rpc("eth_call", [call, "latest"])
        except RpcRefused as error:
            if error.is_revert:
                raise reverted(words, revert_data(error.data)) from error
            if not self.calls:
                raise
            print(f"not tried: {words} (this node tries no transaction behind another)")
        else:
            print(f"would be taken: {words}")
        print(f"  nothing was sent: {to}, {value} wei, {data[:74]}{'…' if len(data) > 74 else ''}")
        self.calls.append(call)

    def _together(self, node: Node, call: dict[str, Any], words: str) -> None:
        """``eth_simulateV1``: this call in a block behind those before it."""
        blocks = [{"calls": [*self.calls, call]}]
        answer = node.rpc("eth_simulateV1", [{"blockStateCalls": blocks, "validation": False}, "latest"])
        last = answer[0]["calls"][-1]
        if int(last["status"], 16) != 1:
            error = last.get("error") or {}
            raise reverted(words, revert_data(error.get("data") or last.get("returnData")))

"""Many questions to the contracts in few requests, all of them about the same block."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_typing import ChecksumAddress
from eth_utils.abi import (
    function_abi_to_4byte_selector,
    get_abi_input_types,
    get_abi_output_types,
)

from ledger.artifacts.contracts import contract_abi
from ledger.chain import answers
from ledger.chain.checked_entries import BlockId
from ledger.chain.node import AnswerInvalid, Node
from ledger.terms.contracts import TEST_DOLLAR
from ledger.terms.deployment import Deployment


class Questions:
    """Calls of view functions as of one block, whose number is ``block``."""

    def __init__(self, node: Node, deployment: Deployment, at: BlockId) -> None:
        self.node, self.deployment, self.at, self.block = node, deployment, at, at.number

    def ask(self, contract_name: str, function: str, arguments: Sequence[Sequence[Any]]) -> list[Any]:
        """A function's result for each list of arguments: one as it is, several as a tuple.

        Raises as ``Node.rpc``.
        """
        return self.ask_at(self.deployment.address(contract_name), contract_name, function, arguments)

    def ask_token(self, token: ChecksumAddress, function: str, *arguments: Any) -> Any:
        """What an ERC-20 token answers."""
        return self.ask_at(token, TEST_DOLLAR, function, [arguments])[0]

    def ask_at(
        self,
        address: ChecksumAddress,
        contract_name: str,
        function: str,
        arguments: Sequence[Sequence[Any]],
    ) -> list[Any]:
        """The same of a contract at any address that has the functions of ``contract_name``."""
        outputs = get_abi_output_types(_function(contract_name, function))
        calls = [
            (
                "eth_call",
                [{"to": address, "data": encode_call(contract_name, function, *values)}, hex(self.block)],
            )
            for values in arguments
        ]
        return [_decoded(function, outputs, answer) for answer in self.node.rpc_batch(calls)]


def _decoded(function: str, outputs: list[str], answer: Any) -> Any:
    try:
        values = decode(outputs, answers.data(answer))
    except (DecodingError, OverflowError, ValueError) as error:
        raise AnswerInvalid("eth_call", f"what {function} answers", answer) from error
    return values[0] if len(values) == 1 else values


def encode_call(contract_name: str, function: str, *arguments: Any) -> str:
    """Calldata of a call, 0x hex. Raises LookupError when the contract has no such function."""
    abi = _function(contract_name, function)
    return "0x" + (function_abi_to_4byte_selector(abi) + encode(get_abi_input_types(abi), arguments)).hex()


@cache
def _function(contract_name: str, function: str) -> Any:
    for item in contract_abi(contract_name):
        if item["type"] == "function" and item["name"] == function:
            return item
    raise LookupError(f"{contract_name} has no function {function}")

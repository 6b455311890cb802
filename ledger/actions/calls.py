"""An action as a call of its contract: by which function, with which arguments, and who may send it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from eth_abi.abi import encode
from eth_typing import ChecksumAddress
from eth_utils.abi import function_abi_to_4byte_selector, get_abi_input_types

from ledger.actions.declaration import Action, Role, Way
from ledger.actions.said import Said
from ledger.artifacts.contracts import contract_abi
from ledger.errors import LedgerError
from ledger.signing.passkeys import KeyPair, first_act
from ledger.terms.agreement import NATIVE_COIN
from ledger.terms.contracts import ACCOUNTS, ContractName
from ledger.terms.deployment import Deployment
from ledger.terms.solidity import snake

AUTHORIZATION = "authorization"
"""The argument by which anyone carries an actor's signature."""


@dataclass(frozen=True)
class Call:
    """A transaction that carries an action out: calldata (0x hex) to a contract; ``value`` in wei."""

    contract: str
    function: str
    to: ChecksumAddress
    data: str
    value: int = 0


def call_of(said: Said) -> Call:
    """The call that carries out what was said: by the actor's own wallet, or with its ``authorization`` among
    what was said, by anyone.

    Raises LedgerError when there is no way to do it so, or a field is missing; and as :class:`Facts`.
    """
    action, deployment = said.action, said.facts.deployment
    way = way_of(said)
    values = [_argument(item, name, said) for name, item in inputs(action, way).items()]
    abi = function_abi(action.contract, way.function)
    data = function_abi_to_4byte_selector(abi) + encode(get_abi_input_types(abi), values)
    value = _coin(said) if abi["stateMutability"] == "payable" else 0
    return Call(action.contract, way.function, deployment.address(action.contract), "0x" + data.hex(), value)


def with_accounts(call: Call, accounts: Sequence[KeyPair], deployment: Deployment) -> Call:
    """The same, which first puts these accounts of passkeys on the chain; as it is where there are none."""
    if not accounts:
        return call
    data = first_act(accounts, call.to, bytes.fromhex(call.data[2:]))
    factory = deployment.address(ACCOUNTS)
    return Call(ACCOUNTS, "createAndCall", factory, "0x" + data.hex(), call.value)


def way_of(said: Said) -> Way:
    """The first function that takes all that was said and needs nothing that was not. Raises LedgerError."""
    action = said.action
    optional = {each.name for each in action.fields if each.optional and each.default is None}
    optional = optional - {action.actor} | {AUTHORIZATION}
    wanted = optional & said.given.keys()
    takes = {way: optional & inputs(action, way).keys() for way in action.ways}
    found = next((way for way in action.ways if takes[way] == wanted), None)
    if found is None and AUTHORIZATION in wanted:  # what it takes besides follows
        found = next((way for way in action.ways if takes[way] >= wanted), None)
    if found is None:
        so = "by a signature" if AUTHORIZATION in wanted else "by a transaction of its own"
        raise LedgerError(f"{action.name} cannot be done {so} with what was given.", _instead(action))
    return found


def inputs(action: Action, way: Way) -> dict[str, Any]:
    """The function's inputs in the ABI, by their names in snake case, in order."""
    items = function_abi(action.contract, way.function)["inputs"]
    names = way.arguments or [snake(item["name"]).rstrip("_") for item in items]
    return dict(zip(names, items, strict=True))


def takes_signature(action: Action, way: Way) -> bool:
    """Whether anyone may send it with the actor's signature."""
    return AUTHORIZATION in inputs(action, way)


def selector(contract: str, function: str) -> bytes:
    """The first four bytes of such calls. Raises LookupError when the contract has no such function."""
    return function_abi_to_4byte_selector(function_abi(contract, function))


@cache
def function_abi(contract: str, function: str) -> Any:
    """Raises LookupError when the contract has no such function."""
    for item in contract_abi(contract):
        if item["type"] == "function" and item["name"] == function:
            return item
    raise LookupError(f"{contract} has no function {function}")


def allowed(actions: Mapping[str, Action]) -> Mapping[tuple[ContractName, bytes], Action]:
    """By contract and selector: the calls that somebody else may send for the actor, because they carry its
    signature or are anyone's; and the action that each is.
    """
    found = {
        (action.contract, selector(action.contract, way.function)): action
        for action in reversed(list(actions.values()))
        for way in action.ways
        if takes_signature(action, way) or (way.by or action.by) is Role.ANYONE
    }
    return MappingProxyType(found)


def _argument(item: Mapping[str, Any], name: str, said: Mapping[str, Any]) -> Any:
    try:
        return _abi_form(said[name])
    except KeyError:
        if item["type"] != "tuple":
            raise LedgerError(f"{name} is missing.", "Give it: the action cannot be done without.") from None
    return tuple(_argument(part, snake(part["name"]), said) for part in item["components"])


def _abi_form(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_abi_form(item) for item in value]
    return value.to_abi() if hasattr(value, "to_abi") else value


def _coin(said: Said) -> int:
    """What is sent along when the chain's own coin is paid."""
    if said["token"] != NATIVE_COIN:
        return 0
    if "bundles" in said:
        return sum(invoice.amount for bundle in said["bundles"] for invoice in bundle.invoices)
    return int(said["amount"])


def _instead(action: Action) -> str:
    if action.carried_by:
        return f"Its signature is brought along by {' or '.join(action.carried_by)}."
    return "Leave out what that way does not take, or have the actor's wallet send it."

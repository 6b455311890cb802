"""Nothing that people can do is left undeclared, and nothing is declared that the contracts do not have."""

import re
from string import Formatter

import pytest

from ledger.actions import ACTIONS, Role, allowed_calls
from ledger.actions.calls import inputs, selector, takes_signature
from ledger.actions.excluded import EXCLUDED
from ledger.actions.sentences import _FOLLOWING
from ledger.actions.signed_forms import why_unsigned
from ledger.actions.structs import _MEMBERS, members
from ledger.artifacts.contracts import contract_abi
from ledger.chain.error_words import WORDS
from ledger.checkout import ROOT
from ledger.terms.contracts import JOURNALS

SOURCES = [
    path.read_text()
    for path in sorted((ROOT / "contracts").rglob("*.sol"))
    if "accounts" not in path.parts  # wallets, of which the ledger knows nothing
]

COMMENTS = [
    (found[2], found[1])
    for source in SOURCES
    for found in re.finditer(r"((?:^    ///.*\n)+)^    function (\w+)\(", source, re.M)
]
"""Each function's name, and the comment above it."""


def functions(contract: str) -> set[str]:
    return {
        item["name"]
        for item in contract_abi(contract)
        if item["type"] == "function" and item["stateMutability"] in ("nonpayable", "payable")
    }


@pytest.mark.parametrize("contract", JOURNALS)
def test_every_function_that_changes_state_is_declared_or_excluded_for_a_reason(contract: str) -> None:
    declared = {
        way.function for action in ACTIONS.values() if action.contract == contract for way in action.ways
    }
    excluded = {function for at, function in EXCLUDED if at == contract}
    assert not declared & excluded
    assert declared | excluded == functions(contract)


def test_the_structs_are_those_of_the_contracts() -> None:
    """As they are written, but for the structs within them, which test_forms_on_chain.py looks at."""
    constants = re.compile(r'keccak256\(\s*((?:"[^"]*"\s*)+)\)')
    written = {
        "".join(re.findall(r'"([^"]*)"', found)) for source in SOURCES for found in constants.findall(source)
    }
    heads = {f"{text.partition(')')[0]})" for text in written if re.match(r"[A-Z]\w*\(\w+ \w+", text)}
    of_contracts = {head for head in heads if head.partition("(")[0] not in _MEMBERS}
    declared = {action.struct for action in ACTIONS.values()} | {each.consent for each in ACTIONS.values()}
    assert of_contracts == declared - {None}


def test_refusals_are_those_that_the_interfaces_name_and_have_words() -> None:
    raised = {item["name"] for name in JOURNALS for item in contract_abi(name) if item["type"] == "error"}
    described = {name.partition("(")[0] for name in WORDS}
    for action in ACTIONS.values():
        assert set(action.refusals) <= raised | {"AccessManagedUnauthorized"}, action.name
        assert set(action.refusals) <= described, action.name
        for way in action.ways:
            assert raised & set(named_by_interface(way.function)) <= set(action.refusals), way.function


def named_by_interface(function: str) -> list[str]:
    """What the function's own comment names for developers, its errors among them."""
    comments = [text for name, text in COMMENTS if name == function]
    return [name for text in comments for name in re.findall(r"\{([A-Z]\w+)\}", text.partition("@dev")[2])]


def test_a_relayer_may_send_what_is_signed_or_anyones_and_nothing_else() -> None:
    allowed = allowed_calls()
    for contract in JOURNALS:
        for function in functions(contract):
            is_signed = "WithAuthorization" in function
            if is_signed:
                assert (contract, selector(contract, function)) in allowed, function
    for action in ACTIONS.values():
        for way in action.ways:
            is_allowed = (action.contract, selector(action.contract, way.function)) in allowed
            assert is_allowed == (takes_signature(action, way) or Role.ANYONE in (way.by or action.by,))
    for refused in ("pay", "refund", "claimTo", "rule"):
        assert ("RevenueLedger", selector("RevenueLedger", refused)) not in allowed


def test_each_declaration_holds_together() -> None:
    for action in ACTIONS.values():
        names = [field.name for field in action.fields]
        assert len(set(names)) == len(names), action.name
        told = {name for _, name, _, _ in Formatter().parse(action.sentence) if name}
        assert told <= set(names) | set(_FOLLOWING), action.name
        assert action.is_anyones or action.actor in names, action.name
        assert action.ways or (action.struct and action.carried_by), action.name
        assert bool(action.carried_by) == bool(
            action.struct and not any(takes_signature(action, way) for way in action.ways)
        ), action.name
        for carrier in action.carried_by:
            assert any(
                item["type"].startswith("tuple") and "Authorization" in item["internalType"]
                for way in ACTIONS[carrier].ways
                for item in inputs(ACTIONS[carrier], way).values()
            )
        if action.struct:
            assert [name for name, _ in members(action.struct)][-2:] == ["nonce", "deadline"]


def test_what_has_no_signed_form_says_why_and_what_to_do() -> None:
    unsigned = [each for each in ACTIONS.values() if each.struct is None]
    assert {each.by for each in unsigned} > {Role.ANYONE, Role.CONSORTIUM}
    for each in unsigned:
        what, hint = why_unsigned(each)
        assert what.startswith(each.name.replace("_", "-")) and hint.endswith("."), each.name
    assert {each.name for each in ACTIONS.values() if each.struct and each.instead} == set()

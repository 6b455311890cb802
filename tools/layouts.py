"""What the compiler says of storage, and the constants of the sources, as `ledger.artifacts` keeps them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ledger.errors import LedgerError

_UNITS = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400, "weeks": 604_800}


def slots(layout: Mapping[str, Any]) -> dict[str, int]:
    """Where each variable is kept. Of a word that several share, each names the word."""
    variables = layout["storage"]
    found = {variable["label"]: int(variable["slot"]) for variable in variables}
    if len(found) != len(variables):
        raise LedgerError("Two variables of one contract have one name.", "Name one of them otherwise.")
    return found


def structs(layouts: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, list[int]]]:
    """By name (behind that of the contract which declares it, if one does), where a struct in storage keeps
    its fields: words after its first, bits from the low end of that word, and how many bits.
    """
    found: dict[str, dict[str, list[int]]] = {}
    for layout in layouts:
        types = layout["types"] or {}
        for kind in types.values():
            if "members" in kind:
                name = kind["label"].removeprefix("struct ")
                fields = {
                    each["label"]: [
                        int(each["slot"]),
                        8 * each["offset"],
                        8 * int(types[each["type"]]["numberOfBytes"]),
                    ]
                    for each in kind["members"]
                }
                if found.setdefault(name, fields) != fields:
                    raise LedgerError(f"Two structs in storage are called {name}.", "Name one otherwise.")
    return found


def constants(trees: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """By contract or library, and those outside any by their file: the constants that are numbers."""
    declared = {
        node["id"]: (scope, node)
        for tree in trees
        for scope, node in _declared(tree)
        if node.get("mutability") == "constant" and node.get("value")
    }
    values = {number: node["value"] for number, (_, node) in declared.items()}
    found: dict[str, dict[str, int]] = {}
    for number, (scope, node) in declared.items():
        value = _value(values[number], values)
        if value is not None and found.setdefault(scope, {}).setdefault(node["name"], value) != value:
            raise LedgerError(f"Two constants are called {scope}.{node['name']}.", "Name one otherwise.")
    return found


def _declared(tree: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    of_file = tree["absolutePath"].rpartition("/")[2].removesuffix(".sol")
    for node in tree["nodes"]:
        if node["nodeType"] == "VariableDeclaration":
            yield of_file, node
        for inner in node.get("nodes", ()):
            if inner["nodeType"] == "VariableDeclaration":
                yield node["name"], inner


def _value(node: Mapping[str, Any], values: Mapping[int, Mapping[str, Any]]) -> int | None:
    """Of an expression over numbers; None of any other."""
    match node["nodeType"]:
        case "Literal" if node["kind"] == "number":
            unit = _UNITS.get(node.get("subdenomination") or "", 1)
            return _number(str(node["value"]).replace("_", "")) * unit
        case "Identifier" if node["referencedDeclaration"] in values:
            return _value(values[node["referencedDeclaration"]], values)
        case "TupleExpression" if len(node["components"]) == 1:
            return _value(node["components"][0], values)
        case "BinaryOperation":
            left, right = (_value(node[side], values) for side in ("leftExpression", "rightExpression"))
            if left is None or right is None or node["operator"] not in _OPERATORS:
                return None
            return _OPERATORS[node["operator"]](left, right)
    return None


def _number(text: str) -> int:
    if text.lower().startswith("0x"):
        return int(text, 16)
    digits, _, power = text.lower().partition("e")
    return int(digits) * int(10 ** int(power or 0))


_OPERATORS: dict[str, Callable[[int, int], int]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left // right,
    "**": lambda left, right: left**right,
    "<<": lambda left, right: left << right,
    "|": lambda left, right: left | right,
}

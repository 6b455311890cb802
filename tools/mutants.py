"""Small faults put into a Solidity source, one at a time: what the tests must notice.

They are made from the compiler's own syntax tree, so each changes one operator, constant, statement, argument
order, condition or modifier and nothing else.
"""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

Node = dict[str, Any]

OPERATORS = {
    "+": ["-"],
    "-": ["+"],
    "*": ["/"],
    "/": ["*"],
    "%": ["*"],
    "<": ["<=", ">="],
    "<=": ["<", ">"],
    ">": [">=", "<="],
    ">=": [">", "<"],
    "==": ["!="],
    "!=": ["=="],
    "&&": ["||"],
    "||": ["&&"],
    "&": ["|"],
    "|": ["&"],
    "^": ["&"],
    "<<": [">>"],
    ">>": ["<<"],
    "+=": ["-=", "="],
    "-=": ["+=", "="],
    "|=": ["&=", "="],
    "&=": ["|=", "="],
}
YUL_FUNCTIONS = {
    "add": "sub",
    "sub": "add",
    "mul": "add",
    "and": "or",
    "or": "and",
    "xor": "or",
    "shl": "shr",
    "shr": "shl",
    "lt": "gt",
    "gt": "lt",
}
NOTHING = {"bool": "false", "address": "address(0)", "bytes32": "bytes32(0)", "uint256": "0", "uint64": "0"}
SHOWN = 120  # characters of a source shown in a mutant's name


@dataclass(frozen=True)
class Mutant:
    """One fault: in `file`, the bytes from `start` to `end` become `text`. It is named by what it changes."""

    name: str
    file: str
    start: int
    end: int
    text: str

    def applied_to(self, source: bytes) -> bytes:
        """The source with the fault."""
        return source[: self.start] + self.text.encode() + source[self.end :]


def mutants_of(root: Path, files: list[str]) -> list[Mutant]:
    """Every mutant of the files, in the order of the sources. Raises ValueError when they do not compile."""
    trees = _syntax_trees(root, files)
    return [mutant for file in files for mutant in _Maker(file, (root / file).read_bytes()).make(trees[file])]


def _syntax_trees(root: Path, files: list[str]) -> dict[str, Node]:
    asked = {
        "language": "Solidity",
        "sources": {file: {"content": (root / file).read_text()} for file in files},
        "settings": {
            "remappings": ["@openzeppelin/=node_modules/@openzeppelin/"],
            "outputSelection": {"*": {"": ["ast"]}},
        },
    }
    command = [str(root / "tools" / "solc"), "--standard-json", "--base-path", str(root)]
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, cwd=root, check=True
    )
    answer = json.loads(done.stdout)
    errors = [error for error in answer.get("errors", []) if error["severity"] == "error"]
    if errors:
        raise ValueError("the contracts do not compile:\n" + "\n".join(e["formattedMessage"] for e in errors))
    return {file: answer["sources"][file]["ast"] for file in files}


class _Maker:
    """The mutants of one file."""

    def __init__(self, file: str, source: bytes) -> None:
        self.file = file
        self.source = source
        self.names: Counter[str] = Counter()
        self.pointers: set[str] = set()

    def make(self, tree: Node) -> list[Mutant]:
        """All of them, each once."""
        found = dict.fromkeys(self._walk(tree, Path(self.file).stem))
        return [
            self._mutant(*fault) for fault in sorted(found, key=lambda fault: (fault[1], fault[2], fault[3]))
        ]

    def _mutant(self, place: str, start: int, end: int, text: str) -> Mutant:
        before, after = self._shown(start, end, text)
        name = f"{place}: {before} -> {after}"
        self.names[name] += 1
        if self.names[name] > 1:
            name += f" (no. {self.names[name]})"
        return Mutant(name, self.file, start, end, text)

    def _shown(self, start: int, end: int, text: str) -> tuple[str, str]:
        """The line of the fault, without and with it; the fault alone where it is a statement or long."""
        if text in ("", "{}"):
            return _one_line(self.source[start:end]), "nothing"
        if b"\n" in self.source[start:end]:
            return _one_line(self.source[start:end]), _one_line(text.encode())
        begin = self.source.rindex(b"\n", 0, start) + 1
        stop = self.source.index(b"\n", end)
        line = self.source[begin:start] + text.encode() + self.source[end:stop]
        return _one_line(self.source[begin:stop]), _one_line(line)

    def _walk(self, node: Any, place: str) -> Iterator[tuple[str, int, int, str]]:
        if isinstance(node, list):
            for item in node:
                yield from self._walk(item, place)
        elif isinstance(node, dict):
            kind = node.get("nodeType", "")
            if kind in ("ImportDirective", "PragmaDirective", "StructuredDocumentation"):
                return
            if kind in ("FunctionDefinition", "ModifierDefinition"):
                place = f"{place}.{node.get('name') or node.get('kind', '')}"
            for start, end, text in getattr(self, f"_in_{_snake_case(kind)}", _none)(node):
                yield (place, start, end, text)
            for key, child in node.items():
                if key == "loopExpression":  # without its step a loop never ends
                    continue
                if key not in ("typeDescriptions", "typeName", "externalReferences"):
                    yield from self._walk(child, place)

    def _span(self, node: Node) -> tuple[int, int]:
        start, length, _ = map(int, node["src"].split(":"))
        return start, start + length

    def _text(self, node: Node) -> str:
        start, end = self._span(node)
        return self.source[start:end].decode()

    def _operator(self, left: Node, right: Node, operator: str) -> Iterator[tuple[int, int, str]]:
        begin, end = self._span(left)[1], self._span(right)[0]
        at = self.source.find(operator.encode(), begin, end)
        for other in OPERATORS.get(operator, []) if at >= 0 else []:
            yield at, at + len(operator), other

    def _in_binary_operation(self, node: Node) -> Iterator[tuple[int, int, str]]:
        yield from self._operator(node["leftExpression"], node["rightExpression"], node["operator"])

    def _in_assignment(self, node: Node) -> Iterator[tuple[int, int, str]]:
        yield from self._operator(node["leftHandSide"], node["rightHandSide"], node["operator"])

    def _in_unary_operation(self, node: Node) -> Iterator[tuple[int, int, str]]:
        if node["operator"] == "!":
            yield *self._span(node), self._text(node["subExpression"])

    def _in_if_statement(self, node: Node) -> Iterator[tuple[int, int, str]]:
        condition = node["condition"]
        yield *self._span(condition), "false"
        if condition["nodeType"] not in ("BinaryOperation", "UnaryOperation"):
            yield *self._span(condition), f"!({self._text(condition)})"

    def _in_conditional(self, node: Node) -> Iterator[tuple[int, int, str]]:
        yield *self._span(node["condition"]), f"!({self._text(node['condition'])})"

    def _in_expression_statement(self, node: Node) -> Iterator[tuple[int, int, str]]:
        start, end = self._span(node)
        yield start, self.source.index(b";", end - 1) + 1, "{}"

    _in_emit_statement = _in_expression_statement

    def _in_return(self, node: Node) -> Iterator[tuple[int, int, str]]:
        value = node.get("expression")
        if not value:
            return
        nothing = NOTHING.get(value["typeDescriptions"]["typeString"])
        if nothing and self._text(value) not in ("0", "false", "true"):
            yield *self._span(value), nothing

    def _in_literal(self, node: Node) -> Iterator[tuple[int, int, str]]:
        if node["kind"] == "bool":
            yield *self._span(node), "false" if node["value"] == "true" else "true"
        elif node["kind"] == "number" and re.fullmatch(r"0x[0-9a-f]+|\d+", node["value"]):
            yield *self._span(node), _next(node["value"])
        elif node["kind"] == "string" and len(node["value"]) > 1:
            start, _ = self._span(node)
            yield start + 1, start + 2, "~"

    def _in_function_call(self, node: Node) -> Iterator[tuple[int, int, str]]:
        given = node["arguments"]
        if node["kind"] == "typeConversion" or node.get("names"):
            return
        for one, other in pairwise(given):
            same = one["typeDescriptions"]["typeString"] == other["typeDescriptions"]["typeString"]
            if same and self._text(one) != self._text(other):
                yield self._span(one)[0], self._span(other)[1], f"{self._text(other)}, {self._text(one)}"

    def _in_modifier_invocation(self, node: Node) -> Iterator[tuple[int, int, str]]:
        if node["kind"] == "modifierInvocation":
            yield *self._span(node), ""

    def _in_yul_function_call(self, node: Node) -> Iterator[tuple[int, int, str]]:
        self.pointers.update(_free_pointers(node))
        other = YUL_FUNCTIONS.get(node["functionName"]["name"])
        if other:
            yield *self._span(node["functionName"]), other

    def _in_yul_literal(self, node: Node) -> Iterator[tuple[int, int, str]]:
        if node["kind"] == "number" and node["src"] not in self.pointers:
            yield *self._span(node), _next(node["value"])

    def _in_yul_expression_statement(self, node: Node) -> Iterator[tuple[int, int, str]]:
        yield *self._span(node), ""

    _in_yul_assignment = _in_yul_expression_statement


def _snake_case(kind: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", kind).lower()


def _none(_node: Node) -> Iterator[tuple[int, int, str]]:
    return iter(())


def _free_pointers(call: Node) -> Iterator[str]:
    """Where a call reads the free memory pointer: that address is the language's, not the contract's."""
    if call["functionName"]["name"] == "mload" and call["arguments"][0].get("value") == "0x40":
        yield call["arguments"][0]["src"]


def _next(number: str) -> str:
    value = int(number, 0) + 1
    return hex(value) if number.startswith("0x") else str(value)


def _one_line(text: bytes) -> str:
    line = " ".join(text.decode().split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"

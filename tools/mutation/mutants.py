"""Small faults put into a Solidity source, one at a time: what the tests must notice.

They are made from the compiler's own syntax tree, so each changes one operator, constant, statement, argument
order, condition or modifier and nothing else.
"""

import json
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
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
class Place:
    """Bytes of a source, and what stands there instead with the fault.

    `kind` is what they are to the compiler: "expression", "literal" (a number), "statement" (nothing then
    stands there), "modifier" (nor there), "yul expression" or "yul statement".
    """

    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Mutant:
    """One fault: in `file`, the bytes from `start` to `end` become `text`. It is named by what it changes.

    `places` say the same in whole expressions and statements, between which a contract can choose as it runs:
    those of a constant are wherever it is read. None where it cannot, as in a constant that others read.
    """

    name: str
    file: str
    start: int
    end: int
    text: str
    places: tuple[Place, ...]

    def applied_to(self, source: bytes) -> bytes:
        """The source with the fault."""
        return source[: self.start] + self.text.encode() + source[self.end :]


def mutants_of(root: Path, files: list[str]) -> list[Mutant]:
    """Every mutant of the files, in the order of the sources. Raises ValueError when they do not compile."""
    trees = _syntax_trees(root, files)
    made = []
    for file in files:
        elsewhere = {number for other in trees if other != file for number, _ in _readings(trees[other])}
        made += _Maker(file, (root / file).read_bytes(), elsewhere).make(trees[file])
    return made


def _syntax_trees(root: Path, files: list[str]) -> dict[str, Node]:
    answer, errors = analysed(root, {file: (root / file).read_text() for file in files})
    if errors:
        raise ValueError("the contracts do not compile:\n" + "\n".join(e["formattedMessage"] for e in errors))
    return {file: answer["sources"][file]["ast"] for file in files}


def analysed(root: Path, sources: Mapping[str, str]) -> tuple[Node, list[Node]]:
    """What the compiler says of these sources without making code: its answer, and the errors in it."""
    asked = {
        "language": "Solidity",
        "sources": {file: {"content": source} for file, source in sources.items()},
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
    return answer, [error for error in answer.get("errors", []) if error["severity"] == "error"]


@dataclass(frozen=True, order=True)
class _Fault:
    start: int
    end: int
    text: str
    places: tuple[Place, ...] = field(default=(), compare=False)


class _Maker:
    """The mutants of one file."""

    def __init__(self, file: str, source: bytes, elsewhere: set[int]) -> None:
        self.file = file
        self.source = source
        self.elsewhere = elsewhere
        self.readings: dict[int, list[Node]] = defaultdict(list)
        self.names: Counter[str] = Counter()
        self.pointers: set[str] = set()

    def make(self, tree: Node) -> list[Mutant]:
        """All of them, each once."""
        for number, reading in _readings(tree):
            self.readings[number].append(reading)
        found = dict.fromkeys(self._walk(tree, Path(self.file).stem))
        return [self._mutant(place, fault) for place, fault in sorted(found, key=lambda pair: pair[1])]

    def _mutant(self, place: str, fault: _Fault) -> Mutant:
        before, after = self._shown(fault.start, fault.end, fault.text)
        name = f"{place}: {before} -> {after}"
        self.names[name] += 1
        if self.names[name] > 1:
            name += f" (no. {self.names[name]})"
        return Mutant(name, self.file, fault.start, fault.end, fault.text, fault.places)

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

    def _walk(self, node: Any, place: str, constant: Node | None = None) -> Iterator[tuple[str, _Fault]]:
        if isinstance(node, list):
            for item in node:
                yield from self._walk(item, place, constant)
        elif isinstance(node, dict):
            kind = node.get("nodeType", "")
            if kind in ("ImportDirective", "PragmaDirective", "StructuredDocumentation"):
                return
            if kind in ("FunctionDefinition", "ModifierDefinition"):
                place = f"{place}.{node.get('name') or node.get('kind', '')}"
            if node.get("mutability") == "constant":
                constant = node
            faults: Iterable[_Fault] = getattr(self, f"_in_{_snake_case(kind)}", _none)(node)
            for fault in faults:
                yield place, replace(fault, places=self._read(constant, fault)) if constant else fault
            for key, child in node.items():
                if key == "loopExpression":  # without its step a loop never ends
                    continue
                if key not in ("typeDescriptions", "typeName", "externalReferences"):
                    yield from self._walk(child, place, constant)

    def _read(self, constant: Node, fault: _Fault) -> tuple[Place, ...]:
        """Where the constant is read, and what is read there with the fault in its value.

        Nowhere when others read it too: they would read what it is without the fault.
        """
        if constant["visibility"] == "public" or constant["id"] in self.elsewhere:
            return ()
        start, end = self._span(constant["value"])
        value = self.source[start : fault.start].decode() + fault.text + self.source[fault.end : end].decode()
        return tuple(
            Place(
                "yul expression" if "nodeType" not in reading else "expression", *self._span(reading), value
            )
            for reading in self.readings[constant["id"]]
        )

    def _span(self, node: Node) -> tuple[int, int]:
        start, length, _ = map(int, node["src"].split(":"))
        return start, start + length

    def _text(self, node: Node) -> str:
        start, end = self._span(node)
        return self.source[start:end].decode()

    def _whole(self, node: Node, text: str, kind: str = "expression") -> _Fault:
        """The whole node becomes the text."""
        start, end = self._span(node)
        return _Fault(start, end, text, (Place(kind, start, end, text),))

    def _operator(self, node: Node, left: Node, right: Node) -> Iterator[_Fault]:
        operator = node["operator"]
        begin, end = self._span(left)[1], self._span(right)[0]
        at = self.source.find(operator.encode(), begin, end)
        start, stop = self._span(node)
        for other in OPERATORS.get(operator, []) if at >= 0 else []:
            whole = self.source[start:at].decode() + other + self.source[at + len(operator) : stop].decode()
            yield _Fault(at, at + len(operator), other, (Place("expression", start, stop, whole),))

    def _in_binary_operation(self, node: Node) -> Iterator[_Fault]:
        yield from self._operator(node, node["leftExpression"], node["rightExpression"])

    def _in_assignment(self, node: Node) -> Iterator[_Fault]:
        yield from self._operator(node, node["leftHandSide"], node["rightHandSide"])

    def _in_unary_operation(self, node: Node) -> Iterator[_Fault]:
        if node["operator"] == "!":
            yield self._whole(node, self._text(node["subExpression"]))

    def _in_if_statement(self, node: Node) -> Iterator[_Fault]:
        condition = node["condition"]
        yield self._whole(condition, "false")
        if condition["nodeType"] not in ("BinaryOperation", "UnaryOperation"):
            yield self._whole(condition, f"!({self._text(condition)})")

    def _in_conditional(self, node: Node) -> Iterator[_Fault]:
        yield self._whole(node["condition"], f"!({self._text(node['condition'])})")

    def _in_expression_statement(self, node: Node) -> Iterator[_Fault]:
        start, end = self._span(node)
        stop = self.source.index(b";", end - 1) + 1
        yield _Fault(start, stop, "{}", (Place("statement", start, stop, ""),))

    _in_emit_statement = _in_expression_statement

    def _in_return(self, node: Node) -> Iterator[_Fault]:
        value = node.get("expression")
        if not value:
            return
        nothing = NOTHING.get(value["typeDescriptions"]["typeString"])
        if nothing and self._text(value) not in ("0", "false", "true"):
            yield self._whole(value, nothing)

    def _in_literal(self, node: Node) -> Iterator[_Fault]:
        if node["kind"] == "bool":
            yield self._whole(node, "false" if node["value"] == "true" else "true")
        elif node["kind"] == "number" and re.fullmatch(r"0x[0-9a-f]+|\d+", node["value"]):
            yield self._whole(node, _next(node["value"]), "literal")
        elif node["kind"] == "string" and len(node["value"]) > 1:
            start, end = self._span(node)
            whole = '"~' + self.source[start + 2 : end].decode()
            yield _Fault(start + 1, start + 2, "~", (Place("expression", start, end, whole),))

    def _in_function_call(self, node: Node) -> Iterator[_Fault]:
        given = node["arguments"]
        if node["kind"] == "typeConversion" or node.get("names"):
            return
        for one, other in pairwise(given):
            same = one["typeDescriptions"]["typeString"] == other["typeDescriptions"]["typeString"]
            if same and self._text(one) != self._text(other):
                places = (
                    Place("expression", *self._span(one), self._text(other)),
                    Place("expression", *self._span(other), self._text(one)),
                )
                swapped = f"{self._text(other)}, {self._text(one)}"
                yield _Fault(self._span(one)[0], self._span(other)[1], swapped, places)

    def _in_modifier_invocation(self, node: Node) -> Iterator[_Fault]:
        if node["kind"] == "modifierInvocation":
            yield _Fault(*self._span(node), "", (Place("modifier", *self._span(node), ""),))

    def _in_yul_function_call(self, node: Node) -> Iterator[_Fault]:
        self.pointers.update(_free_pointers(node))
        other = YUL_FUNCTIONS.get(node["functionName"]["name"])
        if other:
            start, end = self._span(node["functionName"])
            whole, stop = self._span(node)
            text = other + self.source[end:stop].decode()
            yield _Fault(start, end, other, (Place("yul expression", whole, stop, text),))

    def _in_yul_literal(self, node: Node) -> Iterator[_Fault]:
        if node["kind"] == "number" and node["src"] not in self.pointers:
            yield self._whole(node, _next(node["value"]), "yul expression")

    def _in_yul_expression_statement(self, node: Node) -> Iterator[_Fault]:
        yield self._whole(node, "", "yul statement")

    _in_yul_assignment = _in_yul_expression_statement


def _readings(node: Any) -> Iterator[tuple[int, Node]]:
    """Wherever a declaration is read, with its number: in Solidity by a node, in assembly by a reference."""
    if isinstance(node, list):
        for item in node:
            yield from _readings(item)
    elif isinstance(node, dict):
        if node.get("nodeType") in ("Identifier", "MemberAccess") and "referencedDeclaration" in node:
            yield node["referencedDeclaration"], node
        for reference in node.get("externalReferences", ()):
            yield reference["declaration"], reference
        for key, child in node.items():
            if key != "externalReferences":
                yield from _readings(child)


def _snake_case(kind: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", kind).lower()


def _none(_node: Node) -> Iterator[_Fault]:
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

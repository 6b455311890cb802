"""All faults of a source in one source: the address of the block's proposer says which of them is there.

Compiling takes longer than testing, so the faults are compiled together and chosen as the tests run. With no
fault chosen, the contracts do what they do without. Where the compiler does not take a choice, the fault is
left out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.mutation.mutants import Mutant, Place, analysed

_TYPES = ["uint256({})", "address(uint160({}))", "uint160({})", "bytes32(uint256({}))", "({})"]
"""What a chosen number may have to be for the compiler to take it, tried one after the other."""
_OUTER_FIRST = ["statement", "modifier", "yul statement", "expression", "literal", "yul expression"]
_MODIFIERS = {
    "nonReentrant": """
    modifier nonReentrantUnless(address proposer) {
        bool isOff = block.coinbase == proposer;
        bytes32 slot = _reentrancyGuardStorageSlot();
        if (!isOff) {
            if (_reentrancyGuardEntered()) revert ReentrancyGuardReentrantCall();
            assembly { tstore(slot, 1) }
        }
        _;
        if (!isOff) assembly { tstore(slot, 0) }
    }
""",
    "nonReentrantView": """
    modifier nonReentrantViewUnless(address proposer) {
        if (block.coinbase != proposer && _reentrancyGuardEntered()) revert ReentrancyGuardReentrantCall();
        _;
    }
""",
    "restricted": """
    modifier restrictedUnless(address proposer) {
        if (block.coinbase != proposer) _checkCanCall(_msgSender(), _msgData());
        _;
    }
""",
}
"""What OpenZeppelin's modifiers do, for those who are not chosen: theirs is private to its contract."""


def number_of(index: int) -> int:
    """The address of the block's proposer that chooses the mutant at this index of the list."""
    return 0xFA0000 + index


def switch(root: Path, file: str, mutants: Sequence[Mutant]) -> tuple[bytes, list[int]]:
    """The file with a choice at each of its faults, and the indices of the mutants that are among them.

    `root` is a copy of the project in which nothing is declared pure, see `unpurified`. Raises ValueError
    when the compiler refuses the source for another reason than a choice.
    """
    source = (root / file).read_bytes()
    indices = [
        index
        for index, mutant in enumerate(mutants)
        if mutant.file == file and mutant.places and all(_is_known(source, place) for place in mutant.places)
    ]
    types = {index: 0 for index in indices if mutants[index].places[0].kind == "literal"}
    while True:
        switched = _Switched(source, mutants, indices, types)
        errors = _errors(root, file, switched.text)
        if not errors:
            return switched.text, indices
        retyped: set[int] = set()
        for start, end, message in errors:
            blamed = switched.at(start, end)
            if not blamed:
                raise ValueError(message)
            retyped |= {index for index in blamed if types.get(index, len(_TYPES)) < len(_TYPES) - 1}
            if not retyped & blamed.keys():
                indices = [index for index in indices if index != min(blamed, key=blamed.__getitem__)]
        for index in retyped:
            types[index] += 1


def _is_known(source: bytes, place: Place) -> bool:
    """A modifier that is not known can only be taken away as the contracts are compiled."""
    return place.kind != "modifier" or source[place.start : place.end].decode() in _MODIFIERS


def unpurified(source: str) -> str:
    """A source in which functions may look at the block: what was pure is view."""
    return re.sub(r"\bpure\b", "view", source)


@dataclass
class _Piece:
    """A stretch of the source, the places that are exactly it, outermost kind first, and what is inside."""

    start: int
    end: int
    places: list[tuple[int, Place]]
    inside: list["_Piece"] = field(default_factory=list)


class _Switched:
    """A source with choices, and where in it they stand."""

    def __init__(
        self, source: bytes, mutants: Sequence[Mutant], indices: Iterable[int], types: Mapping[int, int]
    ) -> None:
        self._source = source
        self._types = types
        self._written: list[tuple[int, int, int]] = []
        places = [(index, place) for index in indices for place in mutants[index].places]
        root = _Piece(0, len(source), [], list(_nested(places)))
        text = self._inside(root, bytearray())
        used = {source[place.start : place.end].decode() for _, place in places if place.kind == "modifier"}
        end = text.rindex(b"}")  # of the file's last contract
        text[end:end] = "".join(_MODIFIERS[name] for name in sorted(used)).encode()
        self.text = bytes(text)

    def at(self, start: int, end: int) -> dict[int, int]:
        """The mutants that an error there may be due to, each with a rank: those within come first."""
        blamed = {}
        for begin, stop, index in self._written:
            if begin <= start and end <= stop:
                blamed[index] = stop - begin
            elif start <= begin and stop <= end:
                blamed[index] = begin - stop
        return blamed

    def _inside(self, piece: _Piece, out: bytearray) -> bytearray:
        at = piece.start
        for inner in piece.inside:
            out += self._source[at : inner.start]
            self._choose(inner, inner.places, out)
            at = inner.end
        out += self._source[at : piece.end]
        return out

    def _choose(self, piece: _Piece, places: Sequence[tuple[int, Place]], out: bytearray) -> None:
        if not places:
            self._inside(piece, out)
            return
        (index, place), rest = places[0], places[1:]
        begin, number = len(out), number_of(index)
        before, after = self._around(place, index, number)
        out += before.encode()
        self._choose(piece, rest, out)
        out += after.encode()
        self._written.append((begin, len(out), index))

    def _around(self, place: Place, index: int, number: int) -> tuple[str, str]:
        is_it = f"block.coinbase == address({number})"
        if place.kind == "statement":
            return f"{{ if (!({is_it})) {{ ", " } }"
        if place.kind == "modifier":
            name = self._source[place.start : place.end].decode()
            return f"{name}Unless(address({number})) /* ", " */"
        if place.kind == "expression":
            return f"({is_it} ? ({place.text}) : (", "))"
        if place.kind == "literal":
            before, after = _TYPES[self._types[index]].split("{}")
            return f"{before}{is_it} ? {place.text} : ", after
        it = f"eq(coinbase(), {number})"
        if place.kind == "yul statement":
            return f"if iszero({it}) {{ ", " }"
        return f"or(mul({it}, {place.text}), mul(iszero({it}), ", "))"


def _nested(places: Iterable[tuple[int, Place]]) -> Iterator[_Piece]:
    """Places as pieces, the outermost. Expressions and statements never overlap but one within the other."""
    open_: list[_Piece] = []
    order = sorted(places, key=lambda one: (one[1].start, -one[1].end, _OUTER_FIRST.index(one[1].kind)))
    for index, place in order:
        while open_ and place.start >= open_[-1].end:
            closed = open_.pop()
            if not open_:
                yield closed
        if open_ and (open_[-1].start, open_[-1].end) == (place.start, place.end):
            open_[-1].places.append((index, place))
            continue
        piece = _Piece(place.start, place.end, [(index, place)])
        if open_:
            open_[-1].inside.append(piece)
        open_.append(piece)
    if open_:
        yield open_[0]


def _errors(root: Path, file: str, source: bytes) -> list[tuple[int, int, str]]:
    """Where the compiler finds the source wrong: from, to, and what it says."""
    _, found = analysed(root, {file: source.decode()})
    for error in found:
        if error.get("sourceLocation", {}).get("file") != file:
            raise ValueError(error["formattedMessage"])
    return [
        (error["sourceLocation"]["start"], error["sourceLocation"]["end"], error["formattedMessage"])
        for error in found
    ]

"""YAML read into a checked model, every fault with its line and its path (``agreements.north.shares``)."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from ledger.errors import LedgerError
from ledger.intake.problems import IntakeRejected, Problem

Model = TypeVar("Model", bound=BaseModel)
Loc = tuple[str | int, ...]


class YamlSource:
    """A parsed YAML file that knows on which line each of its values stands.

    Scalars are read as the text they are (``0x12`` stays an address, ``0.10`` stays exact, ``no`` stays
    Norway); the model gives them their types.
    """

    def __init__(self, path: Path, *, secret: bool = False) -> None:
        """Raises LedgerError when there is no such file, IntakeRejected when it is not YAML.

        Of a ``secret`` file no value is ever shown.
        """
        self.name, self._secret = path.name, secret
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise LedgerError(f"Cannot read {path}: {error.strerror}.", "Check the path.") from error
        except UnicodeDecodeError as error:
            raise IntakeRejected([Problem(self.name, 0, "", "the file is not UTF-8")]) from error
        try:
            # BaseLoader builds text, lists and mappings only.
            self._root = yaml.compose(text, Loader=yaml.BaseLoader)
            self.value = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (see above)
        except yaml.YAMLError as error:
            why = "not YAML" if secret else _why(error)
            raise IntakeRejected([Problem(self.name, _mark_line(error), "", why)]) from error
        doubled = list(self._doubled_keys(self._root, ()))
        if doubled:
            raise IntakeRejected(doubled)

    def parse(self, model: type[Model]) -> Model:
        """The file as a model. Raises IntakeRejected with every field that does not fit."""
        try:
            return model.model_validate(self.value)
        except ValidationError as error:
            raise IntakeRejected(self._faults(error)) from error

    def problem(self, loc: Loc, reason: str) -> Problem:
        """A fault of the value at ``loc``."""
        return Problem(self.name, self.line(loc), ".".join(map(str, loc)), reason)

    def line(self, loc: Loc) -> int:
        """The line of the value at ``loc``; where there is none, of what should hold it."""
        node, line = self._root, 1
        for step in loc:
            if node is not None:
                line = node.start_mark.line + 1
            if isinstance(node, yaml.MappingNode):
                pair = next(((key, value) for key, value in node.value if key.value == str(step)), None)
                if pair is None:
                    return line
                line, node = pair[0].start_mark.line + 1, pair[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            else:
                return line
        return line

    def _faults(self, error: ValidationError) -> Iterable[Problem]:
        for fault in error.errors(include_url=False):
            # "[key]" is pydantic's mark for a mapping's key rather than its value.
            loc = tuple(step for step in fault["loc"] if step != "[key]")
            reason = fault["msg"].removeprefix("Value error, ")
            given = fault["input"]
            if isinstance(given, str) and repr(given) not in reason and not self._secret:
                reason = f"{given!r}: {reason}"
            yield self.problem(loc, reason)

    def _doubled_keys(self, node: yaml.Node | None, loc: Loc) -> Iterable[Problem]:
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    where = ".".join(map(str, (*loc, key.value)))
                    yield Problem(self.name, key.start_mark.line + 1, where, "is there twice")
                seen.add(key.value)
                yield from self._doubled_keys(value, (*loc, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for position, value in enumerate(node.value):
                yield from self._doubled_keys(value, (*loc, position))


def _mark_line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark is not None else 0


def _why(error: yaml.YAMLError) -> str:
    return f"not YAML: {getattr(error, 'problem', None) or error}"

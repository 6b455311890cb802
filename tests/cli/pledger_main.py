"""``pledger`` in the test's own process: what it prints, and what it exits with."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.cli.main import main


@dataclass(frozen=True)
class Done:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


def runner(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path, **env: str
) -> Run:
    """Runs commands in a working folder, with these environment variables and no other PLEDGER_ ones."""
    monkeypatch.chdir(home)
    for name, value in env.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, **more: str) -> Done:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["pledger", *arguments])
            for name, value in more.items():
                patch.setenv(name, value)
            capsys.readouterr()
            code = 0
            try:
                main()
            except SystemExit as exited:
                code = int(exited.code or 0)
            said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return run

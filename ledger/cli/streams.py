"""Input and output as whoever started the program left them: closed, of another encoding, or a pipe whose
reader has gone.
"""

import io
import os
import sys
from pathlib import Path

READER_GONE = 141
"""Exit code, as of a program that SIGPIPE ended: no code of a command's own, that would say something."""


def prepare() -> None:
    """Makes them fit to read from and write to. May start the program anew."""
    _open_what_is_closed()
    _read_and_write_utf8()
    out = sys.stdout
    if type(out) is io.TextIOWrapper and out is sys.__stdout__:  # which keeps what both write to
        sys.stdout = _Output(
            out.buffer,
            encoding=out.encoding,
            errors=out.errors,
            line_buffering=out.line_buffering,
            write_through=out.write_through,
        )


def _open_what_is_closed() -> None:
    """What began with a closed input or output (by a supervisor, or ``<&-``) reads nothing, and writes to
    nobody.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - to the end


def _read_and_write_utf8() -> None:
    """Starts anew where the system has another encoding: names in files are read as they are written."""
    if sys.stdout.encoding.lower() != "utf-8" and not sys.flags.utf8_mode:
        os.execv(  # noqa: S606 - the same program
            sys.executable, [sys.executable, "-X", "utf8", "-m", "ledger.cli", *sys.argv[1:]]
        )


class _Output(io.TextIOWrapper):
    """Ends the program, in order, when nobody reads on (as after ``| head``)."""

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except BrokenPipeError:
            self._end()
            raise SystemExit(READER_GONE) from None

    def flush(self) -> None:
        try:
            super().flush()
        except BrokenPipeError:
            self._end()
            raise SystemExit(READER_GONE) from None

    def _end(self) -> None:
        """What is still to be written goes nowhere, or Python would fail at it once more on ending."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)

"""The process that plays; `supervision` starts it."""

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

from ledger.errors import INTERRUPTED


def _end_at_once(_signal: int, _frame: FrameType | None) -> NoReturn:
    os._exit(INTERRUPTED)


def main() -> None:
    """Plays what the command line asks for."""
    # Libraries that are interrupted while they are imported say all kinds of things; nothing was begun yet.
    signal.signal(signal.SIGINT, _end_at_once)
    from ledger.cli.demonstration.play import play
    from ledger.cli.demonstration.supervision import Demonstration, end_with_supervisor
    from ledger.errors import LedgerError

    end_with_supervisor()
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        play(Demonstration.from_json(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)  # the supervisor says so
    except LedgerError as error:
        print(f"error: {error.what}\n  {error.hint}".rstrip(), file=sys.stderr)
        sys.exit(error.exit_code)


main()

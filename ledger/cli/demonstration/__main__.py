"""The process that plays; `supervision` starts it."""

import signal
import sys

from ledger.cli.demonstration.supervision import INTERRUPTED, Demonstration, end_with_supervisor
from ledger.errors import LedgerError


def main() -> None:
    """Plays what the command line asks for. It may be interrupted while it imports its libraries."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        end_with_supervisor()
        from ledger.cli.demonstration.play import play

        play(Demonstration.from_json(sys.argv[1]))
    except KeyboardInterrupt:
        print("\nstopped before the end", flush=True)
        sys.exit(INTERRUPTED)
    except LedgerError as error:
        print(f"error: {error.what}\n  {error.hint}".rstrip(), file=sys.stderr)
        sys.exit(error.exit_code)


main()

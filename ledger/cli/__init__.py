"""The `pledger` command: thin commands over the library."""

import signal
import sys

if sys.argv[1:2] == ["demo"]:
    # Python can lose an interruption while it imports. Nothing is begun yet: the system may end it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

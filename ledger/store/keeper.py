"""Sees that an embedded server does not outlive its users: a process of its own beside the server.

Who ends in order stops the server on leaving, if it was the last. One that is killed, or whose terminal is
closed, cannot; its shared lock is given back by the system, which this process notices.
"""

import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from ledger.store import sharing

LOOK_SECONDS = 1.0
"""Between two looks at whether anybody uses the server."""


def watch(home: Path) -> None:
    """Has the server of a folder watched, by a new process unless one does so already. Whoever calls it holds
    the lock of the server's users.
    """
    lock = sharing.keeper_lock(home)
    if not lock.acquire(blocking=False):
        return
    lock.release()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "ledger.store.keeper", str(home)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,  # what ends its terminal's processes is not for it
    )
    threading.Thread(target=process.wait, daemon=True).start()  # that ended, it is nobody's to bury


def keep(home: Path) -> None:
    """Waits until nobody uses the server, and stops it if its last user did not."""
    with ExitStack() as held:
        keeper = sharing.keeper_lock(home)
        if not keeper.acquire(blocking=False):
            return  # another one is as good
        held.callback(keeper.release)
        while home.is_dir():
            with sharing.alone(home, wait=False) as is_alone:
                if is_alone:
                    _stop(home)
                    return
            time.sleep(LOOK_SECONDS)


def _stop(home: Path) -> None:
    if (home / "postgres" / "postmaster.pid").exists():  # its last user did not stop it
        from ledger.store.server import Server  # takes its time, and as a rule is not needed

        Server(home / "postgres").stop()


if __name__ == "__main__":
    keep(Path(sys.argv[1]))

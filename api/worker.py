"""One of several processes that answer: it ends with the one that started it, however that ended."""

import multiprocessing
import os
import signal
import threading


def end_with_supervisor() -> None:
    """Else a worker whose supervisor was killed would keep the port, and nobody could stop it from there."""
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        threading.Thread(target=_wait_for, args=[supervisor], name="supervisor", daemon=True).start()


def _wait_for(supervisor: "multiprocessing.process.BaseProcess") -> None:
    supervisor.join()
    os.kill(os.getpid(), signal.SIGTERM)

"""What ends a command that goes on until it is ended."""

import signal


def endings() -> tuple[signal.Signals, ...]:
    """Ctrl-C, a supervisor's word, and a terminal that is closed; not that under ``nohup``, which says so by
    having it ignored.
    """
    ends = (signal.SIGINT, signal.SIGTERM)
    stays = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return ends if stays else (*ends, signal.SIGHUP)

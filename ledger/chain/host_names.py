"""A host's addresses, in time: the system's look-up takes as long as it likes, and cannot be broken off."""

import ipaddress
import socket
from threading import Thread

from urllib3.util.connection import allowed_gai_family

_under_way: dict[tuple[str, int], "_LookUp"] = {}
"""One for each host, which all wait for: a silent name server would else gather threads."""


def addresses(host: str, port: int, seconds: float | None) -> list[str]:
    """Addresses of a host, the first to be tried first.

    Raises TimeoutError after so many seconds, socket.gaierror for a host that has none, and UnicodeError for
    what is not a host's name.
    """
    name = host.strip("[]")
    try:
        return [str(ipaddress.ip_address(name))]
    except ValueError:
        name.encode("idna")
    asked = _under_way.get((name, port))
    if asked is None:
        asked = _LookUp(name, port)
        asked.start()
    asked.join(seconds)
    if asked.is_alive():
        raise TimeoutError(f"the name {name} is not looked up in time")
    if asked.failure is not None:
        raise socket.gaierror(*asked.failure.args)
    return asked.found


class _LookUp(Thread):
    """Ends when the system is done with it, whoever still waits; it holds up no program's end."""

    def __init__(self, name: str, port: int) -> None:
        super().__init__(name=f"looking up {name}", daemon=True)
        self._asked = name, port
        self.found: list[str] = []
        self.failure: OSError | None = None

    def run(self) -> None:
        """Says itself that it is under way: an interrupt of who asks leaves none that never began."""
        _under_way[self._asked] = self
        try:
            infos = socket.getaddrinfo(*self._asked, allowed_gai_family(), socket.SOCK_STREAM)
            self.found = [str(info[4][0]) for info in infos]
        except OSError as error:
            self.failure = error
        finally:
            _under_way.pop(self._asked, None)

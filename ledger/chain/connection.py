"""HTTP to one URL: each answer whole within its time, and no lock that an interrupt could leave taken.

`requests` counts its time for each read from the socket: a node that sends a byte now and then would never be
too late. And its pool hands connections out under a lock of Python's own, which Ctrl-C can leave locked
between two of its lines: whoever then puts the connection back waits for itself.
"""

import io
import queue
import time
from http.client import HTTPResponse
from socket import socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager


def session_for(url: str) -> requests.Session:
    """A session for one URL. What the environment says of proxies and certificates is asked once, not for
    each call, which would double a call's cost.
    """
    session = requests.Session()
    found = session.merge_environment_settings(url, {}, None, None, None)
    session.proxies, session.verify = found["proxies"], found["verify"]
    session.auth = requests.utils.get_netrc_auth(url)
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter())
    return session


class _Timed(io.RawIOBase):
    """What comes from a socket until a moment, however many pieces it comes in."""

    def __init__(self, sock: socket) -> None:
        self._sock, self._raw = sock, sock.makefile("rb", buffering=0)
        limit = sock.gettimeout()  # what connecting has left of the time for all
        self._deadline = None if limit is None else time.monotonic() + limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._deadline is not None:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the answer is not whole in time")
            self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(HTTPResponse):
    def __init__(self, sock: socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp.close()
        self.fp = io.BufferedReader(_Timed(sock), 1 << 16)


class _Idle:
    """Connections at rest: a list, of which each step is whole or not done."""

    def __init__(self, maxsize: int = 0) -> None:
        self._size, self._held = maxsize, list[Any]()

    def get(self, **_: Any) -> Any:
        try:
            return self._held.pop()
        except IndexError:
            raise queue.Empty from None

    def put(self, connection: Any, **_: Any) -> None:
        if len(self._held) >= self._size:
            raise queue.Full
        self._held.append(connection)

    def qsize(self) -> int:
        return len(self._held)


class _Plain(HTTPConnection):
    response_class = _Response


class _Secured(HTTPSConnection):
    response_class = _Response


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain
    QueueCls: Any = _Idle


class _SecuredPool(HTTPSConnectionPool):
    ConnectionCls = _Secured
    QueueCls: Any = _Idle


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        _with_our_pools(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*args, **options)
        return _with_our_pools(manager)


def _with_our_pools(manager: PoolManager) -> PoolManager:
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecuredPool}
    return manager

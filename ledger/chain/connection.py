"""HTTP to one URL: each answer whole within its time, its host's name looked up within it too, and no lock
that an interrupt could leave taken.

`requests` counts its time for each read from the socket: a node that sends a byte now and then would never be
too late. And its pool hands connections out under a lock of Python's own, which Ctrl-C can leave locked
between two of its lines: whoever then puts the connection back waits for itself.
"""

import io
import ipaddress
import queue
import time
from http.client import HTTPResponse
from socket import gaierror, socket
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
)
from urllib3.poolmanager import PoolManager

from ledger.chain.host_names import addresses


def session_for(url: str) -> requests.Session:
    """A session for one URL. What the environment says of proxies and certificates is asked once, not for
    each call, which would double a call's cost.
    """
    session = requests.Session()
    session.trust_env = not is_here(url)
    found = session.merge_environment_settings(url, {}, None, None, None)
    session.proxies, session.verify = found["proxies"], found["verify"]
    session.auth = requests.utils.get_netrc_auth(url)
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter())
    return session


def is_here(url: str) -> bool:
    """Whether the URL is of this machine, which no proxy leads to, whatever the environment says of one."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


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


class _Timely(HTTPConnection):
    """Connects within its time, whatever the name server does, and however many addresses there are."""

    response_class = _Response

    def _new_conn(self) -> socket:
        seconds = self.timeout if isinstance(self.timeout, int | float) else None
        until = None if seconds is None else time.monotonic() + seconds
        try:
            found = addresses(self._dns_host, self.port, seconds)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, str(error)) from error
        except gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except UnicodeError:
            raise LocationParseError(f"{self.host!r} is not a host's name") from None
        failure: Exception = OSError("it has no address")
        for place, address in enumerate(found):
            if until is not None:
                self.timeout = max(0.001, (until - time.monotonic()) / (len(found) - place))
            try:
                return self._connected_to(address)
            except (ConnectTimeoutError, NewConnectionError) as error:
                failure = error
            finally:
                self.timeout = seconds
        raise failure

    def _connected_to(self, address: str) -> socket:
        named = self._dns_host
        self._dns_host = address
        try:
            return super()._new_conn()
        finally:
            self._dns_host = named


class _Plain(_Timely):
    pass


class _Secured(HTTPSConnection, _Timely):
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

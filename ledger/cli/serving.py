"""``pledger serve``: the API and the portal over the mirror."""

import os
import signal
import socket
from contextlib import nullcontext
from typing import Annotated, Any

import typer
import uvicorn
from uvicorn.supervisors import Multiprocess

from ledger.cli.endings import endings
from ledger.cli.relaying import beside
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.store.database import Database

APPLICATION = "api.app:create_app"
MAX_WORKERS = 32


def serve_command(
    host: Annotated[str, typer.Option(help="Address of this machine to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[
        int,
        typer.Option(
            min=1,
            max=MAX_WORKERS,
            help="Processes that answer. Each takes up to 40 connections to the database, and by itself "
            "limits who asks too often.",
        ),
    ] = 1,
    with_relayer: Annotated[
        bool,
        typer.Option("--with-relayer", help="Also send what is signed, as `pledger relay` does, beside it."),
    ] = False,
) -> None:
    """Serves the API and the portal until it is stopped with Ctrl-C."""
    settings = Settings()  # what cannot be used is told here, and not by each worker again and again
    settings.public_origin  # noqa: B018 - the same
    _refuse_a_taken(host, port)
    with (
        Database.open(settings) if workers > 1 or with_relayer else nullcontext(),
        beside(settings) if with_relayer else nullcontext(),
    ):
        _serve(host, port, workers)


def _serve(host: str, port: int, workers: int) -> None:
    # Named by text: nothing in this library imports the API.
    # Whose X-Forwarded-For is believed is a setting of the API's; uvicorn would believe any local program's.
    options: dict[str, Any] = {"factory": True, "host": host, "port": port, "proxy_headers": False}
    if signal.SIGHUP in endings():  # as Ctrl-C: nobody could stop it from a terminal that is closed
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    if workers == 1:
        uvicorn.run(APPLICATION, **options)
        return
    config = uvicorn.Config(APPLICATION, workers=workers, **options)
    _Workers(config, [config.bind_socket()]).run()


class _Workers(Multiprocess):
    """As uvicorn's, but a terminal that is closed ends them, where uvicorn starts them anew."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        at_hangup = signal.getsignal(signal.SIGHUP)
        super().__init__(config, sockets)
        signal.signal(signal.SIGHUP, at_hangup)


def _refuse_a_taken(host: str, port: int) -> None:
    """Asked first: the server would say it in the middle of its log, after it has opened the database."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        raise LedgerError(
            f"{host}:{port} cannot be listened on: {error.strerror}.", "Choose another with --port."
        ) from error

"""``pledger serve``: the API and the portal over the mirror."""

import socket
from typing import Annotated

import typer
import uvicorn

from ledger.errors import LedgerError


def serve_command(
    host: Annotated[str, typer.Option(help="Address of this machine to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
) -> None:
    """Serves the API and the portal until it is stopped with Ctrl-C."""
    _refuse_a_taken(host, port)
    # Named by text: nothing in this library imports the API.
    # Whose X-Forwarded-For is believed is a setting of the API's; uvicorn would believe any local program's.
    uvicorn.run("api.app:create_app", factory=True, host=host, port=port, proxy_headers=False)


def _refuse_a_taken(host: str, port: int) -> None:
    """Asked first: the server would say it in the middle of its log, after it has opened the database."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        raise LedgerError(
            f"{host}:{port} cannot be listened on: {error.strerror}.", "Choose another with --port."
        ) from error

"""``pledger serve`` says what is wrong before it opens anything."""

import socket

import pytest

from ledger.cli.serving import serve_command
from ledger.errors import LedgerError


def test_a_port_in_use_is_one_clear_line() -> None:
    refused = pytest.raises(LedgerError, match="cannot be listened on: Address already in use")
    with socket.create_server(("127.0.0.1", 0)) as taken, refused as refusal:
        serve_command("127.0.0.1", taken.getsockname()[1])
    assert refusal.value.hint == "Choose another with --port."

"""``pledger relay``: sends what accounts signed and servers took, and pays its gas."""

import multiprocessing
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from types import FrameType

from eth_account.signers.local import LocalAccount
from sqlalchemy import select

from ledger.chain.keys import from_hex
from ledger.chain.steady import connect_steady
from ledger.cli.endings import endings
from ledger.errors import LedgerError
from ledger.relay.habits import habits_of
from ledger.relay.running import Relayer
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.tables import RelayLane

_LOOK_SECONDS = 5.0
_END_SECONDS = 30


def relay_command() -> None:
    """Sends what waits, by every key of PLEDGER_RELAYER_KEY and PLEDGER_RELAYER_KEYS, until it is stopped."""
    settings = Settings()
    keys, stop = _require_keys(settings), threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for each in endings():
        signal.signal(each, end)
    run_relayer(settings, keys, stop)


@contextmanager
def beside(settings: Settings) -> Iterator[None]:
    """The relayer in a process of its own meanwhile; it ends with this one, however that ends."""
    _require_keys(settings)
    process = multiprocessing.get_context("spawn").Process(target=_relay_beside, args=[settings])
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join(_END_SECONDS)


def _relay_beside(settings: Settings) -> None:
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)  # a terminal's are for the server, which ends this one
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    threading.Thread(target=_end_with_parent, args=[stop], daemon=True).start()
    try:
        run_relayer(settings, relayer_keys(settings), stop)
    except LedgerError as error:
        print(f"error: the relayer: {error}", file=sys.stderr, flush=True)


def _end_with_parent(stop: threading.Event) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        stop.set()


def _require_keys(settings: Settings) -> list[LocalAccount]:
    keys = relayer_keys(settings)
    if not keys:
        raise LedgerError(
            "There is no key to send with.", "Set PLEDGER_RELAYER_KEY; further ones in PLEDGER_RELAYER_KEYS."
        )
    return keys


def run_relayer(settings: Settings, keys: list[LocalAccount], stop: threading.Event) -> None:
    """Sends until it is told to stop. Raises LedgerError when no node answers, or there is no database."""
    node = connect_steady(settings.nodes)
    habits = habits_of(settings)
    with Database.open(settings) as database:
        relayer = Relayer(database, node, keys, habits)
        relayer.start()
        for key in keys:
            print(f"sending with {key.address} on chain {node.chain_id}", flush=True)
        low: set[bytes] = set()
        while not stop.wait(_LOOK_SECONDS):
            low = _warn(database, node.chain_id, settings, low)
        relayer.stop()
    print("stopped; what is out is looked after when it runs again", file=sys.stderr)


def relayer_keys(settings: Settings) -> list[LocalAccount]:
    """The keys that the settings name, each once. Raises KeyUnusable."""
    named = []
    if settings.relayer_key is not None:
        named.append((settings.relayer_key.get_secret_value(), "PLEDGER_RELAYER_KEY"))
    if settings.relayer_keys is not None:
        parts = settings.relayer_keys.get_secret_value().split(",")
        named += [(part.strip(), "PLEDGER_RELAYER_KEYS") for part in parts if part.strip()]
    keys = [from_hex(text, source) for text, source in named]
    return list({key.address: key for key in keys}.values())


def _warn(database: Database, chain_id: int, settings: Settings, before: set[bytes]) -> set[bytes]:
    """Says once that a key has little left. Returns those that have."""
    with database.session() as session:
        lanes = session.scalars(select(RelayLane).where(RelayLane.chain_id == chain_id, RelayLane.low)).all()
    for lane in lanes:
        if lane.sender not in before:
            left = Decimal(lane.balance or 0).scaleb(-settings.currency_decimals).normalize()
            print(
                f"warning: 0x{lane.sender.hex()} has {left:f} {settings.currency_symbol} left: fund it",
                file=sys.stderr,
                flush=True,
            )
    return {lane.sender for lane in lanes}

"""A relayer in a process of its own, which is killed at a moment of the test's choice."""

import threading
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

from eth_account import Account

from ledger.chain.node import connect
from ledger.relay.habits import Habits
from ledger.relay.running import Relayer
from ledger.store.database import Database

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["dying", "ledger.chain.web3_door"])


def relayer(url: str, rpc_url: str, keys: list[bytes]) -> BaseProcess:
    """Starts one that sends with these keys until it is killed."""
    process = _CONTEXT.Process(target=_relay, args=[url, rpc_url, keys], daemon=True)
    process.start()
    return process


def _relay(url: str, rpc_url: str, keys: list[bytes]) -> None:
    database = Database.open(url, migrate=False)
    habits = Habits(3_600, 0, lambda node: node.newest().number)
    Relayer(database, connect(rpc_url), [Account.from_key(key) for key in keys], habits).start()
    threading.Event().wait()

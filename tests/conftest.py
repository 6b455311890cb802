"""A real chain for tests: one anvil and one deployment for the whole run, taken back after each test."""

import random
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest
from eth_account.signers.local import LocalAccount
from hypothesis import settings
from ledger_world import World
from web3.contract import Contract

from ledger.artifacts.contracts import contract_abi
from ledger.chain import anvil as local_chain
from ledger.chain.anvil import Anvil
from ledger.chain.deploy import Consortium, deploy
from ledger.chain.node import Node
from ledger.chain.sender import Sender
from ledger.terms.deployment import Deployment

pytest_plugins = ["database_fixtures"]

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A shell's background job ignores the one, who was started with nohup the other: and so would every program
# that the tests start and end.
for ending, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(ending) is signal.SIG_IGN:
        signal.signal(ending, usual)


@pytest.fixture(scope="session")
def anvil() -> Iterator[Anvil]:
    """The test run's own chain, on a port of its own. Tests that change it use `chain` instead."""
    with local_chain.start() as running:
        yield running


@pytest.fixture(scope="session")
def node(anvil: Anvil) -> Node:
    return anvil.node


@pytest.fixture(scope="session")
def wallets() -> list[LocalAccount]:
    """Anvil's accounts, all with gas money. The first deploys, relays and holds the consortium's roles."""
    return [local_chain.wallet(index) for index in range(10)]


@pytest.fixture(scope="session")
def deployment(node: Node, wallets: list[LocalAccount]) -> Deployment:
    sender = Sender(node, wallets[0])
    return deploy(sender, Consortium.of_one(sender.address), with_test_token=True)


@pytest.fixture(scope="session")
def token(node: Node, deployment: Deployment) -> Contract:
    """tUSD: 6 decimals, anyone may mint."""
    return node.contract_at(deployment.tokens["tUSD"], contract_abi("TestDollar"))


@pytest.fixture
def chain(anvil: Anvil, deployment: Deployment) -> Iterator[Anvil]:
    """The chain with the deployment on it; whatever the test does there is taken back."""
    snapshot = anvil.snapshot()
    yield anvil
    anvil.revert(snapshot)


@pytest.fixture
def world(chain: Anvil, deployment: Deployment) -> World:
    """Partners who act on the chain; see tests/ledger_world.py."""
    return World(chain, deployment)


@pytest.fixture(scope="module")
def module_world(anvil: Anvil, deployment: Deployment) -> Iterator[World]:
    """A world that a module's tests share: what each of them does there is taken back by its `chain`, and
    what the module did, at its end.
    """
    snapshot = anvil.snapshot()
    yield World(anvil, deployment)
    anvil.revert(snapshot)


@pytest.fixture
def free_port() -> int:
    """A port of this machine on which nothing listens; below those of which systems give one to whoever asks
    for any: no connection of another test's takes it in the meantime.
    """
    while True:
        port = random.SystemRandom().randint(15_000, 32_000)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port

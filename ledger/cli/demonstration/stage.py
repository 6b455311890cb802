"""What the demonstration plays on: a folder made anew, a local chain, the contracts, and the sample files."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from ledger.actions import call
from ledger.artifacts.contracts import contract_abi
from ledger.chain import anvil, contract_wallet, deployment
from ledger.chain.anvil import Anvil
from ledger.chain.contract_wallet import ContractWallet
from ledger.chain.deploy import Consortium, deploy
from ledger.chain.sender import Sender
from ledger.checkout import ROOT
from ledger.cli.demonstration import actors
from ledger.cli.demonstration.compiling import compile_contracts
from ledger.cli.demonstration.folder import own_folder
from ledger.cli.demonstration.supervision import Demonstration
from ledger.errors import LedgerError
from ledger.intake.partners_check import read_partners_file
from ledger.intake.partners_file import PartnersFile
from ledger.settings import Settings
from ledger.terms.contracts import TEST_DOLLAR
from ledger.terms.deployment import Deployment
from ledger.terms.ids import DealId
from ledger.terms.units import DAY, HOUR

EXAMPLES = ROOT / "examples"
AMENDED = EXAMPLES / "partners-amended.yaml"
HOLD_DAYS = 3
"""The longest hold in the sample files."""
CHAIN_PORT = 8545
_NOTHING_SET: dict[str, Any] = dict.fromkeys(Settings.model_fields, "")
"""The user's own settings are for the user's own ledger."""
_STARTING_GAS = 10**21
_MONEY = 5_000_000 * 10**6
"""What the payer gets, in base units of the test dollar."""


@dataclass(frozen=True)
class FieldDeal:
    """A registration under the programme that goes by territory."""

    partner: str
    territory: str
    deal: DealId


@dataclass
class Stage:
    """The chain, and everything that the acts need to know of it."""

    console: Console
    chain: Anvil
    deployment: Deployment
    partners: PartnersFile
    safe: ContractWallet
    settings: Settings
    keys: Path
    begun: float
    wallets: dict[str, int]
    file: Path = EXAMPLES / "partners.yaml"
    field_deals: list[FieldDeal] = field(default_factory=list)

    @property
    def consortium(self) -> Sender:
        """Attests partners, and claims for others."""
        return Sender(self.chain.node, anvil.wallet(actors.CONSORTIUM))

    @property
    def safe_relayer(self) -> Sender:
        """Pays the gas of what the Safe's owner signed."""
        return Sender(self.chain.node, anvil.wallet(actors.SAFE_CREATOR))

    def act(self, sender: Sender, name: str, /, **given: Any) -> None:
        """Has somebody do what an action declares; everything that it needs is said."""
        done = call(self.deployment, name, **given)
        sender.transact(done.to, done.data, action=name)

    def sender(self, partner: str) -> Sender:
        """A partner's own transactions, by the wallet that acts for it now."""
        return Sender(self.chain.node, anvil.wallet(self.wallets[partner]))

    def amend(self) -> None:
        """From now on the partners file is the one that holds the amendment."""
        self.file, self.partners = AMENDED, read_partners_file(AMENDED)

    def rotate(self, partner: str, number: int) -> None:
        """Another of anvil's accounts acts for a partner; the keys file says so."""
        self.wallets[partner] = number
        write_keys(self.keys, self.wallets)

    def say(self, title: str) -> None:
        """Announces an act, with the seconds since the curtain."""
        self.console.print(f"\n[bold]{title}[/bold]  [dim]{time.monotonic() - self.begun:.1f} s[/dim]")

    def environment(self) -> dict[str, str]:
        """The settings for a process of its own, and nothing of the user's own settings."""
        return {**os.environ, **self.settings.environment()}


@contextmanager
def staged(console: Console, wanted: Demonstration) -> Iterator[Stage]:
    """Starts a chain, deploys, and gives everybody what they need; all ends with the block.

    Raises LedgerError when a tool is missing, the sample files are gone, or a port or folder that was
    ``wanted`` is used.
    """
    begun = time.monotonic()
    partners = read_partners_file(EXAMPLES / "partners.yaml")
    compile_contracts(console)
    with ExitStack() as open_until_the_end:
        home = open_until_the_end.enter_context(
            own_folder(wanted.folder, Settings().home, lambda line: console.print(line, markup=False))
        )
        chain = _start_chain(open_until_the_end, console, wanted.anvil_port)
        own: dict[str, Any] = {
            "home": home,
            "rpc_url": chain.rpc_url,
            "deployment": home / "deployment.json",
            "finality": "immediate",
            "relayer_key": actors.relayer_key(),
            "chain_name": "Partnership Ledger demonstration",
            "public_rpc_url": chain.rpc_url,
            "test_wallet": True,
        }
        settings = Settings(**_NOTHING_SET | own)
        sender = Sender(chain.node, anvil.wallet(actors.CONSORTIUM))
        deployed = deploy(sender, Consortium.of_one(sender.address), with_test_token=True)
        deployment.save(deployed, home / "deployment.json")
        safe = _create_safe(chain)
        token = chain.node.contract_at(deployed.tokens["tUSD"], contract_abi(TEST_DOLLAR))
        payer = partners.billing.payer if partners.billing is not None else partners.programme.owner
        sender.send(token.functions.mint(partners.partners[payer].account, _MONEY))
        wallets = dict(actors.WALLETS)
        for number in (wallets[actors.ARBITER], actors.ROTATED, actors.NEWCOMER, actors.RELAYER):
            chain.set_balance(anvil.wallet(number).address, _STARTING_GAS)
        keys = write_keys(home / "keys.yaml", wallets)
        yield Stage(console, chain, deployed, partners, safe, settings, keys, begun, wallets)


def _start_chain(open_until_the_end: ExitStack, console: Console, wanted: int | None) -> Anvil:
    # Some days back: when all that the acts wait for has passed, it is about now.
    waits = DAY + (HOLD_DAYS + 1) * DAY + HOUR
    options = ["--timestamp", str(int(time.time()) - waits)]
    port = CHAIN_PORT if wanted is None else wanted
    try:
        return open_until_the_end.enter_context(anvil.start(port, options=options))
    except anvil.AnvilFailed:
        if wanted is not None or anvil.is_free(port):
            raise
    console.print(f"Port {port} is in use (another anvil?); the chain takes a free one.")
    return open_until_the_end.enter_context(anvil.start(options=options))


def _create_safe(chain: Anvil) -> ContractWallet:
    creator = Sender(chain.node, anvil.wallet(actors.SAFE_CREATOR))
    chain.set_balance(creator.address, _STARTING_GAS)
    owner = anvil.wallet(actors.SAFE_OWNER)
    safe = contract_wallet.create(creator, contract_wallet.install(creator), owner)
    if safe.address != actors.SAFE_ADDRESS:
        raise LedgerError(
            f"The Safe is at {safe.address}, the sample files have {actors.SAFE_ADDRESS}.",
            "Write its address into actors.py and run examples/generate.py.",
        )
    return safe


def write_keys(path: Path, wallets: Mapping[str, int]) -> Path:
    """The keys file: everybody's import keys, and the signing keys of plain wallets' owners."""
    lines = ["# The keys of anvil's public accounts: never for anything of worth.", "accounts:"]
    for partner in (*wallets, actors.SAFE_PARTNER):
        lines += [f"  {partner}:", f'    import_key: "0x{actors.import_key(partner).hex()}"']
        if partner in wallets:
            lines.append(f'    private_key: "0x{bytes(anvil.wallet(wallets[partner]).key).hex()}"')
    lines += ["epoch_keys:", f'  1: "0x{actors.epoch_key().hex()}"']
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n")
    return path

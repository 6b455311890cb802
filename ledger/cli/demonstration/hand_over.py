"""What the demonstration leaves to whoever watched it: accounts, network, settings for a second terminal."""

import shlex
import sys
from pathlib import Path

from ledger.chain import anvil
from ledger.cli.demonstration import actors
from ledger.cli.demonstration.server import Portal
from ledger.cli.demonstration.stage import Stage
from ledger.settings import Settings

_FILE = "env.sh"
_ACTS = "halyard"
"""As whom one acts at first in the second terminal."""
_CURRENCY = "ETH"


def hand_over(stage: Stage, portal: Portal) -> None:
    """Writes the settings into the folder, and prints what to do with everything."""
    file, chain = write_settings(stage), stage.chain
    exports = "\n".join(f"  {line}" for line in _exports(stage, only_needed=True))
    agreement = portal.get("/v1/agreements", limit=1)["agreements"][0]["agreement"]
    accounts = "\n".join(f"  {name:32}{wallet}  {key}" for name, wallet, key in _accounts(stage))
    stage.console.print(
        f"""
Accounts of the local chain: wallet and key. The keys are public, never send anything of worth to them.
{accounts}

Network for a wallet: chain id {chain.node.chain_id}, RPC URL {chain.rpc_url}, currency {_CURRENCY}

To work beside it, paste this line into another terminal:

  . {shlex.quote(str(file))}

or these, which are in that file too:

{exports}

Then, for example:

  pledger status
  pledger audit
  pledger prove agreement --agreement {agreement} -o bundle.json
  pledger agreement end {agreement} --at 2030-12-31

Portal: {portal.url}   API: {portal.url}/docs   Chain: {chain.rpc_url}
Ctrl-C stops everything.""",
        markup=False,
    )


def write_settings(stage: Stage) -> Path:
    """The file for a shell to read: all settings, and everybody's key to choose from; for this user only."""
    path = stage.settings.home / _FILE
    lines = ["# Settings of the demonstration; a shell reads them with `. env.sh`.", *_exports(stage)]
    lines += ["# To act as another one, set PLEDGER_PRIVATE_KEY to its key:"]
    lines += [f"#   {key}  {name}" for name, _, key in _accounts(stage)]
    lines += [f'export PATH={shlex.quote(str(Path(sys.prefix, "bin")))}:"$PATH"']
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n")
    return path


def _exports(stage: Stage, *, only_needed: bool = False) -> list[str]:
    """All settings; or, beside those that are set elsewhere, only what is needed."""
    own = stage.settings.environment() | {"PLEDGER_PRIVATE_KEY": _key(stage.wallets[_ACTS])}
    elsewhere = Settings().environment()
    return [
        f"export {name}={shlex.quote(value) if value else ''}"
        for name, value in own.items()
        if not only_needed or value != elsewhere[name]
    ]


def _accounts(stage: Stage) -> list[tuple[str, str, str]]:
    """Name, wallet and key of everybody who has a key."""
    partners = stage.partners.partners
    safe = partners[actors.SAFE_PARTNER].name
    who = {partners[partner].name: number for partner, number in stage.wallets.items()}
    who |= {"the consortium": actors.CONSORTIUM, f"{safe} (owner of its Safe)": actors.SAFE_OWNER}
    return [(name, str(anvil.wallet(number).address), _key(number)) for name, number in who.items()]


def _key(number: int) -> str:
    return "0x" + bytes(anvil.wallet(number).key).hex()

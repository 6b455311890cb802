"""What the demonstration leaves to whoever watched it: accounts, network, settings for a second terminal."""

import shlex
import sys
from pathlib import Path

from ledger.chain import anvil
from ledger.checkout import ROOT
from ledger.cli.demonstration import actors
from ledger.cli.demonstration.server import Portal
from ledger.cli.demonstration.stage import Stage
from ledger.intake.chain_state import read_chain
from ledger.settings import Settings
from ledger.terms.units import DAY

_FILE = "env.sh"
_ACTS = "halyard"
"""As whom one acts at first in the second terminal."""
_PAID = "uk-resale"
"""Agreement under which one pays and registers a deal."""
_REGISTERS = "bluewater"
"""Its partner, who registers one."""
_CURRENCY = "ETH"
_CAST = ROOT / "node_modules" / ".bin" / "cast"


def hand_over(stage: Stage, portal: Portal) -> None:
    """Writes the settings into the folder, and prints what to do with everything."""
    file, chain = write_settings(stage), stage.chain
    exports = "\n".join(f"  {line}" for line in _exports(stage, only_needed=True))
    agreement = portal.get("/v1/agreements", limit=1)["agreements"][0]["agreement"]
    paid = f"0x{read_chain(chain.node, stage.deployment, stage.partners).agreements[_PAID].id.hex()}"
    everybody = _accounts(stage)
    width = max(len(name) for name, _, _ in everybody) + 2
    accounts = "\n".join(f"  {name:{width}}{wallet}  {key}" for name, wallet, key in everybody)
    relayer = anvil.wallet(actors.RELAYER).address
    stage.console.print(
        f"""
Accounts of the local chain: wallet and key. The keys are public, never send anything of worth to them.
{accounts}

Network for a wallet: chain id {chain.node.chain_id}, RPC URL {chain.rpc_url}, currency {_CURRENCY}

To work beside it, paste this line into another terminal:

  . {shlex.quote(str(file))}

or these, which are in that file too:

{exports}

Then, for example, as {stage.partners.partners[_ACTS].name}:

  pledger status
  pledger audit
  pledger prove agreement --agreement {agreement} -o bundle.json
  pledger agreement end {agreement} --at 2030-12-31
  pledger pay {paid} 250 --invoice TRY-1

as {stage.partners.partners[_REGISTERS].name}, since whoever decides on deals registers none:

  PLEDGER_PRIVATE_KEY={_key(stage.wallets[_REGISTERS])} \\
  PLEDGER_IMPORT_KEY=0x{actors.import_key(_REGISTERS).hex()} \\
  pledger deal register {paid} customer.example --opportunity TRY-1

and as somebody whom nobody knows yet:

  PLEDGER_PRIVATE_KEY={_key(actors.NEWCOMER)} \\
  pledger register "Newcomer Ltd" --yes

To act as another one, set PLEDGER_PRIVATE_KEY to its key, and PLEDGER_IMPORT_KEY to its import key: they go
together. They are in {shlex.quote(str(stage.keys))}

The chain has a clock of its own. A deal that was just registered can be approved, by `pledger deal
approve DEAL`, when it is a day later there; this moves its clock so far:

  {shlex.quote(str(_CAST))} rpc --rpc-url {chain.rpc_url} anvil_mine 1 {DAY + 60}

A relayer runs ({relayer}): it sends what is signed in the portal or at the API, and pays for it.
How it is doing: {portal.url}/relay
To act as a partner, sign in there with the test wallet: {portal.url}/yours

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
    lines += [f"# and PLEDGER_IMPORT_KEY to its import key, which is in {stage.keys.name} beside this file."]
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n")
    return path


def _exports(stage: Stage, *, only_needed: bool = False) -> list[str]:
    """All settings; or, beside those that are set elsewhere, only what is needed. And where `pledger` is."""
    own = stage.settings.environment() | {
        "PLEDGER_PRIVATE_KEY": _key(stage.wallets[_ACTS]),
        "PLEDGER_IMPORT_KEY": f"0x{actors.import_key(_ACTS).hex()}",
        "PLEDGER_EPOCH_KEY": f"0x{actors.epoch_key().hex()}",
    }
    elsewhere = Settings().environment()
    return [
        f"export {name}={shlex.quote(value) if value else ''}"
        for name, value in own.items()
        if not only_needed or value != elsewhere[name]
    ] + [f'export PATH={shlex.quote(str(Path(sys.prefix, "bin")))}:"$PATH"']


def _accounts(stage: Stage) -> list[tuple[str, str, str]]:
    """Name, wallet and key of everybody who has a key."""
    partners = stage.partners.partners
    safe = partners[actors.SAFE_PARTNER].name
    who = {partners[partner].name: number for partner, number in stage.wallets.items()}
    who |= {"the consortium": actors.CONSORTIUM, f"{safe} (owner of its Safe)": actors.SAFE_OWNER}
    who |= {"nobody yet, to register with": actors.NEWCOMER}
    return [(name, str(anvil.wallet(number).address), _key(number)) for name, number in who.items()]


def _key(number: int) -> str:
    return "0x" + bytes(anvil.wallet(number).key).hex()

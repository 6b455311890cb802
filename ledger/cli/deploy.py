"""``pledger deploy``: the contracts onto a chain, and the file that says where they are."""

import getpass
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress

from ledger.chain import anvil, deployment, keys
from ledger.chain.deploy import ROLES, Consortium, deploy, refuse_to_overwrite
from ledger.chain.node import connect
from ledger.chain.sender import Sender
from ledger.cli.confirming import require_yes
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.terms import solidity

Holder = Annotated[
    str | None,
    typer.Option(help="Address that holds this role; on a local chain the deployer when not given."),
]
Delay = Annotated[
    int | None,
    typer.Option(
        min=0, max=2**32 - 1, help="Seconds that orders of this role wait in public; on a local chain 0."
    ),
]
LOCAL_CHAINS = (31337, 1337)
"""Chain ids of local test chains, where nothing is at stake."""


def deploy_command(
    rpc_url: Annotated[str | None, typer.Option(help="The node; PLEDGER_RPC_URL otherwise.")] = None,
    chain_id: Annotated[int | None, typer.Option(help="Refuse to deploy on any other chain.")] = None,
    keystore: Annotated[
        Path | None, typer.Option(help="Encrypted key file; PLEDGER_KEYSTORE otherwise.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write; deployments/<chainId>.json otherwise.")
    ] = None,
    admin: Holder = None,
    verifier: Holder = None,
    guardian: Holder = None,
    operator: Holder = None,
    recovery: Holder = None,
    admin_delay: Delay = None,
    verifier_delay: Delay = None,
    operator_delay: Delay = None,
    recovery_delay: Delay = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file of a living deployment.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Deploy without asking at the terminal.")] = False,
) -> None:
    """Deploys the contracts; on a local chain a test dollar too.

    On any other chain it asks for who holds each role, and for how long what they order waits in public: an
    order that nobody sees coming is one that nobody can stop. The guardian never waits.
    """
    settings = Settings()
    if keystore is not None:
        settings.keystore = keystore
    node = connect(rpc_url or settings.rpc_url, chain_id)
    is_local = node.chain_id == anvil.CHAIN_ID
    path = out or deployment.path_for(node.chain_id)
    deployment.require_writable(path)
    if not force:
        refuse_to_overwrite(path, node)
    holders = {
        "admin": admin,
        "verifier": verifier,
        "guardian": guardian,
        "operator": operator,
        "recovery": recovery,
    }
    delays = {
        "admin": admin_delay,
        "verifier": verifier_delay,
        "operator": operator_delay,
        "recovery": recovery_delay,
    }
    if node.chain_id not in LOCAL_CHAINS:
        _require_considered(node.chain_id, holders, delays)
    sender = Sender(node, _key(settings, is_local=is_local))
    named = {role: _holder(given, f"--{role}", sender.address) for role, given in holders.items()}
    consortium = Consortium(
        admin=named["admin"],
        verifier=named["verifier"],
        guardian=named["guardian"],
        operator=named["operator"],
        recovery=named["recovery"],
        admin_delay=admin_delay or 0,
        verifier_delay=verifier_delay or 0,
        operator_delay=operator_delay or 0,
        recovery_delay=recovery_delay or 0,
    )
    if not yes:
        require_yes(_shown(sender, consortium, path))
    try:
        deployed = deploy(sender, consortium, with_test_token=is_local, report=print)
    except LedgerError as error:
        raise LedgerError(
            f"Nothing was deployed: {error.what}", error.hint or "Then deploy again."
        ) from error
    deployment.save(deployed, path)
    print(f"chain {deployed.chain_id}, from block {deployed.block}; written to {path}")


def _shown(sender: Sender, consortium: Consortium, path: Path) -> list[tuple[str, str]]:
    """What is about to be done, for whoever is asked."""
    roles = [
        (ROLES[role], holder + (f", whose orders wait {delay:,} seconds" if delay else ""))
        for role, holder, delay in reversed(consortium.holders())
    ]
    place = f"chain {sender.node.chain_id} ({sender.node.place})"
    does = ("does", "deploys the ledger's contracts, and hands the roles over")
    return [("who", sender.address), does, ("at", place), *roles, ("writes", str(path))]


def _key(settings: Settings, *, is_local: bool) -> LocalAccount:
    if is_local and settings.keystore is None and settings.private_key is None:
        return anvil.wallet(0)
    return keys.signing_key(settings, ask_password)


def ask_password(keystore: Path) -> str:
    """Asks for a keystore's password without showing it. Raises KeyUnusable where nobody can be asked."""
    if not sys.stdin.isatty():
        raise keys.KeyUnusable(
            f"The keystore {keystore} needs its password.", "Set PLEDGER_KEYSTORE_PASSWORD."
        )
    return getpass.getpass(f"Password of {keystore}: ")


def _require_considered(
    chain_id: int, holders: Mapping[str, str | None], delays: Mapping[str, int | None]
) -> None:
    """Raises LedgerError unless each role has a holder who was named, and all but the guardian's a delay."""
    missing = [f"--{role}" for role, given in holders.items() if given is None]
    missing += [f"--{role}-delay" for role, seconds in delays.items() if not seconds]
    if missing:
        raise LedgerError(
            f"Chain {chain_id} is not a local test chain: expected who holds each role, and a delay above 0 "
            f"of what they order, got no {', no '.join(missing)}.",
            "Name a Safe for each role, the guardian's apart from the others', and delays in seconds, as "
            "--admin-delay 172800: what is ordered can be seen and cancelled until then.",
        )
    guardian = holders["guardian"]
    alike = [role for role in delays if (holders[role] or "").lower() == (guardian or "").lower()]
    if alike:
        raise LedgerError(
            f"--guardian and --{alike[0]} are the same address: who orders cannot be who stops it.",
            "Name another address as the guardian.",
        )


def _holder(given: str | None, option: str, deployer: ChecksumAddress) -> ChecksumAddress:
    if given is None:
        return deployer
    address: ChecksumAddress = solidity.parse("address", given, option)
    return address

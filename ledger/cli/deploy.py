"""``pledger deploy``: the contracts onto a chain, and the file that says where they are."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer
from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress

from ledger.chain import anvil, deployment, keys, solidity
from ledger.chain.deploy import Consortium, deploy, refuse_to_overwrite
from ledger.chain.node import connect
from ledger.chain.sender import Sender
from ledger.errors import LedgerError
from ledger.settings import Settings

Holder = Annotated[
    str | None, typer.Option(help="Address that holds this role; the deployer when not given.")
]
Delay = Annotated[int, typer.Option(min=0, help="Seconds that orders of this role wait in public.")]


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
    admin_delay: Delay = 0,
    verifier_delay: Delay = 0,
    operator_delay: Delay = 0,
    recovery_delay: Delay = 0,
    force: Annotated[bool, typer.Option("--force", help="Replace the file of a living deployment.")] = False,
) -> None:
    """Deploys the contracts; on a local chain a test dollar too."""
    settings = Settings()
    if keystore is not None:
        settings.keystore = keystore
    node = connect(rpc_url or settings.rpc_url, chain_id)
    is_local = node.chain_id == anvil.CHAIN_ID
    path = out or deployment.path_for(node.chain_id)
    deployment.require_writable(path)
    if not force:
        refuse_to_overwrite(path, node)
    sender = Sender(node, _key(settings, is_local=is_local))
    consortium = Consortium(
        admin=_holder(admin, "--admin", sender.address),
        verifier=_holder(verifier, "--verifier", sender.address),
        guardian=_holder(guardian, "--guardian", sender.address),
        operator=_holder(operator, "--operator", sender.address),
        recovery=_holder(recovery, "--recovery", sender.address),
        admin_delay=admin_delay,
        verifier_delay=verifier_delay,
        operator_delay=operator_delay,
        recovery_delay=recovery_delay,
    )
    try:
        deployed = deploy(sender, consortium, with_test_token=is_local, report=print)
    except LedgerError as error:
        raise LedgerError(
            f"Nothing was deployed: {error.what}", error.hint or "Then deploy again."
        ) from error
    deployment.save(deployed, path)
    print(f"chain {deployed.chain_id}, from block {deployed.block}; written to {path}")


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


def _holder(given: str | None, option: str, deployer: ChecksumAddress) -> ChecksumAddress:
    if given is None:
        return deployer
    address: ChecksumAddress = solidity.parse("address", given, option)
    return address

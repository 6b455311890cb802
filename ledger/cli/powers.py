"""``pledger powers``: who may do what, and what is scheduled."""

import json
from typing import Annotated

import typer
from eth_utils.address import to_checksum_address

from ledger.accounting.powers import powers_of
from ledger.chain import deployment as deployments
from ledger.chain.node import connect
from ledger.chain.power_lines import PowersView, view_of
from ledger.cli.as_of import block_of
from ledger.cli.powers_report import moment, powers_document, powers_lines
from ledger.cli.reading import reading_mirror
from ledger.settings import Settings
from ledger.store.reading import AsOf, Reading
from ledger.terms.deployment import Deployment


def powers_command(
    at_block: Annotated[
        int | None,
        typer.Option(min=0, help="As of this block of the node's chain; else the mirror's newest."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one JSON object.")] = False,
) -> None:
    """Shows which role may do what, who holds it since when, how long its orders wait, and what is scheduled.

    It is what the mirror holds: `pledger audit` compares it with the chain.
    """
    settings = Settings()
    block = None if at_block is None else _block(settings, at_block)
    with reading_mirror(settings, block) as reading:
        view = view_of(powers_of(reading), reading.addresses, reading.as_of.timestamp)
        if as_json:
            print(json.dumps(_document(reading, view)))
            return
        manager = to_checksum_address(reading.manager)
        print(
            f"access manager {manager}, chain {reading.chain_id}, "
            f"as of block {reading.as_of.number} of {moment(reading.as_of.timestamp)}"
        )
        print("\n".join(powers_lines(view)))
        print(f"from {view.changes:,} events of the access manager")


def _block(settings: Settings, number: int) -> AsOf:
    node = connect(settings.rpc_url)
    deployment: Deployment = deployments.find(settings, node)
    return block_of(node, deployment, number, any_hash=settings.any_hash)


def _document(reading: Reading, view: PowersView) -> dict[str, object]:
    return {
        "chain_id": reading.chain_id,
        "access_manager": to_checksum_address(reading.manager),
        "block": {
            "number": reading.as_of.number,
            "hash": "0x" + reading.as_of.hash.hex(),
            "timestamp": reading.as_of.timestamp,
        },
        **powers_document(view),
    }

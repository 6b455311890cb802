"""``pledger node``: a local chain to try things on."""

import signal
from pathlib import Path
from typing import Annotated

import typer

from ledger.chain import anvil
from ledger.cli.endings import endings


def node_command(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of this machine to listen on.")] = 8545,
    block_time: Annotated[
        int | None,
        typer.Option(min=1, help="Seconds between blocks; a block for each transaction otherwise."),
    ] = None,
    state: Annotated[
        Path | None, typer.Option(help="File in which the chain is kept from one run to the next.")
    ] = None,
) -> None:
    """Runs a local chain (anvil) until it is stopped with Ctrl-C."""
    options = []
    if block_time is not None:
        options += ["--block-time", str(block_time)]
    if state is not None:
        options += ["--state", str(state)]
    for ending in endings():
        signal.signal(ending, signal.default_int_handler)  # as Ctrl-C: else anvil would outlive this process
    try:
        _run(port, options)
    except KeyboardInterrupt:
        return


def _run(port: int, options: list[str]) -> None:
    with anvil.start(port, options=options) as chain:
        print(f"chain {chain.node.chain_id} at {chain.rpc_url}")
        for index in range(10):
            wallet = anvil.wallet(index)
            print(f"account {index}  {wallet.address}  key 0x{bytes(wallet.key).hex()}")
        print(
            "These keys are public: never send anything of worth to them. Ctrl-C stops the chain.", flush=True
        )
        chain.process.wait()
    raise anvil.AnvilFailed("anvil stopped.", "Start it again with `pledger node`.")

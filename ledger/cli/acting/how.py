"""How a command acts: through which node, asking or not, and whether anything is sent at all."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger.errors import LedgerError

RpcUrl = Annotated[str | None, typer.Option(help="The node; PLEDGER_RPC_URL otherwise.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Send without asking at the terminal.")]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Say what would be sent and what the chain says to it; send nothing."),
]
SignOnly = Annotated[
    Path | None,
    typer.Option(
        "--sign-only",
        metavar="FILE",
        help="Send nothing: write the signed form, which anybody's `pledger submit FILE` sends. "
        "Without a key it is written to be signed elsewhere.",
    ),
]


@dataclass(frozen=True)
class How:
    """What every command that acts is told besides. ``sign_only``: the file to write instead of sending."""

    rpc_url: str | None = None
    yes: bool = False
    dry_run: bool = False
    sign_only: Path | None = None

    @property
    def sends(self) -> bool:
        """Whether transactions are sent."""
        return not self.dry_run and self.sign_only is None


AS_USUAL = How()


def acting(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose parameter ``how`` is made of the options that all commands have which act."""
    own = inspect.signature(command)
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, kind, default in (
            ("rpc_url", RpcUrl, None),
            ("yes", Yes, False),
            ("dry_run", DryRun, False),
            ("sign_only", SignOnly, None),
        )
    ]
    names = [option.name for option in options]

    @functools.wraps(command)
    def with_options(**given: Any) -> None:
        how = How(**{name: given.pop(name) for name in names})
        if how.dry_run and how.sign_only is not None:
            raise LedgerError("Choose one: --dry-run signs nothing.", "Leave --dry-run or --sign-only out.")
        command(**given, how=how)

    kept = [parameter for name, parameter in own.parameters.items() if name != "how"]
    with_options.__signature__ = own.replace(parameters=[*kept, *options])  # type: ignore[attr-defined]
    with_options.__annotations__ = {each.name: each.annotation for each in (*kept, *options)}
    return with_options

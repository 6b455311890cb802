"""``pledger act``: a command for each action that is declared, made from its declaration."""

import inspect
from collections.abc import Callable
from string import Formatter
from typing import Annotated, Any

import typer

from ledger.actions import ACTIONS, Action, Field, Role, Said, Unit
from ledger.cli.acting.desk import Desk, any_desk
from ledger.cli.acting.how import How, acting
from ledger.cli.acting.said_values import value_of
from ledger.errors import LedgerError

act_app = typer.Typer(
    no_args_is_help=True,
    help="Every action of the ledger, field by field; the other commands ask for less and say more.",
)


def _command(action: Action) -> Callable[..., None]:
    def command(*, how: How, **given: str | None) -> None:
        desk = any_desk(how)
        desk.carry_out(Said(action, _values(desk, action, given), desk.facts))

    parameters = [_option(action, field) for field in action.fields]
    how = inspect.Parameter("how", inspect.Parameter.KEYWORD_ONLY, annotation=How)
    command.__signature__ = inspect.Signature([*parameters, how])  # type: ignore[attr-defined]
    with_options = acting(command)
    with_options.__doc__ = f"{_said(action)}. By: {action.by}."
    return with_options


def _option(action: Action, field: Field) -> inspect.Parameter:
    is_actor = field.name == action.actor and not action.is_anyones
    words = f"{field.words} The key's own when left out." if is_actor else field.words
    if field.unit is Unit.AMOUNT:
        words = f"{words} In whole tokens."
    kind = Annotated[
        str | None,
        typer.Option(f"--{field.name.replace('_', '-')}", metavar=field.unit.name, help=words),
    ]
    return inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)


def _values(desk: Desk, action: Action, given: dict[str, str | None]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in sorted(action.fields, key=lambda each: each.unit is Unit.AMOUNT):
        text = given[field.name]
        if text is not None:
            values[field.name] = value_of(desk, field, text, Said(action, values, desk.facts))
        elif field.name == action.actor and not action.is_anyones and not field.optional:
            values[field.name] = desk.wallet if action.by is Role.NEW_KEY else desk.account
        elif not field.optional:
            option = field.name.replace("_", "-")
            raise LedgerError(f"--{option} is missing.", f"Give it: {field.words}")
    return values


def _said(action: Action) -> str:
    """Its sentence, with the options' names where their values will be."""
    names = {name for _, name, _, _ in Formatter().parse(action.sentence) if name}
    return action.sentence.format(**{name: name.replace("_", "-").upper() for name in names})


for _each in ACTIONS.values():
    act_app.command(_each.name.replace("_", "-"))(_command(_each))

"""What several must agree to, from one key at a time: whoever is last carries it out, the others consent
before.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer
from eth_typing import ChecksumAddress

from ledger.actions import Said, action
from ledger.cli.acting.desk import Desk
from ledger.cli.moments import last_second, require_ahead
from ledger.errors import LedgerError

_CONSENT_SECONDS = 30 * 86_400

ConsentUntil = Annotated[
    str | None,
    typer.Option(
        help="Until when your consent counts, as 2027-03-31 (UTC); 30 days when left out.",
        show_default=False,
    ),
]


def agree(
    desk: Desk,
    consent: str,
    given: Mapping[str, Any],
    needed: Sequence[ChecksumAddress],
    what: str,
    until: str | None,
    carry_out: Callable[[], None],
) -> None:
    """Carries out what several must agree to when all others have consented by transaction; else consents,
    and says who is missing.

    ``consent``: the action that consents, with ``given``; ``needed``: the accounts that must agree;
    ``until``: as somebody typed it. Raises LedgerError when the desk's account is none of them.
    """
    if desk.account not in needed:
        raise LedgerError(
            f"{desk.account} has no say in it: {what} takes {', '.join(needed)}.",
            "Act for one of them with --for.",
        )
    own = {"account": desk.account, "deadline": _deadline(desk, until)}
    said = Said(action(consent), {**given, **own}, desk.facts)
    if desk.how.sign_only is not None:
        desk.carry_out(said)
        return
    has_consented = desk.questions.ask(
        said.action.contract, "hasConsented", [[account, said["action"]] for account in needed]
    )
    given_by = dict(zip(needed, has_consented, strict=True))
    missing = [account for account, has in given_by.items() if not has and account != desk.account]
    if not missing:
        carry_out()
        return
    if until is not None or not given_by[desk.account]:
        desk.carry_out(said)
    print(f"waiting for: {', '.join(missing)}")
    print(f"They run this same command: a consent to anything but {what} does not count for it.")
    print("The last of them carries it out.")


def _deadline(desk: Desk, until: str | None) -> int:
    """Until when a consent counts. Raises LedgerError when that is past."""
    deadline = desk.now + _CONSENT_SECONDS if until is None else last_second(until)
    require_ahead(desk.now, deadline, "The end of your consent")
    return deadline

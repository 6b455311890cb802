"""What several must agree to, from one key at a time: whoever is last carries it out, the others consent
before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from eth_typing import ChecksumAddress

from ledger.cli.acting.desk import Desk
from ledger.cli.moments import last_second, require_ahead, shown
from ledger.errors import LedgerError

_CONSENT_SECONDS = 30 * 86_400

ConsentUntil = Annotated[
    str | None,
    typer.Option(
        help="Until when your consent counts, as 2027-03-31 (UTC); 30 days when left out.",
        show_default=False,
    ),
]


@dataclass(frozen=True)
class Consenting:
    """How one consents by transaction: ``function`` of ``contract`` with the account, the ``words`` of what
    it is to, and the last second at which it counts. ``action`` is the hash that names it.
    """

    contract: str
    function: str
    words: tuple[Any, ...]
    action: bytes

    def send(self, desk: Desk, what: str, until: str | None) -> None:
        """Consents as the desk's account. Raises LedgerError when the time until then is past."""
        deadline = desk.now + _CONSENT_SECONDS if until is None else last_second(until)
        require_ahead(desk.now, deadline, "The end of your consent")
        said = f"consent to {what}; the consent counts until {shown(deadline)}"
        desk.send(self.contract, self.function, desk.account, *self.words, deadline, action=said)


def agree(
    desk: Desk,
    consenting: Consenting,
    needed: Sequence[ChecksumAddress],
    what: str,
    until: str | None,
    carry_out: Callable[[], None],
) -> None:
    """Carries the action out when all others have consented by transaction; else consents, and says who is
    missing.

    ``needed``: the accounts that must agree; ``until``: as somebody typed it. Raises LedgerError when the
    desk's account is none of them.
    """
    if desk.account not in needed:
        raise LedgerError(
            f"{desk.account} has no say in it: {what} takes {', '.join(needed)}.",
            "Act for one of them with --for.",
        )
    asked = [[account, consenting.action] for account in needed]
    given = desk.questions.ask(consenting.contract, "hasConsented", asked)
    missing = [
        account for account, has in zip(needed, given, strict=True) if not has and account != desk.account
    ]
    if not missing:
        carry_out()
        return
    if until is not None or not given[list(needed).index(desk.account)]:
        consenting.send(desk, what, until)
    print(f"waiting for: {', '.join(missing)}")
    print(f"They run this same command: a consent to anything but {what} does not count for it.")
    print("The last of them carries it out.")

"""What several must agree to, from one key at a time: whoever is last carries it out, the others consent
before.
"""

from collections.abc import Callable, Sequence

from eth_typing import ChecksumAddress

from ledger.cli.acting.desk import Desk
from ledger.errors import LedgerError


def agree(
    desk: Desk,
    contract: str,
    action: bytes,
    needed: Sequence[ChecksumAddress],
    what: str,
    carry_out: Callable[[], None],
) -> None:
    """Carries the action out when all others have consented by transaction; else consents, and says who is
    missing.

    ``needed``: the accounts that must agree. Raises LedgerError when the desk's account is none of them.
    """
    if desk.account not in needed:
        raise LedgerError(
            f"{desk.account} has no say in it: {what} takes {', '.join(needed)}.",
            "Act for one of them with --for.",
        )
    given = desk.questions.ask(contract, "hasConsented", [[account, action] for account in needed])
    missing = [
        account for account, has in zip(needed, given, strict=True) if not has and account != desk.account
    ]
    if not missing:
        carry_out()
        return
    if not given[list(needed).index(desk.account)]:
        desk.send(contract, "consent", desk.account, action, action=f"consent to {what}")
    print(f"waiting for: {', '.join(missing)}")
    # The chain keeps a consent as a hash of what it is to: nobody can see which other day somebody agreed to.
    print(f"They run this same command: a consent to anything but {what} does not count for it.")
    print("The last of them carries it out.")

"""A person at a terminal says yes before anything is sent. Where nobody sits at one, nobody is asked: whoever
wrote the script has decided.
"""

import sys
from collections.abc import Sequence

from ledger.errors import LedgerError
from ledger.intake.amounts import to_text

_COIN_DECIMALS = 18
_NAMES = 6
"""Characters that what stands before each line has room for."""
_GWEI, _GWEI_DECIMALS = 10**9, 9


def confirm(who: str, action: str, place: str, value: int, gas: int, most_wei: int) -> None:
    """Shows a transaction, and asks. ``value`` is sent along and ``most_wei`` can be paid for gas at most,
    both in wei. Raises LedgerError when the answer is not yes.
    """
    most = to_text(-(-most_wei // _GWEI), _GWEI_DECIMALS)
    cost = f"about {gas:,}, which costs at most {most} of the chain's coin"
    sends = [("sends", f"{to_text(value, _COIN_DECIMALS)} of the chain's coin")] if value else []
    require_yes([("who", who), ("does", action), ("at", place), *sends, ("gas", cost)])


def asks_somebody() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty()


def require_yes(lines: Sequence[tuple[str, str]]) -> None:
    """Shows what is about to be done, and asks. Raises LedgerError when the answer is not yes."""
    if not asks_somebody():
        return
    width = max(_NAMES, *(len(name) for name, _ in lines))
    for name, text in lines:
        print(f"  {name:<{width}} {text}", file=sys.stderr)
    print("Send it? [y/N] ", end="", file=sys.stderr, flush=True)  # seen where the output goes to a file, too
    try:
        answer = input().strip().casefold()
    except EOFError:
        print(file=sys.stderr)
        answer = ""
    if answer not in ("y", "yes"):
        raise LedgerError("Nothing was sent.", "Answer y to send it, or add --yes.")

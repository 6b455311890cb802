"""Partners who run ``pledger``, and what they act on."""

from collections.abc import Callable

from ledger_world import DAY, Agreement, Partner, World

Run = Callable[..., str]
"""A partner and the words of its command, to what it printed."""


def held(world: World, parties: tuple[Partner, Partner, Partner], **fields: object) -> Agreement:
    """An agreement whose payments are held for a week; the third of the parties is its arbiter."""
    vendor, agency, judge = parties
    chosen = {"hold_seconds": 7 * DAY, "arbiter": judge.account, "clawback": 1} | fields
    return world.agreement([vendor, agency], {vendor: 0.7, agency: 0.3}, **chosen)


def reference(world: World, ref: str) -> str:
    """The reference of the invoice that ``World.pay`` calls so."""
    return "0x" + world.invoice(1, ref=ref).invoice_ref.hex()

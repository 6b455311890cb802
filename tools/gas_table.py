"""What the gas table compares: our actions, the peers' that come closest, and how a row is written.

All figures are gas of whole transactions, the 21,000 and the calldata included.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

OURS = "ours"
Costs = dict[str, dict[str, int]]  # action -> whose -> gas
Snapshots = dict[str, dict[str, int]]  # whose -> its own name of the action -> gas


@dataclass(frozen=True)
class Row:
    """An action as the table and the peers' snapshots name it, and its name in our snapshot."""

    action: str
    ours: str
    peers: str = ""  # the peers' action, where it has another name


def signing() -> Iterator[Row]:
    """Yield the rows of an agreement that all its parties sign."""
    for signers in ("2", "10", "100"):
        co_signed = f"agreement co-signed by {signers} parties"
        yield Row(f"sign for the first time, {signers} signers", co_signed)
        yield Row(f"sign, {signers} signers", co_signed)


def money() -> Iterator[Row]:
    """Yield the rows of an agreement of two parties that splits what is paid."""
    for action, ours in (
        ("create", "agreement co-signed by 2 parties"),
        ("pay for the first time", "pay the first invoice of an agreement, no hold"),
        ("pay", "pay an invoice, no hold"),
    ):
        yield Row(f"{action}, 2 payees", ours)
        for payees in ("10", "100", "1,000"):
            yield Row(f"{action}, {payees} payees", f"{ours}, {payees} payees")
    for action, ours in (
        ("claim for the first time", "claim for the first time, one tranche"),
        ("claim", "claim, one tranche"),
        ("one payment paid out to all", "pay an invoice and everybody"),
        ("a year, paid out once", "a year, claimed once by all"),
        ("a year, paid out monthly", "a year, claimed monthly by all"),
    ):
        for payees in ("2", "10", "100", "1,000"):
            yield Row(f"{action}, {payees} payees", f"{ours}, {payees} payees")
    invoices = "pay 100 invoices of one agreement in one call, each"
    yield Row("pay 100 invoices at once, each", invoices, peers="pay, 2 payees")
    agreements = "claim across 20 agreements, each"
    yield Row("claim of 20 agreements at once, each", agreements, peers="claim, 2 payees")


def compare(snapshots: Snapshots) -> Costs:
    """Return what each action costs whom; actions that our snapshot lacks are left out.

    Our other actions follow under the names that our snapshot gives them.
    """
    costs: Costs = {}
    rows = [*signing(), *money()]
    ours = snapshots[OURS]
    for row in rows:
        if row.ours in ours:
            costs[row.action] = {OURS: ours[row.ours]} | {
                peer: gas[row.peers or row.action]
                for peer, gas in snapshots.items()
                if peer != OURS and (row.peers or row.action) in gas
            }
    compared = {row.ours for row in rows}
    return costs | {action: {OURS: gas} for action, gas in ours.items() if action not in compared}


def tables(costs: Costs) -> dict[str, str]:
    """Return the tables in Markdown, by the names that the template calls them."""
    sign = [row.action for row in signing() if row.action in costs]
    split = [row.action for row in money() if row.action in costs]
    rest = [action for action in costs if action not in {*sign, *split}]
    return {"signing": table(sign, costs), "money": table(split, costs), "the rest": table(rest, costs)}


def table(actions: list[str], costs: Costs) -> str:
    """Return one table: ours, and each peer that has any of these actions, with ours as a multiple of it."""
    peers = list(dict.fromkeys(peer for action in actions for peer in costs[action] if peer != OURS))
    lines = [["action", OURS, *peers], ["---", *["---:"] * (1 + len(peers))]]
    for action in actions:
        own = costs[action][OURS]
        others = (costs[action].get(peer) for peer in peers)
        cells = ("–" if gas is None else f"{gas:,} ({own / gas:.2f}×)" for gas in others)
        lines.append([action, f"{own:,}", *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fill(template: str, costs: Costs, snapshots: Snapshots) -> str:
    """Put the tables and single costs where the template asks for them.

    ``[[table: money]]`` is a table, ``[[Split: claim, 2 payees]]`` what that action costs whom.

    Raises:
        KeyError: with the placeholder that nothing answers
    """
    written = tables(costs)

    def answer(found: re.Match[str]) -> str:
        whose, name = found.groups()
        if whose == "table" and name in written:
            return written[name]
        gas = costs.get(name, {}).get(whose) or snapshots.get(whose, {}).get(name)
        if gas is None:
            raise KeyError(found.group())
        return f"{gas:,}"

    return re.sub(r"\[\[([^:\]]+): ([^\]]+)\]\]", answer, template)

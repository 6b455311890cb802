"""What came of it, as tables: everything in them was read from the served API."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from ledger.cli.demonstration.server import Portal
from ledger.intake.partners_file import PartnersFile
from ledger.intake.shares import to_percent


def show_earnings(
    console: Console, portal: Portal, file: PartnersFile, agreements: Mapping[str, str]
) -> None:
    """Who earned what, and why: each payee's share of what each agreement received."""
    table = Table(title="Who earned what, and why", title_justify="left", caption_justify="left")
    for column in ("partner", "because of", "share"):
        table.add_column(column)
    for column in ("received", "earned", "claimed", "claimable"):
        table.add_column(column, justify="right")
    for partner in file.partners.values():
        body = portal.get(f"/v1/partners/{partner.account}/balances", limit=100)
        name = partner.name
        for line in body["balances"]:
            table.add_row(
                name,
                agreements.get(line["agreement"], "field programme"),
                " / ".join(to_percent(int(weight)) for weight in line["weights"]),
                *(_amount(line[key]) for key in ("received", "earned", "claimed", "claimable")),
            )
            name = ""
    console.print(table)


def show_conflicts(console: Console, portal: Portal, customers: Mapping[str, str]) -> int:
    """Customers that several partners claim, and who has them; their names are only in the CRM file."""
    table = Table(title="Conflicts, and who won them", title_justify="left")
    for column in ("customer (local)", "partner", "priority", "status", "why"):
        table.add_column(column, justify="right" if column == "priority" else "left")
    by_customer: dict[str, list[Any]] = {}
    for deal in portal.every("/v1/deals", "deals"):
        if deal["customer"] is not None:
            by_customer.setdefault(deal["customer"]["tag"], []).append(deal)
    conflicts = 0
    for deals in by_customer.values():
        if len({deal["partner"]["account"] for deal in deals}) < 2:
            continue
        conflicts += 1
        conflict = portal.get(f"/v1/deals/{deals[0]['deal']}")["conflict"]
        customer = next((customers[deal["deal"]] for deal in deals if deal["deal"] in customers), "")
        for registration in conflict["registrations"]:
            leads = registration["leads"]
            table.add_row(
                customer,
                f"[bold]{registration['partner']['name']}[/bold]"
                if leads
                else registration["partner"]["name"],
                str(registration["priority"]),
                registration["status"],
                conflict["why"] if leads else "",
            )
            customer = ""
    console.print(table)
    return conflicts


def show_scores(console: Console, portal: Portal, file: PartnersFile) -> None:
    """The partners' scores, the best first, and what they rest on."""
    table = Table(title="Scores", title_justify="left")
    table.add_column("partner")
    for column in ("score", "evidence for", "against", "events", "counterparties"):
        table.add_column(column, justify="right")
    table.add_column("most through")
    rows = []
    for partner in file.partners.values():
        body = portal.get(f"/v1/partners/{partner.account}/reputation", limit=1)
        most = body["counterparties"][0]["counterparty"]["name"] if body["counterparties"] else ""
        rows.append((body["score"], partner.name, body, most))
    for score, name, body, most in sorted(rows, key=lambda row: (-row[0], row[1])):
        table.add_row(
            name,
            str(score),
            _decimal(body["positive"]),
            _decimal(body["negative"]),
            str(body["events_in_all"]),
            str(body["counterparties_in_all"]),
            most or "",
        )
    console.print(table)


def show_audit(console: Console, audit: Any) -> None:
    """Each contract's journal here and on the chain."""
    table = Table(title=f"Audit: {audit['verdict']}", title_justify="left")
    table.add_column("journal of")
    table.add_column("entries", justify="right")
    table.add_column("head in the mirror")
    table.add_column("head on the chain")
    table.add_column("verdict")
    for journal in audit["journals"]:
        mirror, chain = journal["mirror"], journal["chain"]
        table.add_row(
            journal["contract"],
            str(mirror["seq"]),
            _short(mirror["head"]),
            _short(chain["head"]),
            journal["verdict"],
        )
    console.print(table)


def _amount(amount: Any) -> str:
    return str(amount["display"] or amount["units"])


def _decimal(text: str) -> str:
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction[:2].ljust(2, '0')}"


def _short(head: str) -> str:
    return f"{head[:10]}…{head[-6:]}"

"""``pledger agreement``: list them, amend one, or end it."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.chain import deployment as deployments
from ledger.chain.authorization import BY_TRANSACTION
from ledger.chain.node import connect
from ledger.chain.views import STANDING_OF
from ledger.cli.acting.consents import ConsentUntil, agree
from ledger.cli.acting.desk import AgreementArgument, Desk, For, identifier, open_desk
from ledger.cli.acting.how import AS_USUAL, How, RpcUrl, Yes, acting
from ledger.cli.acting.other_ends import say_other_ends
from ledger.cli.confirming import require_yes
from ledger.cli.deploy import ask_password
from ledger.cli.listing import list_agreements_command
from ledger.cli.moments import last_second, require_ahead, shown
from ledger.errors import LedgerError
from ledger.intake.keys import read_keys
from ledger.intake.onboarding import onboard
from ledger.intake.partners_check import read_partners_file
from ledger.settings import Settings
from ledger.terms.agreement import Terms
from ledger.terms.ids import AgreementId
from ledger.terms.reasons import reason_code

agreement_app = typer.Typer(no_args_is_help=True, help="List agreements, amend one, or end it.")
agreement_app.command("list")(list_agreements_command)

EndsAt = Annotated[
    str, typer.Option("--at", help="Last day in force, as 2027-03-31 (UTC); or 2027-03-31T12:00.")
]


@agreement_app.command("amend")
def amend_command(
    partners_file: Annotated[
        Path, typer.Argument(metavar="PARTNERS.YAML", help="Holds the successor, with `amends: <key>`.")
    ],
    key: Annotated[str, typer.Argument(help="The successor's key in the file.")],
    keys: Annotated[
        Path | None, typer.Option(help="The keys file: who of its parties can sign here.")
    ] = None,
    rpc_url: RpcUrl = None,
    yes: Yes = False,
) -> None:
    """Signs an amendment with the keys at hand, and puts it in force once every party of both has signed."""
    partners = read_partners_file(partners_file)
    wanted = partners.agreements.get(key)
    if wanted is None or wanted.amends is None:
        amendments = ", ".join(name for name, own in partners.agreements.items() if own.amends) or "none"
        raise LedgerError(
            f"{partners_file.name} has no amendment {key!r}.",
            f"It has {amendments}. An amendment is an agreement with `amends: <key of the one it amends>`.",
        )
    if keys is None:
        raise LedgerError(
            "Expected --keys: the file with the keys of the parties that sign here.",
            "Each party can sign with its own wallet instead: in a draft on the portal, or by `pledger act "
            "accept-agreement --sign-only`.",
        )
    settings = Settings()
    node = connect(rpc_url or settings.rpc_url)
    deployment = deployments.find(settings, node)
    line = partners.versions_of(partners.line_of(key))
    chosen = {name: partners.agreements[name] for name in line[: line.index(key) + 1]}
    if not yes:
        require_yes(
            [("signs", f"{key}, with the keys in {keys}"), ("at", f"chain {node.chain_id} ({node.place})")]
        )
    outcome = onboard(
        node,
        deployment,
        partners.model_copy(update={"agreements": chosen}),
        read_keys(keys, partners, ask_password),
    )
    for done in outcome.done:
        print(done)
    if outcome.missing:
        raise LedgerError(
            f"Not in force yet: {'; '.join(outcome.missing)}.",
            "Add the keys that are missing, or draft it on the portal, where each party signs with its own "
            "wallet.",
        )


@agreement_app.command("end")
@acting
def end_command(
    agreement: AgreementArgument,
    at: EndsAt,
    consent_until: ConsentUntil = None,
    account: For = None,
    how: How = AS_USUAL,
) -> None:
    """Ends an agreement by all parties' consent, one after the other; the last one carries it out."""
    desk = open_desk(how, account)
    ending, ends_at = identifier(AgreementId, agreement), last_second(at)
    terms = desk.terms_of(ending)
    _require_end(desk, ending, terms, ends_at)
    what = f"the end on {shown(ends_at)}"
    named = {"agreement": ending, "ends_at": ends_at}

    def carry_out() -> None:
        consents = [BY_TRANSACTION for _ in terms.parties]
        desk.act("end_agreement", **named, terms=terms, consents=consents)

    say_other_ends(desk, ending, terms.parties, ends_at)
    agree(desk, "consent_to_end", named, terms.parties, what, consent_until, carry_out)


@agreement_app.command("notice")
@acting
def notice_command(agreement: AgreementArgument, account: For = None, how: How = AS_USUAL) -> None:
    """Ends an agreement alone, after the notice that its terms give."""
    desk = open_desk(how, account)
    ending = identifier(AgreementId, agreement)
    terms = desk.terms_of(ending)
    if not terms.notice_seconds:
        raise LedgerError(
            "The terms let nobody end the agreement alone.",
            "All parties can end it together: `pledger agreement end`.",
        )
    now, until = desk.now, _ends_at(desk, ending, terms)
    if until <= now + terms.notice_seconds:
        is_over = "ended" if until < now else "ends"
        raise LedgerError(
            f"It {is_over} on {shown(until)} anyway, before a notice would be over.", "Nothing is left to do."
        )
    desk.act("give_notice", account=desk.account, agreement=ending, terms=terms)
    print(f"It ends on {shown(desk.now + terms.notice_seconds)}.")


@agreement_app.command("rule-end")
@acting
def rule_end_command(
    agreement: AgreementArgument,
    at: EndsAt,
    reason: Annotated[str, typer.Option(help="A code of at most 32 plain characters, as BREACH.")],
    account: For = None,
    how: How = AS_USUAL,
) -> None:
    """Ends an agreement by a ruling. Its arbiter does."""
    desk = open_desk(how, account)
    ending, ends_at = identifier(AgreementId, agreement), last_second(at)
    terms = desk.terms_of(ending)
    _require_end(desk, ending, terms, ends_at)
    code = reason_code(reason)
    desk.act("rule_end", arbiter=desk.account, agreement=ending, ends_at=ends_at, reason=code, terms=terms)


def _ends_at(desk: Desk, agreement: AgreementId, terms: Terms) -> int:
    """Last second at which it is in force as things are."""
    return STANDING_OF.of(desk.questions, agreement).last_second(terms.valid_until)


def _require_end(desk: Desk, agreement: AgreementId, terms: Terms, ends_at: int) -> None:
    """Raises LedgerError when the agreement cannot end so: consents to it would be given for nothing."""
    require_ahead(desk.now, ends_at, "The end")
    until = _ends_at(desk, agreement, terms)
    if ends_at >= until:
        raise LedgerError(
            f"It ends on {shown(until)} anyway: an end is only ever brought forward.",
            "Choose an earlier day.",
        )

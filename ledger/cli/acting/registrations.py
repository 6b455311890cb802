"""``pledger deal register``: a customer, committed to and revealed."""

from typing import Annotated, Literal

import typer

from ledger.chain.tags import commitment, deal_id, tag
from ledger.chain.views import DEAL_OF, PROGRAMME_OF
from ledger.cli.acting.desk import AgreementArgument, Desk, For, identifier, open_desk
from ledger.cli.acting.how import AS_USUAL, How, acting
from ledger.cli.acting.secret_keys import epoch_key, import_key
from ledger.cli.moments import shown
from ledger.errors import LedgerError
from ledger.intake.agreements import territory_code
from ledger.intake.crm_ids import damage, opportunity_id
from ledger.intake.customers import identify
from ledger.intake.references import deal_salt
from ledger.terms.contracts import DEALS
from ledger.terms.deals import REVEAL_SECONDS, State
from ledger.terms.ids import AgreementId
from ledger.terms.solidity import ZERO_BYTES32

_MOST_ATTEMPTS = 100


@acting
def register_deal_command(
    agreement: AgreementArgument,
    customer: Annotated[
        str, typer.Argument(metavar="CUSTOMER", help="As its kind is written: acme.example, DE811907980 …")
    ],
    opportunity: Annotated[
        str, typer.Option(help="The id it has with you: `pledger import` knows the deal by it afterwards.")
    ],
    kind: Annotated[
        Literal["domain", "lei", "register", "vat"], typer.Option(help="What names the customer.")
    ] = "domain",
    territory: Annotated[str, typer.Option(help="Where it is, where the programme's rule asks.")] = "",
    account: For = None,
    how: How = AS_USUAL,
) -> None:
    """Registers a deal: commits to the customer, and reveals its tag, never its name.

    Takes PLEDGER_IMPORT_KEY and PLEDGER_EPOCH_KEY. Run again after a stop, it goes on.
    """
    desk = open_desk(how, account)
    wanted = identifier(AgreementId, agreement)
    terms = desk.terms_of(wanted)
    if not any(terms.programme):
        raise LedgerError(
            "The agreement belongs to no programme.", "Deals are registered under one that does."
        )
    if desk.account not in terms.parties:
        raise LedgerError(f"{desk.account} is not a party of the agreement.", "Act for one with --for.")
    known_as = _known_as(opportunity)
    if not (territory.isascii() and territory.isprintable() and len(territory) <= 32):
        raise LedgerError(f"{territory!r} is not a territory.", "Write it as the terms do, as DE or US-CA.")
    own_tag = tag(epoch_key(), kind, _own(kind, customer))
    where = territory_code(territory) if territory else ZERO_BYTES32
    salt, made, state = _attempt(desk, wanted, own_tag, known_as)
    deal = deal_id(desk.account, made)
    if state not in (State.NONE, State.COMMITTED):
        print(f"The deal 0x{deal.hex()} is {state.name.lower()} already.")
        return
    if state is State.NONE:
        desk.act("commit_deal", account=desk.account, commitment=made)
    epoch = PROGRAMME_OF.of(desk.questions, terms.programme).epoch
    desk.act(
        "reveal_deal",
        account=desk.account,
        agreement=wanted,
        terms=terms,
        tag=own_tag,
        salt=salt,
        territory=where,
        epoch=epoch,
    )
    print(f"The deal is 0x{deal.hex()}, tagged by the key of epoch {epoch}.")


def _known_as(opportunity: str) -> str:
    """The opportunity's id as `pledger import` has it."""
    found = opportunity_id(opportunity.strip())
    why = damage(found) if found else "it is empty"
    if why:
        raise LedgerError(f"The opportunity has no id: {why}.", "Give the one that it has with you.")
    return found


def _own(kind: str, customer: str) -> str:
    try:
        return identify(kind, customer)
    except ValueError as why:
        raise LedgerError(
            f"The customer {why}.",
            "Name it by what is its own: a domain, VAT number, register number or LEI.",
        ) from why


def _attempt(
    desk: Desk, agreement: AgreementId, own_tag: bytes, opportunity: str
) -> tuple[bytes, bytes, State]:
    """Salt, commitment and state of the newest attempt: one that lapsed unrevealed is lost."""
    registry, chain_id = desk.deployment.address(DEALS), desk.deployment.chain_id
    key, now = import_key(), desk.now
    for attempt in range(_MOST_ATTEMPTS):
        salt = deal_salt(key, opportunity, attempt)
        made = commitment(chain_id, registry, desk.account, agreement, own_tag, salt)
        record = DEAL_OF.of(desk.questions, deal_id(desk.account, made))
        if record.state is not State.COMMITTED or now <= record.since + REVEAL_SECONDS:
            return salt, made, record.state
        print(
            f"An earlier commitment, of {shown(record.since)}, was not revealed within an hour and is lost; "
            "it counts against you for 30 days. This commits anew, behind whoever came in between."
        )
    raise LedgerError(f"{_MOST_ATTEMPTS} commitments to it lapsed unrevealed.", "Give another --opportunity.")

"""``/yours``: what somebody who has signed in can withdraw, what waits for them, and what they had sent."""

from dataclasses import dataclass

from fastapi.responses import HTMLResponse
from sqlalchemy import select

from api.amounts import Amount, Tokens
from api.as_of import Answering, Now
from api.drafts.desk import OpenDesk
from api.drafts.listing import listed
from api.http.routing import Router
from api.identifiers import checksummed, hexadecimal
from api.partner_names import NamedAccount, Names
from api.portal import sent_rows
from api.portal.pages import PageRoute, page
from api.portal.possible_acts import Act, act
from api.portal.withdrawals import withdrawals
from api.session import OpenSession
from api.visitor import Visitor
from ledger.people.access import MEANING, Right
from ledger.read.accounts import accounts_of
from ledger.store.disputes import open_disputes
from ledger.store.tables import Agreement, Deal, Partner, Programme
from ledger.terms.contracts import AGREEMENTS, DEALS, PARTNERS
from ledger.terms.deals import State
from ledger.terms.ids import AgreementId, DealId

router = Router(prefix="/yours", include_in_schema=False, route_class=PageRoute)
_MOST = 20
_DECISIONS = ("approve_deal", "return_deal", "reject_deal")
"""On deals that were just registered."""
_SENT = 5


@dataclass(frozen=True)
class Waiting:
    """A deal that waits for the account's decision, until ``decide_by`` (seconds)."""

    deal: DealId
    partner: NamedAccount
    decide_by: int | None
    acts: list[Act]


@dataclass(frozen=True)
class Disputed:
    """A payment on whose dispute the account rules, until ``rule_by`` (seconds): then anybody can drop it."""

    payment: str
    agreement: AgreementId
    amount: Amount
    rule_by: int
    rule: Act


@router.get("")
def yours(who: Visitor, session: OpenSession, desk: OpenDesk, answering: Now) -> HTMLResponse:
    """Of the account that they act for."""
    reading = answering.reading
    registered = reading.session.scalar(
        select(Partner.account).where(reading.seen(Partner, PARTNERS), Partner.account == who.account)
    )
    return page(
        "yours.html",
        here="yours",
        as_of=answering.as_of_block(),
        account=checksummed(who.account),
        registered=registered is not None,
        rights=[(MEANING[each], each in who.rights) for each in Right if each.value.endswith(":act")],
        withdrawals=withdrawals(answering, who.account),
        drafts=listed(session, desk.registry, who).drafts if Right.DRAFTS_READ in who.rights else [],
        deals=_deals_to_decide(answering, who.account),
        disputes=_disputes_to_rule(answering, who.account),
        relays=sent_rows.newest(session, who, _SENT),
    )


def _deals_to_decide(answering: Answering, account: bytes) -> list[Waiting]:
    """Registered under the account's programmes, those first that are due first."""
    reading = answering.reading
    own = select(Programme.programme).where(reading.seen(Programme, AGREEMENTS), Programme.owner == account)
    rows = reading.session.scalars(
        select(Deal)
        .where(
            reading.now(Deal, DEALS),
            Deal.programme.in_(own),
            Deal.state == State.REGISTERED,
        )
        .order_by(Deal.decide_by, Deal.seq)
        .limit(_MOST)
    ).all()
    names = Names.of(reading, [row.account for row in rows])
    return [
        Waiting(
            row.deal,
            names.named(row.account),
            row.decide_by,
            [
                act(name, deal=hexadecimal(row.deal))
                for name in ("approve_deal", "return_deal", "reject_deal")
            ],
        )
        for row in rows
    ]


def _disputes_to_rule(answering: Answering, account: bytes) -> list[Disputed]:
    """Open ones of payments under agreements whose arbiter the account is, those first that are due first."""
    reading = answering.reading
    waiting = open_disputes(reading).c
    mine = select(Agreement.agreement).where(
        reading.seen(Agreement, AGREEMENTS), Agreement.arbiter == account
    )
    rows = reading.session.execute(
        select(
            waiting.agreement,
            waiting.payer,
            waiting.invoice_ref,
            waiting.token,
            waiting.waits,
            waiting.rule_by,
        )
        .where(waiting.agreement.in_(mine), waiting.waits > 0)
        .order_by(waiting.rule_by, waiting.seq)
        .limit(_MOST)
    ).all()
    payers = accounts_of(reading, {row.payer for row in rows})
    tokens = Tokens.of(reading, {row.token for row in rows})
    return [
        Disputed(
            hexadecimal(row.invoice_ref),
            row.agreement,
            tokens.amount(row.token, int(row.waits)),
            row.rule_by,
            act(
                "rule_payment",
                payer=checksummed(payers[row.payer]),
                invoice_ref=hexadecimal(row.invoice_ref),
            ),
        )
        for row in rows
    ]

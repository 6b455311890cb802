"""Rows say what the contracts say: sums, states and attestations are compared with their own views."""

from typing import Any

from indexers import index
from ledger_world import World
from partnership import Partnership
from sqlalchemy import func, select

from ledger.store.database import Database
from ledger.store.tables import (
    Acceptance,
    Agreement,
    AgreementParty,
    AgreementPayee,
    AgreementToken,
    AgreementTranche,
    Attestation,
    Book,
    CancelledNonce,
    Claim,
    Claimed,
    Deal,
    DealDecision,
    DepositPause,
    Partner,
    Payment,
    Programme,
)
from ledger.terms.deals import State
from ledger.terms.reasons import reason_code


def raw(address: str) -> bytes:
    return bytes.fromhex(address[2:])


def test_money(partnership: Partnership, database: Database) -> None:
    world = partnership.world
    partnership.work(2)
    partnership.pay(1, 10**14)
    index(database, world.node, world.deployment)
    with database.session() as session:
        (book,) = session.scalars(select(Book))
        assert book.received == session.scalar(select(func.sum(Payment.amount)))
        assert book.claimed == session.scalar(select(func.sum(Claim.amount)))
        released = world.ledger.functions.bookOf(book.agreement, world.token.address).call()[0]
        assert book.received == released
        assert world.token.functions.balanceOf(world.ledger.address).call() == book.received - book.claimed
        for claimed in session.scalars(select(Claimed)):
            account = world.node.w3.to_checksum_address(claimed.account)
            assert (
                claimed.amount
                == world.ledger.functions.claimedOf(book.agreement, world.token.address, 0, account).call()
            )
        payment = session.scalars(select(Payment).order_by(Payment.seq)).first()
        assert payment is not None
        assert (payment.payer, payment.deal) == (raw(partnership.vendor.account), None)


def test_deals(partnership: Partnership, database: Database) -> None:
    world = partnership.world
    agency, agreement, vendor = partnership.agency, partnership.agreement, partnership.vendor
    open_deal = world.registered_deal(agreement, agency, "open.example")
    returned = world.registered_deal(agreement, agency, "returned.example")
    world.decide(vendor, returned, State.RETURNED, reason="MORE_DETAIL")
    rival = world.commit(agreement, world.partner("Rival"), "won.example")
    won = world.won_deal(agreement, agency, "won.example", value=10**12)
    index(database, world.node, world.deployment)
    with database.session() as session:
        rows = {deal.deal: deal for deal in session.scalars(select(Deal))}
        for deal in (open_deal, returned, rival, won):
            row, stored = rows[deal.id], deal_of(world, deal.id)
            assert (row.state, row.priority) == (stored["state"], stored["priority"])
            assert row.account == raw(stored["account"])
            assert (row.agreement or bytes(32)) == stored["agreement"]
            assert (row.vendor or bytes(20)) == raw(stored["vendor"])
        assert rows[returned.id].reason == reason_code("MORE_DETAIL")
        assert (rows[won.id].value, rows[won.id].token) == (10**12, raw(world.token.address))
        assert rows[rival.id].registered_at is None
        registered_at = rows[open_deal.id].registered_at
        assert registered_at is not None
        assert rows[open_deal.id].decide_by == registered_at + agreement.terms.decision_seconds
        approval = session.scalars(select(DealDecision).where(DealDecision.outcome == State.APPROVED)).one()
        assert rows[won.id].exclusive_until == approval.exclusive_until
        assert approval.exclusive_until == approval.decided_at + agreement.terms.exclusivity_seconds


def deal_of(world: World, deal: bytes) -> dict[str, Any]:
    function = world.deals.functions.dealOf(deal)
    names = [part["name"] for part in function.abi["outputs"][0]["components"]]
    return dict(zip(names, function.call(), strict=True))


def test_agreements(partnership: Partnership, database: Database) -> None:
    world, terms = partnership.world, partnership.agreement.terms
    accepted = world.terms([partnership.agency])
    accept = world.agreements.functions.accept(partnership.agency.account, accepted.to_abi(), 2**40 - 1)
    partnership.agency.sender.send(accept)
    index(database, world.node, world.deployment)
    with database.session() as session:
        agreement = session.scalars(select(Agreement)).one()
        assert agreement.agreement == partnership.agreement.id
        for name in ("decision_seconds", "valid_until", "programme", "salt", "uri", "document_hash"):
            assert getattr(agreement, name) == getattr(terms, name)
        parties = session.scalars(select(AgreementParty).order_by(AgreementParty.position)).all()
        assert [party.account for party in parties] == [raw(party) for party in terms.parties]
        payees = session.scalars(select(AgreementPayee).order_by(AgreementPayee.position)).all()
        assert [(payee.account, tuple(payee.weights)) for payee in payees] == [
            (raw(payee.account), payee.weights) for payee in terms.payees
        ]
        (tranche,) = session.scalars(select(AgreementTranche))
        assert tranche.up_to == 2**256 - 1
        assert session.scalars(select(AgreementToken.token)).all() == [raw(world.token.address)]
        assert session.scalars(select(Programme.owner)).all() == [raw(partnership.vendor.account)]
        (acceptance,) = session.scalars(select(Acceptance))
        assert (acceptance.account, acceptance.withdrawn_at) == (raw(partnership.agency.account), None)
        assert acceptance.deadline == 2**40 - 1


def test_partners(partnership: Partnership, database: Database) -> None:
    world = partnership.world
    world.attest(partnership.agency, 1)
    world.attest(partnership.agency, 3)
    world.relayer.send(world.partners.functions.revoke(partnership.vendor.account, reason_code("FRAUD")))
    world.relayer.send(world.ledger.functions.pauseDeposits())
    world.relayer.send(world.ledger.functions.resumeDeposits())
    partnership.agency.sender.send(world.ledger.functions.cancelNonce(partnership.agency.account, 2**256 - 1))
    index(database, world.node, world.deployment)
    with database.session() as session:
        assert set(session.scalars(select(Partner.name))) == {"Vendor", "Agency"}
        first, second = session.scalars(
            select(Attestation)
            .where(Attestation.account == raw(partnership.agency.account))
            .order_by(Attestation.seq)
        )
        assert (first.ended_at, first.end_reason) == (second.attested_at, None)
        assert (second.level, second.ended_at) == (3, None)
        current = world.partners.functions.attestationOf(partnership.agency.account).call()
        assert current == [second.level, second.expires_at]
        revoked = session.scalars(
            select(Attestation).where(Attestation.account == raw(partnership.vendor.account))
        ).one()
        assert revoked.end_reason == reason_code("FRAUD")
        pauses = session.scalars(select(DepositPause).order_by(DepositPause.seq)).all()
        assert [pause.paused for pause in pauses] == [True, False]
        assert session.scalars(select(CancelledNonce.nonce)).all() == [2**256 - 1]

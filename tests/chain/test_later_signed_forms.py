"""Consent in two forms, continued: keys, endings, epochs, deals' changes, and money taken back."""

from forms import consent, form_of
from ledger_actions import payment_of
from ledger_world import DAY, Partner, World
from test_signed_forms import Relayed, Signer

from ledger.actions.agreements import END
from ledger.actions.deals import EXTEND
from ledger.actions.payments import CLAWBACK
from ledger.chain import anvil
from ledger.chain.authorization import sign
from ledger.chain.sender import Sender
from ledger.rules import plan
from ledger.terms.clauses import Clawback
from ledger.terms.deals import State
from ledger.terms.reasons import reason_code
from ledger.terms.solidity import ZERO_ADDRESS

REASON = reason_code("NOT_DELIVERED")


def signer(partner: Partner) -> Signer:
    return Signer(partner.account, lambda data: sign(data, partner.key))


def test_keys(world: World) -> None:
    # once another key owns the account, the earlier owner's signature is of the wrong key
    relay = Relayed(world, "NonceSpent|SignatureInvalid|WalletInvalid|NoRecovery")
    deployment, partners = world.deployment, world.partners.functions
    account, wallet, owner = (signer(world.stranger(name)) for name in ("A", "B", "C"))

    data = form_of("AcceptWallet")(deployment, account.account, wallet.account, **relay.when())
    taken = wallet.sign(data).to_abi()
    data = form_of("Rotate")(deployment, account.account, wallet.account, **relay.when())
    relay(account, data, partners.rotateWithAuthorization, account.account, wallet.account, taken)
    assert partners.walletOf(account.account).call() == wallet.account

    data = form_of("AcceptOwnership")(deployment, account.account, owner.account, **relay.when())
    taken = owner.sign(data).to_abi()
    data = form_of("ChangeOwner")(deployment, account.account, owner.account, **relay.when())
    relay(wallet, data, partners.changeOwnerWithAuthorization, account.account, owner.account, taken)
    assert partners.ownerOf(account.account).call() == owner.account

    lost_wallet = anvil.wallet(31).address
    world.relayer.send(partners.proposeRecovery(account.account, lost_wallet))
    data = form_of("CancelRecovery")(deployment, account.account, **relay.when())
    relay(owner, data, partners.cancelRecoveryWithAuthorization, account.account)
    assert partners.recoveryOf(account.account).call() == [ZERO_ADDRESS, 0, 0]


def test_endings_and_epochs(world: World) -> None:
    relay, deployment, agreements = Relayed(world), world.deployment, world.agreements.functions
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    programme = world.programme(vendor)
    agreement = world.agreement(
        [vendor, agency], programme=programme, notice_seconds=90 * DAY, arbiter=vendor.account
    )
    opening = plan.opening_of(agreement.terms)
    data = form_of("GiveNotice")(deployment, agency.account, agreement.id, **relay.when())
    relay(signer(agency), data, agreements.giveNoticeWithAuthorization, agency.account, agreement.id, opening)
    noticed = agreements.standingOf(agreement.id).call()[2]

    sooner = noticed - DAY
    ruling = (vendor.account, agreement.id, sooner, REASON)
    data = form_of("RuleEnd")(deployment, *ruling, **relay.when())
    relay(signer(vendor), data, agreements.ruleEndWithAuthorization, *ruling, opening)
    assert agreements.standingOf(agreement.id).call()[2] == sooner

    at_once = sooner - DAY
    action = agreements.endAction(agreement.id, at_once).call()
    assert action == consent(END, agreement.id, at_once)
    signed = []
    for account in agreement.terms.parties:
        party = vendor if account == vendor.account else agency
        data = form_of("EndAgreement")(deployment, account, agreement.id, at_once, **relay.when())
        signed.append(sign(data, party.key).to_abi())
    world.relayer.send(agreements.endByConsent(agreement.id, at_once, opening, signed))
    assert agreements.standingOf(agreement.id).call()[2] == at_once

    epoch = (vendor.account, programme, 7 * DAY)
    data = form_of("OpenEpoch")(deployment, *epoch, **relay.when())
    relay(signer(vendor), data, agreements.openEpochWithAuthorization, *epoch)
    assert agreements.programmeOf(programme).call()[1] == 2


def test_changes_of_deals(world: World) -> None:
    relay, deployment, deals = Relayed(world), world.deployment, world.deals.functions
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    programme = world.programme(vendor)
    agreement = world.agreement([vendor, agency], programme=programme)
    deal = world.approved_deal(agreement, agency, "long.example").id
    until = world.node.timestamp() + 300 * DAY
    assert deals.extensionAction(deal, until).call() == consent(EXTEND, deal, until)
    both = [
        sign(
            form_of("ExtendDeal")(deployment, partner.account, deal, until, **relay.when()), partner.key
        ).to_abi()
        for partner in (agency, vendor)
    ]
    world.relayer.send(deals.extend(deal, until, *both))
    assert world.deals.functions.isLive(deal).call()

    vendor.sender.send(world.agreements.functions.openEpoch(vendor.account, programme, 7 * DAY))
    tag = world.unique("tag")
    data = form_of("Retag")(deployment, agency.account, deal, tag, **relay.when())
    relay(signer(agency), data, deals.retagWithAuthorization, agency.account, deal, tag)

    decision = (deal, State.WON, bytes(32), 5, world.token.address)
    vendor.sender.send(deals.decide(vendor.account, decision))
    said = (agency.account, deal, 4, world.unique("comment"))
    data = form_of("Review")(deployment, *said, **relay.when())
    relay(signer(agency), data, deals.reviewWithAuthorization, *said)
    assert deals.reviewOf(deal, agency.account).call() == [4, said[3], False]
    data = form_of("RevokeReview")(deployment, agency.account, deal, **relay.when())
    relay(signer(agency), data, deals.revokeReviewWithAuthorization, agency.account, deal)
    assert deals.reviewOf(deal, agency.account).call()[2]


def test_money_taken_back(world: World) -> None:
    relay, deployment, ledger = Relayed(world), world.deployment, world.ledger.functions
    vendor, agency, arbiter = (world.partner(name) for name in ("Vendor", "Agency", "Arbiter"))
    agreement = world.agreement(
        [vendor, agency], hold_seconds=DAY, clawback=Clawback.ALLOWED, arbiter=arbiter.account
    )
    opening = plan.opening_of(agreement.terms)
    first, second, third = (payment_of(world, world.pay(vendor, agreement, 1_000)) for _ in range(3))

    elsewhere = world.stranger().account
    refunded = (vendor.account, first.payer_address, first.invoice_ref)
    data = form_of("Refund")(deployment, *refunded, elsewhere, 100, **relay.when())
    taking = (vendor.account, first.to_abi(), elsewhere, 100)
    relay(signer(vendor), data, ledger.refundWithAuthorization, *taking)
    assert world.token.functions.balanceOf(elsewhere).call() == 100

    named = (second.payer_address, second.invoice_ref)
    data = form_of("Dispute")(deployment, agency.account, *named, REASON, **relay.when())
    disputing = (agency.account, second.to_abi(), REASON, opening)
    relay(signer(agency), data, ledger.disputeWithAuthorization, *disputing)
    at = world.node.timestamp()
    disputed = (*second.to_abi()[:-1], at)
    data = form_of("RulePayment")(deployment, arbiter.account, *named, at, 300, REASON, **relay.when())
    ruling = (arbiter.account, disputed, 300, REASON, opening)
    relay(signer(arbiter), data, ledger.ruleWithAuthorization, *ruling)
    assert ledger.refundDue(*named).call() == 300
    data = form_of("PayRefund")(deployment, vendor.account, *named, elsewhere, **relay.when())
    ruled = (*disputed[:-2], 300, at)
    relay(signer(vendor), data, ledger.payRefundWithAuthorization, vendor.account, ruled, elsewhere)
    assert world.token.functions.balanceOf(elsewhere).call() == 400

    world.chain.increase_time(3 * DAY)
    world.relayer.send(ledger.mature(agreement.id, world.token.address, 64))
    named = (third.payer_address, third.invoice_ref)
    assert ledger.clawbackAction(*named, 0, 40).call() == consent(CLAWBACK, *named, 0, 40)
    data = form_of("RuleClawback")(deployment, arbiter.account, *named, 40, REASON, **relay.when())
    clawing = (arbiter.account, third.to_abi(), 40, REASON, opening)
    relay(signer(arbiter), data, ledger.ruleClawbackWithAuthorization, *clawing)
    owed = (agreement.id, world.token.address, 1)
    assert ledger.debtOf(*owed).call() == (vendor.account, False, 0, 40)
    world.pay(vendor, agreement, 1_000)
    world.chain.increase_time(3 * DAY)
    world.relayer.send(ledger.mature(agreement.id, world.token.address, 64))
    data = form_of("PayDebt")(deployment, vendor.account, *owed, elsewhere, **relay.when())
    relay(signer(vendor), data, ledger.payDebtWithAuthorization, vendor.account, *owed, elsewhere)
    assert world.token.functions.balanceOf(elsewhere).call() == 440


def test_a_stranger_sends_what_the_payer_signed_and_nothing_else(world: World) -> None:
    payer, thief = world.partner("Payer"), Sender(world.node, world.stranger().key)
    agreement = world.agreement([payer], hold_seconds=DAY)
    payment = payment_of(world, world.pay(payer, agreement, 1_000))
    data = form_of("Refund")(
        world.deployment,
        payer.account,
        payment.payer_address,
        payment.invoice_ref,
        payer.account,
        10,
        **Relayed(world).when(),
    )
    signed = sign(data, payer.key).to_abi()
    before = world.token.functions.balanceOf(payer.account).call()
    taking = (payer.account, payment.to_abi(), payer.account, 10)
    thief.send(world.ledger.functions.refundWithAuthorization(*taking, signed))
    assert world.token.functions.balanceOf(payer.account).call() == before + 10

"""The roots and proofs that Python makes are those that the contracts make."""

import pytest
from hypothesis import HealthCheck, given, settings
from ledger_world import World
from strategies import payees, terms_with_an_id

from ledger import signing as typed_data
from ledger.errors import LedgerError
from ledger.rules import plan
from ledger.terms.agreement import Payee, Terms
from ledger.terms.ids import AgreementId

ON_CHAIN = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def test_random_terms_have_the_id_that_the_contract_gives_them(world: World) -> None:
    @ON_CHAIN
    @given(terms_with_an_id())
    def same(terms: Terms) -> None:
        on_chain = world.agreements.functions.agreementId(terms.to_abi()).call()
        assert typed_data.agreement_id(world.deployment, terms) == on_chain

    same()


def test_each_payee_of_random_terms_proves_its_share_on_chain(world: World) -> None:
    signer = world.partner("Signer")

    @ON_CHAIN
    @given(payees())
    def proven(shares: tuple[Payee, ...]) -> None:
        terms = Terms(
            parties=(signer.account,),
            payees=shares,
            tokens=(world.token.address,),
            decision_seconds=1,
            exclusivity_seconds=2,
            salt=world.unique("salt"),
        )
        world.activate(terms, [signer])
        agreement = typed_data.agreement_id(world.deployment, terms)
        assert world.agreements.functions.isActive(agreement).call()
        for payee in shares:
            share = plan.share_of(terms, agreement, payee.account)
            claimable = world.ledger.functions.claimableOf(payee.account, world.token.address, share)
            assert claimable.call() == 0

    proven()


def test_only_a_payee_has_a_share(world: World) -> None:
    payee, other = world.stranger(), world.stranger()
    terms = world.terms([payee])
    assert plan.proof(terms, payee.account.lower()) == ()
    with pytest.raises(LedgerError, match="is not a payee of this agreement"):
        plan.share_of(terms, AgreementId(bytes(32)), other.account)
    with pytest.raises(LedgerError, match="without payees"):
        plan.payees_root([])

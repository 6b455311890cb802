// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IActivation} from "../../contracts/agreements/interfaces/IActivation.sol";
import {IStandings} from "../../contracts/agreements/interfaces/IStandings.sol";
import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";
import {assertSame} from "./support/SameId.sol";

contract AcceptTest is World {
    address[] private _parties;

    function setUp() public override {
        super.setUp();
        _parties = _accounts(_partners(2));
    }

    function _accept(address account, Terms memory terms) private returns (AgreementId) {
        vm.prank(account);
        return agreements.accept(account, terms, START + 7 days);
    }

    function _withdraw(address account, AgreementId agreement) private {
        vm.prank(account);
        agreements.withdrawAcceptance(account, agreement);
    }

    function _ordinary() private view returns (Terms memory) {
        return _terms(_parties, _equalShares(_parties));
    }

    function test_accept_putsTermsInForceOnceAllPartiesHave() public {
        Terms memory terms = _ordinary();
        AgreementId agreement = _accept(_parties[0], terms);
        assertSame(agreement, agreements.agreementId(terms));
        vm.assertFalse(agreements.isActive(agreement));
        _accept(_parties[1], terms);
        assertSame(agreements.activate(terms, _nobody(terms)), agreement);
        vm.assertTrue(agreements.isActive(agreement));
    }

    function test_accept_theCallersOwnIsEnoughWithoutAnEarlierTransaction() public {
        Terms memory terms = _ordinary();
        AgreementId agreement = _accept(_parties[0], terms);
        vm.prank(_parties[1]);
        agreements.activate(terms, _nobody(terms));
        vm.assertTrue(agreements.isActive(agreement));
    }

    function test_accept_revertsWithNotTheWallet() public {
        Terms memory terms = _ordinary();
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _parties[0], stranger));
        vm.prank(stranger);
        agreements.accept(_parties[0], terms, START);
    }

    function test_accept_revertsWithNotAParty() public {
        Terms memory terms = _ordinary();
        AgreementId agreement = agreements.agreementId(terms);
        vm.expectRevert(abi.encodeWithSelector(IStandings.NotAParty.selector, agreement, stranger));
        _accept(stranger, terms);
    }

    function test_accept_countsUntilItsDeadlineAndCanBeGivenAnew() public {
        Terms memory terms = _ordinary();
        AgreementId agreement = _accept(_parties[0], terms);
        vm.warp(START + 7 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IActivation.NotAccepted.selector, agreement, _parties[0]));
        vm.prank(_parties[1]);
        agreements.activate(terms, _nobody(terms));
        vm.expectRevert(
            abi.encodeWithSelector(IAuthorizations.AuthorizationExpired.selector, _parties[0], START + 7 days)
        );
        _accept(_parties[0], terms);
        vm.prank(_parties[0]);
        agreements.accept(_parties[0], terms, uint40(block.timestamp));
        vm.prank(_parties[1]);
        assertSame(agreements.activate(terms, _nobody(terms)), agreement);
    }

    /// @dev Whoever leaves with an amendment accepts it too; who that is, is known once the predecessor is opened.
    function test_accept_ofAnAmendmentIsOpenToItsPredecessorsParties() public {
        Terms memory terms = _ordinary();
        terms.predecessor = AgreementId.wrap("x");
        assertSame(_accept(stranger, terms), agreements.agreementId(terms));
    }

    function test_accept_revertsWithAlreadyActive() public {
        Terms memory terms = _ordinary();
        AgreementId agreement = _agree(terms);
        vm.expectRevert(abi.encodeWithSelector(IActivation.AlreadyActive.selector, agreement));
        _accept(_parties[0], terms);
    }

    function test_consent_withdrawnAcceptanceDoesNotCount() public {
        Terms memory terms = _ordinary();
        AgreementId agreement = _accept(_parties[0], terms);
        _accept(_parties[1], terms);
        _withdraw(_parties[1], agreement);
        vm.expectRevert(abi.encodeWithSelector(IActivation.NotAccepted.selector, agreement, _parties[1]));
        agreements.activate(terms, _nobody(terms));
        _accept(_parties[1], terms);
        assertSame(agreements.activate(terms, _nobody(terms)), agreement);
    }

    function test_attack_replayAcrossAgreements_anAcceptanceCountsForItsOwnTermsOnly() public {
        Terms memory terms = _ordinary();
        _accept(_parties[0], terms);
        _accept(_parties[1], terms);
        terms.salt = "other";
        AgreementId other = agreements.agreementId(terms);
        vm.expectRevert(abi.encodeWithSelector(IActivation.NotAccepted.selector, other, _parties[0]));
        agreements.activate(terms, _nobody(terms));
    }

    function test_withdrawAcceptance_revertsWithNotAccepted() public {
        AgreementId agreement = agreements.agreementId(_ordinary());
        vm.expectRevert(abi.encodeWithSelector(IActivation.NotAccepted.selector, agreement, _parties[0]));
        _withdraw(_parties[0], agreement);
    }

    function test_withdrawAcceptance_revertsWithAlreadyActive() public {
        AgreementId agreement = _agree(_ordinary());
        vm.expectRevert(abi.encodeWithSelector(IActivation.AlreadyActive.selector, agreement));
        _withdraw(_parties[0], agreement);
    }

    function test_withdrawAcceptance_revertsWithNotTheWallet() public {
        AgreementId agreement = _accept(_parties[0], _ordinary());
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _parties[0], _parties[1]));
        vm.prank(_parties[1]);
        agreements.withdrawAcceptance(_parties[0], agreement);
    }

    function test_badInput_accept_ofTermsThatBreakTheRulesPutsNothingInForce() public {
        Terms memory terms = _ordinary();
        terms.holdSeconds = 1;
        _accept(_parties[0], terms);
        _accept(_parties[1], terms);
        vm.expectRevert(abi.encodeWithSelector(IActivation.HoldInvalid.selector, 1));
        agreements.activate(terms, _nobody(terms));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IEndings} from "../../contracts/agreements/interfaces/IEndings.sol";
import {IStandings} from "../../contracts/agreements/interfaces/IStandings.sol";
import {Cause} from "../../contracts/agreements/types/Standing.sol";
import {Opening, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IPayments} from "../../contracts/revenue/interfaces/IPayments.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {IConsents} from "../../contracts/shared/interfaces/IConsents.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {Plans} from "./support/Plans.sol";
import {TypedData} from "./support/TypedData.sol";
import {Vm, vm} from "./support/Vm.sol";
import {ContractWallet} from "./support/Wallets.sol";
import {World} from "./support/World.sol";
import {assertSame} from "./support/SameId.sol";

contract EndingsTest is World {
    uint40 private constant END = START + 50 days;

    Partner[] private _parties;
    address private _payer = address(0xCA54);
    address private _arbiter = address(0xA4B1);
    AgreementId private _agreement;

    function setUp() public override {
        super.setUp();
        Partner[] memory list = _partners(2);
        _parties.push(list[0]);
        _parties.push(list[1]);
        _fund(_payer, 1e30);
        _agreement = _agree(_ordinary());
    }

    function _ordinary() private view returns (Terms memory terms) {
        terms = _terms(_parties);
        terms.validUntil = START + 365 days;
        terms.noticeSeconds = 30 days;
        terms.arbiter = _arbiter;
    }

    function _opening() private view returns (Opening memory) {
        return Plans.opening(_ordinary());
    }

    function _signedEnd(Partner memory party, uint40 endsAt) private returns (Authorization memory signed) {
        signed = _unsigned(_freshNonce());
        bytes32 action = TypedData.endAgreement(party.account, _agreement, endsAt, signed.nonce, signed.deadline);
        signed.signature = _signature(party.key, TypedData.digest(address(agreements), action));
    }

    function _bothSign(uint40 endsAt) private returns (Authorization[] memory consents) {
        consents = new Authorization[](2);
        (consents[0], consents[1]) = (_signedEnd(_parties[0], endsAt), _signedEnd(_parties[1], endsAt));
    }

    function _endInvalid(uint256 endsAt) private view returns (bytes memory) {
        return abi.encodeWithSelector(IEndings.EndInvalid.selector, _agreement, endsAt);
    }

    function _requireEnd(uint256 endsAt) private view {
        vm.assertEq(uint256(agreements.standingOf(_agreement).endsAt), endsAt);
        vm.assertEq(agreements.newBookOf(_agreement, address(dollar)).validUntil(), endsAt);
    }

    /// @dev The cause that the newest event names, and by whom.
    function _causeLogged() private returns (Cause cause, address by, bytes32 reason) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        Vm.Log memory entry = logs[logs.length - 1];
        vm.assertEq(entry.topics[0], IEndings.AgreementEnding.selector);
        by = address(uint160(uint256(entry.topics[2])));
        (cause,, reason,,) = abi.decode(entry.data, (Cause, uint40, bytes32, uint64, bytes24));
    }

    // -- by consent --------------------------------------------------------------------------------------------------

    function test_endByConsent_withAllPartiesSignatures() public {
        Authorization[] memory consents = _bothSign(END);
        vm.recordLogs();
        vm.prank(stranger);
        agreements.endByConsent(_agreement, END, _opening(), consents);
        _requireEnd(END);
        (Cause cause, address by,) = _causeLogged();
        vm.assertTrue(cause == Cause.Consent && by == address(0));
    }

    function test_endByConsent_paymentsAreTakenUntilItsLastSecond() public {
        _pay(_payer, _agreement, 1000, "before"); // The ledger has a book of its own by now.
        agreements.endByConsent(_agreement, END, _opening(), _bothSign(END));
        vm.warp(END);
        _pay(_payer, _agreement, 1000, "last second");
        vm.warp(END + 1);
        vm.expectRevert(abi.encodeWithSelector(IPayments.AgreementEnded.selector, _agreement, END));
        _pay(_payer, _agreement, 1000, "too late");
    }

    function test_endByConsent_endsAnAgreementThatWasNeverPaid() public {
        agreements.endByConsent(_agreement, END, _opening(), _bothSign(END));
        vm.warp(END + 1);
        vm.expectRevert(abi.encodeWithSelector(IPayments.AgreementEnded.selector, _agreement, END));
        _pay(_payer, _agreement, 1000, "too late");
    }

    function test_endByConsent_byTransactions() public {
        bytes32 action = agreements.endAction(_agreement, END);
        vm.prank(_parties[0].account);
        agreements.consentToEnd(_parties[0].account, _agreement, END, START + 9 days);
        vm.assertTrue(agreements.hasConsented(_parties[0].account, action));
        vm.prank(_parties[1].account);
        agreements.endByConsent(_agreement, END, _opening(), new Authorization[](2));
        _requireEnd(END);
        vm.assertFalse(agreements.hasConsented(_parties[0].account, action));
    }

    function test_consent_endByConsent_revertsWhenOnePartySaysNothing() public {
        Authorization[] memory consents = _bothSign(END);
        consents[1].signature = "";
        bytes memory why = abi.encodeWithSelector(
            IConsents.ConsentMissing.selector, _parties[1].account, agreements.endAction(_agreement, END)
        );
        vm.expectRevert(why);
        agreements.endByConsent(_agreement, END, _opening(), consents);
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentsMissing.selector, 2, 1));
        agreements.endByConsent(_agreement, END, _opening(), new Authorization[](1));
    }

    function test_consent_endByConsent_aConsentCountsForItsOwnSecondOnly() public {
        for (uint256 i; i < 2; ++i) {
            vm.prank(_parties[i].account);
            agreements.consentToEnd(_parties[i].account, _agreement, END, START + 9 days);
        }
        bytes memory why = abi.encodeWithSelector(
            IConsents.ConsentMissing.selector, _parties[0].account, agreements.endAction(_agreement, END - 1)
        );
        vm.expectRevert(why);
        agreements.endByConsent(_agreement, END - 1, _opening(), new Authorization[](2));
    }

    function test_consent_endByConsent_aConsentCountsUntilItsDeadline() public {
        for (uint256 i; i < 2; ++i) {
            vm.prank(_parties[i].account);
            agreements.consentToEnd(_parties[i].account, _agreement, END, START + 9 days + uint40(i));
        }
        bytes32 action = agreements.endAction(_agreement, END);
        vm.warp(START + 9 days + 1);
        vm.assertFalse(agreements.hasConsented(_parties[0].account, action));
        vm.assertTrue(agreements.hasConsented(_parties[1].account, action));
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentMissing.selector, _parties[0].account, action));
        agreements.endByConsent(_agreement, END, _opening(), new Authorization[](2));
        address account = _parties[0].account;
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.AuthorizationExpired.selector, account, START + 9 days));
        vm.prank(account);
        agreements.consentToEnd(account, _agreement, END, START + 9 days);
        vm.prank(account);
        agreements.consentToEnd(account, _agreement, END, START + 9 days + 1);
        agreements.endByConsent(_agreement, END, _opening(), new Authorization[](2));
        _requireEnd(END);
    }

    /// @dev A consent is of the wallet that gave it: after a rotation it counts no more, signed or by transaction.
    function test_consent_endByConsent_afterARotationTheNewWalletConsentsAnew() public {
        (address account, Authorization[] memory consents) = (_parties[0].account, _bothSign(END));
        bytes32 action = agreements.endAction(_agreement, END);
        vm.prank(account);
        agreements.consentToEnd(account, _agreement, END, END);
        Partner memory wallet = _partner("the wallet that comes after");
        Authorization memory yes = _unsigned(_freshNonce());
        yes.signature = _signature(
            wallet.key,
            TypedData.digest(
                address(partners), TypedData.acceptWallet(account, wallet.account, yes.nonce, yes.deadline)
            )
        );
        vm.prank(account);
        partners.rotate(account, wallet.account, yes);
        vm.assertFalse(agreements.hasConsented(account, action));
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, account, wallet.account));
        agreements.endByConsent(_agreement, END, _opening(), consents);
        consents[0] = Authorization(0, 0, "");
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentMissing.selector, account, action));
        agreements.endByConsent(_agreement, END, _opening(), consents);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, account, account));
        vm.prank(account);
        agreements.consentToEnd(account, _agreement, END, END);
        vm.prank(wallet.account);
        agreements.consentToEnd(account, _agreement, END, END);
        agreements.endByConsent(_agreement, END, _opening(), consents);
        _requireEnd(END);
    }

    function test_consent_endByConsent_aConsentTakenBackDoesNotCount() public {
        bytes32 action = agreements.endAction(_agreement, END);
        for (uint256 i; i < 2; ++i) {
            vm.prank(_parties[i].account);
            agreements.consentToEnd(_parties[i].account, _agreement, END, START + 9 days);
        }
        vm.prank(_parties[1].account);
        agreements.withdrawConsent(_parties[1].account, action);
        bytes memory why = abi.encodeWithSelector(IConsents.ConsentMissing.selector, _parties[1].account, action);
        vm.expectRevert(why);
        agreements.endByConsent(_agreement, END, _opening(), new Authorization[](2));
        vm.expectRevert(why);
        vm.prank(_parties[1].account);
        agreements.withdrawConsent(_parties[1].account, action);
    }

    function test_consent_revertsWithNotTheWallet() public {
        bytes memory why =
            abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _parties[0].account, _parties[1].account);
        vm.expectRevert(why);
        vm.prank(_parties[1].account);
        agreements.consentToEnd(_parties[0].account, _agreement, END, START + 9 days);
        vm.expectRevert(why);
        vm.prank(_parties[1].account);
        agreements.withdrawConsent(_parties[0].account, "action");
    }

    function test_endByConsent_revertsWithEndInvalid() public {
        vm.warp(START + 1);
        uint40[3] memory ends = [START, START + 365 days, OPEN_ENDED];
        for (uint256 i; i < 3; ++i) {
            Authorization[] memory consents = _bothSign(ends[i]);
            vm.expectRevert(_endInvalid(ends[i]));
            agreements.endByConsent(_agreement, ends[i], _opening(), consents);
        }
        agreements.endByConsent(_agreement, START + 1, _opening(), _bothSign(START + 1)); // this very second
        _requireEnd(START + 1);
    }

    function test_endByConsent_onlyEverBringsTheEndForward() public {
        agreements.endByConsent(_agreement, END, _opening(), _bothSign(END));
        Authorization[] memory consents = _bothSign(END + 1);
        vm.expectRevert(_endInvalid(END + 1));
        agreements.endByConsent(_agreement, END + 1, _opening(), consents);
        agreements.endByConsent(_agreement, END - 1, _opening(), _bothSign(END - 1));
        _requireEnd(END - 1);
    }

    function test_endByConsent_revertsForWhatIsNotTheAgreements() public {
        Opening memory opening = _opening();
        Authorization[] memory consents = _bothSign(END);
        vm.expectRevert(abi.encodeWithSelector(IStandings.AgreementUnknown.selector, bytes32("none")));
        agreements.endByConsent(AgreementId.wrap("none"), END, opening, consents);
        opening.conditions.tokens = new address[](0);
        vm.expectRevert(abi.encodeWithSelector(IStandings.TermsMismatch.selector, _agreement));
        agreements.endByConsent(_agreement, END, opening, consents);
    }

    /// @dev An address that moves from the end of one list to the beginning of the next makes other conditions.
    function test_attack_encodePackedCollisions_ofTheConditions() public {
        Opening memory opening = _opening();
        address[] memory parties = opening.conditions.parties;
        opening.conditions.tokens = new address[](2);
        (opening.conditions.tokens[0], opening.conditions.tokens[1]) = (parties[1], address(dollar));
        opening.conditions.parties = new address[](1);
        opening.conditions.parties[0] = parties[0];
        vm.expectRevert(abi.encodeWithSelector(IStandings.TermsMismatch.selector, _agreement));
        vm.prank(parties[0]);
        agreements.giveNotice(parties[0], _agreement, opening);
    }

    // -- by notice ---------------------------------------------------------------------------------------------------

    function test_giveNotice_endsTheAgreementOnceItIsOver() public {
        vm.warp(START + 5);
        vm.recordLogs();
        vm.prank(_parties[1].account);
        agreements.giveNotice(_parties[1].account, _agreement, _opening());
        _requireEnd(START + 5 + 30 days);
        (Cause cause, address by,) = _causeLogged();
        vm.assertTrue(cause == Cause.Notice && by == _parties[1].account);
    }

    function test_giveNotice_revertsWithEndInvalid_whenItEndsBeforeTheNoticeIsOver() public {
        vm.warp(START + 335 days);
        vm.expectRevert(_endInvalid(START + 365 days));
        vm.prank(_parties[0].account);
        agreements.giveNotice(_parties[0].account, _agreement, _opening());
    }

    function test_giveNotice_revertsWithNoNotice() public {
        Terms memory terms = _ordinary();
        terms.noticeSeconds = 0;
        AgreementId agreement = _agree(terms);
        vm.expectRevert(abi.encodeWithSelector(IEndings.NoNotice.selector, agreement));
        vm.prank(_parties[0].account);
        agreements.giveNotice(_parties[0].account, agreement, Plans.opening(terms));
    }

    function test_giveNotice_revertsForAnyoneElse() public {
        Opening memory opening = _opening();
        vm.expectRevert(abi.encodeWithSelector(IStandings.NotAParty.selector, _agreement, stranger));
        vm.prank(stranger);
        agreements.giveNotice(stranger, _agreement, opening);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _parties[0].account, _parties[1].account)
        );
        vm.prank(_parties[1].account);
        agreements.giveNotice(_parties[0].account, _agreement, opening);
    }

    // -- by ruling ---------------------------------------------------------------------------------------------------

    function test_ruleEnd_byTheArbiter() public {
        vm.recordLogs();
        vm.prank(_arbiter);
        agreements.ruleEnd(_arbiter, _agreement, END, "breach", _opening());
        _requireEnd(END);
        (Cause cause, address by, bytes32 reason) = _causeLogged();
        vm.assertTrue(cause == Cause.Ruling && by == _arbiter && reason == "breach");
    }

    function test_ruleEnd_revertsForAnyoneElse() public {
        Opening memory opening = _opening();
        vm.expectRevert(abi.encodeWithSelector(IEndings.NotTheArbiter.selector, _agreement, stranger));
        vm.prank(stranger);
        agreements.ruleEnd(stranger, _agreement, END, "breach", opening);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _arbiter, stranger));
        vm.prank(stranger);
        agreements.ruleEnd(_arbiter, _agreement, END, "breach", opening);
        opening.conditions.arbiter = stranger;
        vm.expectRevert(abi.encodeWithSelector(IStandings.TermsMismatch.selector, _agreement));
        vm.prank(stranger);
        agreements.ruleEnd(stranger, _agreement, END, "breach", opening);
    }

    /// @dev Terms without an arbiter name the zero address, and nobody is that.
    function test_ruleEnd_revertsWhereThereIsNoArbiter() public {
        Terms memory terms = _ordinary();
        terms.arbiter = address(0);
        AgreementId agreement = _agree(terms);
        Opening memory opening = Plans.opening(terms);
        vm.expectRevert(abi.encodeWithSelector(IEndings.NotTheArbiter.selector, agreement, _arbiter));
        vm.prank(_arbiter);
        agreements.ruleEnd(_arbiter, agreement, END, "breach", opening);
        Authorization memory forged = _unsigned(1);
        forged.signature = abi.encodePacked(bytes32(uint256(1)), bytes32(uint256(1)), uint8(29));
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, address(0), address(0)));
        agreements.ruleEndWithAuthorization(address(0), agreement, END, "breach", opening, forged);
    }

    function test_attack_arbiterRulingTwice_ruleEnd_onlyEverBringsTheEndForward() public {
        vm.prank(_arbiter);
        agreements.ruleEnd(_arbiter, _agreement, END, "breach", _opening());
        vm.expectRevert(_endInvalid(END));
        vm.prank(_arbiter);
        agreements.ruleEnd(_arbiter, _agreement, END, "breach", _opening());
    }

    /// @dev An arbiter that is silent, has no code or reverts when asked, leaves the agreement as it is, and all else works.
    function test_attack_arbiterReverting_ruleEnd_harmsNobody() public {
        address reverting = address(new ContractWallet(_parties[0].account, ContractWallet.Mode.Reverts));
        Terms memory terms = _ordinary();
        terms.arbiter = reverting;
        AgreementId agreement = _agree(terms);
        Authorization memory signed = _unsigned(1);
        bytes32 action = TypedData.ruleEnd(reverting, agreement, END, "breach", 1, signed.deadline);
        signed.signature = _signature(_parties[0].key, TypedData.digest(address(agreements), action));
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, reverting, reverting));
        agreements.ruleEndWithAuthorization(reverting, agreement, END, "breach", Plans.opening(terms), signed);
        _pay(_payer, agreement, 1000, "all the same");
        vm.prank(_parties[0].account);
        agreements.giveNotice(_parties[0].account, agreement, Plans.opening(terms));
        ContractWallet(reverting).become(ContractWallet.Mode.Honest);
        agreements.ruleEndWithAuthorization(
            reverting, agreement, START, "breach", Plans.opening(terms), signedAgain(reverting, agreement)
        );
    }

    function signedAgain(address arbiter, AgreementId agreement) private view returns (Authorization memory signed) {
        signed = _unsigned(2);
        bytes32 action = TypedData.ruleEnd(arbiter, agreement, START, "breach", 2, signed.deadline);
        signed.signature = _signature(_parties[0].key, TypedData.digest(address(agreements), action));
    }

    // -- together with an amendment ----------------------------------------------------------------------------------

    function test_endByConsent_beforeASuccessorTakesEffect() public {
        Terms memory terms = _successorOf(_ordinary());
        terms.validFrom = END;
        AgreementId successor = _amend(terms, _ordinary());
        _requireEnd(END - 1);
        agreements.endByConsent(_agreement, END - 10, _opening(), _bothSign(END - 10));
        _requireEnd(END - 10);
        vm.warp(END);
        assertSame(agreements.currentOf(_agreement), successor);
    }

    function test_amend_afterAnEndingKeepsTheEarlierEnd() public {
        agreements.endByConsent(_agreement, END, _opening(), _bothSign(END));
        vm.warp(END + 10);
        _amend(_successorOf(_ordinary()), _ordinary());
        _requireEnd(END);
        vm.assertEq(uint256(agreements.standingOf(_agreement).succeededFrom), END + 10);
    }

    function test_endByConsent_ofEachTokenOfTheTerms() public {
        Terms memory terms = _ordinary();
        terms.tokens = _pair(address(dollar), address(0xDEAD));
        _agreement = _agree(terms);
        agreements.endByConsent(_agreement, END, Plans.opening(terms), _bothSign(END));
        _requireEnd(END);
        vm.assertEq(agreements.newBookOf(_agreement, address(0xDEAD)).validUntil(), END);
    }
}

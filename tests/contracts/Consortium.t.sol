// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {IRegistration} from "../../contracts/partners/interfaces/IRegistration.sol";
import {IPayments} from "../../contracts/revenue/interfaces/IPayments.sol";
import {Share} from "../../contracts/revenue/types/Books.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {Plans} from "./support/Plans.sol";
import {vm} from "./support/Vm.sol";

/// @dev What the consortium can do, and what it cannot.
contract ConsortiumTest is DealWorld {
    address private _account = address(0xACC);

    function _pause() private {
        vm.prank(guardian);
        ledger.pauseDeposits();
    }

    function _unauthorized(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
        vm.prank(caller);
    }

    function test_pauseDeposits_isTheGuardians() public {
        vm.assertFalse(ledger.depositsPaused());
        _pause();
        vm.assertTrue(ledger.depositsPaused());
        vm.expectRevert(abi.encodeWithSelector(IPayments.DepositsArePaused.selector));
        _pause();
        vm.prank(operator);
        ledger.resumeDeposits();
        vm.assertFalse(ledger.depositsPaused());
        vm.expectRevert(abi.encodeWithSelector(IPayments.DepositsAreNotPaused.selector));
        vm.prank(operator);
        ledger.resumeDeposits();
    }

    function test_pauseDeposits_revertsForAnyoneElse() public {
        address[4] memory others = [verifier, operator, stranger, address(this)];
        for (uint256 i; i < others.length; ++i) {
            _unauthorized(others[i]);
            ledger.pauseDeposits();
        }
    }

    function test_guardian_canPauseDepositsAndNothingElse() public {
        _pause();
        _unauthorized(guardian);
        ledger.resumeDeposits();
        _unauthorized(guardian);
        partners.attest(_account, 1, OPEN_ENDED, "evidence");
        _unauthorized(guardian);
        partners.revoke(_account, "reason");
        vm.expectPartialRevert(IAccessManager.AccessManagerUnauthorizedAccount.selector);
        vm.prank(guardian);
        consortium.grantRole(OPERATOR, guardian, 0);
        vm.expectPartialRevert(IAccessManager.AccessManagerUnauthorizedAccount.selector);
        vm.prank(guardian);
        consortium.updateAuthority(address(ledger), guardian);
        _unauthorized(guardian);
        IAccessManaged(address(ledger)).setAuthority(guardian);
    }

    function test_whileDepositsArePaused_everythingElseGoesOn() public {
        _payInto(_join(_account));
        _pause();
        _everythingButDepositsWorks();
    }

    /// @dev The admin's strongest word to a contract reaches only the five functions that ask the access manager.
    function test_consent_theConsortiumCannotStopPartnersNorTakeTheirMoney() public {
        AgreementId agreement = _join(_account);
        _payInto(agreement);
        address[2] memory targets = [address(partners), address(ledger)];
        for (uint256 i; i < 2; ++i) {
            consortium.setTargetClosed(targets[i], true);
        }
        _unauthorized(verifier);
        partners.attest(_account, 1, OPEN_ENDED, "evidence");
        _unauthorized(recoverer);
        partners.proposeRecovery(_account, stranger);
        _unauthorized(guardian);
        ledger.pauseDeposits();
        _everythingButDepositsWorks();
        _fund(_account, 1);
        _pay(_account, agreement, 1, "deposits too");
    }

    function _payInto(AgreementId agreement) private {
        _fund(stranger, 1000);
        _pay(stranger, agreement, 1000, "ref");
    }

    function _everythingButDepositsWorks() private {
        Terms memory terms = _termsWith(_account);
        for (uint256 i; i < 2; ++i) {
            address payee = terms.payees[i].account;
            Share[] memory shares = _only(Plans.share(terms, _join(_account), i));
            vm.assertEq(ledger.claimableOf(payee, address(dollar), shares[0]), 500);
            if (i == 1) {
                ledger.claimAcross(payee, address(dollar), shares);
            } else {
                vm.prank(payee);
                ledger.claimTo(payee, stranger, address(dollar), shares);
            }
        }
        vm.prank(_account);
        ledger.cancelNonce(_account, 1);
        _win(_account, "customer");
        terms.salt = "another";
        _agree(terms);
        vm.prank(_account);
        partners.register(_account, "Example Ltd", "");
    }

    function test_powersSitBehindTheDelaysOfTheAccessManager() public {
        address governor = address(0x60FE);
        consortium.grantRole(VERIFIER, governor, 2 days);
        bytes memory call = abi.encodeCall(IRegistration.attest, (_account, 3, OPEN_ENDED, "evidence"));
        vm.expectPartialRevert(IAccessManager.AccessManagerNotScheduled.selector);
        vm.prank(governor);
        partners.attest(_account, 3, OPEN_ENDED, "evidence");
        vm.prank(governor);
        consortium.schedule(address(partners), call, 0);
        vm.warp(START + 2 days - 1);
        vm.expectPartialRevert(IAccessManager.AccessManagerNotReady.selector);
        vm.prank(governor);
        partners.attest(_account, 3, OPEN_ENDED, "evidence");
        vm.warp(START + 2 days);
        vm.prank(governor);
        partners.attest(_account, 3, OPEN_ENDED, "evidence");
        (uint8 level,) = partners.attestationOf(_account);
        vm.assertEq(uint256(level), 3);
    }
}

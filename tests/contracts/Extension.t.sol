// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDealDecisions} from "../../contracts/deals/interfaces/IDealDecisions.sol";
import {IDealQueue} from "../../contracts/deals/interfaces/IDealQueue.sol";
import {DealState} from "../../contracts/deals/types/Deals.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {IConsents} from "../../contracts/shared/interfaces/IConsents.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {DealId} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {vm} from "./support/Vm.sol";

/// @dev A longer exclusivity, on which partner and vendor agree.
contract ExtensionTest is DealWorld {
    address private _one = address(0x1111);
    address private _two = address(0x2222);
    DealId private _deal;
    uint40 private _until;

    function setUp() public override {
        super.setUp();
        _deal = _register(_one, "tag");
        _waitForReveals();
        _decide(_deal, DealState.Approved);
        _until = deals.dealOf(_deal).exclusiveUntil;
    }

    function _nothing() private pure returns (Authorization memory) {
        return Authorization(0, 0, "");
    }

    function _consent(address side, uint40 until) private {
        vm.prank(side);
        deals.consentToExtension(side, _deal, until, uint40(block.timestamp) + 1 days);
    }

    function _extend(uint40 until) private {
        deals.extend(_deal, until, _nothing(), _nothing());
    }

    function test_extend_withBothSidesConsent() public {
        _consent(_one, _until + 10 days);
        _consent(vendor, _until + 10 days);
        _extend(_until + 10 days);
        vm.assertEq(uint256(deals.dealOf(_deal).exclusiveUntil), _until + 10 days);
        vm.warp(_until + 10 days);
        vm.assertTrue(deals.isLive(_deal));
        vm.warp(_until + 10 days + 1);
        vm.assertFalse(deals.isLive(_deal));
    }

    function test_extend_theCallersOwnConsentIsItsCall() public {
        _consent(_one, _until + 10 days);
        vm.prank(vendor);
        _extend(_until + 10 days);
        vm.assertEq(uint256(deals.dealOf(_deal).exclusiveUntil), _until + 10 days);
    }

    function test_consent_extend_revertsWithConsentMissing() public {
        bytes32 action = deals.extensionAction(_deal, _until + 10 days);
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentMissing.selector, _one, action));
        vm.prank(vendor);
        _extend(_until + 10 days);
        _consent(_one, _until + 10 days);
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentMissing.selector, vendor, action));
        _extend(_until + 10 days);
    }

    function test_consent_extend_aConsentIsUsedUp() public {
        _consent(_one, _until + 10 days);
        _consent(vendor, _until + 10 days);
        _extend(_until + 10 days);
        bytes32 action = deals.extensionAction(_deal, _until + 10 days);
        vm.assertFalse(deals.hasConsented(_one, action));
        vm.assertFalse(deals.hasConsented(vendor, action));
    }

    function test_consent_consentToExtension_revertsForAnyoneElse() public {
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, vendor, stranger));
        vm.prank(stranger);
        deals.consentToExtension(vendor, _deal, _until + 1, _until);
    }

    function test_extend_revertsWithExtensionInvalid() public {
        uint40[2] memory untils = [_until, uint40(block.timestamp) + 3650 days + 1];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IDealDecisions.ExtensionInvalid.selector, _deal, untils[i]));
            _extend(untils[i]);
        }
        vm.warp(_until + 10);
        vm.expectRevert(abi.encodeWithSelector(IDealDecisions.ExtensionInvalid.selector, _deal, _until + 9));
        _extend(_until + 9);
    }

    function test_extend_revertsWithWrongState() public {
        _decide(_deal, DealState.Won);
        vm.expectRevert(
            abi.encodeWithSelector(IDealQueue.WrongState.selector, _deal, DealState.Won, DealState.Approved)
        );
        _extend(_until + 1);
    }

    function test_extend_aLapsedDealUnlessAnotherHoldsTheCustomer() public {
        DealId other = _register(_two, "tag");
        vm.warp(_until + 1);
        _consent(_one, _until + 10 days);
        _consent(vendor, _until + 10 days);
        _decide(other, DealState.Approved);
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.EarlierDeal.selector, _deal, other));
        _extend(_until + 10 days);
        _withdraw(_two, other);
        _extend(_until + 10 days);
        vm.assertTrue(deals.isLive(_deal));
    }

    function test_extend_revertsWithAgreementOver() public {
        vm.warp(START + 365 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IDealDecisions.AgreementOver.selector, _join(_one), START + 365 days));
        _extend(START + 366 days);
    }
}

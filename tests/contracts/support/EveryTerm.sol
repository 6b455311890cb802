// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IActivation} from "../../../contracts/agreements/interfaces/IActivation.sol";
import {IEndings} from "../../../contracts/agreements/interfaces/IEndings.sol";
import {IProgrammes} from "../../../contracts/agreements/interfaces/IProgrammes.sol";
import {Terms} from "../../../contracts/agreements/types/Terms.sol";
import {IDealDecisions} from "../../../contracts/deals/interfaces/IDealDecisions.sol";
import {IDealEpochs} from "../../../contracts/deals/interfaces/IDealEpochs.sol";
import {IDealReviews} from "../../../contracts/deals/interfaces/IDealReviews.sol";
import {DealState} from "../../../contracts/deals/types/Deals.sol";
import {IAccountKeys} from "../../../contracts/partners/interfaces/IAccountKeys.sol";
import {IRecoveries} from "../../../contracts/partners/interfaces/IRecoveries.sol";
import {IConsents} from "../../../contracts/shared/interfaces/IConsents.sol";
import {Authorization} from "../../../contracts/shared/types/Authorization.sol";
import {AgreementId, DealId} from "../../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./DealWorld.sol";
import {Plans} from "./Plans.sol";
import {TypedData} from "./TypedData.sol";
import {vm} from "./Vm.sol";

/// @title Something of everything that partners, agreements and deals write into their journals beyond the ordinary
abstract contract EveryTerm is DealWorld {
    address private constant PARTNER = address(0xBCC);
    address private constant OTHER = address(0xCCC);

    /// @dev The events that {_useEveryTerm} leaves.
    function _termEvents() internal pure returns (bytes32[18] memory) {
        return [
            IAccountKeys.WalletRotated.selector,
            IAccountKeys.OwnerChanged.selector,
            IRecoveries.RecoveryProposed.selector,
            IRecoveries.RecoveryCancelled.selector,
            IRecoveries.AccountRecovered.selector,
            IEndings.ConsentedToEnd.selector,
            IDealDecisions.ConsentedToExtension.selector,
            IConsents.ConsentWithdrawn.selector,
            IActivation.AgreementSuperseded.selector,
            IEndings.AgreementEnding.selector,
            IProgrammes.EpochOpened.selector,
            IDealDecisions.DealApprovedByDefault.selector,
            IDealDecisions.DealExtended.selector,
            IDealEpochs.DealRetagged.selector,
            IDealDecisions.DealMoved.selector,
            IDealReviews.DealReviewed.selector,
            IDealReviews.ReviewRevoked.selector,
            IDealDecisions.DealDecided.selector
        ];
    }

    /// @param won a deal of the vendor's programme
    function _useEveryTerm(DealId won) internal {
        _useKeys();
        DealId deal = _register(PARTNER, "every term");
        _openEpochWith(30 days);
        _retagWon(won, "customer, new key");
        vm.prank(PARTNER);
        deals.retag(PARTNER, deal, "every term, new key");
        vm.warp(block.timestamp + 31 days);
        deals.approveByDefault(deal);
        _extend(deal);
        _useEndings(deal);
        vm.prank(PARTNER);
        deals.review(PARTNER, deal, 5, "comment");
        vm.prank(PARTNER);
        deals.revokeReview(PARTNER, deal);
    }

    function _nothing() private pure returns (Authorization memory) {
        return Authorization(0, 0, "");
    }

    function _useKeys() private {
        address account = address(0xDCC);
        vm.prank(account);
        partners.changeOwner(account, account, _nothing());
        vm.prank(recoverer);
        partners.proposeRecovery(account, OTHER);
        vm.prank(account);
        partners.cancelRecovery(account);
        vm.prank(recoverer);
        partners.proposeRecovery(account, OTHER);
        vm.warp(block.timestamp + 14 days);
        vm.prank(OTHER);
        partners.recover(account, _nothing());
        Partner memory wallet = _partner("wallet of every term");
        Authorization memory consent = _unsigned(_freshNonce());
        bytes32 action = TypedData.acceptWallet(account, wallet.account, consent.nonce, consent.deadline);
        consent.signature = _signature(wallet.key, TypedData.digest(address(partners), action));
        vm.prank(OTHER);
        partners.rotate(account, wallet.account, consent);
    }

    function _extend(DealId deal) private {
        uint40 until = uint40(block.timestamp) + 100 days;
        bytes32 action = deals.extensionAction(deal, until);
        vm.prank(PARTNER);
        deals.consentToExtension(PARTNER, deal, until, until);
        vm.prank(PARTNER);
        deals.withdrawConsent(PARTNER, action);
        vm.prank(PARTNER);
        deals.consentToExtension(PARTNER, deal, until, until);
        vm.prank(vendor);
        deals.extend(deal, until, _nothing(), _nothing());
    }

    /// @dev Amends the partner's agreement, wins its deal under the successor, and ends that.
    function _useEndings(DealId deal) private {
        Terms memory first = _termsWith(PARTNER);
        Terms memory second = _successorOf(first);
        second.noticeSeconds = 1 days;
        AgreementId successor = _amend(second, first);
        _decide(deal, DealState.Won);
        vm.prank(PARTNER);
        agreements.consentToEnd(PARTNER, successor, uint40(block.timestamp), uint40(block.timestamp));
        vm.prank(PARTNER);
        agreements.giveNotice(PARTNER, successor, Plans.opening(second));
    }
}

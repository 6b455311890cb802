// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {DealEpochs} from "./base/DealEpochs.sol";
import {DealIntake} from "./base/DealIntake.sol";
import {DealReviews} from "./base/DealReviews.sol";
import {PartnerWallets} from "../partners/base/PartnerWallets.sol";
import {IAgreementRegistry} from "../agreements/interfaces/IAgreementRegistry.sol";
import {IDealRegistry} from "./interfaces/IDealRegistry.sol";
import {IPartnerRegistry} from "../partners/interfaces/IPartnerRegistry.sol";
import {Authorization} from "../shared/types/Authorization.sol";
import {AfterEnd} from "../agreements/types/Terms.sol";

/// @title Who brought which deal first
/// @notice See {IDealRegistry}.
contract DealRegistry is PartnerWallets, DealEpochs, DealReviews {
    /// @dev Under which version of its agreement a deal now stands, and until when that is in force.
    struct Place {
        bytes32 agreement;
        uint40 validUntil;
        uint40 endsAt;
        AfterEnd afterEnd;
    }

    bytes32 private constant DECIDE = keccak256(
        "Decide(address vendor,bytes32 deal,uint8 outcome,bytes32 reason,uint256 value,address token,uint256 nonce,"
        "uint256 deadline)"
    );
    bytes32 private constant WITHDRAW =
        keccak256("Withdraw(address account,bytes32 deal,uint256 nonce,uint256 deadline)");
    bytes32 private constant EXTEND = keccak256("Extend(bytes32 deal,uint40 exclusiveUntil)");
    bytes32 private constant EXTEND_DEAL =
        keccak256("ExtendDeal(address account,bytes32 deal,uint40 exclusiveUntil,uint256 nonce,uint256 deadline)");
    uint256 private constant MAX_EXTENSION = 3650 days;

    constructor(IPartnerRegistry partners, IAgreementRegistry agreements)
        EIP712("Partnership Ledger Deals", "1")
        PartnerWallets(partners)
        DealIntake(agreements)
    {}

    /// @inheritdoc IDealRegistry
    function decide(address vendor, Decision calldata decision) external {
        _requireWallet(vendor);
        _decide(vendor, decision);
    }

    /// @inheritdoc IDealRegistry
    function decideWithAuthorization(address vendor, Decision calldata decision, Authorization calldata authorization)
        external
    {
        bytes32 action = keccak256(abi.encode(DECIDE, vendor, decision, authorization.nonce, authorization.deadline));
        _spend(vendor, action, authorization);
        _decide(vendor, decision);
    }

    /// @inheritdoc IDealRegistry
    function withdraw(address account, bytes32 deal) external {
        _requireWallet(account);
        _withdraw(account, deal);
    }

    /// @inheritdoc IDealRegistry
    function withdrawWithAuthorization(address account, bytes32 deal, Authorization calldata authorization) external {
        _spend(WITHDRAW, account, deal, authorization);
        _withdraw(account, deal);
    }

    /// @inheritdoc IDealRegistry
    function approveByDefault(bytes32 deal) external {
        Record storage record = _deals[deal];
        if (record.state != State.Registered) revert WrongState(deal, record.state, State.Registered);
        uint256 decideBy = record.decideBy;
        if (decideBy == 0 || block.timestamp <= decideBy) revert NotOverdue(deal, decideBy);
        uint40 exclusiveUntil = _approve(deal, record);
        _emit3(abi.encode(_source(3), DealApprovedByDefault.selector, deal, msg.sender, exclusiveUntil, 0, 0));
    }

    /// @inheritdoc IDealRegistry
    function extensionAction(bytes32 deal, uint40 exclusiveUntil) public pure returns (bytes32) {
        return keccak256(abi.encode(EXTEND, deal, exclusiveUntil));
    }

    /// @inheritdoc IDealRegistry
    function extend(
        bytes32 deal,
        uint40 exclusiveUntil,
        Authorization calldata byAccount,
        Authorization calldata byVendor
    ) external {
        Record storage record = _deals[deal];
        if (record.state != State.Approved) revert WrongState(deal, record.state, State.Approved);
        bool isLater = exclusiveUntil > record.exclusiveUntil && exclusiveUntil >= block.timestamp;
        if (!isLater || exclusiveUntil > block.timestamp + MAX_EXTENSION) {
            revert ExtensionInvalid(deal, exclusiveUntil);
        }
        _requireInForce(_placeOf(record), AfterEnd.Finish);
        if (block.timestamp > record.exclusiveUntil) _requireFirst(deal, record);
        _useExtension(record.account, deal, exclusiveUntil, byAccount);
        _useExtension(record.vendor, deal, exclusiveUntil, byVendor);
        record.exclusiveUntil = exclusiveUntil;
        _emit2(abi.encode(_source(2), DealExtended.selector, deal, exclusiveUntil, 0, 0));
    }

    function _useExtension(address side, bytes32 deal, uint40 exclusiveUntil, Authorization calldata consent_) private {
        bytes32 signed =
            keccak256(abi.encode(EXTEND_DEAL, side, deal, exclusiveUntil, consent_.nonce, consent_.deadline));
        _useConsent(side, extensionAction(deal, exclusiveUntil), signed, consent_);
    }

    function _decide(address vendor, Decision calldata decision) private {
        bytes32 deal = decision.deal;
        Record storage record = _deals[deal];
        if (record.vendor != vendor || vendor == address(0)) revert NotTheVendor(deal, vendor);
        _checkDecision(record, decision);
        uint40 exclusiveUntil;
        if (decision.outcome == State.Approved) {
            exclusiveUntil = _approve(deal, record);
        } else {
            if (decision.outcome == State.Won) _win(deal, record);
            record.state = decision.outcome;
            // Until it is approved, `since` stays the time of the commitment, which a later approval waits on.
            if (decision.outcome != State.Returned) record.since = uint40(block.timestamp);
        }
        _emitDecided(vendor, decision, exclusiveUntil);
    }

    function _emitDecided(address vendor, Decision calldata decision, uint40 exclusiveUntil) private {
        _emit3(
            abi.encode(
                _source(3),
                DealDecided.selector,
                decision.deal,
                vendor,
                decision.outcome,
                decision.reason,
                decision.value,
                decision.token,
                exclusiveUntil,
                0,
                0
            )
        );
    }

    function _checkDecision(Record storage record, Decision calldata decision) private view {
        State state = record.state;
        State outcome = decision.outcome;
        bool isOpen = state == State.Registered || state == State.Returned;
        bool allowed;
        if (outcome == State.Approved) {
            allowed = isOpen;
        } else if (outcome == State.Rejected) {
            allowed = isOpen || (state == State.Approved && block.timestamp <= record.contestableUntil);
        } else if (outcome == State.Returned) {
            allowed = state == State.Registered;
        } else if (outcome == State.Won || outcome == State.Lost) {
            allowed = state == State.Approved;
        } else {
            revert OutcomeInvalid(outcome);
        }
        if (!allowed) revert WrongState(decision.deal, state, outcome);
        if ((outcome == State.Returned || outcome == State.Rejected) && decision.reason == 0) revert ReasonMissing();
        bool declared = decision.value != 0 && decision.token != address(0);
        bool blank = decision.value == 0 && decision.token == address(0);
        if (outcome == State.Won ? !declared : !blank) revert ValueInvalid();
    }

    /// @dev Approves a deal, unless another may still come first, is first, or the agreement has ended.
    function _approve(bytes32 deal, Record storage record) private returns (uint40 exclusiveUntil) {
        uint256 notBefore = record.since + REVEAL_SECONDS + 1;
        if (block.timestamp < notBefore) revert DecisionTooEarly(deal, notBefore);
        _requireComplete(deal, record);
        _requireInForce(_placeOf(record), AfterEnd.Finish);
        _requireFirst(deal, record);
        exclusiveUntil = uint40(block.timestamp) + record.exclusivitySeconds;
        record.state = State.Approved;
        record.since = uint40(block.timestamp);
        record.exclusiveUntil = exclusiveUntil;
    }

    /// @dev Checks that an approved deal can be won, and moves it to the version of its agreement that is in effect.
    function _win(bytes32 deal, Record storage record) private {
        Place memory place = _placeOf(record);
        bool isExclusive = block.timestamp <= record.exclusiveUntil;
        _requireInForce(place, isExclusive ? AfterEnd.WinApproved : AfterEnd.Finish);
        _requireFirst(deal, record);
        // slither-disable-next-line incorrect-equality: ids
        if (place.agreement == record.agreement) return;
        record.agreement = place.agreement;
        record.validUntil = place.validUntil;
        record.ruleAndAfterEnd = _pack(_ruleOf(record.ruleAndAfterEnd), uint8(place.afterEnd));
        _emit3(abi.encode(_source(3), DealMoved.selector, deal, place.agreement, 0, 0));
    }

    /// @dev An amended agreement's deals go on under the newest successor in effect.
    function _placeOf(Record storage record) private view returns (Place memory place) {
        (place.agreement, place.validUntil) = (record.agreement, record.validUntil);
        place.afterEnd = _afterEndOf(record.ruleAndAfterEnd);
        IAgreementRegistry.Standing memory standing = AGREEMENTS.standingOf(place.agreement);
        while (standing.succeededFrom != 0 && block.timestamp >= standing.succeededFrom) {
            place.agreement = standing.successor;
            // slither-disable-next-line calls-loop: our own registry; a chain is as long as its parties amended it, all of them signing
            standing = AGREEMENTS.standingOf(place.agreement);
            (place.validUntil, place.afterEnd) = (standing.validUntil, AfterEnd(standing.afterEnd));
        }
        // slither-disable-next-line incorrect-equality: zero says that no end was set
        place.endsAt = standing.endsAt == 0 ? place.validUntil : standing.endsAt;
    }

    /// @notice Reverts once the agreement has ended, unless its terms leave enough to open deals.
    /// @param least what the terms must leave to open deals once the agreement has ended
    function _requireInForce(Place memory place, AfterEnd least) private view {
        if (block.timestamp > place.endsAt && place.afterEnd < least) {
            revert AgreementOver(place.agreement, place.endsAt);
        }
    }

    function _withdraw(address account, bytes32 deal) private {
        Record storage record = _deals[deal];
        if (record.account != account || account == address(0)) revert NotTheRegistrant(deal, account);
        State state = record.state;
        if (state != State.Registered && state != State.Returned && state != State.Approved) {
            revert WrongState(deal, state, State.Withdrawn);
        }
        record.state = State.Withdrawn;
        record.since = uint40(block.timestamp);
        _emit3(abi.encode(_source(3), DealWithdrawn.selector, deal, account, 0, 0));
    }
}

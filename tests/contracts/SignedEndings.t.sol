// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {IConsents} from "../../contracts/shared/interfaces/IConsents.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId, ProgrammeId, programmeIdOf} from "../../contracts/shared/types/Ids.sol";
import {Plans} from "./support/Plans.sol";
import {SignedForm} from "./support/SignedForm.sol";
import {TypedData} from "./support/TypedData.sol";
import {vm} from "./support/Vm.sol";

/// @dev The signer is the agreement's only party and its arbiter.
abstract contract SignedEnding is SignedForm {
    uint40 internal constant END = START + 30 days;

    function _verifier() internal view override returns (address) {
        return address(agreements);
    }

    function _termsOf(address account) internal view returns (Terms memory terms) {
        address[] memory parties = new address[](1);
        parties[0] = account;
        terms = _terms(parties, _equalShares(parties));
        terms.noticeSeconds = 30 days;
        terms.arbiter = account;
    }

    /// @dev Kept, so that an action's last external call is the action.
    mapping(address account => AgreementId) internal _agreementOf;

    function _prepare(address account) internal override {
        _agreementOf[account] = _agree(_termsOf(account));
    }

    function _isDone(address account) internal view override returns (bool) {
        return agreements.standingOf(_agreementOf[account]).endsAt != 0;
    }
}

contract SignedEndAgreementTest is SignedEnding {
    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.endAgreement(account, _agreementOf[account], END, nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        Authorization[] memory consents = new Authorization[](1);
        consents[0] = authorization;
        agreements.endByConsent(_agreementOf[account], END, Plans.opening(_termsOf(account)), consents);
    }

    function _refusalOfEmpty(address account) internal view override returns (bytes memory) {
        bytes32 action = agreements.endAction(_agreementOf[account], END);
        return abi.encodeWithSelector(IConsents.ConsentMissing.selector, account, action);
    }
}

contract SignedGiveNoticeTest is SignedEnding {
    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.giveNotice(account, _agreementOf[account], nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        agreements.giveNoticeWithAuthorization(
            account, _agreementOf[account], Plans.opening(_termsOf(account)), authorization
        );
    }
}

contract SignedRuleEndTest is SignedEnding {
    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.ruleEnd(account, _agreementOf[account], END, "breach", nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        agreements.ruleEndWithAuthorization(
            account, _agreementOf[account], END, "breach", Plans.opening(_termsOf(account)), authorization
        );
    }
}

contract SignedOpenEpochTest is SignedForm {
    function _verifier() internal view override returns (address) {
        return address(agreements);
    }

    function _prepare(address account) internal override {
        _programme(Partner(account, 0), 7);
    }

    function _id(address account) private pure returns (ProgrammeId) {
        return programmeIdOf(account, 7);
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal pure override returns (bytes32) {
        return TypedData.openEpoch(account, _id(account), 30 days, nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        agreements.openEpochWithAuthorization(account, _id(account), 30 days, authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        (, uint32 epoch,,) = agreements.programmeOf(_id(account));
        return epoch == 2;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IActivation} from "../../contracts/agreements/interfaces/IActivation.sol";
import {Rule, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {SignedForm} from "./support/SignedForm.sol";
import {TypedData} from "./support/TypedData.sol";

contract SignedRegisterTest is SignedForm {
    function _verifier() internal view override returns (address) {
        return address(partners);
    }

    function _prepare(address) internal override {}

    function _action(address account, uint256 nonce, uint256 deadline) internal pure override returns (bytes32) {
        return TypedData.register(TypedData.Register(account, "Example Ltd", "https://example.test", nonce, deadline));
    }

    function _execute(address account, Authorization memory authorization) internal override {
        partners.registerWithAuthorization(account, "Example Ltd", "https://example.test", authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        return partners.isRegistered(account);
    }
}

contract SignedCreateProgrammeTest is SignedForm {
    function _verifier() internal view override returns (address) {
        return address(agreements);
    }

    function _prepare(address) internal override {}

    function _action(address account, uint256 nonce, uint256 deadline) internal pure override returns (bytes32) {
        return TypedData.createProgramme(TypedData.CreateProgramme(account, 7, "Resellers", 1, nonce, deadline));
    }

    function _execute(address account, Authorization memory authorization) internal override {
        agreements.createProgrammeWithAuthorization(account, 7, "Resellers", Rule.FirstRegistered, authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        (Rule rule,,,) = agreements.programmeOf(agreements.programmeId(account, 7));
        return rule == Rule.FirstRegistered;
    }
}

contract SignedAcceptanceTest is SignedForm {
    function _verifier() internal view override returns (address) {
        return address(agreements);
    }

    function _prepare(address) internal override {}

    function _termsOf(address account) private view returns (Terms memory) {
        address[] memory parties = new address[](1);
        parties[0] = account;
        return _terms(parties, _equalShares(parties));
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.acceptance(account, _termsOf(account), nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        Authorization[] memory acceptances = new Authorization[](1);
        acceptances[0] = authorization;
        agreements.activate(_termsOf(account), acceptances);
    }

    function _isDone(address account) internal view override returns (bool) {
        return agreements.isActive(agreements.agreementId(_termsOf(account)));
    }

    function _spendsItsNonce() internal pure override returns (bool) {
        return false;
    }

    function _refusalOfEmpty(address account) internal view override returns (bytes memory) {
        AgreementId agreement = agreements.agreementId(_termsOf(account));
        return abi.encodeWithSelector(IActivation.NotAccepted.selector, agreement, account);
    }
}

/// @dev Each contract keeps nonces of its own.
abstract contract SignedCancelNonce is SignedForm {
    uint256 private constant CANCELLED = 777;

    function _prepare(address) internal override {}

    function _action(address account, uint256 nonce, uint256 deadline) internal pure override returns (bytes32) {
        return TypedData.cancelNonce(account, CANCELLED, nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        IAuthorizations(_verifier()).cancelNonceWithAuthorization(account, CANCELLED, authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        return IAuthorizations(_verifier()).nonceSpent(account, CANCELLED);
    }
}

contract SignedCancelNonceOfPartnersTest is SignedCancelNonce {
    function _verifier() internal view override returns (address) {
        return address(partners);
    }
}

contract SignedCancelNonceOfAgreementsTest is SignedCancelNonce {
    function _verifier() internal view override returns (address) {
        return address(agreements);
    }
}

contract SignedCancelNonceOfDealsTest is SignedCancelNonce {
    function _verifier() internal view override returns (address) {
        return address(deals);
    }
}

contract SignedCancelNonceOfLedgerTest is SignedCancelNonce {
    function _verifier() internal view override returns (address) {
        return address(ledger);
    }
}

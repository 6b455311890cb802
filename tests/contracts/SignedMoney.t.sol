// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {Share} from "../../contracts/revenue/types/Books.sol";
import {Bundle, Invoice} from "../../contracts/revenue/types/Payments.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {MoneyTypedData} from "./support/MoneyTypedData.sol";
import {Plans} from "./support/Plans.sol";
import {SignedForm} from "./support/SignedForm.sol";
import {TypedData} from "./support/TypedData.sol";
import {vm} from "./support/Vm.sol";

abstract contract SignedMoney is SignedForm {
    address[] private _parties;
    AgreementId internal agreement;
    AgreementId internal other;

    function setUp() public override {
        super.setUp();
        _parties = _accounts(_partners(2));
        agreement = _agree(_termsFor(_parties, "first"));
        other = _agree(_termsFor(_parties, "second"));
    }

    function _verifier() internal view override returns (address) {
        return address(ledger);
    }

    function _termsFor(address[] memory payees, bytes32 salt) internal view returns (Terms memory terms) {
        terms = _terms(_parties, _equalShares(payees));
        terms.salt = salt;
    }
}

contract SignedPayTest is SignedMoney {
    function _prepare(address account) internal override {
        _fund(account, 1000e6);
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.pay(account, agreement, address(dollar), _invoice(600e6, "ref"), nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        ledger.payWithAuthorization(account, agreement, address(dollar), _invoice(600e6, "ref"), authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        return ledger.paymentOf(account, "ref") != 0 && dollar.balanceOf(account) == 400e6;
    }

    /// @dev The other tests ask the contract for it.
    function test_domain_isWhatWalletsShow() public view {
        (, string memory name, string memory version,,,,) = IERC5267(address(ledger)).eip712Domain();
        vm.assertEq(keccak256(bytes(name)), keccak256("Partnership Ledger Revenue"));
        vm.assertEq(keccak256(bytes(version)), keccak256("1"));
    }
}

contract SignedPayBatchTest is SignedMoney {
    function _prepare(address account) internal override {
        _fund(account, 1000e6);
    }

    function _bundles() private view returns (Bundle[] memory bundles) {
        bundles = new Bundle[](2);
        bundles[0] = Bundle(agreement, new Invoice[](2));
        bundles[1] = Bundle(other, new Invoice[](1));
        bundles[0].invoices[0] = _invoice(100e6, "ref 0");
        bundles[0].invoices[1] = _invoice(200e6, "ref 1");
        bundles[1].invoices[0] = _invoice(300e6, "ref 2");
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.payBatch(TypedData.PayBatch(account, address(dollar), _bundles(), nonce, deadline));
    }

    function _execute(address account, Authorization memory authorization) internal override {
        ledger.payBatchWithAuthorization(account, address(dollar), _bundles(), authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        return ledger.paymentOf(account, "ref 2") != 0 && dollar.balanceOf(account) == 400e6;
    }
}

/// @dev The account is a payee of two agreements, which it claims in one transfer.
contract SignedClaimToTest is SignedMoney {
    address private constant RECIPIENT = address(0x4ec1);
    mapping(address account => AgreementId[2]) private _owed;

    function _termsOwedTo(address account, bytes32 salt) private view returns (Terms memory) {
        address[] memory payees = new address[](1);
        payees[0] = account;
        return _termsFor(payees, salt);
    }

    function _shares(address account) private view returns (Share[] memory shares) {
        shares = new Share[](2);
        for (uint256 i; i < 2; ++i) {
            shares[i] = Plans.share(_termsOwedTo(account, bytes32(i)), _owed[account][i], 0);
        }
    }

    function _prepare(address account) internal override {
        _fund(stranger, 2000e6);
        for (uint256 i; i < 2; ++i) {
            _owed[account][i] = _agree(_termsOwedTo(account, bytes32(i)));
            _pay(stranger, _owed[account][i], 1000e6, keccak256(abi.encode(account, i)));
        }
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return MoneyTypedData.claimTo(account, RECIPIENT, address(dollar), _shares(account), nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        ledger.claimToWithAuthorization(account, RECIPIENT, address(dollar), _shares(account), authorization);
    }

    function _isDone(address) internal view override returns (bool) {
        return dollar.balanceOf(RECIPIENT) == 2000e6;
    }
}

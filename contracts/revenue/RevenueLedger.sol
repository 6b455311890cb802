// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IAgreementRegistry} from "../agreements/interfaces/IAgreementRegistry.sol";
import {NATIVE_COIN} from "../agreements/types/Terms.sol";
import {IDealRegistry} from "../deals/interfaces/IDealRegistry.sol";
import {IPartnerRegistry} from "../partners/interfaces/IPartnerRegistry.sol";
import {Authorization} from "../shared/types/Authorization.sol";
import {AgreementId} from "../shared/types/Ids.sol";
import {RevenueDebts} from "./RevenueDebts.sol";
import {RevenueSettlement} from "./RevenueSettlement.sol";
import {ForwardedSettlement} from "./base/ForwardedSettlement.sol";
import {Payments} from "./base/Payments.sol";
import {Refunds} from "./base/Refunds.sol";
import {RevenueState} from "./base/RevenueState.sol";
import {RevenueViews} from "./base/RevenueViews.sol";
import {IClaims} from "./interfaces/IClaims.sol";
import {IPayments} from "./interfaces/IPayments.sol";
import {IRefunds} from "./interfaces/IRefunds.sol";
import {PaymentHash} from "./libraries/PaymentHash.sol";
import {PaymentRecord} from "./libraries/PaymentRecord.sol";
import {BookId, bookIdOf} from "./types/BookIds.sol";
import {Share} from "./types/Books.sol";
import {Division} from "./types/Divisions.sol";
import {PackedBook} from "./types/PackedBook.sol";
import {Bundle, Invoice, Payment, Permit} from "./types/Payments.sol";

/// @title What came in, and who is owed how much
/// @notice See {IRevenueLedger}. What is called most is here; the rest is forwarded to {RevenueSettlement} and
/// {RevenueDebts}.
contract RevenueLedger is
    Payments,
    Refunds,
    RevenueViews,
    ForwardedSettlement,
    AccessManaged,
    IPayments,
    IRefunds,
    IClaims
{
    /// @param consortium the access manager that says who may pause and resume deposits
    constructor(
        IPartnerRegistry partners,
        IAgreementRegistry agreements,
        IDealRegistry deals,
        RevenueSettlement settlement,
        RevenueDebts debts,
        address consortium
    ) RevenueState(partners, agreements, deals) ForwardedSettlement(settlement, debts) AccessManaged(consortium) {}

    /// @inheritdoc IPayments
    function pay(AgreementId agreement, address token, Invoice calldata invoice) external payable nonReentrant {
        _pay(msg.sender, agreement, token, invoice);
    }

    /// @inheritdoc IPayments
    function payWithPermit(AgreementId agreement, address token, Invoice calldata invoice, Permit calldata permit)
        external
        nonReentrant
    {
        _show(permit, msg.sender, token);
        _pay(msg.sender, agreement, token, invoice);
    }

    /// @inheritdoc IPayments
    function payWithAuthorization(
        address account,
        AgreementId agreement,
        address token,
        Invoice calldata invoice,
        Authorization calldata authorization
    ) external nonReentrant {
        _spend(account, PaymentHash.pay(account, agreement, token, invoice, authorization), authorization);
        if (token == NATIVE_COIN) revert NativeCoinNotPulled();
        _pay(_walletOf(account), agreement, token, invoice);
    }

    /// @inheritdoc IPayments
    function payWithAuthorizationAndPermit(
        address account,
        AgreementId agreement,
        address token,
        Invoice calldata invoice,
        Authorization calldata authorization,
        Permit calldata permit
    ) external nonReentrant {
        _spend(account, PaymentHash.pay(account, agreement, token, invoice, authorization), authorization);
        address payer = _walletOf(account);
        _show(permit, payer, token);
        _pay(payer, agreement, token, invoice);
    }

    /// @inheritdoc IPayments
    function payBatch(address token, Bundle[] calldata bundles) external payable nonReentrant {
        _payBatch(msg.sender, token, bundles);
    }

    /// @inheritdoc IPayments
    function payBatchWithAuthorization(
        address account,
        address token,
        Bundle[] calldata bundles,
        Authorization calldata authorization
    ) external nonReentrant {
        _spend(account, PaymentHash.payBatch(account, token, bundles, authorization), authorization);
        if (token == NATIVE_COIN) revert NativeCoinNotPulled();
        _payBatch(_walletOf(account), token, bundles);
    }

    /// @inheritdoc IPayments
    function payAndDistribute(AgreementId agreement, address token, Invoice calldata invoice, Division calldata)
        external
        payable
        returns (uint256)
    {
        _payLocked(agreement, token, invoice);
        _forward(address(SETTLEMENT));
    }

    /// @inheritdoc IPayments
    function endBook(AgreementId agreement, address token, uint40 validUntil) external nonReentrant {
        if (msg.sender != address(AGREEMENTS)) revert NotTheAgreementRegistry(msg.sender);
        BookId id = bookIdOf(agreement, token);
        PackedBook book = _books[id];
        if (book.exists()) _books[id] = book.endingAt(validUntil);
    }

    /// @inheritdoc IRefunds
    function refund(Payment calldata payment, uint256 amount) external {
        if (PaymentRecord.isDisputed(_payments[payment.payer][payment.invoiceRef].value)) {
            _forward(address(SETTLEMENT));
        }
        _refundUndisputed(payment, amount);
    }

    /// @inheritdoc IClaims
    function mature(AgreementId agreement, address token, uint256 most) external nonReentrant returns (uint256 days_) {
        PackedBook book = _books[bookIdOf(agreement, token)];
        if (_isDue(book)) (, days_) = _mature(agreement, token, book, most);
    }

    /// @inheritdoc IClaims
    function claim(address account, address token, Share calldata share)
        external
        nonReentrant
        returns (uint256 amount)
    {
        address wallet = _walletOf(account);
        uint256 days_;
        (amount, days_) = _takeShare(account, token, share);
        if (amount != 0) _emitClaimed(share.agreement, account, token, share.period, wallet, amount);
        _payOut(account, wallet, token, amount, days_);
    }

    /// @inheritdoc IClaims
    function claimAcross(address account, address token, Share[] calldata shares)
        external
        nonReentrant
        returns (uint256 amount)
    {
        return _claimAcross(account, _walletOf(account), token, shares);
    }

    /// @inheritdoc IClaims
    function claimTo(address account, address recipient, address token, Share[] calldata shares)
        external
        nonReentrant
        returns (uint256 amount)
    {
        _requireWallet(account);
        return _claimAcross(account, recipient, token, shares);
    }

    /// @inheritdoc IClaims
    function claimToWithAuthorization(
        address account,
        address recipient,
        address token,
        Share[] calldata shares,
        Authorization calldata authorization
    ) external nonReentrant returns (uint256 amount) {
        _spend(account, PaymentHash.claimTo(account, recipient, token, shares, authorization), authorization);
        return _claimAcross(account, recipient, token, shares);
    }

    /// @inheritdoc IPayments
    function pauseDeposits() external restricted {
        if (_isPaused()) revert DepositsArePaused();
        _switch(true);
        _emitPaused(msg.sender);
    }

    /// @inheritdoc IPayments
    function resumeDeposits() external restricted {
        if (!_isPaused()) revert DepositsAreNotPaused();
        _switch(false);
        _emitResumed(msg.sender);
    }

    /// @dev Apart from {refund}, since what is forwarded enters the lock anew.
    function _refundUndisputed(Payment calldata payment, uint256 amount) private nonReentrant {
        _requirePayer(payment.payer);
        _refundHeld(payment, _statusOf(payment), msg.sender, amount);
    }

    /// @dev A payment behind the lock, which what is forwarded then takes for itself.
    function _payLocked(AgreementId agreement, address token, Invoice calldata invoice) private nonReentrant {
        _pay(msg.sender, agreement, token, invoice);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId, DealId} from "../../shared/types/Ids.sol";
import {Division} from "../types/Divisions.sol";
import {Bundle, Invoice, Permit} from "../types/Payments.sol";

/// @title Paying
/// @notice Paying costs the same for any number of payees.
interface IPayments {
    /// @notice Revenue came in.
    /// @param payer the wallet that paid: a stranger's payment, or one from a wallet that an account has given up, never
    /// uses up another's invoice reference
    /// @param amount what the ledger received, in token base units
    /// @param maturesAt when it is released: the payment's own time where there is no hold, else the beginning of a day
    event PaymentReceived(
        AgreementId indexed agreement,
        address indexed payer,
        address token,
        DealId deal,
        uint256 amount,
        bytes32 invoiceRef,
        uint40 maturesAt,
        uint64 seq,
        bytes24 head
    );
    /// @notice Revenue came in, for several invoices of an agreement in one call: what {PaymentReceived} says, of each of them.
    /// @param invoices in the order of the call
    event PaymentsReceived(
        AgreementId indexed agreement,
        address indexed payer,
        address token,
        uint40 maturesAt,
        Invoice[] invoices,
        uint64 seq,
        bytes24 head
    );
    /// @notice The guardian stopped new deposits. Nothing else stops.
    event DepositsPaused(address indexed guardian, uint64 seq, bytes24 head);
    /// @notice Deposits are taken again.
    event DepositsResumed(address indexed by, uint64 seq, bytes24 head);

    error DepositsArePaused();
    error DepositsAreNotPaused();
    error TokenNotAccepted(AgreementId agreement, address token);
    error NotYetValid(AgreementId agreement, uint256 validFrom);
    error AgreementEnded(AgreementId agreement, uint256 validUntil);
    /// @notice Pay the successor instead; only deals won before it took effect are still paid here.
    error Superseded(AgreementId successor);
    error DealNotWon(AgreementId agreement, DealId deal);
    error InvoicePaid(address payer, bytes32 invoiceRef);
    error AmountInvalid(bytes32 invoiceRef, uint256 amount);
    error BatchSizeInvalid(uint256 invoices);
    /// @notice The token took a fee or sent other than asked; a batch cannot say which invoice that touches.
    error ReceivedOther(uint256 expected, uint256 received);
    /// @notice The token does not say how much of it the ledger holds.
    error BalanceUnknown(address token);
    /// @notice Sent with a call: not the amount to pay in the chain's own coin, or coin where a token is paid.
    error ValueInvalid(uint256 expected, uint256 sent);
    /// @notice The chain's own coin cannot be pulled: who pays in it calls.
    error NativeCoinNotPulled();
    error NotTheAgreementRegistry(address caller);

    /// @notice Pays one invoice; the tokens are pulled from the caller, who is the payer. The chain's own coin comes with the
    /// call.
    /// @dev Credits what the ledger received. Reverts {DepositsArePaused}, {TokenNotAccepted}, {NotYetValid},
    /// {AgreementEnded}, {Superseded}, {DealNotWon}, {InvoicePaid}, {AmountInvalid}, {TotalTooLarge}, {ValueInvalid}.
    function pay(AgreementId agreement, address token, Invoice calldata invoice) external payable;

    /// @notice As {pay}, after showing the token the caller's permit. A permit that another has shown already is no error.
    function payWithPermit(AgreementId agreement, address token, Invoice calldata invoice, Permit calldata permit)
        external;

    /// @notice The signed form of {pay}; the tokens are pulled from the account's wallet, the payer, which signed
    /// `Pay(address account,bytes32 agreement,address token,bytes32 deal,uint256 amount,bytes32 invoiceRef,uint256
    /// nonce,uint256 deadline)`.
    /// @dev As {pay}, and {NativeCoinNotPulled}.
    function payWithAuthorization(
        address account,
        AgreementId agreement,
        address token,
        Invoice calldata invoice,
        Authorization calldata authorization
    ) external;

    /// @notice As {payWithAuthorization}, after showing the token the wallet's permit.
    function payWithAuthorizationAndPermit(
        address account,
        AgreementId agreement,
        address token,
        Invoice calldata invoice,
        Authorization calldata authorization,
        Permit calldata permit
    ) external;

    /// @notice Pays up to 100 invoices in one token, all or none: the first that cannot be paid is named. (Skipping it would
    /// leave the payer to find out which of its invoices are paid, and a signed batch half done.) One entry for each bundle:
    /// {PaymentsReceived}, or {PaymentReceived} where it is but one invoice.
    /// @dev As {pay}, and {BatchSizeInvalid}, {ReceivedOther}.
    function payBatch(address token, Bundle[] calldata bundles) external payable;

    /// @notice The signed form of {payBatch}: `PayBatch(address account,address token,Bundle[] bundles,uint256
    /// nonce,uint256 deadline)Bundle(bytes32 agreement,Invoice[] invoices)Invoice(bytes32 deal,uint256 amount,bytes32
    /// invoiceRef)`.
    function payBatchWithAuthorization(
        address account,
        address token,
        Bundle[] calldata bundles,
        Authorization calldata authorization
    ) external;

    /// @notice Brings an agreement's end forward in a token's book. Called by the agreement registry only.
    /// @dev Reverts {NotTheAgreementRegistry}.
    function endBook(AgreementId agreement, address token, uint40 validUntil) external;

    /// @notice Stops new deposits. Restricted to the guardian's role.
    function pauseDeposits() external;

    /// @notice Takes deposits again. Restricted to the role that the access manager gives.
    function resumeDeposits() external;

    /// @notice Pays an invoice, as {pay}, and then everybody, as {IDistributions.distribute}.
    /// @dev Under terms with a hold nothing of the payment is paid out yet.
    function payAndDistribute(
        AgreementId agreement,
        address token,
        Invoice calldata invoice,
        Division calldata division
    ) external payable returns (uint256 amount);
}

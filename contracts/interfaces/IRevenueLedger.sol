// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../types/Authorization.sol";
import {Tranche} from "../types/Terms.sol";
import {IAuthorizations} from "./IAuthorizations.sol";
import {IJournal} from "./IJournal.sol";

/// @title What came in, and who is owed how much
/// @notice Revenue paid under an agreement is split by its signed plan. Paying costs the same for any number of payees:
/// a payee's entitlement is a function of the total released, and each claims for itself or has anyone do it.
interface IRevenueLedger is IJournal, IAuthorizations {
    /// @notice Revenue recorded against an invoice.
    /// @param deal the won deal it comes from; 0 for none
    /// @param amount in token base units, greater than zero and at most 2^128 - 1
    /// @param invoiceRef the payer's own reference, blinded; it can be paid once
    struct Invoice {
        bytes32 deal;
        uint256 amount;
        bytes32 invoiceRef;
    }

    /// @notice The invoices of one agreement in a batch.
    struct Bundle {
        bytes32 agreement;
        Invoice[] invoices;
    }

    /// @notice A payee's share of an agreement, and what proves it against the agreement's root.
    /// @param tranches the agreement's; an empty list stands for a single unbounded one
    struct Share {
        bytes32 agreement;
        bytes32 dealTermsHash;
        Tranche[] tranches;
        uint64[] weights;
        bytes32[] proof;
    }

    /// @notice Totals of an agreement in one token.
    /// @param released cumulative revenue that is split, in token base units; it never falls
    /// @param open whether the agreement's terms have been read for this token
    struct Book {
        uint128 released;
        uint40 validFrom;
        uint40 validUntil;
        uint32 holdSeconds;
        uint8 clawback;
        bool open;
    }

    /// @notice Revenue came in.
    /// @param payer the wallet that paid: a stranger's payment, or one from a wallet that an account has given up, never
    /// uses up another's invoice reference
    /// @param amount what the ledger received, in token base units
    /// @param maturesAt when it is released; the payment's own time where there is no hold
    event PaymentReceived(
        bytes32 indexed agreement,
        address indexed payer,
        address token,
        bytes32 deal,
        uint256 amount,
        bytes32 invoiceRef,
        uint40 maturesAt,
        uint64 seq,
        bytes24 head
    );
    /// @notice A payee was paid what it had earned and not yet claimed.
    event Claimed(
        bytes32 indexed agreement,
        address indexed account,
        address token,
        address recipient,
        uint256 amount,
        uint64 seq,
        bytes24 head
    );
    /// @notice The guardian stopped new deposits. Nothing else stops.
    event DepositsPaused(address indexed guardian, uint64 seq, bytes24 head);
    /// @notice Deposits are taken again.
    event DepositsResumed(address indexed by, uint64 seq, bytes24 head);

    error DepositsArePaused();
    error DepositsAreNotPaused();
    error TokenNotAccepted(bytes32 agreement, address token);
    error NotYetValid(bytes32 agreement, uint256 validFrom);
    error AgreementEnded(bytes32 agreement, uint256 validUntil);
    error DealNotWon(bytes32 agreement, bytes32 deal);
    error InvoicePaid(address payer, bytes32 invoiceRef);
    error AmountInvalid(bytes32 invoiceRef, uint256 amount);
    error TotalTooLarge(uint256 released);
    error BatchSizeInvalid(uint256 invoices);
    /// @notice The token took a fee or sent other than asked; a batch cannot say which invoice that touches.
    error ReceivedOther(uint256 expected, uint256 received);
    /// @notice The token does not say how much of it the ledger holds.
    error BalanceUnknown(address token);
    error ShareInvalid(bytes32 agreement, address account);
    error NothingToClaim(address account);
    error RecipientInvalid();

    /// @notice Invoices that one batch can carry.
    function MAX_BATCH() external view returns (uint256);

    /// @notice Whether the guardian has stopped new deposits.
    function depositsPaused() external view returns (bool);

    /// @notice An agreement's totals in a token.
    function bookOf(bytes32 agreement, address token) external view returns (Book memory);

    /// @notice What an account has claimed of an agreement in a token, in base units.
    function claimedOf(bytes32 agreement, address token, address account) external view returns (uint256);

    /// @notice The record of an invoice: zero when unpaid; else the status in the low byte (1: paid) and above it the
    /// high 248 bits of `keccak256(abi.encode(agreement, token, deal, amount, maturesAt, refunded))`.
    /// @dev One slot, whatever it says: the duplicate check, and the proof of what may be refunded.
    function paymentOf(address payer, bytes32 invoiceRef) external view returns (bytes32);

    /// @notice What an account could claim now of one agreement in a token, in base units.
    /// @dev Reverts {ShareInvalid}. Locked while money moves.
    function claimableOf(address account, address token, Share calldata share) external view returns (uint256);

    /// @notice Pays one invoice; the tokens are pulled from the caller, who is the payer.
    /// @dev Credits what the ledger received. Reverts {DepositsArePaused}, {TokenNotAccepted},
    /// {NotYetValid}, {AgreementEnded}, {DealNotWon}, {InvoicePaid}, {AmountInvalid}, {TotalTooLarge}.
    function pay(bytes32 agreement, address token, Invoice calldata invoice) external;

    /// @notice The signed form of {pay}; the tokens are pulled from the account's wallet, the payer, which signed
    /// `Pay(address account,bytes32 agreement,address token,bytes32 deal,uint256 amount,bytes32 invoiceRef,uint256
    /// nonce,uint256 deadline)`.
    function payWithAuthorization(
        address account,
        bytes32 agreement,
        address token,
        Invoice calldata invoice,
        Authorization calldata authorization
    ) external;

    /// @notice Pays up to 100 invoices in one token, all or none: the first that cannot be paid is named.
    /// @dev As {pay}, and {BatchSizeInvalid}, {ReceivedOther}.
    function payBatch(address token, Bundle[] calldata bundles) external;

    /// @notice The signed form of {payBatch}: `PayBatch(address account,address token,Bundle[] bundles,uint256
    /// nonce,uint256 deadline)Bundle(bytes32 agreement,Invoice[] invoices)Invoice(bytes32 deal,uint256 amount,bytes32
    /// invoiceRef)`.
    function payBatchWithAuthorization(
        address account,
        address token,
        Bundle[] calldata bundles,
        Authorization calldata authorization
    ) external;

    /// @notice Pays an account what it earned under an agreement, to its wallet. Anyone may call.
    /// @dev Reverts {ShareInvalid}, {NothingToClaim}.
    function claim(address account, address token, Share calldata share) external returns (uint256 amount);

    /// @notice As {claim}, across agreements and in one transfer.
    /// @dev Agreements with nothing to claim are passed over.
    function claimAcross(address account, address token, Share[] calldata shares) external returns (uint256 amount);

    /// @notice As {claimAcross}, to a recipient of the account's choice. Called by the account's wallet.
    /// @dev Also reverts {NotTheWallet}, {RecipientInvalid}.
    function claimTo(address account, address recipient, address token, Share[] calldata shares)
        external
        returns (uint256 amount);

    /// @notice The signed form of {claimTo}: `ClaimTo(address account,address recipient,address token,bytes32[]
    /// agreements,uint256 nonce,uint256 deadline)`, the agreements in the order of `shares`.
    function claimToWithAuthorization(
        address account,
        address recipient,
        address token,
        Share[] calldata shares,
        Authorization calldata authorization
    ) external returns (uint256 amount);

    /// @notice Stops new deposits. Restricted to the guardian's role.
    function pauseDeposits() external;

    /// @notice Takes deposits again. Restricted to the role that the access manager gives.
    function resumeDeposits() external;
}

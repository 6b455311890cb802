// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {Opening, Payee, Tranche} from "../../agreements/types/Terms.sol";
import {IConsents} from "../../shared/interfaces/IConsents.sol";
import {IJournal} from "../../shared/interfaces/IJournal.sol";

/// @title What came in, and who is owed how much
/// @notice Revenue paid under an agreement is split by its signed plan. Paying costs the same for any number of payees:
/// a payee's entitlement is a function of the total released, and each claims for itself or has anyone do it.
///
/// Under terms with a hold a payment is released as the day begins on which its hold is over; until then its payer can take
/// it back, and a party can dispute it, which leaves it to the terms' arbiter. Under terms with clawback a refund after the
/// hold becomes a debt of the agreement in that token, which its later revenue serves first. What was released is never
/// taken back.
///
/// Per agreement and token: received = claimed + claimable + held + disputed + refunded + netted + carry, where netted is
/// what served debts, and the carry, less than the number of payees (in each period), is what rounding leaves.
interface IRevenueLedger is IJournal, IConsents {
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
    /// @param period number of the period claimed for, from 0; 0 when the tranches have no period
    /// @param tranches the agreement's; an empty list stands for a single unbounded one without period
    struct Share {
        bytes32 agreement;
        bytes32 conditionsHash;
        uint32 period;
        Tranche[] tranches;
        uint64[] weights;
        bytes32[] proof;
    }

    /// @notice A recorded invoice as it now is; the ledger keeps its hash only, see {paymentOf}.
    /// @param amount what the ledger received, in token base units
    /// @param maturesAt when it is, or was, released
    /// @param refunded what of it went back to the payer or is owed to it
    /// @param disputedAt when it was disputed; 0 when it is not in dispute
    struct Payment {
        address payer;
        bytes32 invoiceRef;
        bytes32 agreement;
        address token;
        bytes32 deal;
        uint256 amount;
        uint40 maturesAt;
        uint256 refunded;
        uint40 disputedAt;
    }

    /// @notice ERC-2612's leave to pull tokens. It authorises no payment: the payer calls, or signs the payment itself.
    struct Permit {
        uint256 value;
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice An agreement's terms and total in one token.
    /// @param released cumulative revenue that is split, in token base units and over all periods; it never falls. What is
    /// due but not yet recorded as released is not in it
    /// @param validUntil last second for revenue without a deal: the terms', or the earlier one of its ending or amendment
    /// @param holdDays days for which a payment is held
    /// @param periodDays days of a period; 0: there are none
    /// @param owed debts to payers, in all and ever
    /// @param served what revenue has netted of them: the oldest debts are served first
    /// @param open whether the agreement's terms have been read for this token
    struct Book {
        uint128 released;
        uint40 validFrom;
        uint40 validUntil;
        uint16 holdDays;
        uint16 periodDays;
        uint8 clawback;
        uint128 owed;
        uint128 served;
        bool open;
    }

    /// @notice What an agreement owes a payer in one token.
    /// @param from where in the agreement's cumulative debts it begins, less what was paid out: what it can be paid now is
    /// what of `from` to `to` lies below the book's `served`
    struct Debt {
        address payer;
        uint128 from;
        uint128 to;
    }

    /// @notice Revenue came in.
    /// @param payer the wallet that paid: a stranger's payment, or one from a wallet that an account has given up, never
    /// uses up another's invoice reference
    /// @param amount what the ledger received, in token base units
    /// @param maturesAt when it is released: the payment's own time where there is no hold, else the beginning of a day
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
        uint32 period,
        address recipient,
        uint256 amount,
        uint64 seq,
        bytes24 head
    );
    /// @notice Held payments were released, all those of one day in one entry.
    /// @param maturesAt the day's beginning
    event Matured(
        bytes32 indexed agreement, address indexed token, uint40 maturesAt, uint256 amount, uint64 seq, bytes24 head
    );
    /// @notice A payer took a held payment back, or part of it.
    /// @param recipient the wallet it went to: the one that now stands for the payer
    event Refunded(
        bytes32 indexed agreement,
        address indexed payer,
        address token,
        bytes32 invoiceRef,
        address recipient,
        uint256 amount,
        uint64 seq,
        bytes24 head
    );
    /// @notice A party disputed a held payment; what is left of it waits for a ruling.
    /// @param reason a code of at most 32 ASCII characters
    /// @param ruleBy from when on anyone can have the dispute dropped
    event PaymentDisputed(
        bytes32 indexed agreement,
        address indexed payer,
        address indexed by,
        address token,
        bytes32 invoiceRef,
        uint256 amount,
        bytes32 reason,
        uint40 ruleBy,
        uint64 seq,
        bytes24 head
    );
    /// @notice A dispute is over: part of the amount, or all or none, is the payer's again. The rest is held on if its day
    /// has not come, and released otherwise.
    /// @param by the arbiter; the zero address when it was dropped because nobody ruled
    /// @param refunded what is the payer's, in token base units; it waits to be paid out
    /// @param remaining what is not
    event DisputeRuled(
        bytes32 indexed agreement,
        address indexed payer,
        address indexed by,
        address token,
        bytes32 invoiceRef,
        uint256 refunded,
        uint256 remaining,
        bytes32 reason,
        uint64 seq,
        bytes24 head
    );
    /// @notice A payer was paid what a ruling gave back to it.
    event RefundPaid(
        bytes32 indexed agreement,
        address indexed payer,
        address token,
        bytes32 invoiceRef,
        address recipient,
        uint256 amount,
        uint64 seq,
        bytes24 head
    );
    /// @notice A refund after the hold: the agreement owes it to the payer, out of its later revenue.
    /// @param debt the debt's number in this agreement and token, from 1
    /// @param by the arbiter; the zero address for all payees' consent
    event ClawedBack(
        bytes32 indexed agreement,
        address indexed payer,
        address indexed by,
        address token,
        bytes32 invoiceRef,
        uint256 amount,
        uint32 debt,
        bytes32 reason,
        uint64 seq,
        bytes24 head
    );
    /// @notice Revenue served debts instead of being released: a part of what the entry before released, or, in a batch, of
    /// what the agreement's invoices before it did. An agreement's own debts come first, then its predecessor's, and so on.
    /// @param debtor the agreement whose debts they are: the one that earned it, or a predecessor of it
    /// @param maturesAt of the payment or the day that was released, which also says in which period
    event Netted(
        bytes32 indexed agreement,
        address indexed token,
        bytes32 debtor,
        uint256 amount,
        uint40 maturesAt,
        uint64 seq,
        bytes24 head
    );
    /// @notice A payer was paid what had been netted for one of its debts.
    event DebtPaid(
        bytes32 indexed agreement,
        address indexed payer,
        address token,
        uint32 debt,
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
    /// @notice Pay the successor instead; only deals won before it took effect are still paid here.
    error Superseded(bytes32 successor);
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
    /// @notice Sent with a call: not the amount to pay in the chain's own coin, or coin where a token is paid.
    error ValueInvalid(uint256 expected, uint256 sent);
    /// @notice The chain's own coin cannot be pulled: who pays in it calls.
    error NativeCoinNotPulled();
    error NotTheAgreementRegistry(address caller);
    /// @notice There is no such payment, or it is not as described.
    error PaymentUnknown(address payer, bytes32 invoiceRef);
    error NotThePayer(address payer, address caller);
    /// @notice The hold is over; what is released can at most be clawed back.
    error HoldOver(bytes32 invoiceRef, uint256 maturesAt);
    /// @notice The hold is not over; the payer can take the payment back itself.
    error StillHeld(bytes32 invoiceRef, uint256 maturesAt);
    error RefundInvalid(bytes32 invoiceRef, uint256 amount, uint256 left);
    error InDispute(bytes32 invoiceRef);
    error NotInDispute(bytes32 invoiceRef);
    error TermsMismatch(bytes32 agreement);
    error NotAParty(bytes32 agreement, address account);
    error NoArbiter(bytes32 agreement);
    error NotTheArbiter(bytes32 agreement, address account);
    error RulingAwaited(bytes32 invoiceRef, uint256 ruleBy);
    error ClawbackNotAgreed(bytes32 agreement);
    /// @notice More days are due than one call can release; call {mature} first.
    error MatureFirst(bytes32 agreement, address token);
    error DebtUnknown(uint32 debt);
    error NothingToPay();

    /// @notice Invoices that one batch can carry.
    function MAX_BATCH() external view returns (uint256);

    /// @notice Whether the guardian has stopped new deposits.
    function depositsPaused() external view returns (bool);

    /// @notice An agreement's totals in a token.
    function bookOf(bytes32 agreement, address token) external view returns (Book memory);

    /// @notice What an account has claimed of an agreement in a token, in base units.
    /// @param period 0 when there are none
    function claimedOf(bytes32 agreement, address token, uint32 period, address account) external view returns (uint256);

    /// @notice What was released in one period, in token base units. Without periods: the book's `released`, as period 0.
    function releasedIn(bytes32 agreement, address token, uint32 period) external view returns (uint256);

    /// @notice What is held of one day's payments, in token base units; still there, although due, until {mature}d.
    /// @param maturesAt the day's beginning
    function heldUntil(bytes32 agreement, address token, uint40 maturesAt) external view returns (uint256);

    /// @notice A debt of an agreement in a token, by its number.
    function debtOf(bytes32 agreement, address token, uint32 debt) external view returns (Debt memory);

    /// @notice What a ruling gave back to a payer and has not been paid out, in token base units.
    function refundDue(address payer, bytes32 invoiceRef) external view returns (uint256);

    /// @notice Seconds after which a dispute without a ruling can be dropped by anyone.
    function RULING_SECONDS() external view returns (uint256);

    /// @notice The record of an invoice: zero when unpaid; else the status in the low byte (1: paid, 2: in dispute) and above
    /// it the high 248 bits of `keccak256(abi.encode(agreement, token, deal, amount, maturesAt, refunded))`, in dispute of
    /// `keccak256(abi.encode(agreement, token, deal, amount, maturesAt, refunded, disputedAt))`.
    /// @dev One slot, whatever it says: the duplicate check, and the proof of what may be refunded.
    function paymentOf(address payer, bytes32 invoiceRef) external view returns (bytes32);

    /// @notice What an account could claim now of one agreement in a token, in base units.
    /// @dev Counts what is due but not yet recorded as released, up to the days that a claim itself would release. Reverts
    /// {ShareInvalid}. Locked while money moves.
    function claimableOf(address account, address token, Share calldata share) external view returns (uint256);

    /// @notice Pays one invoice; the tokens are pulled from the caller, who is the payer. The chain's own coin comes with the
    /// call.
    /// @dev Credits what the ledger received. Reverts {DepositsArePaused}, {TokenNotAccepted}, {NotYetValid},
    /// {AgreementEnded}, {Superseded}, {DealNotWon}, {InvoicePaid}, {AmountInvalid}, {TotalTooLarge}, {ValueInvalid}.
    function pay(bytes32 agreement, address token, Invoice calldata invoice) external payable;

    /// @notice As {pay}, after showing the token the caller's permit. A permit that another has shown already is no error.
    function payWithPermit(bytes32 agreement, address token, Invoice calldata invoice, Permit calldata permit) external;

    /// @notice The signed form of {pay}; the tokens are pulled from the account's wallet, the payer, which signed
    /// `Pay(address account,bytes32 agreement,address token,bytes32 deal,uint256 amount,bytes32 invoiceRef,uint256
    /// nonce,uint256 deadline)`.
    /// @dev As {pay}, and {NativeCoinNotPulled}.
    function payWithAuthorization(
        address account,
        bytes32 agreement,
        address token,
        Invoice calldata invoice,
        Authorization calldata authorization
    ) external;

    /// @notice As {payWithAuthorization}, after showing the token the wallet's permit.
    function payWithAuthorizationAndPermit(
        address account,
        bytes32 agreement,
        address token,
        Invoice calldata invoice,
        Authorization calldata authorization,
        Permit calldata permit
    ) external;

    /// @notice Pays up to 100 invoices in one token, all or none: the first that cannot be paid is named. (Skipping it would
    /// leave the payer to find out which of its invoices are paid, and a signed batch half done.)
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

    /// @notice Releases held payments whose day has come, the oldest day first. Anyone may call; claims do it too.
    /// @param most days to release at most
    /// @return days_ how many were
    function mature(bytes32 agreement, address token, uint256 most) external returns (uint256 days_);

    /// @notice Takes a held payment back, or part of it. Called by the wallet that stands for the payer: of the account
    /// whose wallet paid, see {IPartnerRegistry.successorOf}.
    /// @param amount at most what is left of it
    /// @dev Reverts {NotThePayer}, {PaymentUnknown}, {InDispute}, {HoldOver}, {RefundInvalid}.
    function refund(Payment calldata payment, uint256 amount) external;

    /// @notice The signed form of {refund}, by the account whose wallet paid: `Refund(address account,address payer,bytes32
    /// invoiceRef,uint256 amount,uint256 nonce,uint256 deadline)`.
    function refundWithAuthorization(
        address account,
        Payment calldata payment,
        uint256 amount,
        Authorization calldata authorization
    ) external;

    /// @notice Disputes a held payment: what is left of it waits outside until the arbiter rules. Called by the wallet of a
    /// party of its agreement.
    /// @param reason a code of at most 32 ASCII characters
    /// @dev Reverts {NotTheWallet}, {PaymentUnknown}, {InDispute}, {HoldOver}, {RefundInvalid} (nothing is left),
    /// {TermsMismatch}, {NoArbiter}, {NotAParty}.
    function dispute(address account, Payment calldata payment, bytes32 reason, Opening calldata opening) external;

    /// @notice The signed form of {dispute}: `Dispute(address account,address payer,bytes32 invoiceRef,bytes32
    /// reason,uint256 nonce,uint256 deadline)`.
    function disputeWithAuthorization(
        address account,
        Payment calldata payment,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external;

    /// @notice Rules on a disputed payment. Called by the arbiter's wallet.
    /// @param refunded what is the payer's again, see {payRefund}; the rest is released, or held on until its day
    /// @param reason a code of at most 32 ASCII characters
    /// @dev Reverts {NotTheWallet}, {PaymentUnknown}, {NotInDispute}, {TermsMismatch}, {NotTheArbiter}, {RefundInvalid}.
    function rule(address arbiter, Payment calldata payment, uint256 refunded, bytes32 reason, Opening calldata opening)
        external;

    /// @notice The signed form of {rule}: `RulePayment(address arbiter,address payer,bytes32 invoiceRef,uint256
    /// refunded,bytes32 reason,uint256 nonce,uint256 deadline)`.
    function ruleWithAuthorization(
        address arbiter,
        Payment calldata payment,
        uint256 refunded,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external;

    /// @notice Drops a dispute on which the arbiter has not ruled in time: the payment goes on as if undisputed. Anyone may
    /// call.
    /// @dev Reverts {PaymentUnknown}, {NotInDispute}, {RulingAwaited}.
    function dropDispute(Payment calldata payment) external;

    /// @notice Pays a payer what a ruling gave back to it, to the wallet that stands for it. Anyone may call. (The ruling
    /// itself sends nothing: a payer that cannot receive must not keep the payees from the rest.)
    /// @dev Reverts {PaymentUnknown}, {NothingToPay}.
    function payRefund(Payment calldata payment) external returns (uint256 amount);

    /// @notice The action that all payees consent to when a released payment is clawed back: the hash of `Clawback(address
    /// payer,bytes32 invoiceRef,uint256 refunded,uint256 amount)`.
    /// @param refunded what of the payment was refunded before, so that one consent is good for one clawback
    function clawbackAction(address payer, bytes32 invoiceRef, uint256 refunded, uint256 amount)
        external
        pure
        returns (bytes32);

    /// @notice Makes a refund of a released payment the agreement's debt, by all payees' consent. Anyone may call.
    /// @param conditionsHash with the tranches and the payees what proves these against the agreement's root
    /// @param payees all of them, in the order of the terms
    /// @param consents one per payee: `ConsentToClawback(address account,address payer,bytes32 invoiceRef,uint256
    /// refunded,uint256 amount,uint256 nonce,uint256 deadline)`, or an empty signature, see {IConsents}
    /// @dev Reverts {PaymentUnknown}, {InDispute}, {StillHeld}, {ClawbackNotAgreed}, {RefundInvalid}, {TermsMismatch},
    /// {MatureFirst}, {ConsentsMissing}, {ConsentMissing}, {AuthorizationExpired}, {NonceSpent}, {SignatureInvalid}.
    function clawBackByConsent(
        Payment calldata payment,
        uint256 amount,
        bytes32 conditionsHash,
        Tranche[] calldata tranches,
        Payee[] calldata payees,
        Authorization[] calldata consents
    ) external returns (uint32 debt);

    /// @notice As {clawBackByConsent}, by a ruling. Called by the arbiter's wallet.
    /// @dev Reverts {NotTheWallet}, {PaymentUnknown}, {InDispute}, {StillHeld}, {ClawbackNotAgreed}, {RefundInvalid},
    /// {TermsMismatch}, {NotTheArbiter}, {MatureFirst}.
    function ruleClawback(
        address arbiter,
        Payment calldata payment,
        uint256 amount,
        bytes32 reason,
        Opening calldata opening
    ) external returns (uint32 debt);

    /// @notice The signed form of {ruleClawback}: `RuleClawback(address arbiter,address payer,bytes32 invoiceRef,uint256
    /// amount,bytes32 reason,uint256 nonce,uint256 deadline)`.
    function ruleClawbackWithAuthorization(
        address arbiter,
        Payment calldata payment,
        uint256 amount,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external returns (uint32 debt);

    /// @notice Pays a payer what has been netted for one of its debts, to the wallet that stands for it. Anyone may call.
    /// @dev Reverts {DebtUnknown}, {NothingToPay}.
    function payDebt(bytes32 agreement, address token, uint32 debt) external returns (uint256 amount);

    /// @notice Brings an agreement's end forward in a token's book. Called by the agreement registry only.
    /// @dev Reverts {NotTheAgreementRegistry}.
    function endBook(bytes32 agreement, address token, uint40 validUntil) external;

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

    /// @notice The signed form of {claimTo}: `ClaimTo(address account,address recipient,address token,Source[]
    /// sources,uint256 nonce,uint256 deadline)Source(bytes32 agreement,uint32 period)`, the sources in the order of `shares`.
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

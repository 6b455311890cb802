"""What payers pay and take back, and what parties and arbiters do about it."""

from ledger.actions import fields
from ledger.actions.declaration import SIGNED, Action, Role, Way, errors
from ledger.terms.contracts import REVENUE
from ledger.terms.solidity import ZERO_BYTES32

CLAWBACK = "Clawback(address payer,bytes32 invoiceRef,uint256 refunded,uint256 amount)"
"""What payees consent to who let a released payment be clawed back."""
_PAYMENT = (fields.PAYER, fields.INVOICE_REF)
_PAID_IN = fields.DEAL.but(
    "The won deal that it comes from; zero for none.", optional=True, default=ZERO_BYTES32
)
_PAYING = (
    "DepositsArePaused TokenNotAccepted NotYetValid AgreementEnded Superseded DealNotWon InvoicePaid "
    "AmountInvalid TotalTooLarge ValueInvalid"
)
_CLAWING = "PaymentUnknown InDispute StillHeld ClawbackNotAgreed RefundInvalid"

ACTIONS = (
    Action(
        "pay_invoice",
        REVENUE,
        "Pay {amount} under the agreement {agreement}, for the invoice {invoice_ref}",
        Role.PAYER,
        (
            fields.ACCOUNT.but("The account that pays."),
            fields.AGREEMENT,
            fields.TOKEN,
            fields.AMOUNT,
            fields.INVOICE_REF,
            _PAID_IN,
            fields.PERMIT,
        ),
        (
            Way("pay"),
            Way("payWithPermit"),
            Way("payWithAuthorization"),
            Way("payWithAuthorizationAndPermit"),
        ),
        "Pay(address account,bytes32 agreement,address token,bytes32 deal,uint256 amount,bytes32 invoiceRef,"
        "uint256 nonce,uint256 deadline)",
        refusals=errors(_PAYING, "NativeCoinNotPulled", SIGNED),
    ),
    Action(
        "pay_invoices",
        REVENUE,
        "Pay {bundles} in {token}",
        Role.PAYER,
        (fields.ACCOUNT.but("The account that pays."), fields.TOKEN, fields.BUNDLES),
        (Way("payBatch"), Way("payBatchWithAuthorization")),
        "PayBatch(address account,address token,Bundle[] bundles,uint256 nonce,uint256 deadline)",
        refusals=errors(_PAYING, "NativeCoinNotPulled BatchSizeInvalid ReceivedOther", SIGNED),
    ),
    Action(
        "pay_and_distribute",
        REVENUE,
        "Pay {amount} under the agreement {agreement}, for the invoice {invoice_ref}, and pay all payees out",
        Role.PAYER,
        (
            fields.ACCOUNT.but("The account that pays."),
            fields.AGREEMENT,
            fields.TOKEN,
            fields.AMOUNT,
            fields.INVOICE_REF,
            _PAID_IN,
            fields.PERIOD,
            fields.MOST,
        ),
        (Way("payAndDistribute", arguments=("agreement", "token", "invoice", "division")),),
        instead="Sign pay-invoice, and let anyone distribute after it.",
        refusals=errors(_PAYING, "PlanInvalid NothingToDistribute NobodyPaid GasTooLow"),
    ),
    Action(
        "refund",
        REVENUE,
        "Take back {amount} of the payment {invoice_ref}",
        Role.PAYER,
        (
            fields.ACCOUNT.but("The account whose wallet paid."),
            *_PAYMENT,
            fields.AMOUNT,
            fields.RECIPIENT,
        ),
        (Way("refund"), Way("refundTo"), Way("refundWithAuthorization")),
        "Refund(address account,address payer,bytes32 invoiceRef,address recipient,uint256 amount,"
        "uint256 nonce,uint256 deadline)",
        refusals=errors("NotThePayer PaymentUnknown HoldOver RefundInvalid RecipientInvalid", SIGNED),
    ),
    Action(
        "dispute",
        REVENUE,
        "Dispute the payment {invoice_ref}, for {account}: {reason}",
        Role.PARTY,
        (fields.ACCOUNT, *_PAYMENT, fields.REASON),
        (Way("dispute"), Way("disputeWithAuthorization")),
        "Dispute(address account,address payer,bytes32 invoiceRef,bytes32 reason,uint256 nonce,"
        "uint256 deadline)",
        refusals=errors(
            "NotTheWallet PaymentUnknown InDispute DisputedBefore HoldOver RefundInvalid TermsMismatch",
            "NoArbiter NotAParty",
            SIGNED,
        ),
    ),
    Action(
        "rule_payment",
        REVENUE,
        "Rule that {refunded} of the disputed payment {invoice_ref} is the payer's again: {reason}",
        Role.ARBITER,
        (fields.ARBITER, *_PAYMENT, fields.REFUNDED, fields.REASON),
        (Way("rule"), Way("ruleWithAuthorization")),
        "RulePayment(address arbiter,address payer,bytes32 invoiceRef,uint40 disputedAt,uint256 refunded,"
        "bytes32 reason,uint256 nonce,uint256 deadline)",
        actor="arbiter",
        refusals=errors(
            "NotTheWallet PaymentUnknown NotInDispute TermsMismatch NotTheArbiter RefundInvalid", SIGNED
        ),
    ),
    Action(
        "drop_dispute",
        REVENUE,
        "Drop the dispute of the payment {invoice_ref}, on which nobody ruled in time",
        Role.ANYONE,
        _PAYMENT,
        (Way("dropDispute"),),
        refusals=errors("PaymentUnknown NotInDispute RulingAwaited"),
    ),
    Action(
        "pay_out_refund",
        REVENUE,
        "Pay out {due}, which a ruling gave back of the payment {invoice_ref}",
        Role.PAYER,
        (
            fields.ACCOUNT.but("The account whose wallet paid; needed to name a recipient.", optional=True),
            *_PAYMENT,
            fields.RECIPIENT,
        ),
        (Way("payRefund", by=Role.ANYONE), Way("payRefundTo"), Way("payRefundWithAuthorization")),
        "PayRefund(address account,address payer,bytes32 invoiceRef,address recipient,uint256 nonce,"
        "uint256 deadline)",
        refusals=errors("PaymentUnknown NothingToPay NotThePayer RecipientInvalid", SIGNED),
    ),
    Action(
        "consent_to_clawback",
        REVENUE,
        "Consent, for {account}, to a clawback of {amount} of the payment {invoice_ref}; "
        "the consent counts until {deadline}",
        Role.PAYEE,
        (fields.ACCOUNT, *_PAYMENT, fields.AMOUNT, fields.UNTIL),
        (Way("consentToClawback"),),
        "ConsentToClawback(address account,address payer,bytes32 invoiceRef,uint256 refunded,uint256 amount,"
        "uint256 nonce,uint256 deadline)",
        carried_by=("claw_back",),
        consent=CLAWBACK,
        refusals=errors("NotTheWallet", _CLAWING, SIGNED),
    ),
    Action(
        "withdraw_clawback_consent",
        REVENUE,
        "Take back the consent of {account} to a clawback of {amount} of the payment {invoice_ref}",
        Role.PAYEE,
        (fields.ACCOUNT, *_PAYMENT, fields.AMOUNT),
        (Way("withdrawConsent", arguments=("account", "action")),),
        consent=CLAWBACK,
        instead="One that was signed is made worthless by its nonce: cancel-revenue-signature.",
        refusals=errors("NotTheWallet ConsentMissing"),
    ),
    Action(
        "claw_back",
        REVENUE,
        "Claw back {amount} of the payment {invoice_ref}, to which all payees consented",
        Role.ANYONE,
        (*_PAYMENT, fields.AMOUNT, fields.CONSENTS),
        (Way("clawBackByConsent"),),
        consent=CLAWBACK,
        refusals=errors(_CLAWING, "TermsMismatch MatureFirst ConsentsMissing ConsentMissing", SIGNED),
    ),
    Action(
        "rule_clawback",
        REVENUE,
        "Rule that {amount} of the payment {invoice_ref} is clawed back: {reason}",
        Role.ARBITER,
        (fields.ARBITER, *_PAYMENT, fields.AMOUNT, fields.REASON),
        (Way("ruleClawback"), Way("ruleClawbackWithAuthorization")),
        "RuleClawback(address arbiter,address payer,bytes32 invoiceRef,uint256 amount,bytes32 reason,"
        "uint256 nonce,uint256 deadline)",
        actor="arbiter",
        refusals=errors("NotTheWallet", _CLAWING, "TermsMismatch NotTheArbiter MatureFirst", SIGNED),
    ),
    Action(
        "pay_debt",
        REVENUE,
        "Pay out what revenue has served of debt {debt} of the agreement {agreement}",
        Role.PAYER,
        (
            fields.ACCOUNT.but("The account whose wallet paid; needed to name a recipient.", optional=True),
            fields.AGREEMENT,
            fields.TOKEN,
            fields.DEBT,
            fields.RECIPIENT,
        ),
        (Way("payDebt", by=Role.ANYONE), Way("payDebtTo"), Way("payDebtWithAuthorization")),
        "PayDebt(address account,bytes32 agreement,address token,uint32 debt,address recipient,"
        "uint256 nonce,uint256 deadline)",
        refusals=errors("DebtUnknown NothingToPay NotThePayer RecipientInvalid", SIGNED),
    ),
)

"""How payees get what they earned."""

from ledger.actions import fields
from ledger.actions.declaration import SIGNED, Action, Role, Way, errors
from ledger.terms.contracts import REVENUE

ACTIONS = (
    Action(
        "claim",
        REVENUE,
        "Withdraw {owed} owed to {account}, to {recipient}",
        Role.PAYEE,
        (
            fields.ACCOUNT.but("Whose money."),
            fields.TOKEN,
            fields.SOURCES,
            fields.RECIPIENT,
        ),
        (Way("claimAcross", by=Role.ANYONE), Way("claimTo"), Way("claimToWithAuthorization")),
        "ClaimTo(address account,address recipient,address token,Source[] sources,uint256 nonce,"
        "uint256 deadline)",
        refusals=errors("ShareInvalid NothingToClaim NotTheWallet RecipientInvalid", SIGNED),
    ),
    Action(
        "claim_one",
        REVENUE,
        "Withdraw {owed} owed to {account} under the agreement {agreement}, to its wallet",
        Role.ANYONE,
        (fields.ACCOUNT.but("Whose money."), fields.TOKEN, fields.AGREEMENT, fields.PERIOD),
        (Way("claim"),),
        refusals=errors("ShareInvalid NothingToClaim"),
    ),
    Action(
        "distribute",
        REVENUE,
        "Pay all payees of the agreement {agreement} what they earned in {token} and were not paid yet",
        Role.ANYONE,
        (fields.AGREEMENT, fields.TOKEN, fields.PERIOD, fields.MOST),
        (Way("distribute"),),
        refusals=errors("PlanInvalid NothingToDistribute NobodyPaid GasTooLow"),
    ),
    Action(
        "mature",
        REVENUE,
        "Release what is due of the agreement {agreement} in {token}, {most} days at most",
        Role.ANYONE,
        (fields.AGREEMENT, fields.TOKEN, fields.DAYS),
        (Way("mature"),),
    ),
)

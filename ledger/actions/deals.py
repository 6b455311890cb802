"""What partners and vendors do about deals."""

from ledger.actions import fields
from ledger.actions.declaration import SIGNED, Action, Field, Role, Way, errors
from ledger.terms.contracts import DEALS
from ledger.terms.deals import State
from ledger.terms.solidity import ZERO_ADDRESS, ZERO_BYTES32

EXTEND = "Extend(bytes32 deal,uint40 exclusiveUntil)"
"""What partner and vendor consent to who make an exclusivity longer."""
_NOT_SOLD: dict[str, object] = {"value": 0, "token": ZERO_ADDRESS}
_NO_REASON: dict[str, object] = {"reason": ZERO_BYTES32}


def _decision(
    name: str, sentence: str, outcome: State, more: tuple[Field, ...], fixed: dict[str, object]
) -> Action:
    return Action(
        name,
        DEALS,
        sentence,
        Role.VENDOR,
        (fields.VENDOR, fields.DEAL, *more),
        (Way("decide"), Way("decideWithAuthorization")),
        "Decide(address vendor,bytes32 deal,uint8 outcome,bytes32 reason,uint256 value,address token,"
        "uint256 nonce,uint256 deadline)",
        actor="vendor",
        fixed={"outcome": outcome, **fixed},
        refusals=errors(
            "NotTheWallet NotTheVendor OutcomeInvalid WrongState ReasonMissing ValueInvalid DecisionTooEarly",
            "EarlierDeal AgreementOver NotTaggedAgain WonDealsBehind",
            SIGNED,
        ),
    )


ACTIONS = (
    Action(
        "commit_deal",
        DEALS,
        "Take a place in the order for a deal of {account} that is not shown yet",
        Role.PARTNER,
        (fields.ACCOUNT, fields.COMMITMENT),
        (Way("commit"), Way("commitWithAuthorization")),
        "Commit(address account,bytes32 commitment,uint256 nonce,uint256 deadline)",
        refusals=errors("NotTheWallet CommitmentExists TooManyUnrevealed", SIGNED),
    ),
    Action(
        "reveal_deal",
        DEALS,
        "Register the deal of {account} under the agreement {agreement}, tagged by the key of epoch {epoch}",
        Role.PARTY,
        (
            fields.ACCOUNT,
            fields.AGREEMENT,
            fields.TAG,
            fields.SALT,
            fields.TERRITORY,
            fields.EPOCH,
        ),
        (Way("reveal"), Way("revealWithAuthorization")),
        "Reveal(address account,bytes32 agreement,bytes32 tag,bytes32 salt,bytes32 territory,uint32 epoch,"
        "uint256 nonce,uint256 deadline)",
        refusals=errors(
            "NotTheWallet CommitmentUnknown CommitmentLapsed AgreementUnknown TermsMismatch NoProgramme",
            "ProgrammeUnknown NotAParty VendorCannotRegister OutsideValidity EpochInvalid TerritoryInvalid",
            "AlreadyRegistered",
            SIGNED,
        ),
    ),
    _decision(
        "approve_deal",
        "Approve the deal {deal}: its partner has the customer for the time that the terms give",
        State.APPROVED,
        (),
        _NO_REASON | _NOT_SOLD,
    ),
    _decision(
        "return_deal",
        "Return the deal {deal} to its partner: {reason}",
        State.RETURNED,
        (fields.REASON,),
        _NOT_SOLD,
    ),
    _decision(
        "reject_deal",
        "Reject the deal {deal}, for good: {reason}",
        State.REJECTED,
        (fields.REASON,),
        _NOT_SOLD,
    ),
    _decision(
        "win_deal",
        "Say that the deal {deal} is won, for {value}",
        State.WON,
        (fields.VALUE, fields.TOKEN),
        _NO_REASON,
    ),
    _decision("lose_deal", "Say that the deal {deal} is lost", State.LOST, (), _NO_REASON | _NOT_SOLD),
    Action(
        "withdraw_deal",
        DEALS,
        "Take the deal {deal} back: its customer is free for others",
        Role.REGISTRANT,
        (fields.ACCOUNT, fields.DEAL),
        (Way("withdraw"), Way("withdrawWithAuthorization")),
        "Withdraw(address account,bytes32 deal,uint256 nonce,uint256 deadline)",
        refusals=errors("NotTheWallet NotTheRegistrant WrongState", SIGNED),
    ),
    Action(
        "approve_deal_by_default",
        DEALS,
        "Approve the deal {deal} because its vendor let the deadline pass",
        Role.ANYONE,
        (fields.DEAL,),
        (Way("approveByDefault"),),
        refusals=errors(
            "WrongState NotOverdue DecisionTooEarly EarlierDeal AgreementOver NotTaggedAgain WonDealsBehind"
        ),
    ),
    Action(
        "consent_to_extension",
        DEALS,
        "Consent, for {account}, to exclusivity of the deal {deal} until {exclusive_until}; "
        "the consent counts until {deadline}",
        Role.COUNTERPARTY,
        (fields.ACCOUNT, fields.DEAL, fields.EXCLUSIVE_UNTIL, fields.UNTIL),
        (Way("consentToExtension"),),
        "ExtendDeal(address account,bytes32 deal,uint40 exclusiveUntil,uint256 nonce,uint256 deadline)",
        carried_by=("extend_deal",),
        consent=EXTEND,
        refusals=errors("NotTheWallet", SIGNED),
    ),
    Action(
        "withdraw_extension_consent",
        DEALS,
        "Take back the consent of {account} to exclusivity of the deal {deal} until {exclusive_until}",
        Role.COUNTERPARTY,
        (fields.ACCOUNT, fields.DEAL, fields.EXCLUSIVE_UNTIL),
        (Way("withdrawConsent"),),
        consent=EXTEND,
        instead="One that was signed is made worthless by its nonce: cancel-deal-signature.",
        refusals=errors("NotTheWallet ConsentMissing"),
    ),
    Action(
        "extend_deal",
        DEALS,
        "Make the deal {deal} exclusive until {exclusive_until}, to which partner and vendor consented",
        Role.ANYONE,
        (
            fields.DEAL,
            fields.EXCLUSIVE_UNTIL,
            fields.CONSENT.but("The partner's consent; empty when by transaction.", name="by_account"),
            fields.CONSENT.but("The vendor's consent; empty when by transaction.", name="by_vendor"),
        ),
        (Way("extend"),),
        consent=EXTEND,
        refusals=errors(
            "WrongState ExtensionInvalid EarlierDeal AgreementOver NotTaggedAgain DecisionTooEarly",
            "WonDealsBehind ConsentMissing",
            SIGNED,
        ),
    ),
    Action(
        "retag_deal",
        DEALS,
        "Tag the deal {deal} again, under the programme's newest key",
        Role.REGISTRANT,
        (fields.ACCOUNT, fields.DEAL, fields.TAG),
        (Way("retag"), Way("retagWithAuthorization")),
        "Retag(address account,bytes32 deal,bytes32 tag,uint256 nonce,uint256 deadline)",
        refusals=errors("NotTheWallet NotTheRegistrant WrongState RetagInvalid AlreadyRegistered", SIGNED),
    ),
    Action(
        "retag_won_deals",
        DEALS,
        "Tag {retags} again, under their programmes' newest keys",
        Role.VENDOR,
        (fields.VENDOR, fields.RETAGS),
        (Way("retagWon"), Way("retagWonWithAuthorization")),
        "RetagWonDeals(address vendor,bytes32[] dealsAndTags,uint256 nonce,uint256 deadline)",
        actor="vendor",
        refusals=errors("NotTheWallet NotTheVendor WrongState RetagInvalid", SIGNED),
    ),
    Action(
        "review_deal",
        DEALS,
        "Rate the other side of the deal {deal} with {rating} of 5",
        Role.COUNTERPARTY,
        (fields.REVIEWER, fields.DEAL, fields.RATING, fields.COMMENT),
        (Way("review"), Way("reviewWithAuthorization")),
        "Review(address reviewer,bytes32 deal,uint8 rating,bytes32 comment,uint256 nonce,uint256 deadline)",
        actor="reviewer",
        refusals=errors("NotTheWallet NotACounterparty WrongState RatingInvalid AlreadyReviewed", SIGNED),
    ),
    Action(
        "revoke_review",
        DEALS,
        "Take the review of the deal {deal} back, for good",
        Role.COUNTERPARTY,
        (fields.REVIEWER, fields.DEAL),
        (Way("revokeReview"), Way("revokeReviewWithAuthorization")),
        "RevokeReview(address reviewer,bytes32 deal,uint256 nonce,uint256 deadline)",
        actor="reviewer",
        refusals=errors("NotTheWallet NotReviewed", SIGNED),
    ),
)

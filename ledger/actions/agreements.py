"""What vendors and parties do about programmes and agreements."""

from ledger.actions import fields
from ledger.actions.declaration import SIGNED, Action, Role, Way, errors
from ledger.terms.contracts import AGREEMENTS

END = "End(bytes32 agreement,uint40 endsAt)"
"""What parties consent to who end an agreement together."""

ACTIONS = (
    Action(
        "create_programme",
        AGREEMENTS,
        "Open the programme “{name}”, number {number} of {owner}",
        Role.VENDOR,
        (fields.OWNER, fields.NUMBER, fields.NAME, fields.RULE),
        (Way("createProgramme"), Way("createProgrammeWithAuthorization")),
        "CreateProgramme(address owner,uint96 number,string name,uint8 rule,uint256 nonce,uint256 deadline)",
        actor="owner",
        refusals=errors("NotTheWallet ProgrammeExists NameInvalid RuleInvalid", SIGNED),
    ),
    Action(
        "open_epoch",
        AGREEMENTS,
        "Replace the key of the programme {programme}: its deals are tagged again within {grace_seconds}",
        Role.VENDOR,
        (fields.OWNER, fields.PROGRAMME, fields.GRACE),
        (Way("openEpoch"), Way("openEpochWithAuthorization")),
        "OpenEpoch(address owner,bytes32 programme,uint32 graceSeconds,uint256 nonce,uint256 deadline)",
        actor="owner",
        refusals=errors("NotTheWallet NotTheProgrammeOwner ProgrammeUnknown GraceInvalid", SIGNED),
    ),
    Action(
        "accept_agreement",
        AGREEMENTS,
        "Accept the terms of the agreement {agreement} for {account}; the acceptance counts until {deadline}",
        Role.PARTY,
        (fields.ACCOUNT, fields.TERMS, fields.UNTIL),
        (Way("accept"),),
        "Acceptance(address account,Terms terms,uint256 nonce,uint256 deadline)",
        carried_by=("activate_agreement", "amend_agreement"),
        refusals=errors("NotTheWallet NotAParty AlreadyActive", SIGNED),
    ),
    Action(
        "withdraw_acceptance",
        AGREEMENTS,
        "Take back the acceptance of the agreement {agreement} by {account}",
        Role.PARTY,
        (fields.ACCOUNT, fields.AGREEMENT),
        (Way("withdrawAcceptance"),),
        refusals=errors("NotTheWallet NotAccepted AlreadyActive"),
    ),
    Action(
        "activate_agreement",
        AGREEMENTS,
        "Put the agreement {agreement} in force, which all of its parties accepted",
        Role.ANYONE,
        (fields.TERMS, fields.CONSENTS.but(name="acceptances")),
        (Way("activate"),),
        refusals=errors("PredecessorInvalid AcceptancesMissing NotAccepted", SIGNED),
    ),
    Action(
        "amend_agreement",
        AGREEMENTS,
        "Put the amendment {agreement} in force, which all parties of both versions accepted",
        Role.ANYONE,
        (
            fields.TERMS,
            fields.CONSENTS.but(name="acceptances"),
            fields.CONSENTS.but("The same of those who are parties no more.", name="leaving"),
        ),
        (Way("amend"),),
        refusals=errors(
            "PredecessorInvalid AcceptancesMissing NotAccepted AgreementUnknown TermsMismatch AlreadyAmended",
            SIGNED,
        ),
    ),
    Action(
        "consent_to_end",
        AGREEMENTS,
        "Consent, for {account}, to the end of the agreement {agreement} on {ends_at}; "
        "the consent counts until {deadline}",
        Role.PARTY,
        (fields.ACCOUNT, fields.AGREEMENT, fields.ENDS_AT, fields.UNTIL),
        (Way("consentToEnd"),),
        "EndAgreement(address account,bytes32 agreement,uint40 endsAt,uint256 nonce,uint256 deadline)",
        carried_by=("end_agreement",),
        consent=END,
        refusals=errors("NotTheWallet", SIGNED),
    ),
    Action(
        "withdraw_end_consent",
        AGREEMENTS,
        "Take back the consent of {account} to the end of the agreement {agreement} on {ends_at}",
        Role.PARTY,
        (fields.ACCOUNT, fields.AGREEMENT, fields.ENDS_AT),
        (Way("withdrawConsent"),),
        consent=END,
        refusals=errors("NotTheWallet ConsentMissing"),
    ),
    Action(
        "end_agreement",
        AGREEMENTS,
        "End the agreement {agreement} on {ends_at}, to which all of its parties consented",
        Role.ANYONE,
        (fields.AGREEMENT, fields.ENDS_AT, fields.CONSENTS),
        (Way("endByConsent"),),
        consent=END,
        refusals=errors("AgreementUnknown TermsMismatch EndInvalid ConsentsMissing ConsentMissing", SIGNED),
    ),
    Action(
        "give_notice",
        AGREEMENTS,
        "End the agreement {agreement} for {account} alone, after the notice that its terms give",
        Role.PARTY,
        (fields.ACCOUNT, fields.AGREEMENT),
        (Way("giveNotice"), Way("giveNoticeWithAuthorization")),
        "GiveNotice(address account,bytes32 agreement,uint256 nonce,uint256 deadline)",
        refusals=errors("NotTheWallet AgreementUnknown TermsMismatch NotAParty NoNotice EndInvalid", SIGNED),
    ),
    Action(
        "rule_end",
        AGREEMENTS,
        "Rule that the agreement {agreement} ends on {ends_at}: {reason}",
        Role.ARBITER,
        (fields.ARBITER, fields.AGREEMENT, fields.ENDS_AT, fields.REASON),
        (Way("ruleEnd"), Way("ruleEndWithAuthorization")),
        "RuleEnd(address arbiter,bytes32 agreement,uint40 endsAt,bytes32 reason,uint256 nonce,"
        "uint256 deadline)",
        actor="arbiter",
        refusals=errors("NotTheWallet AgreementUnknown TermsMismatch NotTheArbiter EndInvalid", SIGNED),
    ),
)

"""What each error of the contracts means, and what to do next, in words.

By the error's name; by its signature where contracts use one name for two things. Sentences name the error's
arguments in braces, moments and states among them in words already.
"""

_CHECK_CHAIN = "Check the id, and that PLEDGER_RPC_URL is the chain it is on."
_ANEW = "Run the same command again: it reads the chain anew."
_UPDATE = "The chain is not as this program took it to be: run the command again, or `pledger status`."

WORDS: dict[str, tuple[str, str]] = {
    # who acts, and signatures
    "NotTheWallet": (
        "{caller} is not the wallet that acts for {account}",
        "Send it from the account's own wallet, or with its signature.",
    ),
    "AuthorizationExpired": (
        "the signature or consent of {account} was good until {deadline}",
        "Sign or consent again with a later deadline.",
    ),
    "NonceSpent": (
        "the nonce {nonce} of {account} was used or cancelled before",
        "Sign again with another nonce.",
    ),
    "SignatureInvalid": (
        "the wallet {wallet} of {account} did not sign these values",
        "The account's current wallet must sign exactly these values.",
    ),
    "ConsentMissing": (
        "{account} has not consented to exactly this, or its consent has run out",
        "Its wallet runs the same command; the last of all carries it out.",
    ),
    "ConsentsMissing": ("it takes {needed} consents, and {given} came with it", _ANEW),
    # partners
    "AlreadyRegistered(address)": ("{account} is registered already", "Nothing is left to do."),
    "NameInvalid": ("a name has 1 to 100 bytes, this one has {length}", "Choose a shorter name."),
    "UriTooLong": ("a web address has at most 300 bytes, this one has {length}", "Give a shorter one."),
    "LevelInvalid": ("an attestation's level begins at 1", "To take one back, revoke it."),
    "ExpiryInThePast": ("an attestation cannot end in the past, on {expiresAt}", "Give a later day."),
    "NotAttested": ("{account} has no attestation that could be revoked", "Nothing is left to do."),
    "NotTheOwner": (
        "{caller} is not the owner key of {account}",
        "Send it with the owner's key: the account's wallet, unless another one was named.",
    ),
    "WalletInUse": (
        "{wallet} is, or was, the wallet of {account}, or an account of its own",
        "Choose a new address: a wallet acts for one account only, and for good.",
    ),
    "WalletInvalid": (
        "{wallet} is the account's wallet already, or the zero address",
        "Nothing is left to do if it is the wallet; else name the new one.",
    ),
    "OwnerInvalid": ("{owner} is the account's owner already", "Nothing is left to do."),
    "NoRecovery": (
        "no recovery of {account} waits",
        "The consortium begins one: `pledger account propose-recovery`.",
    ),
    "RecoveryTooEarly": (
        "the recovery of {account} can be completed from {executableAt} on",
        "Run the same command again then.",
    ),
    "RecoveryExpired": (
        "the recovery of {account} could be completed until {expiresAt}",
        "The consortium begins another one: `pledger account propose-recovery`.",
    ),
    # accounts of passkeys
    "KeyInvalid": (
        "{x}, {y} is not a point of the curve P-256",
        "Give the public key as the passkey's own: two numbers of 32 bytes.",
    ),
    "KeysAlike": (
        "one key ({x}) cannot be the passkey and its recovery key",
        "Make another recovery key: whoever loses the one must still have the other.",
    ),
    "NotTheAccount": (
        "{caller} is not the account itself, which alone changes its keys",
        "Have the account's passkey sign it.",
    ),
    "NoReplacement": ("no other passkey waits to take the place", "The recovery key proposes one first."),
    "ReplacementTooEarly": (
        "the other passkey can take the place from {executableAt} on",
        "Try again then; the passkey's holder can object until it does.",
    ),
    # programmes
    "ProgrammeExists": ("there is a programme with this number already", "Choose another number."),
    "ProgrammeUnknown": ("there is no programme {programme}", "Its owner creates it first."),
    "NotTheProgrammeOwner": (
        "{account} does not own the programme {programme}",
        "Send it from the wallet of the programme's owner.",
    ),
    "ProgrammeOwnerNotAParty": (
        "the programme's owner {owner} decides on its deals, so it must be a party",
        "Name it among the parties, or another programme.",
    ),
    "RuleInvalid": ("a programme has one of three rules", "Choose first registered, territory or open."),
    "GraceInvalid": (
        "a grace lasts from one to 60 days, and none begins while another lasts",
        "Choose another length, or wait until the running grace is over.",
    ),
    # terms
    "FieldNotAvailable": ("these contracts do not offer {field}", "Leave it out."),
    "TermsNotCanonical": (
        "the terms are not encoded the one way that Solidity writes them",
        "Use this project's own tools to encode them.",
    ),
    "PartiesInvalid": ("an agreement has 1 to 100 parties, these terms have {count}", "Name its parties."),
    "PayeesInvalid": ("an agreement has 1 to 1,000 payees, these terms have {count}", "Name its payees."),
    "PayeeRefused": (
        "{account} is a contract of the ledger itself: nobody could ever take its share",
        "Name a payee who has a key.",
    ),
    "TokensInvalid": ("an agreement is paid in 1 to 16 tokens, these terms have {count}", "Name its tokens."),
    "TranchesInvalid": (
        "an agreement has at most 16 bands, each boundary above the one before, the last one unbounded, and "
        "all with the same period of whole days",
        "Correct the bands.",
    ),
    "NotAscending": (
        "{field} has an entry twice, out of order or zero, at place {index} counted from 0",
        "Name each one once, in ascending order.",
    ),
    "WeightCountWrong": (
        "{payee} has {weights} weights for {tranches} bands",
        "Give each payee one weight for each band.",
    ),
    "WeightsDoNotSum": (
        "the weights of band {tranche}, counted from 0, sum to {sum} and not to 10^18",
        "Correct the shares: they make one whole.",
    ),
    "ValidityInvalid": (
        "the terms hold from {validFrom} until {validUntil}, which is over or ends before it begins",
        "Choose another time.",
    ),
    "HoldInvalid": (
        "a hold is whole days and at most ten years, not {holdSeconds} seconds",
        "Choose another hold.",
    ),
    "TerritoriesInvalid": (
        "an agreement grants at most 64 territories, these terms have {count}",
        "Leave some out.",
    ),
    "ClawbackInvalid": (
        "clawback is 0, 1, 2 or 3, and only an amendment has something to inherit; these terms have "
        "{clawback}",
        "Choose another.",
    ),
    "AfterEndInvalid": ("after_end is 0, 1 or 2, these terms have {afterEnd}", "Choose another."),
    "AcceptancesMissing": (
        "{parties} parties must accept, and {acceptances} acceptances came with it",
        "Have every party accept first.",
    ),
    "NotAccepted": (
        "{account} has not accepted these terms, or its acceptance has run out",
        "Have its wallet sign or accept them first.",
    ),
    "AlreadyActive": ("the agreement {agreement} is in force already", "Nothing is left to do."),
    "PredecessorInvalid": (
        "the agreement {predecessor}, which the terms amend, is not in force",
        "Amend one that is, or leave the predecessor out.",
    ),
    "AlreadyAmended": (
        "the agreement {agreement} is amended already, by {successor}",
        "Amend the newest version instead.",
    ),
    # agreements
    "AgreementUnknown": ("there is no agreement {agreement}", _CHECK_CHAIN),
    "TermsMismatch": ("these are not the terms of the agreement {agreement}", _UPDATE),
    "NotAParty": (
        "{account} is not a party of the agreement {agreement}",
        "Act for one of its parties with --for.",
    ),
    "EndInvalid": (
        "an agreement ends later than now and earlier than it would end anyway, which {endsAt} is not",
        "Choose another day.",
    ),
    "NoNotice": (
        "the terms let nobody end the agreement alone",
        "All parties can end it together: `pledger agreement end`.",
    ),
    "NotTheArbiter": (
        "{account} is not the arbiter of the agreement {agreement}",
        "The arbiter that its terms name must send it.",
    ),
    "NoArbiter": (
        "the agreement's terms name no arbiter, so nobody could rule",
        "Ask the payer to take it back while it is held: `pledger payment refund`.",
    ),
    # deals
    "CommitmentExists": ("exactly this was committed to before", "Nothing is left to do: reveal it."),
    "CommitmentUnknown": ("nothing was committed to that this reveals", "Commit first, with the same salt."),
    "CommitmentLapsed": (
        "it could be revealed until {revealBy}",
        "Commit anew: a commitment is revealed within an hour. It counts as unrevealed for 30 days.",
    ),
    "TooManyUnrevealed": (
        "{account} has {most} commitments that it did not reveal, those included that lapsed in 30 days",
        "Reveal what is still in time; each that lapsed is forgotten 30 days after it was made.",
    ),
    "EpochInvalid": (
        "the tag is said to be of the key of epoch {epoch}, and the programme's newest is {newest}",
        "Commit anew, with a tag under the newest key.",
    ),
    "NoProgramme": (
        "the agreement {agreement} belongs to no programme, so deals are not registered under it",
        "Register them under one that names a programme.",
    ),
    "VendorCannotRegister": (
        "{account} owns the programme and decides on its deals, so it registers none",
        "A partner registers them.",
    ),
    "TerritoryInvalid": (
        "the agreement does not grant this territory, or its programme knows none",
        "Give a territory of the agreement's terms; none where the rule is another.",
    ),
    "OutsideValidity": (
        "the agreement {agreement} is not in force, or another took its place",
        "Register the deal under the version that is in force.",
    ),
    "AlreadyRegistered(bytes32,bytes32)": (
        "this account registered the same customer before, with the deal {earlier}",
        "Go on with that deal.",
    ),
    "NotTheVendor": (
        "{account} is not the vendor of the deal {deal}",
        "The programme's owner decides on it.",
    ),
    "NotTheRegistrant": (
        "the deal {deal} is not one of {account}",
        "The account that registered it acts for it.",
    ),
    "WrongState": (
        "the deal {deal} is {state}, which does not go with {wanted}",
        "Look how it stands: the API shows it.",
    ),
    "OutcomeInvalid": (
        "{outcome} is not a decision on a deal",
        "Approve, return or reject it; or, once approved, say that it is won or lost.",
    ),
    "ReasonMissing": ("a deal is returned or rejected for a reason", "Give one with --reason."),
    "ValueInvalid()": (
        "a won deal has a value and a token, any other decision has none",
        "Give both with a win only.",
    ),
    "AgreementOver": (
        "the agreement {agreement} ended on {endedAt}, and its terms leave the deal nothing more to do",
        "Agree on a successor first.",
    ),
    "NotOverdue": (
        "the vendor has until {decideBy}, or for ever, to decide on the deal",
        "Run this again after that.",
    ),
    "ExtensionInvalid": (
        "an extension ends later than the deal's exclusivity and within ten years, which {exclusiveUntil} "
        "does not",
        "Choose another day.",
    ),
    "RetagInvalid": (
        "the deal {deal} has a tag of the newest key, or the time for another is over",
        "If it is over, register the customer anew under the newest key.",
    ),
    "NotTaggedAgain": (
        "the programme's key was replaced, and the deal {deal} has a tag of the epoch {epoch}, not {newest}",
        "Its partner tags it again while the grace lasts: `pledger deal retag`. After that, register anew.",
    ),
    "WonDealsBehind": (
        "{count} won deals have no tag under the programme's newest key, and may hold this customer",
        "Their vendor tags them again first: `pledger deal retag` as the vendor.",
    ),
    "RatingInvalid": ("a rating is 1 to 5, not {rating}", "Choose one of those."),
    "NotACounterparty": (
        "{account} is neither the partner nor the vendor of the deal {deal}",
        "One of the two acts, with --for.",
    ),
    "AlreadyReviewed": (
        "{reviewer} has reviewed the deal {deal} already, and a deal is reviewed once",
        "Nothing is left to do; `pledger deal revoke-review` takes it back, for good.",
    ),
    "NotReviewed": (
        "{reviewer} has no review of the deal {deal} that could be taken back",
        "Nothing is left to do.",
    ),
    "DecisionTooEarly": (
        "until {notBefore} an earlier commitment may still be revealed, or an earlier deal tagged again",
        "Decide after that time.",
    ),
    "EarlierDeal": (
        "the deal {other} of the same customer came first, or is exclusive or won",
        "Decide on that deal first.",
    ),
    # payments
    "DepositsArePaused": (
        "the consortium's guardian has paused new payments",
        "Nothing was paid. Claims and refunds go on; try again when payments are taken again.",
    ),
    "DepositsAreNotPaused": ("payments are not paused", "Nothing is left to do."),
    "TokenNotAccepted": (
        "the agreement {agreement} is not paid in the token {token}, or is not in force",
        "Pay in one of the tokens that its terms name.",
    ),
    "NotYetValid": ("the agreement is in force from {validFrom} on", "Pay it then."),
    "AgreementEnded": (
        "the agreement ended on {validUntil}",
        "Only deals that were won before are still paid under it: name the deal, or agree on a successor.",
    ),
    "Superseded": (
        "the agreement {successor} has taken its place",
        "Pay under that one. What deals won before bring is still paid under the old one: name the deal.",
    ),
    "DealNotWon": (
        "the deal {deal} was not won under the agreement {agreement}",
        "Leave the deal out, or pay under the agreement that it was won under.",
    ),
    "InvoicePaid": (
        "{payer} has paid the invoice {invoiceRef} before",
        "Nothing was paid twice.",
    ),
    "AmountInvalid": (
        "an invoice is for more than nothing and less than 2^128 of the token's smallest units, not {amount}",
        "Correct the amount.",
    ),
    "TotalTooLarge": (
        "the agreement would have received more than it can count in this token",
        "Use a token of sensible supply.",
    ),
    "BatchSizeInvalid": ("a batch has 1 to 100 invoices, not {invoices}", "Send them in smaller batches."),
    "ReceivedOther": (
        "the token gave {received} of {expected} smallest units: it takes a fee",
        "Pay its invoices one by one.",
    ),
    "BalanceUnknown": (
        "the token {token} does not say how much the ledger has of it",
        "Is it a token of this chain? Check its address in the terms.",
    ),
    "ValueInvalid(uint256,uint256)": (
        "{sent} wei came with the call, and {expected} were to",
        "Send the chain's own coin exactly where it is what is paid.",
    ),
    "NativeCoinNotPulled": (
        "the chain's own coin cannot be pulled by a signature",
        "The payer sends it with the call: `pledger pay`.",
    ),
    "NotTheAgreementRegistry": ("{caller} is not the agreement registry", "Nobody else does this."),
    "PaymentUnknown": (
        "{payer} has no such payment, or it is not as described any more",
        _ANEW,
    ),
    "NotThePayer": (
        "{caller} does not stand for {payer}, who paid",
        "Send it from the payer's wallet as it is now.",
    ),
    "HoldOver": (
        "the payment was released on {maturesAt}",
        "If its terms allow a clawback: `pledger payment clawback`.",
    ),
    "StillHeld": (
        "the payment is held until {maturesAt}",
        "Its payer can take it back: `pledger payment refund`.",
    ),
    "RefundInvalid": (
        "of the invoice {left} smallest units are left, and {amount} are to go back",
        "Take back at most what is left, and more than nothing.",
    ),
    "InDispute": ("the payment is in dispute", "Its arbiter rules on it: `pledger payment rule`."),
    "DisputedBefore": (
        "the payment was disputed on {disputedAt}, and that is over: there is one dispute a payment",
        "Until its day its payer can take it back: `pledger payment refund`.",
    ),
    "NotInDispute": ("nobody disputes the payment", "A party does, with `pledger payment dispute`."),
    "RulingAwaited": ("the arbiter has until {ruleBy} to rule", "Run this again from then on."),
    "NotOfThisLedger": (
        "{given} is not a contract, or names other contracts of the ledger than this one",
        "Deploy all for the same partners, agreements and deals.",
    ),
    "ClawbackNotAgreed": (
        "the terms of {agreement} allow no clawback: what was released is the payees'",
        "They can pay the payer back by themselves.",
    ),
    "MatureFirst": (
        "more days are due than one call can release",
        "Run `pledger payment mature` for the agreement and token first.",
    ),
    "DebtUnknown": ("there is no debt {debt} in this token", "The API lists an agreement's debts."),
    "NothingToPay": ("nothing waits to be paid out", "Nothing is left to do."),
    # claims
    "ShareInvalid": (
        "{account} has no such share of the agreement {agreement}",
        "Claim for one of its payees, and a period only where its terms have periods.",
    ),
    "NothingToClaim": (
        "{account} has claimed all that was released to it so far",
        "Nothing is left to do; what is held can be claimed from its day on.",
    ),
    "PlanInvalid": (
        "the lists are not the plan of the agreement {agreement}, whole and in its order",
        "Take them from the agreement's terms, and a period only where its terms have periods.",
    ),
    "NothingToDistribute": (
        "everybody under the agreement {agreement} was paid all that was released so far",
        "Nothing is left to do; what is held can be paid out from its day on.",
    ),
    "NobodyPaid": (
        "not one payee of the agreement {agreement} could be paid",
        "Is the token paused? Each payee can still claim what it has coming.",
    ),
    "GasTooLow": (
        "{left} of gas are left, {needed} are needed before each payee's payment",
        "Send it with more gas, or pay fewer payees in one call.",
    ),
    "RecipientInvalid": (
        "money goes to an address that is neither zero nor the ledger itself",
        "Name another recipient.",
    ),
    # the access manager
    "AccessManagedUnauthorized": (
        "{caller} has not the role that it takes",
        "It needs a role that the access manager gives.",
    ),
    "AccessManagedRequiredDelay": ("{caller} must schedule it first", "Schedule it, and wait."),
    "AccessManagerUnauthorizedAccount": ("{msgsender} has not the role {roleId}", "Ask who has it."),
    "AccessManagerNotScheduled": ("nothing of the kind is scheduled", "Schedule it first, and wait."),
    "AccessManagerNotReady": ("what is scheduled waits for its delay", "Run it once the delay is over."),
    "AccessManagerExpired": ("what was scheduled has expired", "Schedule it again."),
    "AccessManagerAlreadyScheduled": ("it is scheduled already", "Wait for its delay."),
    # tokens
    "ERC20InsufficientAllowance": (
        "{spender} may take {allowance} of the token's smallest units, {needed} are needed",
        "Approve the revenue ledger as a spender of the token first.",
    ),
    "ERC20InsufficientBalance": (
        "{sender} has {balance} of the token's smallest units, {needed} are needed",
        "Fund the wallet with the token first.",
    ),
    "SafeERC20FailedOperation": (
        "the token {token} refused the transfer",
        "Does the wallet have enough of it, may the ledger take it, and does the token let both have it?",
    ),
    "ReentrancyGuardReentrantCall": (
        "the token called the ledger back while money moved",
        "Do not use this token.",
    ),
    "Error": ("it said {reason!r}", ""),
    "Panic": ("it failed in itself, with code {code}", "Please report it: this should not happen."),
}
"""Sentence and next step. Errors of libraries that no call of ours meets are shown by their own names."""

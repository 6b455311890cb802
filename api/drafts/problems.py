"""What can go wrong with drafts and their signatures."""

from api.problems import kind

TERMS_INVALID = kind(
    "terms-invalid",
    422,
    "These terms cannot be put in force",
    "Correct the field that is named, then send all terms again.",
)
DRAFT_UNKNOWN = kind(
    "draft-unknown",
    404,
    "There is no such draft",
    "Ask whoever sent you the link for the whole link; a draft is found by nothing else.",
)
DRAFT_PRIVATE = kind(
    "draft-private",
    403,
    "This draft is its parties' alone",
    "Sign in with the wallet of one of its parties, or as a member of one.",
)
DRAFTS_FULL = kind(
    "drafts-full",
    503,
    "Too many drafts wait for a first signature",
    "Try again later: drafts that nobody signs go after 30 days. Its operator can raise "
    "PLEDGER_UNSIGNED_DRAFTS.",
)
NOT_A_PARTY = kind(
    "not-a-party",
    403,
    "This account is not a party of the agreement",
    "Give the account that the terms name, which may be another than the wallet that acts for it.",
)
ALREADY_SIGNED = kind(
    "already-signed",
    409,
    "This party's signature is here already",
    "Nothing is left to do for it. To take it back, cancel its nonce on the chain.",
)
ALREADY_ACTIVE = kind("already-active", 409, "The agreement is in force", "Nothing is left to sign.")
SIGNATURE_EXPIRED = kind(
    "signature-expired",
    422,
    "The signature's deadline has passed",
    "Fetch the draft again and sign the typed data it has now.",
)
NONCE_SPENT = kind(
    "nonce-spent",
    422,
    "The account has cancelled this nonce",
    "Fetch the draft again and sign the typed data it has now.",
)
SIGNATURE_INVALID = kind(
    "signature-invalid",
    422,
    "The signature is not this party's",
    "The account's current wallet must sign exactly the draft's typed data, nonce and deadline included.",
)
SIGNATURES_MISSING = kind(
    "signatures-missing",
    409,
    "Not all parties have signed",
    "The draft says who is missing; send them the link.",
)
NO_RELAYER = kind(
    "no-relayer",
    409,
    "This server puts no agreements in force",
    "Its operator can set PLEDGER_RELAYER_KEY; or anyone calls `activate` with the draft's authorizations.",
)

"""The things that people say when they act, each once: its Solidity type, its unit, and its words."""

from ledger.actions.declaration import Field, Unit
from ledger.terms.solidity import ZERO_BYTES32

ACCOUNT = Field("account", "address", Unit.ACCOUNT, "The account that acts.")
OWNER = Field("owner", "address", Unit.ACCOUNT, "The vendor that owns the programme.")
VENDOR = Field("vendor", "address", Unit.ACCOUNT, "The vendor that decides.")
ARBITER = Field("arbiter", "address", Unit.ACCOUNT, "The arbiter that the terms name.")
REVIEWER = Field("reviewer", "address", Unit.ACCOUNT, "The side of the deal that reviews.")
PAYER = Field("payer", "address", Unit.ACCOUNT, "Who paid: the account, or the wallet that it paid with.")
WALLET = Field("wallet", "address", Unit.ADDRESS, "The wallet that is to act for the account.")
NEW_OWNER = Field("owner", "address", Unit.ADDRESS, "The key that is to own the account; zero: its wallet.")
RECIPIENT = Field(
    "recipient",
    "address",
    Unit.ADDRESS,
    "Where the money goes; the account's own wallet when left out.",
    optional=True,
)
NAME = Field("name", "string", Unit.TEXT, "A public name, 1 to 100 bytes.")
URI = Field("uri", "string", Unit.TEXT, "A web address, at most 300 bytes.", optional=True, default="")
AGREEMENT = Field("agreement", "bytes32", Unit.ID, "The agreement's id.")
PROGRAMME = Field("programme", "bytes32", Unit.ID, "The programme's id.")
DEAL = Field("deal", "bytes32", Unit.ID, "The deal's id.")
INVOICE_REF = Field("invoice_ref", "bytes32", Unit.ID, "The payer's blinded reference of the invoice.")
TOKEN = Field("token", "address", Unit.TOKEN, "The token, by its address; 0xEeee…EEeE is the chain's coin.")
AMOUNT = Field("amount", "uint256", Unit.AMOUNT, "How much.")
VALUE = Field("value", "uint256", Unit.AMOUNT, "What was sold.")
REFUNDED = Field("refunded", "uint256", Unit.AMOUNT, "What is the payer's again.")
REASON = Field("reason", "bytes32", Unit.REASON, "A code of 1 to 32 plain characters, as NOT_DELIVERED.")
ENDS_AT = Field("ends_at", "uint40", Unit.MOMENT, "The last second at which the agreement is in force.")
EXCLUSIVE_UNTIL = Field("exclusive_until", "uint40", Unit.MOMENT, "The exclusivity's last second.")
UNTIL = Field("deadline", "uint40", Unit.MOMENT, "The last second at which the consent counts.")
EXPIRES_AT = Field("expires_at", "uint40", Unit.MOMENT, "The attestation's last second.")
LEVEL = Field("level", "uint8", Unit.NUMBER, "The verification level, from 1.")
EVIDENCE = Field("evidence", "bytes32", Unit.HASH, "The hash of what the consortium saw.")
NUMBER = Field("number", "uint96", Unit.NUMBER, "A number of the vendor's own choice.")
RULE = Field(
    "rule", "uint8", Unit.NUMBER, "How conflicts are settled: 1 first registered, 2 territory, 3 open."
)
GRACE = Field("grace_seconds", "uint32", Unit.SECONDS, "How long deals can be tagged again.")
TERMS = Field("terms", "Terms", Unit.TERMS, "All that the parties sign.")
COMMITMENT = Field("commitment", "bytes32", Unit.HASH, "The hash that hides the customer's tag.")
TAG = Field("tag", "bytes32", Unit.HASH, "The customer's tag, under the programme's key.")
SALT = Field("salt", "bytes32", Unit.HASH, "What the commitment was made with.")
TERRITORY = Field(
    "territory",
    "bytes32",
    Unit.REASON,
    "Where the customer is, as the terms write it; only under the rule by territory.",
    optional=True,
    default=ZERO_BYTES32,
)
EPOCH = Field("epoch", "uint32", Unit.NUMBER, "The epoch whose key made the tag.")
RATING = Field("rating", "uint8", Unit.NUMBER, "1 to 5.")
COMMENT = Field(
    "comment",
    "bytes32",
    Unit.HASH,
    "The hash of a text kept elsewhere; zero for none.",
    optional=True,
    default=ZERO_BYTES32,
)
CANCELLED = Field("cancelled", "uint256", Unit.NUMBER, "The nonce of the signatures that become worthless.")
PERIOD = Field(
    "period", "uint32", Unit.NUMBER, "Which period, from 0; 0 without periods.", optional=True, default=0
)
MOST = Field(
    "most", "uint256", Unit.NUMBER, "Payees to reach in this call; 0: all.", optional=True, default=0
)
DAYS = Field("most", "uint256", Unit.NUMBER, "Days to release at most.", optional=True, default=64)
DEBT = Field("debt", "uint32", Unit.NUMBER, "The debt's number, from 1.")
SOURCES = Field("sources", "Source[]", Unit.LIST, "Pairs of agreement and period (0 without periods).")
BUNDLES = Field("bundles", "Bundle[]", Unit.LIST, "Invoices by agreement, 100 in all at most.")
RETAGS = Field("retags", "Retag[]", Unit.LIST, "Pairs of a won deal and its customer's new tag.")
PERMIT = Field(
    "permit",
    "Permit",
    Unit.SIGNATURE,
    "An ERC-2612 permit by which the ledger may take the tokens, instead of an approval.",
    optional=True,
)
CONSENT = Field("consent", "Authorization", Unit.SIGNATURE, "The signature of the key that takes the place.")
CONSENTS = Field(
    "consents",
    "Authorization[]",
    Unit.SIGNATURE,
    "Signed consents in the terms' order; an empty signature where one consented by transaction.",
)

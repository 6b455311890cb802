"""What a wallet signs: the EIP-712 typed data of every action, built here once for CLI, API and tests.

Each function returns the whole object that ``eth_signTypedData_v4`` takes (types, primaryType, domain,
message) as plain JSON: addresses checksummed, bytes32 as 0x hex, numbers as decimal strings. Amounts are in
token base units, deadlines unix seconds (inclusive); nonces are any numbers that the account has not used on
that contract.
"""

from ledger.signing.agreements import (
    acceptance,
    agreement_id,
    create_programme,
    end_agreement,
    give_notice,
    open_epoch,
    rule_end,
    terms_typed_data,
)
from ledger.signing.deals import (
    commit,
    decide,
    extend_deal,
    retag,
    retag_won_deals,
    reveal,
    review,
    revoke_review,
    withdraw,
)
from ledger.signing.eip712 import DOMAIN_NAMES, TypedData, cancel_nonce, digest, domain
from ledger.signing.money import (
    Source,
    claim_to,
    consent_to_clawback,
    dispute,
    pay,
    pay_batch,
    pay_debt,
    pay_refund,
    refund,
    rule_clawback,
    rule_payment,
)
from ledger.signing.partners import (
    accept_ownership,
    accept_wallet,
    cancel_recovery,
    change_owner,
    register,
    rotate,
)

__all__ = [
    "DOMAIN_NAMES",
    "Source",
    "TypedData",
    "accept_ownership",
    "accept_wallet",
    "acceptance",
    "agreement_id",
    "cancel_nonce",
    "cancel_recovery",
    "change_owner",
    "claim_to",
    "commit",
    "consent_to_clawback",
    "create_programme",
    "decide",
    "digest",
    "dispute",
    "domain",
    "end_agreement",
    "extend_deal",
    "give_notice",
    "open_epoch",
    "pay",
    "pay_batch",
    "pay_debt",
    "pay_refund",
    "refund",
    "register",
    "retag",
    "retag_won_deals",
    "reveal",
    "review",
    "revoke_review",
    "rotate",
    "rule_clawback",
    "rule_end",
    "rule_payment",
    "terms_typed_data",
    "withdraw",
]

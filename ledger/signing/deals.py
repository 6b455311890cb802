"""What partners sign for the DealRegistry."""

from collections.abc import Sequence

from eth_utils.address import to_checksum_address

from ledger.signing.eip712 import AUTHORIZED, TypedData, action, typed_data
from ledger.terms.deployment import Deployment
from ledger.terms.solidity import ZERO_BYTES32, Fields


def commit(
    deployment: Deployment, account: str, commitment: bytes, *, nonce: int, deadline: int
) -> TypedData:
    """A partner stakes its place in the order for a deal it does not show yet."""
    fields: Fields = (("account", "address"), ("commitment", "bytes32"))
    return action(deployment, "DealRegistry", "Commit", fields, (account, commitment), nonce, deadline)


def reveal(
    deployment: Deployment,
    account: str,
    agreement: bytes,
    tag: bytes,
    salt: bytes,
    territory: bytes = ZERO_BYTES32,
    epoch: int = 1,
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """A partner shows what it committed to, which registers the deal; ``territory`` is zero unless the
    programme's rule is territory, ``epoch`` that of the key that made the tag.
    """
    fields: Fields = (
        ("account", "address"),
        ("agreement", "bytes32"),
        ("tag", "bytes32"),
        ("salt", "bytes32"),
        ("territory", "bytes32"),
        ("epoch", "uint32"),
    )
    return action(
        deployment,
        "DealRegistry",
        "Reveal",
        fields,
        (account, agreement, tag, salt, territory, epoch),
        nonce,
        deadline,
    )


def decide(
    deployment: Deployment,
    vendor: str,
    deal: bytes,
    outcome: int,
    reason: bytes,
    value: int,
    token: str,
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """A vendor decides on a deal; ``value`` and ``token`` are set when it is won, zero otherwise."""
    fields: Fields = (
        ("vendor", "address"),
        ("deal", "bytes32"),
        ("outcome", "uint8"),
        ("reason", "bytes32"),
        ("value", "uint256"),
        ("token", "address"),
    )
    return action(
        deployment,
        "DealRegistry",
        "Decide",
        fields,
        (vendor, deal, outcome, reason, value, token),
        nonce,
        deadline,
    )


def withdraw(deployment: Deployment, account: str, deal: bytes, *, nonce: int, deadline: int) -> TypedData:
    """A partner takes its deal back."""
    fields: Fields = (("account", "address"), ("deal", "bytes32"))
    return action(deployment, "DealRegistry", "Withdraw", fields, (account, deal), nonce, deadline)


def extend_deal(
    deployment: Deployment, account: str, deal: bytes, exclusive_until: int, *, nonce: int, deadline: int
) -> TypedData:
    """One side consents to a longer exclusivity; ``exclusive_until`` is its last second."""
    fields: Fields = (("account", "address"), ("deal", "bytes32"), ("exclusiveUntil", "uint40"))
    return action(
        deployment, "DealRegistry", "ExtendDeal", fields, (account, deal, exclusive_until), nonce, deadline
    )


def retag(
    deployment: Deployment, account: str, deal: bytes, tag: bytes, *, nonce: int, deadline: int
) -> TypedData:
    """A partner tags its deal again, under the programme's newest key."""
    fields: Fields = (("account", "address"), ("deal", "bytes32"), ("tag", "bytes32"))
    return action(deployment, "DealRegistry", "Retag", fields, (account, deal, tag), nonce, deadline)


def retag_won_deals(
    deployment: Deployment, vendor: str, retags: Sequence[tuple[bytes, bytes]], *, nonce: int, deadline: int
) -> TypedData:
    """A vendor tags won deals again, under their programmes' newest keys: pairs of deal and tag."""
    fields: Fields = (("vendor", "address"), ("dealsAndTags", "bytes32[]"))
    message = {
        "vendor": to_checksum_address(vendor),
        "dealsAndTags": ["0x" + word.hex() for pair in retags for word in pair],
        "nonce": str(nonce),
        "deadline": str(deadline),
    }
    types = {"RetagWonDeals": fields + AUTHORIZED}
    return typed_data(deployment, "DealRegistry", "RetagWonDeals", types, message)


def review(
    deployment: Deployment,
    reviewer: str,
    deal: bytes,
    rating: int,
    comment: bytes,
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """One side of a won deal rates the other, 1 to 5; ``comment`` is a text's hash, zero for none."""
    fields: Fields = (
        ("reviewer", "address"),
        ("deal", "bytes32"),
        ("rating", "uint8"),
        ("comment", "bytes32"),
    )
    return action(
        deployment, "DealRegistry", "Review", fields, (reviewer, deal, rating, comment), nonce, deadline
    )


def revoke_review(
    deployment: Deployment, reviewer: str, deal: bytes, *, nonce: int, deadline: int
) -> TypedData:
    """A reviewer takes its review back, for good."""
    fields: Fields = (("reviewer", "address"), ("deal", "bytes32"))
    return action(deployment, "DealRegistry", "RevokeReview", fields, (reviewer, deal), nonce, deadline)

"""Who may read and do what, in one table. docs/access.md shows it; a test holds both, and the API, to it."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to an account. Its own wallet is always an owner."""

    OWNER = "owner"
    FINANCE = "finance"
    DEALS = "deals"
    READ = "read"


class Right(StrEnum):
    """Something that needs a role; a key of a machine is given some of them as its scopes."""

    DRAFTS_READ = "drafts:read"
    DRAFTS_WRITE = "drafts:write"
    AGREEMENTS_ACT = "agreements:act"
    DEALS_ACT = "deals:act"
    MONEY_ACT = "money:act"
    ACCOUNT_ACT = "account:act"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    KEYS_READ = "keys:read"
    KEYS_WRITE = "keys:write"


_OWNER = frozenset({Role.OWNER})
_ALL = frozenset(Role)

ACCESS: Mapping[Right, frozenset[Role]] = {
    Right.DRAFTS_READ: _ALL,
    Right.DRAFTS_WRITE: _OWNER | {Role.DEALS},
    Right.AGREEMENTS_ACT: _OWNER | {Role.DEALS},
    Right.DEALS_ACT: _OWNER | {Role.DEALS},
    Right.MONEY_ACT: _OWNER | {Role.FINANCE},
    Right.ACCOUNT_ACT: _OWNER,
    Right.MEMBERS_READ: _ALL,
    Right.MEMBERS_WRITE: _OWNER,
    Right.KEYS_READ: _OWNER,
    Right.KEYS_WRITE: _OWNER,
}
"""The roles that have each right. What is not here is the chain's public record, and everybody's to read."""

SCOPES = frozenset(Right) - {Right.MEMBERS_WRITE, Right.KEYS_WRITE, Right.ACCOUNT_ACT}
"""What a key may be given: never a say over who else acts for the account."""

MEANING: Mapping[Right, str] = {
    Right.DRAFTS_READ: "read drafts of agreements that the account is a party of, or has made",
    Right.DRAFTS_WRITE: "draft agreements, hand in signatures, have an agreement put in force",
    Right.AGREEMENTS_ACT: "have what is signed about agreements and programmes sent",
    Right.DEALS_ACT: "have what is signed about deals sent",
    Right.MONEY_ACT: "have what is signed about payments, refunds and claims sent",
    Right.ACCOUNT_ACT: "have what is signed about the account itself sent",
    Right.MEMBERS_READ: "see who acts for the account",
    Right.MEMBERS_WRITE: "let members in, change their role, put them out",
    Right.KEYS_READ: "see the account's keys, and when each was last used",
    Right.KEYS_WRITE: "make and revoke keys",
}


def rights_of(role: Role) -> frozenset[Right]:
    """Everything that a role may do."""
    return frozenset(right for right, roles in ACCESS.items() if role in roles)

"""What partners sign for the PartnerRegistry: who they are, and who acts for them."""

from ledger.signing.eip712 import TypedData, action
from ledger.terms.deployment import Deployment
from ledger.terms.solidity import Fields


def register(
    deployment: Deployment, account: str, name: str, uri: str, *, nonce: int, deadline: int
) -> TypedData:
    """A partner makes itself known under a public name."""
    fields: Fields = (("account", "address"), ("name", "string"), ("uri", "string"))
    return action(deployment, "PartnerRegistry", "Register", fields, (account, name, uri), nonce, deadline)


def rotate(deployment: Deployment, account: str, wallet: str, *, nonce: int, deadline: int) -> TypedData:
    """An account's owner lets another wallet act for the account; the nonce is the owner's own."""
    fields: Fields = (("account", "address"), ("wallet", "address"))
    return action(deployment, "PartnerRegistry", "Rotate", fields, (account, wallet), nonce, deadline)


def accept_wallet(
    deployment: Deployment, account: str, wallet: str, *, nonce: int, deadline: int
) -> TypedData:
    """A wallet agrees to act for an account from now on; the nonce is the wallet's own."""
    fields: Fields = (("account", "address"), ("wallet", "address"))
    return action(deployment, "PartnerRegistry", "AcceptWallet", fields, (account, wallet), nonce, deadline)


def change_owner(deployment: Deployment, account: str, owner: str, *, nonce: int, deadline: int) -> TypedData:
    """An account's owner names another, the zero address for the wallet; the nonce is its own."""
    fields: Fields = (("account", "address"), ("owner", "address"))
    return action(deployment, "PartnerRegistry", "ChangeOwner", fields, (account, owner), nonce, deadline)


def accept_ownership(
    deployment: Deployment, account: str, owner: str, *, nonce: int, deadline: int
) -> TypedData:
    """A key agrees to become an account's owner; the nonce is that key's own."""
    fields: Fields = (("account", "address"), ("owner", "address"))
    return action(deployment, "PartnerRegistry", "AcceptOwnership", fields, (account, owner), nonce, deadline)


def cancel_recovery(deployment: Deployment, account: str, *, nonce: int, deadline: int) -> TypedData:
    """An account's owner stops a recovery; the nonce is the owner's own."""
    fields: Fields = (("account", "address"),)
    return action(deployment, "PartnerRegistry", "CancelRecovery", fields, (account,), nonce, deadline)

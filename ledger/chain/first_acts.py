"""Accounts of passkeys that are not on the chain yet: what carries their first signature puts them there, in
the same transaction.
"""

from collections.abc import Iterable
from typing import Any

from eth_typing import ChecksumAddress

from ledger.chain import answers
from ledger.chain.authorization import Authorization
from ledger.chain.node import AnswerInvalid, Node
from ledger.signing import counterfactual
from ledger.signing.passkeys import KeyPair, account_of, created_by
from ledger.terms.contracts import ACCOUNTS
from ledger.terms.deployment import Deployment


def account_within(deployment: Deployment, signature: bytes) -> tuple[KeyPair, bytes] | None:
    """Of a signature that says how its account is made (ERC-6492), by this deployment's factory: the
    account's keys, and the signature within. None of any other.
    """
    opened = counterfactual.opened(signature)
    if opened is None or ACCOUNTS not in deployment.contracts:
        return None
    keys = created_by(deployment.address(ACCOUNTS), opened)
    return None if keys is None else (keys, opened.signature)


def is_of(deployment: Deployment, signature: bytes, wallet: ChecksumAddress) -> bool:
    """Whether it is such a signature, and of this very account."""
    found = account_within(deployment, signature)
    return found is not None and account_of(deployment.address(ACCOUNTS), found[0]) == wallet


def unwrapped(
    deployment: Deployment, authorizations: Iterable[Authorization]
) -> tuple[list[Authorization], list[KeyPair]]:
    """Authorizations as the contracts take them, and the accounts that must be there for that."""
    taken, accounts = [], []
    for each in authorizations:
        found = account_within(deployment, each.signature)
        if found is None:
            taken.append(each)
        else:
            taken.append(Authorization(each.nonce, each.deadline, found[1]))
            accounts.append(found[0])
    return taken, accounts


def missing(node: Node, deployment: Deployment, accounts: Iterable[KeyPair]) -> list[KeyPair]:
    """Those that are not on the chain, each once. Raises as ``Node.rpc``."""
    each_once = dict.fromkeys(accounts)
    if not each_once:
        return []
    factory = deployment.address(ACCOUNTS)
    codes = node.rpc_batch([("eth_getCode", [account_of(factory, keys), "latest"]) for keys in each_once])
    return [keys for keys, code in zip(each_once, codes, strict=True) if not any(_bytes(code))]


def _bytes(code: Any) -> bytes:
    try:
        return answers.data(code)
    except ValueError:
        raise AnswerInvalid("eth_getCode", "bytes", code) from None

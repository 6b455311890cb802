"""What a payer's token must allow before the ledger takes a payment: a permit (ERC-2612), or an approval."""

from typing import Any

from eth_abi.abi import encode
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from api.actions.schemas import ApprovalBody, RefusalBody, TransactionBody
from ledger.actions import Said
from ledger.chain.calls import Questions, encode_call
from ledger.chain.node import AnswerInvalid
from ledger.chain.rpc import RpcRefused
from ledger.signing.eip712 import TypedData
from ledger.terms.agreement import NATIVE_COIN
from ledger.terms.contracts import REVENUE, TEST_DOLLAR

_DOMAIN = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)
_PERMIT = (
    ("owner", "address"),
    ("spender", "address"),
    ("value", "uint256"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)
_ABI_OF = TEST_DOLLAR
"""Whose ABI has the functions that are asked of a token."""


def approval_of(said: Said, questions: Questions, signer: str | None, deadline: int) -> ApprovalBody | None:
    """What is missing for the ledger to take what is paid from the signer's wallet; None: nothing is, or
    nothing is paid. A token that does not answer is taken to need an approval. Raises as ``Node.rpc``.
    """
    if not said.action.name.startswith("pay_") or signer is None or "permit" in said.given:
        return None
    amount = _paid(said)
    if amount is None or said["token"] == NATIVE_COIN:
        return None
    token, wallet = to_checksum_address(said["token"]), to_checksum_address(signer)
    spender = said.facts.deployment.address(REVENUE)
    allowed = _asked(questions, token, "allowance", wallet, spender)
    if isinstance(allowed, int) and allowed >= amount:
        return None
    permit = None
    if any(each.name == "permit" for each in said.action.fields) and not questions.node.has_code(wallet):
        permit = _permit(questions, token, wallet, spender, amount, deadline)
    return ApprovalBody(
        token=token,
        spender=spender,
        units=str(amount),
        permit=permit,
        transaction=TransactionBody(
            to=token,
            function="approve",
            data=encode_call(_ABI_OF, "approve", spender, amount),
            value="0",
            sender=wallet,
        ),
    )


def lacks(said: Said, questions: Questions, signer: str | None) -> RefusalBody | None:
    """That the payer's wallet has less of the token than is to be paid, which the token would say only after
    it was allowed; None: it has enough, or does not say.
    """
    amount = _paid(said)
    if amount is None or signer is None or said["token"] == NATIVE_COIN:
        return None
    has = _asked(questions, to_checksum_address(said["token"]), "balanceOf", to_checksum_address(signer))
    if not isinstance(has, int) or has >= amount:
        return None
    return RefusalBody(
        error="ERC20InsufficientBalance",
        what=f"The wallet {signer} has {has:,} smallest units of the token, and {amount:,} are to be paid.",
        next="Fund the wallet first.",
    )


def _paid(said: Said) -> int | None:
    if said.action.name in ("pay_invoice", "pay_and_distribute"):
        return int(said["amount"])
    if said.action.name == "pay_invoices":
        return sum(int(invoice.amount) for bundle in said["bundles"] for invoice in bundle.invoices)
    return None


def _permit(
    questions: Questions, token: ChecksumAddress, owner: str, spender: str, amount: int, deadline: int
) -> TypedData | None:
    """What the wallet signs; None where the token takes no permit, or does not say of which domain."""
    nonce = _asked(questions, token, "nonces", owner)
    separator = _asked(questions, token, "DOMAIN_SEPARATOR")
    if not isinstance(nonce, int) or not isinstance(separator, bytes):
        return None
    for name, version in _names(questions, token):
        domain = {"name": name, "version": version, "chainId": questions.deployment.chain_id}
        if _separator({**domain, "verifyingContract": token}) == separator:
            return {
                "types": {
                    "EIP712Domain": [{"name": own, "type": kind} for own, kind in _DOMAIN],
                    "Permit": [{"name": own, "type": kind} for own, kind in _PERMIT],
                },
                "primaryType": "Permit",
                "domain": {**domain, "verifyingContract": token},
                "message": {
                    "owner": owner,
                    "spender": spender,
                    "value": str(amount),
                    "nonce": str(nonce),
                    "deadline": str(deadline),
                },
            }
    return None


def _names(questions: Questions, token: ChecksumAddress) -> list[tuple[str, str]]:
    """Name and version of the token's domain: as it says (ERC-5267), or as such tokens have them."""
    told = _asked(questions, token, "eip712Domain")
    if isinstance(told, tuple):
        return [(told[1], told[2])]
    name = _asked(questions, token, "name")
    return [(name, version) for version in ("1", "2")] if isinstance(name, str) else []


def _separator(domain: dict[str, Any]) -> bytes:
    kind = ",".join(f"{type_} {name}" for name, type_ in _DOMAIN)
    values = [
        keccak(text=f"EIP712Domain({kind})"),
        keccak(text=domain["name"]),
        keccak(text=domain["version"]),
        domain["chainId"],
        domain["verifyingContract"],
    ]
    return keccak(encode(["bytes32", "bytes32", "bytes32", "uint256", "address"], values))


def _asked(questions: Questions, token: ChecksumAddress, function: str, *arguments: Any) -> Any:
    """What the token answers; None when it answers nothing of the kind."""
    try:
        return questions.ask_token(token, function, *arguments)
    except AnswerInvalid:
        return None
    except RpcRefused as error:
        if not error.is_revert:
            raise
        return None

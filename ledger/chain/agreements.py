"""What the chain says of terms that collect acceptances, and the one call that puts them in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from web3.contract.contract import ContractFunction

from ledger.chain import typed_data
from ledger.chain.authorization import Authorization
from ledger.chain.deployment import Deployment
from ledger.chain.node import Node, RpcRefused
from ledger.chain.reverts import reverted
from ledger.chain.sender import Sender, calldata
from ledger.chain.terms import Terms

_BATCH = 100
"""Calls in one request; public nodes take no more."""

AcceptanceKey = tuple[str, int]
"""An account and the nonce of an acceptance of its."""


@dataclass(frozen=True)
class Sight:
    """What the chain says as of its newest block; ``timestamp`` is that block's, in unix seconds.

    ``wallets``: who acts for each account; ``spent``: acceptances whose nonce was cancelled.
    """

    block_number: int
    block_hash: bytes
    timestamp: int
    active: bool
    wallets: Mapping[str, ChecksumAddress]
    spent: frozenset[AcceptanceKey]


class Registry:
    """The AgreementRegistry of a deployment, through a node."""

    def __init__(self, node: Node, deployment: Deployment) -> None:
        self.node = node
        self.deployment = deployment
        self.address = deployment.address("AgreementRegistry")
        self._agreements = node.contract(deployment, "AgreementRegistry").functions
        self._partners = node.contract(deployment, "PartnerRegistry").functions

    def agreement_id(self, terms: Terms) -> bytes:
        """The id that the terms have here."""
        return typed_data.agreement_id(self.deployment, terms)

    def check(self, terms: Terms) -> None:
        """Asks the contract whether it would put these terms in force, once signed.

        Raises Reverted with the contract's own error when not.
        """
        try:
            self._answers([self._agreements.activate(terms.to_abi(), [])], "latest")
        except RpcRefused as error:
            refusal = reverted("Putting these terms in force", error.data)
            # Terms are looked at before acceptances: an error about those is what good terms give.
            if refusal.error != "AcceptancesMissing":
                raise refusal from error

    def has_programme(self, programme: bytes) -> bool:
        """Whether the programme has been created. Raises NodeUnreachable."""
        [answer] = self._answers([self._agreements.programmeOf(programme)], "latest")
        return any(answer)

    def look(self, agreement: bytes, accounts: Sequence[str], acceptances: Sequence[AcceptanceKey]) -> Sight:
        """What the chain says of these terms, their parties and acceptances. Raises NodeUnreachable."""
        block = self.node.rpc("eth_getBlockByNumber", ["latest", False])
        root, *words = self._answers(
            [
                self._agreements.rootOf(agreement),
                *(self._partners.walletOf(account) for account in accounts),
                *(self._agreements.nonceSpent(account, nonce) for account, nonce in acceptances),
            ],
            block["number"],
        )
        wallets, spent = words[: len(accounts)], words[len(accounts) :]
        return Sight(
            block_number=int(block["number"], 16),
            block_hash=bytes.fromhex(block["hash"][2:]),
            timestamp=int(block["timestamp"], 16),
            active=any(root),
            wallets={
                account: to_checksum_address(word[12:])
                for account, word in zip(accounts, wallets, strict=True)
            },
            spent=frozenset(key for key, word in zip(acceptances, spent, strict=True) if any(word)),
        )

    def activate(self, sender: Sender, terms: Terms, acceptances: Sequence[Authorization]) -> bytes | None:
        """Puts terms in force; ``acceptances`` in the order of the parties. Returns the transaction's hash.

        Terms that are in force already are left as they are, and None is returned. Raises Reverted when the
        contract refuses, LedgerError when it cannot be sent.
        """
        call = self._agreements.activate(terms.to_abi(), [each.to_abi() for each in acceptances])
        receipt = sender.send(call)
        return bytes(receipt["transactionHash"]) if receipt["logs"] else None

    def activation(self, agreement: bytes) -> bytes | None:
        """Hash of the transaction that put an agreement in force, from the node's logs.

        None: there is none.
        """
        event = self.node.contract(self.deployment, "AgreementRegistry").events.AgreementActivated
        logs = event.get_logs(from_block=self.deployment.block, argument_filters={"agreement": agreement})
        return bytes(logs[0]["transactionHash"]) if logs else None

    def _answers(self, calls: Sequence[ContractFunction], block: str) -> list[bytes]:
        requests: list[tuple[str, list[Any]]] = [
            ("eth_call", [{"to": call.address, "data": calldata(call)}, block]) for call in calls
        ]
        answers = [
            answer
            for start in range(0, len(requests), _BATCH)
            for answer in self.node.rpc_batch(requests[start : start + _BATCH])
        ]
        return [bytes.fromhex(str(answer)[2:]) for answer in answers]

"""What the chain says of terms that collect acceptances, and the one call that puts them in force."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Self

from eth_typing import ChecksumAddress
from eth_utils.abi import event_abi_to_log_topic
from eth_utils.address import to_checksum_address
from web3.contract.contract import ContractFunction

from ledger.chain import answers, typed_data
from ledger.chain.authorization import Authorization
from ledger.chain.checked_entries import EntriesUnchecked
from ledger.chain.deployment import Deployment
from ledger.chain.events import decode_log
from ledger.chain.logs import log_transaction, logs_between
from ledger.chain.node import AnswerInvalid, Node, RpcRefused
from ledger.chain.plan import opening_of
from ledger.chain.refusals import revert_data
from ledger.chain.reverts import reverted
from ledger.chain.sender import Sender, calldata
from ledger.chain.terms import Terms
from ledger.proof import header

AcceptanceKey = tuple[str, int]
"""An account and the nonce of an acceptance of its."""


@dataclass(frozen=True)
class Sight:
    """What the chain says as of its newest block; ``timestamp`` is that block's, in unix seconds,
    ``verified`` whether its hash stands for it.

    ``wallets``: who acts for each account; ``spent``: acceptances whose nonce was cancelled.
    """

    block_number: int
    block_hash: bytes
    timestamp: int
    verified: bool
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

    def within(self, seconds: float) -> Self:
        """The same, whose questions from now on take so many seconds at most: see `Node.within`."""
        hurried = copy(self)
        hurried.node = self.node.within(seconds)
        return hurried

    def agreement_id(self, terms: Terms) -> bytes:
        """The id that the terms have here."""
        return typed_data.agreement_id(self.deployment, terms)

    def check(self, terms: Terms, predecessor: Terms | None = None) -> None:
        """Asks the contract whether it would put these terms in force, once signed. ``predecessor``: the
        terms that these amend.

        Raises Reverted with the contract's own error when not, and as ``Node.rpc``.
        """
        try:
            self._answers([self._activation_call(terms, [], predecessor, [])], "latest")
        except RpcRefused as error:
            if not error.is_revert:
                raise
            refusal = reverted("Putting these terms in force", revert_data(error.data))
            # Terms are looked at before acceptances: an error about those is what good terms give.
            if refusal.error != "AcceptancesMissing":
                raise refusal from error

    def has_programme(self, programme: bytes) -> bool:
        """Whether the programme has been created. Raises NodeUnreachable."""
        [answer] = self._answers([self._agreements.programmeOf(programme)], "latest")
        return any(answer)

    def look(self, agreement: bytes, accounts: Sequence[str], acceptances: Sequence[AcceptanceKey]) -> Sight:
        """What the chain says of these terms, their parties and acceptances. Raises NodeUnreachable."""
        block = self.node.newest()
        root, *words = self._answers(
            [
                self._agreements.rootOf(agreement),
                *(self._partners.walletOf(account) for account in accounts),
                *(self._agreements.nonceSpent(account, nonce) for account, nonce in acceptances),
            ],
            hex(block.number),
        )
        wallets, spent = words[: len(accounts)], words[len(accounts) :]
        return Sight(
            block_number=block.number,
            block_hash=block.hash,
            timestamp=block.timestamp,
            verified=header.stands_for(block.raw),
            active=any(root),
            wallets={
                account: to_checksum_address(word[12:])
                for account, word in zip(accounts, wallets, strict=True)
            },
            spent=frozenset(key for key, word in zip(acceptances, spent, strict=True) if any(word)),
        )

    def activate(
        self,
        sender: Sender,
        terms: Terms,
        acceptances: Sequence[Authorization],
        predecessor: Terms | None = None,
        leaving: Sequence[Authorization] = (),
    ) -> bytes | None:
        """Puts terms in force; ``acceptances`` in the order of the parties. Returns the transaction's hash.

        Of an amendment ``predecessor`` are the terms that it amends, ``leaving`` the acceptances of their
        parties that are no parties any more, in their order. Terms that are in force already are left as
        they are, and None is returned. Raises Reverted when the contract refuses, LedgerError when it cannot
        be sent.
        """
        receipt = sender.send(self._activation_call(terms, acceptances, predecessor, leaving))
        return bytes(receipt["transactionHash"]) if receipt["logs"] else None

    def _activation_call(
        self,
        terms: Terms,
        acceptances: Sequence[Authorization],
        predecessor: Terms | None,
        leaving: Sequence[Authorization],
    ) -> ContractFunction:
        signed = [each.to_abi() for each in acceptances]
        if predecessor is None:
            return self._agreements.activate(terms.to_abi(), signed)
        opening = opening_of(predecessor)
        return self._agreements.amend(terms.to_abi(), signed, opening, [each.to_abi() for each in leaving])

    def activation(self, agreement: bytes) -> bytes | None:
        """Hash of the transaction that put an agreement in force, from the node's logs.

        None: there is none.
        """
        log = self._activated(agreement)
        return log_transaction(log) if log is not None else None

    def terms_of(self, agreement: bytes) -> Terms | None:
        """The terms of an active agreement: from the node's logs, and held against the id, which is their
        hash. None: there is no such agreement.

        Raises EntriesUnchecked when it is in force, and the node does not have its terms.
        """
        log = self._activated(agreement)
        terms: Terms | None = decode_log(self.deployment, log).args["terms"] if log is not None else None
        if terms is not None and self.agreement_id(terms) == agreement:
            return terms
        [root] = self._answers([self._agreements.rootOf(agreement)], "latest")
        if any(root):
            raise EntriesUnchecked(
                f"The agreement 0x{agreement.hex()} is in force, and {self.node.place} does not have the log "
                "with its terms.",
                "It has not kept all logs (a pruned node): set PLEDGER_RPC_URL to another node.",
            )
        return None

    def _activated(self, agreement: bytes) -> Any:
        event = self.node.contract(self.deployment, "AgreementRegistry").events.AgreementActivated
        chosen = {
            "address": self.address,
            "topics": ["0x" + event_abi_to_log_topic(event.abi).hex(), "0x" + agreement.hex()],
        }
        logs = logs_between(self.node, chosen, self.deployment.block, self.node.newest().number)
        return logs[0] if logs else None

    def _answers(self, calls: Sequence[ContractFunction], block: str) -> list[bytes]:
        requests = [("eth_call", [{"to": call.address, "data": calldata(call)}, block]) for call in calls]
        return [_word(answer) for answer in self.node.rpc_batch(requests)]


def _word(answer: Any) -> bytes:
    """What a view function of the ledger's answers: at least a word."""
    try:
        found = answers.data(answer)
    except ValueError:
        found = b""
    if len(found) < 32:
        raise AnswerInvalid("eth_call", "a word", answer)
    return found

"""What the chain says of terms that collect acceptances, and the one call that puts them in force."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from typing import Any, Self

from eth_typing import ChecksumAddress
from eth_utils.abi import event_abi_to_log_topic
from eth_utils.address import to_checksum_address
from web3.contract.contract import ContractFunction

from ledger import signing as typed_data
from ledger.chain import answers
from ledger.chain.authorization import Authorization
from ledger.chain.checked_entries import BlockId, EntriesUnchecked, blocks_at_once, checked_logs
from ledger.chain.logs import log_transaction, logs_between, raw_log
from ledger.chain.node import AnswerInvalid, Node, RpcRefused
from ledger.chain.refusals import revert_data
from ledger.chain.reverts import reverted
from ledger.chain.sender import Sender, calldata
from ledger.journal.events import decode_log
from ledger.proof import header
from ledger.rules.plan import opening_of
from ledger.terms.agreement import Terms
from ledger.terms.contracts import AGREEMENTS, PARTNERS
from ledger.terms.deployment import Deployment
from ledger.terms.ids import AgreementId, ProgrammeId

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
        self.address = deployment.address(AGREEMENTS)
        self._agreements = node.contract(deployment, AGREEMENTS).functions
        self._partners = node.contract(deployment, PARTNERS).functions

    def within(self, seconds: float) -> Self:
        """The same, whose questions from now on take so many seconds at most: see `Node.within`."""
        hurried = copy(self)
        hurried.node = self.node.within(seconds)
        return hurried

    def agreement_id(self, terms: Terms) -> AgreementId:
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

    def has_programme(self, programme: ProgrammeId) -> bool:
        """Whether the programme has been created. Raises NodeUnreachable."""
        [answer] = self._answers([self._agreements.programmeOf(programme)], "latest")
        return any(answer)

    def look(
        self, agreement: AgreementId, accounts: Sequence[str], acceptances: Sequence[AcceptanceKey]
    ) -> Sight:
        """What the chain says of these terms, their parties and acceptances. Raises NodeUnreachable."""
        block = self.node.newest()
        active, *words = self._answers(
            [
                self._agreements.isActive(agreement),
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
            active=any(active),
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
        parties that are not parties any more, in their order. Terms that are in force already are left as
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

    def activation(self, agreement: AgreementId) -> bytes | None:
        """Hash of the transaction that put an agreement in force, from the node's logs.

        None: it is not in force. Raises EntriesUnchecked when it is, and the node does not have that log.
        """
        log = self._activated(agreement)
        return log_transaction(log) if log is not None else None

    def terms_of(self, agreement: AgreementId) -> Terms | None:
        """The terms of an active agreement: from the node's logs, and held against the id, which is their
        hash. None: there is no such agreement.

        Raises EntriesUnchecked when it is in force, and the node does not have its terms.
        """
        log = self._activated(agreement)
        if log is None:
            return None
        terms: Terms = decode_log(self.deployment, log).args["terms"]
        if self.agreement_id(terms) != agreement:
            raise self._unchecked(agreement)
        return terms

    def _activated(self, agreement: AgreementId) -> Mapping[str, Any] | None:
        """The log of the activation. That a node gives none says nothing: it may have cut its logs short, or
        not have kept them. Whether there is one, the contract itself says.
        """
        event = self.node.contract(self.deployment, AGREEMENTS).events.AgreementActivated
        topics = ["0x" + event_abi_to_log_topic(event.abi).hex(), "0x" + agreement.hex()]
        asked = {"address": self.address, "topics": topics}
        newest = self.node.newest().number
        for at_once in blocks_at_once(self.deployment.block, newest):
            logs = logs_between(self.node, asked, self.deployment.block, newest, at_once)
            found = next((log for log in logs if _is_of(log, self.address, topics)), None)
            if found is not None:
                return found
            [active] = self._answers([self._agreements.isActive(agreement)], hex(newest))
            if not any(active):
                return None
        with suppress(EntriesUnchecked):  # its logs may be cut: then the registry's whole journal has it
            block = BlockId.newest(self.node)
            for _, log in checked_logs(self.node, self.deployment, AGREEMENTS, block):
                if _is_of(log, self.address, topics):
                    return log
        raise self._unchecked(agreement)

    def _unchecked(self, agreement: AgreementId) -> EntriesUnchecked:
        return EntriesUnchecked(
            f"The agreement 0x{agreement.hex()} is in force, and {self.node.place} does not have the log "
            "with its terms.",
            "It has not kept all logs (a pruned node): set PLEDGER_RPC_URL to another node.",
        )

    def _answers(self, calls: Sequence[ContractFunction], block: str) -> list[bytes]:
        requests = [("eth_call", [{"to": call.address, "data": calldata(call)}, block]) for call in calls]
        return [_word(answer) for answer in self.node.rpc_batch(requests)]


def _is_of(log: Mapping[str, Any], address: str, topics: Sequence[str]) -> bool:
    """Whether a log is of this contract, and has these topics: some nodes answer more than was asked."""
    found, _ = raw_log(log)
    same = ["0x" + topic.hex() for topic in found[: len(topics)]] == [*topics]
    return same and str(log.get("address", "")).lower() == address.lower()


def _word(answer: Any) -> bytes:
    """What a view function of the ledger's answers: at least a word."""
    try:
        found = answers.data(answer)
    except ValueError:
        found = b""
    if len(found) < 32:
        raise AnswerInvalid("eth_call", "a word", answer)
    return found

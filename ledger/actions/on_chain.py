"""What actions need to know of the chain, asked of a node; and what the chain would say to one."""

from typing import Any, Self

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.actions.calls import Call
from ledger.actions.declaration import Role
from ledger.actions.said import Facts, Said
from ledger.chain.agreements import Registry
from ledger.chain.calls import Questions
from ledger.chain.checked_entries import BlockId
from ledger.chain.node import Node
from ledger.chain.payment_state import read_payments, wallets_of
from ledger.chain.refusals import revert_data
from ledger.chain.reverts import Reverted, reverted
from ledger.chain.rpc import RpcRefused
from ledger.errors import LedgerError
from ledger.rules.payment import Payment
from ledger.terms.agreement import Terms
from ledger.terms.contracts import PARTNERS, REVENUE
from ledger.terms.deployment import Deployment
from ledger.terms.ids import AgreementId, InvoiceRef


class ChainFacts:
    """As of the block that the questions are about. Each raises as ``Node.rpc``, too."""

    def __init__(self, questions: Questions) -> None:
        self.node = questions.node
        self.deployment: Deployment = questions.deployment
        self.questions = questions

    @classmethod
    def of_newest(cls, node: Node, deployment: Deployment) -> Self:
        """As of the newest block."""
        return cls(Questions(node, deployment, BlockId.newest(node)))

    def terms_of(self, agreement: AgreementId) -> Terms:
        """Raises LedgerError when there is none in force."""
        terms = Registry(self.node, self.deployment).terms_of(agreement)
        if terms is None:
            raise LedgerError(
                f"No agreement 0x{agreement.hex()} is in force here.",
                "Check its id, and that PLEDGER_RPC_URL is the chain it is on.",
            )
        return terms

    def payment_of(self, payer: str, invoice_ref: InvoiceRef) -> Payment:
        """By whichever wallet the payer paid with. Raises LedgerError when it paid no such invoice."""
        account = to_checksum_address(self._ask(PARTNERS, "accountOf", payer))
        wallets = {*wallets_of(self.questions, account), to_checksum_address(payer)}
        paid = read_payments(self.questions, wallets, [invoice_ref]).get(invoice_ref)
        if paid is None:
            raise LedgerError(
                f"{payer} paid no invoice 0x{invoice_ref.hex()}.",
                "Check the reference, and who paid: the API lists payments.",
            )
        return paid

    def wallet_of(self, account: str) -> ChecksumAddress:
        return to_checksum_address(self._ask(PARTNERS, "walletOf", account))

    def owner_of(self, account: str) -> ChecksumAddress:
        return to_checksum_address(self._ask(PARTNERS, "ownerOf", account))

    def refund_due(self, payment: Payment) -> int:
        return int(self._ask(REVENUE, "refundDue", payment.payer, payment.invoice_ref))

    def claimable(self, account: str, token: str, shares: list[tuple[Any, ...]]) -> int:
        amounts = self.questions.ask(REVENUE, "claimableOf", [[account, token, share] for share in shares])
        return sum(amounts)

    def _ask(self, contract: str, function: str, *arguments: Any) -> Any:
        return self.questions.ask(contract, function, [arguments])[0]


def signer_of(said: Said, facts: Facts) -> ChecksumAddress | None:
    """Whose signature or transaction it takes: the actor's wallet, its owner key, or the key itself; None
    when it is anyone's, or the consortium's.
    """
    actor = said.actor
    if actor is None or said.action.by is Role.CONSORTIUM:
        return None
    if said.action.by is Role.NEW_KEY:
        return actor
    return facts.owner_of(actor) if said.action.by is Role.OWNER else facts.wallet_of(actor)


def refusal(node: Node, call: Call, sender: str | None, words: str) -> Reverted | None:
    """Why the chain, as it is now, would refuse the call from this sender; None when it would not.

    ``words`` name the action. Raises as ``Node.rpc``.
    """
    asked = {"to": call.to, "data": call.data, "value": hex(call.value)}
    try:
        node.rpc("eth_call", [asked if sender is None else asked | {"from": sender}, "latest"])
    except RpcRefused as error:
        if not error.is_revert:
            raise
        return reverted(words, revert_data(error.data))
    return None

"""Who acts, and through which node: the key of the settings, and the account whose wallet it is."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer
from eth_typing import ChecksumAddress
from eth_utils.address import is_address, to_checksum_address

from ledger.chain import deployment as deployments
from ledger.chain.agreements import Registry
from ledger.chain.checked_entries import BlockId
from ledger.chain.deployment import Deployment
from ledger.chain.keys import signing_key
from ledger.chain.node import Node, connect
from ledger.chain.sender import Sender
from ledger.chain.terms import Terms
from ledger.cli.deploy import ask_password
from ledger.errors import LedgerError
from ledger.intake.calls import Questions, encode_call
from ledger.settings import Settings

_ID_BYTES = 32

RpcUrl = Annotated[str | None, typer.Option(help="The node; PLEDGER_RPC_URL otherwise.")]
For = Annotated[
    str | None,
    typer.Option(
        "--for", metavar="ACCOUNT", help="Act for this account; else the one whose wallet the key is."
    ),
]


@dataclass(frozen=True)
class Desk:
    """``account`` is whom the sender's wallet acts for; ``questions`` are about the newest block."""

    node: Node
    deployment: Deployment
    sender: Sender
    account: ChecksumAddress
    questions: Questions

    @property
    def now(self) -> int:
        """The newest block's time, in unix seconds."""
        return self.node.timestamp()

    def ask(self, contract: str, function: str, *arguments: Any) -> Any:
        """What a view function answers."""
        return self.questions.ask(contract, function, [arguments])[0]

    def send(self, contract: str, function: str, *arguments: Any, action: str) -> None:
        """Sends a call and waits until it is mined. Raises Reverted, LedgerError."""
        data = encode_call(contract, function, *arguments)
        receipt = self.sender.transact(self.deployment.address(contract), data, action=action)
        print(f"done: {action}, in transaction {receipt['transactionHash'].to_0x_hex()}")

    def terms_of(self, agreement: bytes) -> Terms:
        """The terms of an agreement in force. Raises LedgerError."""
        terms = Registry(self.node, self.deployment).terms_of(agreement)
        if terms is None:
            raise LedgerError(
                f"No agreement 0x{agreement.hex()} is in force here.",
                "Check its id, and that PLEDGER_RPC_URL is the chain it is on.",
            )
        return terms

    def decimals_of(self, token: ChecksumAddress) -> int:
        """Decimal places of a whole token; 18 of the chain's own coin."""
        return int(self.questions.ask_token(token, "decimals")) if self.node.has_code(token) else 18


def open_desk(rpc_url: str | None, account: str | None = None) -> Desk:
    """The desk of the settings' key. Raises LedgerError when the key's wallet does not act for the
    account.
    """
    desk = any_desk(rpc_url)
    wanted = desk.account if account is None else address(account)
    wallet = to_checksum_address(desk.ask("PartnerRegistry", "walletOf", wanted))
    if wallet != desk.sender.address:
        raise LedgerError(
            f"{desk.sender.address} does not act for {wanted}: its wallet is {wallet}.",
            "Set PLEDGER_KEYSTORE to that wallet's key; `pledger account` changes the wallet.",
        )
    return Desk(desk.node, desk.deployment, desk.sender, wanted, desk.questions)


def any_desk(rpc_url: str | None) -> Desk:
    """The same for what anyone may send: ``account`` is whoever once acted with the key's address."""
    settings = Settings()
    node = connect(rpc_url or settings.rpc_url)
    deployment = deployments.find(settings, node)
    sender = Sender(node, signing_key(settings, ask_password))
    questions = Questions(node, deployment, BlockId.newest(node))
    account = questions.ask("PartnerRegistry", "accountOf", [[sender.address]])[0]
    return Desk(node, deployment, sender, to_checksum_address(account), questions)


def address(text: str) -> ChecksumAddress:
    """An address from what a person typed. Raises LedgerError."""
    if not is_address(text):
        raise LedgerError(f"{text!r} is not an address.", "Give 0x and 40 hexadecimal digits.")
    return to_checksum_address(text)


def identifier(text: str, what: str) -> bytes:
    """32 bytes from what a person typed: the id of ``what``. Raises LedgerError."""
    try:
        found = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        found = b""
    if len(found) != _ID_BYTES:
        raise LedgerError(f"{text!r} is not the id of {what}.", "Give 0x and 64 hexadecimal digits.")
    return found

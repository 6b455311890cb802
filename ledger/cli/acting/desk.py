"""Who acts, and through which node: the key of the settings, and the account whose wallet it is."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.chain import deployment as deployments
from ledger.chain.agreements import Registry
from ledger.chain.calls import Questions, encode_call
from ledger.chain.checked_entries import BlockId
from ledger.chain.keys import signing_key
from ledger.chain.node import Node, connect
from ledger.chain.sender import Sender
from ledger.cli.acting.tokens import Token, amount_said, token_at
from ledger.cli.confirming import asks_somebody, confirm
from ledger.cli.deploy import ask_password
from ledger.cli.typed_address import is_written_as_address
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.terms import solidity
from ledger.terms.agreement import NATIVE_COIN, Terms
from ledger.terms.deployment import Deployment

_ID_BYTES = 32

RpcUrl = Annotated[str | None, typer.Option(help="The node; PLEDGER_RPC_URL otherwise.")]
For = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="ACCOUNT",
        help="Act for this account (address, or registered name); else the one whose wallet the key is.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Send without asking at the terminal.")]
AgreementId = Annotated[str, typer.Argument(metavar="AGREEMENT", help="Its id.")]


@dataclass(frozen=True)
class Desk:
    """``account`` is whom the sender's wallet acts for; ``questions`` are about the newest block; ``asks``:
    whether a person at a terminal says yes before each transaction.
    """

    node: Node
    deployment: Deployment
    sender: Sender
    account: ChecksumAddress
    questions: Questions
    asks: bool = True

    @property
    def now(self) -> int:
        """The newest block's time, in unix seconds."""
        return self.node.timestamp()

    def as_of_now(self) -> "Desk":
        """The same, with questions about the block that is the newest now."""
        return replace(self, questions=Questions(self.node, self.deployment, BlockId.newest(self.node)))

    def ask(self, contract: str, function: str, *arguments: Any) -> Any:
        """What a view function answers."""
        return self.questions.ask(contract, function, [arguments])[0]

    def account_of(self, text: str) -> ChecksumAddress:
        """The account that a person named: by its address, a wallet's that acts or once acted for it, or the
        name under which it registered, which the mirror knows.
        """
        named = address(text) if is_written_as_address(text) else self._named(text)
        return to_checksum_address(self.ask("PartnerRegistry", "accountOf", named))

    def send(self, contract: str, function: str, *arguments: Any, action: str, value: int = 0) -> None:
        """Sends a call, with ``value`` wei, and waits until it is mined. Raises Reverted, LedgerError."""
        data = encode_call(contract, function, *arguments)
        self._transact(self.deployment.address(contract), contract, data, action, value)

    def allow(self, token: Token, amount: int) -> None:
        """Lets the revenue ledger take exactly this much of a token from the wallet, if it may take less now.

        Some tokens let an allowance be changed only to or from zero.
        """
        if token.address == NATIVE_COIN:
            return
        ledger = self.deployment.address("RevenueLedger")
        allowed = amount_said(self.node, token, "allowance", self.sender.address, ledger)
        for step in () if allowed >= amount else (0, amount) if allowed else (amount,):
            data = encode_call("TestDollar", "approve", ledger, step)
            what = f"let the ledger take {token.text(step)}"
            self._transact(token.address, f"the token {token.symbol}", data, what, 0)

    def terms_of(self, agreement: bytes) -> Terms:
        """The terms of an agreement in force. Raises LedgerError."""
        terms = Registry(self.node, self.deployment).terms_of(agreement)
        if terms is None:
            raise LedgerError(
                f"No agreement 0x{agreement.hex()} is in force here.",
                "Check its id, and that PLEDGER_RPC_URL is the chain it is on.",
            )
        return terms

    def token(self, address: str | bytes) -> Token:
        """A token by its address. Raises LedgerError when it does not say how its amounts are written."""
        return token_at(self.node, self.deployment, to_checksum_address(address))

    def _named(self, name: str) -> ChecksumAddress:
        from ledger.cli.acting.named_accounts import account_by_name  # its libraries take their time

        return account_by_name(self.deployment, name)

    def _transact(self, to: ChecksumAddress, name: str, data: str, action: str, value: int) -> None:
        if self.asks and asks_somebody():
            who = self.sender.address
            acting = "" if self.account == who else f", for the account {self.account}"
            place = f"{name} {to} on chain {self.node.chain_id} ({self.node.place})"
            cost = self.sender.cost(to, data, value=value, action=action)
            confirm(who + acting, action, place, value, *cost)
        receipt = self.sender.transact(to, data, value=value, action=action)
        print(f"done: {action}, in transaction {receipt['transactionHash'].to_0x_hex()}")


def open_desk(rpc_url: str | None, account: str | None = None, *, yes: bool = False) -> Desk:
    """The desk of the settings' key. Raises LedgerError when the key's wallet does not act for the
    account.
    """
    desk = any_desk(rpc_url, yes=yes)
    wanted = desk.account if account is None else desk.account_of(account)
    wallet = to_checksum_address(desk.ask("PartnerRegistry", "walletOf", wanted))
    if wallet != desk.sender.address:
        raise LedgerError(
            f"{desk.sender.address} does not act for {wanted}: its wallet is {wallet}.",
            "Set PLEDGER_KEYSTORE to that wallet's key; `pledger account` changes the wallet.",
        )
    return Desk(desk.node, desk.deployment, desk.sender, wanted, desk.questions, desk.asks)


def any_desk(rpc_url: str | None, *, yes: bool = False) -> Desk:
    """The same for what anyone may send: ``account`` is whoever once acted with the key's address."""
    settings = Settings()
    key = signing_key(settings, ask_password)
    node = connect(rpc_url or settings.rpc_url)
    deployment = deployments.find(settings, node)
    questions = Questions(node, deployment, BlockId.newest(node))
    account = questions.ask("PartnerRegistry", "accountOf", [[key.address]])[0]
    return Desk(node, deployment, Sender(node, key), to_checksum_address(account), questions, not yes)


def address(text: str) -> ChecksumAddress:
    """An address from what a person typed. Raises LedgerError."""
    try:
        found: ChecksumAddress = solidity.parse("address", text.strip(), "it")
    except solidity.ValueInvalid as error:
        mistyped = ": its checksum is wrong, so a character was mistyped" if "checksum" in error.what else ""
        raise LedgerError(
            f"{text!r} is not an address{mistyped}.",
            "Give 0x and 40 hexadecimal digits, as the API and the portal show them.",
        ) from error
    return found


def identifier(text: str, what: str) -> bytes:
    """32 bytes from what a person typed: the id of ``what``. Raises LedgerError."""
    digits = text.strip()
    try:
        found = bytes.fromhex(digits[2:] if digits[:2] in ("0x", "0X") else digits)
    except ValueError:
        found = b""
    if len(found) != _ID_BYTES:
        raise LedgerError(
            f"{text!r} is not the id of {what}.",
            "Give 0x and 64 hexadecimal digits, all of them, as the API and the portal show them.",
        )
    return found

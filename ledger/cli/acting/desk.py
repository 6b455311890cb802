"""Who acts, and through which node: the key of the settings, and the account whose wallet it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, TypeVar

import typer
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.actions import Said, action, call_of, sentence, signed_form
from ledger.actions.on_chain import ChainFacts, signer_of
from ledger.actions.signed_forms import why_unsigned
from ledger.chain import deployment as deployments
from ledger.chain.authorization import random_nonce, sign
from ledger.chain.calls import Questions, encode_call
from ledger.chain.checked_entries import BlockId
from ledger.chain.keys import signing_key
from ledger.chain.node import Node, connect
from ledger.chain.sender import Sender
from ledger.cli.acting import form_files
from ledger.cli.acting.dry_runs import DryRun
from ledger.cli.acting.how import How
from ledger.cli.acting.tokens import Token, amount_said, token_at, token_or_units
from ledger.cli.confirming import asks_somebody, confirm
from ledger.cli.deploy import ask_password
from ledger.cli.moments import shown
from ledger.cli.typed_address import is_written_as_address
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.signing.eip712 import TypedData
from ledger.terms import solidity
from ledger.terms.agreement import NATIVE_COIN, Terms
from ledger.terms.contracts import PARTNERS, REVENUE, TEST_DOLLAR
from ledger.terms.deployment import Deployment
from ledger.terms.ids import AgreementId, CustomerTag, DealId, InvoiceRef
from ledger.terms.solidity import ZERO_ADDRESS
from ledger.terms.units import DAY

_ID_BYTES = 32
_NAMED: Mapping[Any, str] = {
    AgreementId: "an agreement",
    DealId: "a deal",
    InvoiceRef: "an invoice",
    CustomerTag: "a customer",
}
Identifier = TypeVar("Identifier", bound=bytes)
_SIGNED_FOR = 7 * DAY

For = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="ACCOUNT",
        help="Act for this account (address, or registered name); else the one whose wallet the key is.",
    ),
]
AgreementArgument = Annotated[str, typer.Argument(metavar="AGREEMENT", help="Its id.")]


@dataclass(frozen=True)
class Desk:
    """``account`` is whom ``wallet`` acts for; ``questions`` are about the newest block. ``sender`` is None
    where there is no key, and so nothing to send with: the form is signed elsewhere, or it is a dry run.
    """

    node: Node
    deployment: Deployment
    sender: Sender | None
    wallet: ChecksumAddress
    account: ChecksumAddress
    questions: Questions
    how: How
    _signed: list[tuple[Said, str, str, TypedData, bytes]] = field(default_factory=list)
    _dry_run: DryRun = field(default_factory=DryRun)

    @property
    def now(self) -> int:
        """The newest block's time, in unix seconds."""
        return self.node.timestamp()

    @property
    def facts(self) -> ChainFacts:
        """What actions need to know of the chain."""
        return ChainFacts(self.questions)

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
        return to_checksum_address(self.ask(PARTNERS, "accountOf", named))

    def act(self, name: str, /, **given: Any) -> None:
        """Does what an action declares, with its fields and whatever of the chain was read already: sends it
        and waits until it is mined, or signs it, or says what would become of it.

        Raises Reverted in the contract's words, LedgerError.
        """
        self.carry_out(Said(action(name), given, self.facts))

    def carry_out(self, said: Said) -> None:
        """The same of what was said."""
        words = self.words(said)
        if self.how.sign_only is not None:
            self._sign(said, words)
            return
        call = call_of(said)
        self._transact(call.to, call.contract, call.data, words, call.value)

    def words(self, said: Said) -> str:
        """What it does, to go on within a sentence."""
        text = sentence(said, Spoken(self))
        return text[0].lower() + text[1:]

    def allow(self, token: Token, amount: int) -> None:
        """Lets the revenue ledger take exactly this much of a token from the wallet, if it may take less now.

        Some tokens let an allowance be changed only to or from zero.
        """
        if token.address == NATIVE_COIN:
            return
        ledger = self.deployment.address(REVENUE)
        allowed = amount_said(self.node, token, "allowance", self.wallet, ledger)
        steps = () if allowed >= amount else (0, amount) if allowed else (amount,)
        if steps and self.how.sign_only is not None:
            print(f"The wallet must still let the ledger {ledger} take {token.text(amount)}: `approve`.")
            return
        for step in steps:
            data = encode_call(TEST_DOLLAR, "approve", ledger, step)
            what = f"let the ledger take {token.text(step)}"
            self._transact(token.address, f"the token {token.symbol}", data, what, 0)

    def terms_of(self, agreement: AgreementId) -> Terms:
        """The terms of an agreement in force. Raises LedgerError."""
        return self.facts.terms_of(agreement)

    def token(self, address: str | bytes) -> Token:
        """A token by its address. Raises LedgerError when it does not say how its amounts are written."""
        return token_at(self.node, self.deployment, to_checksum_address(address))

    def _named(self, name: str) -> ChecksumAddress:
        from ledger.cli.acting.named_accounts import account_by_name  # its libraries take their time

        return account_by_name(self.deployment, name)

    def _sign(self, said: Said, words: str) -> None:
        signer, path = signer_of(said, self.facts), self.how.sign_only
        if said.action.struct is None:
            what, hint = why_unsigned(said.action)
            raise LedgerError(what, f"Leave --sign-only out. {hint}")
        if signer is None or path is None:
            raise AssertionError("what is signed has a signer, and a file")
        deadline = said.get("deadline") or self.now + _SIGNED_FOR
        data = signed_form(said, nonce=random_nonce(), deadline=deadline)
        own = self.sender if self.sender is not None and self.sender.address == signer else None
        signature = sign(data, own.key).signature if own is not None else b""
        self._signed.append((said, words, signer, data, signature))
        form_files.write(path, self._signed)
        if own is not None:
            print(f"signed: {words}; {path} is good until {shown(deadline)}.")
        else:
            print(f"{path} is to be signed by {signer}, until {shown(deadline)}: {words}.")
        if not said.action.carried_by:
            print(f"`pledger submit {path}{'' if own else ' --signature 0x…'}` sends it.")

    def _transact(self, to: ChecksumAddress, name: str, data: str, words: str, value: int) -> None:
        if self.how.dry_run or self.sender is None:
            self._dry_run.add(self.node, self.wallet, to, data, value, words)
            return
        if not self.how.yes and asks_somebody():
            acting = "" if self.account == self.wallet else f", for the account {self.account}"
            place = f"{name} {to} on chain {self.node.chain_id} ({self.node.place})"
            cost = self.sender.cost(to, data, value=value, action=words)
            confirm(self.wallet + acting, words, place, value, cost.gas, cost.most)
        receipt = self.sender.transact(to, data, value=value, action=words)
        print(f"done: {words}, in transaction {receipt['transactionHash'].to_0x_hex()}")


@dataclass(frozen=True)
class Spoken:
    """How commands name accounts, tokens, amounts and moments."""

    desk: Desk

    def account(self, address: str) -> str:
        """As it is: a name does not prove who."""
        return address

    def token(self, address: str) -> str:
        """By what the token calls itself."""
        return self._token(address).symbol

    def amount(self, token: str, units: int) -> str:
        """In whole tokens."""
        return self._token(token).text(units)

    def moment(self, seconds: int) -> str:
        """To the minute."""
        return shown(seconds)

    def _token(self, address: str) -> Token:
        return token_or_units(self.desk.node, self.desk.deployment, address)


def open_desk(how: How, account: str | None = None) -> Desk:
    """The desk of the settings' key. Raises LedgerError when the key's wallet does not act for the
    account.
    """
    desk = any_desk(how)
    if desk.sender is None and account is None:
        raise LedgerError("There is no key, and so no account that acts.", "Name the account with --for.")
    wanted = desk.account if account is None else desk.account_of(account)
    wallet = to_checksum_address(desk.ask(PARTNERS, "walletOf", wanted))
    if wallet != desk.wallet and how.sends:
        raise LedgerError(
            f"{desk.wallet} does not act for {wanted}: its wallet is {wallet}.",
            "Set PLEDGER_KEYSTORE to that wallet's key; `pledger account` changes the wallet.",
        )
    return replace(desk, account=wanted, wallet=wallet)


def any_desk(how: How) -> Desk:
    """The same for what anyone may send: ``account`` is whoever once acted with the key's address."""
    settings = Settings()
    has_key = settings.keystore is not None or settings.private_key is not None
    key = signing_key(settings, ask_password) if has_key or how.sends else None
    node = connect(how.rpc_url or settings.rpc_url)
    deployment = deployments.find(settings, node)
    questions = Questions(node, deployment, BlockId.newest(node))
    wallet = to_checksum_address(ZERO_ADDRESS if key is None else key.address)
    account = questions.ask(PARTNERS, "accountOf", [[wallet]])[0]
    sender = None if key is None else Sender(node, key)
    return Desk(node, deployment, sender, wallet, to_checksum_address(account), questions, how)


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


def identifier(kind: Callable[[bytes], Identifier], text: str) -> Identifier:
    """32 bytes from what a person typed: an id of this kind, or ``bytes`` of any. Raises LedgerError."""
    digits = text.strip()
    try:
        found = bytes.fromhex(digits[2:] if digits[:2] in ("0x", "0X") else digits)
    except ValueError:
        found = b""
    if len(found) != _ID_BYTES:
        raise LedgerError(
            f"{text!r} is not the id of {_NAMED.get(kind, 'what it names')}.",
            "Give 0x and 64 hexadecimal digits, all of them, as the API and the portal show them.",
        )
    return kind(found)

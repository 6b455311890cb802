"""What the chain has of the partners file: its tokens, wallets, programme and agreements."""

from collections.abc import Mapping
from dataclasses import dataclass

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.chain.calls import Questions
from ledger.chain.checked_entries import BlockId
from ledger.chain.node import Node
from ledger.chain.views import PROGRAMME_OF, STANDING_OF, Standing
from ledger.errors import LedgerError
from ledger.intake.agreements import programme_of, terms_by_key
from ledger.intake.partners_file import PartnersFile
from ledger.signing import agreement_id
from ledger.terms.agreement import Terms
from ledger.terms.contracts import PARTNERS
from ledger.terms.deployment import Deployment
from ledger.terms.ids import AgreementId, ProgrammeId


@dataclass(frozen=True)
class AgreementState:
    """An agreement of the file: its id and terms, and what became of it."""

    id: AgreementId
    terms: Terms
    standing: Standing

    @property
    def in_force(self) -> bool:
        """Whether every party has accepted the terms."""
        return self.standing.active

    @property
    def ends_at(self) -> int:
        """Last second in force, by the terms or by an earlier ending."""
        return self.standing.last_second(self.terms.valid_until)


@dataclass(frozen=True)
class ChainState:
    """The chain as of one block.

    Wallets and registrations are by partner key, tokens by currency in lower case; ``lines`` are the
    versions of an agreement by the key of the first.
    """

    block: int
    now: int
    questions: Questions
    tokens: Mapping[str, ChecksumAddress]
    wallets: Mapping[str, ChecksumAddress]
    registered: Mapping[str, bool]
    programme: ProgrammeId
    epoch: int
    grace_until: int
    agreements: Mapping[str, AgreementState]
    lines: Mapping[str, tuple[str, ...]]

    @property
    def deployment(self) -> Deployment:
        """The contracts asked."""
        return self.questions.deployment

    def token(self, currency: str) -> ChecksumAddress:
        """The token of a currency of the file."""
        return self.tokens[currency.casefold()]

    def versions(self, line: str) -> list[str]:
        """The versions of a line that are signed, the first one first, also when it is not signed yet."""
        first, *amendments = self.lines[line]
        return [first, *(key for key in amendments if self.agreements[key].in_force)]

    def current(self, line: str) -> str:
        """The version that stands in the line's place now.

        Raises LedgerError when that is an amendment which the file does not have.
        """
        versions = self.versions(line)
        by_id = {self.agreements[key].id: key for key in versions}
        at = self.agreements[line]
        while at.standing.is_replaced(self.now):
            successor = at.standing.successor
            if successor not in by_id:
                raise LedgerError(
                    f"The partners file lacks 0x{successor.hex()}, which amended its agreement {line!r}.",
                    f"Add that agreement to the file, with `amends: {by_id.get(at.id, line)}`.",
                )
            at = self.agreements[by_id[successor]]
        return by_id[at.id]

    def key_of(self, agreement: AgreementId) -> str | None:
        """The key of an agreement of the file by its id."""
        return next((key for key, own in self.agreements.items() if own.id == agreement), None)


def read_chain(node: Node, deployment: Deployment, file: PartnersFile) -> ChainState:
    """Reads the state at the newest block.

    ``epoch`` is 0 when the programme does not exist. Raises LedgerError when a token is unknown or has
    other decimals than the file says, or when a partner's account is another account's wallet.
    """
    newest = node.newest()
    block, now = newest.number, newest.timestamp
    questions = Questions(node, deployment, BlockId(block, newest.hash))
    tokens = _tokens(questions, file)
    accounts = [[partner.account] for partner in file.partners.values()]
    wallets = questions.ask(PARTNERS, "walletOf", accounts)
    _require_accounts(questions, file)
    registered = questions.ask(PARTNERS, "isRegistered", accounts)
    programme = programme_of(file)
    opened = PROGRAMME_OF.of(questions, programme)
    terms = terms_by_key(file, tokens, lambda own: agreement_id(deployment, own))
    ids = {key: agreement_id(deployment, own) for key, own in terms.items()}
    standings = STANDING_OF.of_each(questions, [[ids[key]] for key in terms])
    return ChainState(
        block,
        now,
        questions,
        tokens,
        {key: to_checksum_address(wallet) for key, wallet in zip(file.partners, wallets, strict=True)},
        dict(zip(file.partners, registered, strict=True)),
        programme,
        opened.epoch,
        opened.grace_until,
        {
            key: AgreementState(ids[key], terms[key], standing)
            for key, standing in zip(terms, standings, strict=True)
        },
        {
            key: tuple(file.versions_of(key))
            for key, agreement in file.agreements.items()
            if agreement.amends is None
        },
    )


def _require_accounts(questions: Questions, file: PartnersFile) -> None:
    """What a payer paid is found by its account: under a wallet's address all of it would be paid again."""
    accounts = [partner.account for partner in file.partners.values()]
    found = questions.ask(PARTNERS, "accountOf", [[account] for account in accounts])
    for key, account, of in zip(file.partners, accounts, map(to_checksum_address, found), strict=True):
        if of != to_checksum_address(account):
            raise LedgerError(
                f"The partners file has {account} as the account of {key!r}; that is a wallet, and its "
                f"account is {of}.",
                "Write the account: it stays the same, whatever wallet acts for it.",
            )


def _tokens(questions: Questions, file: PartnersFile) -> dict[str, ChecksumAddress]:
    tokens: dict[str, ChecksumAddress] = {}
    for code, currency in file.currencies.items():
        address = _token(questions.deployment, code, currency.token)
        if not questions.node.has_code(address):
            raise LedgerError(
                f"There is no token at {address}, where the partners file has that of {code!r}.",
                "Correct its address, or set PLEDGER_RPC_URL to the chain it is on.",
            )
        decimals = questions.ask_token(address, "decimals")
        if decimals != currency.decimals:
            raise LedgerError(
                f"The token of {code!r} has {decimals} decimals; the partners file says {currency.decimals}.",
                "Correct currencies in the partners file: amounts would be wrong by powers of ten.",
            )
        tokens[code.casefold()] = address
    return tokens


def _token(deployment: Deployment, code: str, token: str) -> ChecksumAddress:
    if token.startswith("0x"):
        return to_checksum_address(token)
    if token not in deployment.tokens:
        known = ", ".join(deployment.tokens) or "none"
        raise LedgerError(
            f"The deployment has no token {token!r}, which the partners file has for {code!r}.",
            f"It has {known}; write the token's address instead.",
        )
    return deployment.tokens[token]

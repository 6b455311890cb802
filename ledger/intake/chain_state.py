"""What the chain has of the partners file: its tokens, wallets, programme and agreements."""

from collections.abc import Mapping
from dataclasses import dataclass

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.chain.deployment import Deployment
from ledger.chain.node import Node
from ledger.chain.terms import Terms
from ledger.chain.typed_data import agreement_id
from ledger.errors import LedgerError
from ledger.intake.agreements import programme_of, terms_of
from ledger.intake.calls import Questions
from ledger.intake.partners_file import PartnersFile


@dataclass(frozen=True)
class AgreementState:
    """An agreement of the file: its id and terms, and whether every party has accepted them."""

    id: bytes
    terms: Terms
    in_force: bool


@dataclass(frozen=True)
class ChainState:
    """The chain as of one block.

    Wallets and registrations are by partner key, tokens by currency in lower case.
    """

    block: int
    now: int
    questions: Questions
    tokens: Mapping[str, ChecksumAddress]
    wallets: Mapping[str, ChecksumAddress]
    registered: Mapping[str, bool]
    programme: bytes
    epoch: int
    agreements: Mapping[str, AgreementState]

    @property
    def deployment(self) -> Deployment:
        """The contracts asked."""
        return self.questions.deployment

    def token(self, currency: str) -> ChecksumAddress:
        """The token of a currency of the file."""
        return self.tokens[currency.casefold()]


def read_chain(node: Node, deployment: Deployment, file: PartnersFile) -> ChainState:
    """Reads the state at the newest block.

    ``epoch`` is 0 when the programme does not exist. Raises LedgerError when a token is unknown or has
    other decimals than the file says.
    """
    newest = node.rpc("eth_getBlockByNumber", ["latest", False])
    block, now = int(newest["number"], 16), int(newest["timestamp"], 16)
    questions = Questions(node, deployment, block)
    tokens = _tokens(questions, file)
    accounts = [[partner.account] for partner in file.partners.values()]
    wallets = questions.ask("PartnerRegistry", "walletOf", accounts)
    registered = questions.ask("PartnerRegistry", "isRegistered", accounts)
    programme = programme_of(file)
    ((_, epoch),) = questions.ask("AgreementRegistry", "programmeOf", [[programme]])
    terms = {key: terms_of(file, agreement, tokens) for key, agreement in file.agreements.items()}
    ids = {key: agreement_id(deployment, own) for key, own in terms.items()}
    roots = questions.ask("AgreementRegistry", "rootOf", [[ids[key]] for key in terms])
    return ChainState(
        block,
        now,
        questions,
        tokens,
        {key: to_checksum_address(wallet) for key, wallet in zip(file.partners, wallets, strict=True)},
        dict(zip(file.partners, registered, strict=True)),
        programme,
        epoch,
        {
            key: AgreementState(ids[key], terms[key], root != bytes(32))
            for key, root in zip(terms, roots, strict=True)
        },
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

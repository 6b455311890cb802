"""What the contracts' views answer in several values, read by the contracts' own names and never by place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.chain.calls import Questions
from ledger.chain.rpc import AnswerInvalid
from ledger.terms.contracts import AGREEMENTS, DEALS, PARTNERS, REVENUE, ContractName
from ledger.terms.deals import Rule, State
from ledger.terms.ids import AgreementId, CustomerId, ProgrammeId


class Standing(NamedTuple):
    """What became of an agreement: ``Standing`` of contracts/agreements/types/Standing.sol."""

    active: bool
    """Whether it was put in force."""
    successor: AgreementId
    """What amends it; zero when nothing does."""
    ends_at: int
    """Last second of one that was ended or amended; 0 when only its terms say."""
    succeeded_from: int
    """First second at which the successor stands in its place."""
    valid_until: int
    after_end: int

    def last_second(self, valid_until: int) -> int:
        """Last second in force, by an end or an amendment, or as its terms say: ``valid_until``."""
        return min(self.ends_at or valid_until, valid_until)

    def is_replaced(self, now: int) -> bool:
        """Whether its successor stands in its place."""
        return any(self.successor) and now >= self.succeeded_from


class Programme(NamedTuple):
    """A partner programme; one that was never opened has epoch 0."""

    rule: Rule
    epoch: int
    opened_at: int
    grace_until: int


class Deal(NamedTuple):
    """A deal: ``Deal`` of contracts/deals/types/Deals.sol, which says what each field means."""

    account: ChecksumAddress
    state: State
    since: int
    priority: int
    agreement: AgreementId
    vendor: ChecksumAddress
    decide_by: int
    exclusivity_seconds: int
    exclusive_until: int
    valid_until: int
    after_end: int
    rule: Rule
    programme: ProgrammeId
    epoch: int
    customer: CustomerId
    retagged: bool


class Book(NamedTuple):
    """An agreement's book of one token: ``Book`` of the revenue ledger. Amounts in token base units."""

    released: int
    valid_from: int
    valid_until: int
    hold_days: int
    period_days: int
    clawback: int
    owed: int
    served: int
    agreed: int
    agreed_served: int
    open: bool


class Recovery(NamedTuple):
    """A recovery of an account that waits; zeros when none does. Times in unix seconds."""

    wallet: ChecksumAddress
    executable_at: int
    expires_at: int


Answer = TypeVar("Answer", bound=tuple[Any, ...])


@dataclass(frozen=True)
class View(Generic[Answer]):
    """A view function, and what it answers."""

    contract: ContractName
    function: str
    answer: type[Answer]

    def of(self, questions: Questions, *arguments: Any) -> Answer:
        """The answer to one question. Raises as ``Node.rpc``."""
        return self.of_each(questions, [arguments])[0]

    def of_each(self, questions: Questions, asked: Sequence[Sequence[Any]]) -> list[Answer]:
        """The answers to several questions, in few requests. Raises as ``Node.rpc``."""
        return [self._read(said) for said in questions.ask(self.contract, self.function, asked)]

    def _read(self, said: Sequence[Any]) -> Answer:
        makes = [_MAKES.get(kind) for kind in self.answer.__annotations__.values()]
        try:
            return self.answer(
                *(value if make is None else make(value) for make, value in zip(makes, said, strict=True))
            )
        except ValueError as error:
            raise AnswerInvalid("eth_call", f"what {self.function} answers", said) from error


_MAKES: dict[Any, Any] = {ChecksumAddress: to_checksum_address, Rule: Rule, State: State}
"""What the node's plain words are made into, by the type of the field."""

STANDING_OF = View(AGREEMENTS, "standingOf", Standing)
PROGRAMME_OF = View(AGREEMENTS, "programmeOf", Programme)
DEAL_OF = View(DEALS, "dealOf", Deal)
BOOK_OF = View(REVENUE, "bookOf", Book)
RECOVERY_OF = View(PARTNERS, "recoveryOf", Recovery)

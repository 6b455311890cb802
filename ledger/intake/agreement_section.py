"""An agreement of the partners file: terms as people write them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ledger.intake.values import Bytes32, Day, Days, Key, Shares, Strict, Territory, Uri
from ledger.terms import solidity

HoldDays = Annotated[int, Field(ge=0, le=3_650)]
PeriodDays = Annotated[int, Field(ge=0, le=49_000)]
"""A tranche's period has 32 bits of seconds: 49,710 days."""


class Document(Strict):
    """The contract document: its hash, and where it is."""

    hash: Bytes32
    uri: Uri = ""


class Band(Strict):
    """A band of revenue: up to a cumulative total in whole units of the currency, and who shares in it.

    Who is not named has no share of it. The last band has no ``up_to``.
    """

    shares: Shares
    up_to: Annotated[str, StringConstraints(min_length=1)] | None = None


class Agreement(Strict):
    """Terms as people write them.

    ``shares`` are per cent (``"17.5%"``) that sum to 100, held as weights of 1e18; ``tranches`` in their
    stead where the split changes with what came in. ``amends``: the agreement whose place it takes, which
    every party of it signs too; a report's rows may name either.
    """

    parties: Annotated[list[Key], Field(min_length=1, max_length=100)]
    shares: Shares | None = None
    tranches: Annotated[list[Band], Field(min_length=1, max_length=16)] | None = None
    period_days: PeriodDays = 0
    """After how many days, counted from ``valid_from``, the tranches start anew; 0 never."""
    currencies: Annotated[list[str], Field(min_length=1, max_length=16)]
    programme: bool = True
    territories: Annotated[list[Territory], Field(default_factory=list, max_length=64)]
    decision_days: Days = 14
    exclusivity_days: Days = 90
    hold_days: HoldDays = 0
    payment_days: Days = 30
    clawback: Literal["no", "yes", "inherited", "yes, and inherited"] = "no"
    arbiter: Key | None = None
    notice_days: Days = 0
    after_end: Literal["nothing", "win approved", "finish"] = "nothing"
    valid_from: Day
    valid_until: Day | None = None
    amends: Key | None = None
    document: Document | None = None
    salt: Bytes32 = solidity.ZERO_BYTES32

    def bands(self) -> list[Band]:
        """The tranches; of plain shares the one without boundary."""
        if self.tranches is not None:
            return self.tranches
        # The shares are read and checked already: a Band would read them once more, as text.
        return [Band.model_construct(shares=self.shares, up_to=None)] if self.shares is not None else []

    def payees(self) -> list[str]:
        """Whoever has a share in any band, in the order in which the file names them."""
        return list(dict.fromkeys(key for band in self.bands() for key in band.shares))

"""What payees were paid, as the revenue ledger keeps it: alone in a word each, all together in one."""

from collections.abc import Iterable, Iterator

from ledger.rules.book import Share
from ledger.terms.agreement import Terms
from ledger.terms.contracts import REVENUE
from ledger.terms.ids import BookKey
from ledger.verify import layout
from ledger.verify.anchor import Anchor


def slots(key: BookKey, paid: Iterable[tuple[bytes, int | None]]) -> Iterator[bytes]:
    """The words that say what accounts were paid of periods; None where there are none."""
    for account, period in paid:
        yield layout.claimed(*key, period, account)
        yield layout.settled(*key, period)
        yield layout.through(*key, period)


def paid_to(anchor: Anchor, key: BookKey, period: int | None, account: bytes, terms: Terms) -> int:
    """What an account was paid: the more of what it had earned when it was last paid alone and of its
    entitlement to what everybody is paid up to, less what is set aside for it.
    """

    def word(slot: bytes) -> int:
        return anchor.word(REVENUE, slot)

    alone, aside = layout.halves(word(layout.claimed(*key, period, account)))
    together = layout.up_to(
        word(layout.book(*key)),
        word(layout.settled(*key, period)),
        word(layout.through(*key, period)),
        account,
    )
    return max(alone, _share(terms, account).of(together)) - aside


def _share(terms: Terms, account: bytes) -> Share:
    weights = next(payee.weights for payee in terms.payees if bytes.fromhex(payee.account[2:]) == account)
    return Share(tuple(tranche.up_to for tranche in terms.tranches), weights)

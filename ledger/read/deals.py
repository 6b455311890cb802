"""Deals, each with what its status needs of its programme, and with the names of its sides."""

from typing import Any, Final

from ledger.read.asking import NOW
from ledger.terms.deals import REVEAL_SECONDS, Rule, State

_DEALS: Final = """
SELECT d.*, o.rule, g.grace_until AS grace, h.grace_until AS next_grace, p.name AS partner_name,
  v.name AS vendor_name
FROM (
  SELECT * FROM chain.deal d
  WHERE d.chain_id = %(chain)s AND d.contract = %(deals)s{which}
  ORDER BY d.seq DESC
  LIMIT {limit:d}
) d
LEFT JOIN chain.programme o
  ON o.chain_id = %(chain)s AND o.contract = %(agreements)s AND o.programme = d.programme
LEFT JOIN chain.programme_epoch g
  ON g.chain_id = %(chain)s AND g.contract = %(agreements)s AND g.programme = d.programme
  AND g.epoch = d.epoch
LEFT JOIN chain.programme_epoch h
  ON h.chain_id = %(chain)s AND h.contract = %(agreements)s AND h.programme = d.programme
  AND h.epoch = d.epoch + 1
LEFT JOIN chain.partner p
  ON p.chain_id = %(chain)s AND p.contract = %(partners)s AND p.account = d.account
LEFT JOIN chain.partner v
  ON v.chain_id = %(chain)s AND v.contract = %(partners)s AND v.account = d.vendor
ORDER BY d.seq DESC
"""
# Whether the key of the deal's tag was replaced and the grace is over, except where all is open.
_UNTAGGED: Final = f"""EXISTS (
    SELECT FROM chain.programme_epoch e
    JOIN chain.programme r ON r.chain_id = e.chain_id AND r.contract = e.contract
      AND r.programme = e.programme AND r.rule <> {Rule.OPEN:d}
    WHERE e.chain_id = %(chain)s AND e.contract = %(agreements)s AND e.programme = d.programme
      AND e.epoch = d.epoch + 1 AND e.grace_until < {NOW})"""
_OVER_UNTAGGED: Final = f"d.state IN ({State.REGISTERED:d}, {State.RETURNED:d}, {State.APPROVED:d})"
_HAS: Final = {
    "committed": f"d.state = {State.COMMITTED:d} AND d.committed_at + {REVEAL_SECONDS} >= {NOW}",
    "lapsed": f"d.state = {State.COMMITTED:d} AND d.committed_at + {REVEAL_SECONDS} < {NOW}",
    "untagged": f"{_OVER_UNTAGGED} AND {_UNTAGGED}",
    "approved": f"d.state = {State.APPROVED:d} AND d.exclusive_until >= {NOW} AND NOT {_UNTAGGED}",
    "expired": f"d.state = {State.APPROVED:d} AND d.exclusive_until < {NOW} AND NOT {_UNTAGGED}",
    "registered": f"d.state = {State.REGISTERED:d} AND NOT {_UNTAGGED}",
    "returned": f"d.state = {State.RETURNED:d} AND NOT {_UNTAGGED}",
    "rejected": f"d.state = {State.REJECTED:d}",
    "won": f"d.state = {State.WON:d}",
    "lost": f"d.state = {State.LOST:d}",
    "withdrawn": f"d.state = {State.WITHDRAWN:d}",
}
"""``ledger.rules.deal_status.status`` in SQL, by its values."""


def listed(
    limit: int, after: int | None, status: str | None = None, **by: bytes | None
) -> tuple[str, dict[str, Any]]:
    """The question for deals as the newest block has them, the newest commitment first.

    ``by``: only those with this value of ``deal``, ``account``, ``agreement`` or ``programme``, unless None.
    """
    given: dict[str, Any] = {name: value for name, value in by.items() if value is not None}
    filters = [f"d.{name} = %({name})s" for name in given]
    if after is not None:
        filters.append("d.seq < %(after)s")
    if status is not None:
        filters.append(_HAS[status])
    which = "".join(f" AND {each}" for each in filters)
    return _DEALS.format(which=which, limit=limit), given | {"after": after}

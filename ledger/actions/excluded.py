"""State-changing functions that are not a person's action here, and why."""

from collections.abc import Mapping

from ledger.terms.contracts import PARTNERS, REVENUE

_OPERATORS = "the consortium's, by way of the access manager: docs/operating.md"

EXCLUDED: Mapping[tuple[str, str], str] = {
    (PARTNERS, "setAuthority"): _OPERATORS,
    (REVENUE, "setAuthority"): _OPERATORS,
    (REVENUE, "pauseDeposits"): _OPERATORS,
    (REVENUE, "resumeDeposits"): _OPERATORS,
    (REVENUE, "endBook"): "the agreement registry's alone: it follows from an agreement's end",
}
"""By contract and function."""

"""Until nothing names it any more: moved to `ledger.terms`."""

from ledger.terms.agreement import *  # noqa: F403 - all of it
from ledger.terms.clauses import Clawback
from ledger.terms.units import WHOLE as WHOLE

CLAWBACK_ALLOWED, CLAWBACK_INHERITED = Clawback.ALLOWED, Clawback.INHERITED

"""Until nothing names it any more: moved to `ledger.terms`."""

from ledger.terms.deals import *  # noqa: F403 - all of it
from ledger.terms.reasons import *  # noqa: F403 - all of it

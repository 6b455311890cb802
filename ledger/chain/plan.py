"""Until nothing names it any more: moved to `ledger.rules`."""

from ledger.rules.plan import *  # noqa: F403 - all of it

"""Until nothing names it any more: moved to `ledger.terms`."""

from ledger.terms.solidity import *  # noqa: F403 - all of it

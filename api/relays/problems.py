"""What can go wrong with an action that the relayer is to send."""

from api.problems import kind

ACTION_REFUSED = kind(
    "action-refused", 422, "The ledger would refuse this now", "See what the detail says: nothing was sent."
)
NOT_RELAYED = kind(
    "not-relayed", 422, "The relayer does not send this", "Send it from a wallet of yours (`pledger act`)."
)
KEY_REUSED = kind(
    "idempotency-key-reused",
    422,
    "Something else was asked for under this Idempotency-Key",
    "Take a new key for each action.",
)
BUDGET_SPENT = kind(
    "budget-spent",
    429,
    "The day's budget for gas is spent",
    "Ask again when the next day (UTC) begins, or send it from a wallet of yours.",
)
RELAY_UNKNOWN = kind(
    "relay-unknown", 404, "The account has asked for nothing of this id", "GET /v1/relays lists what it has."
)

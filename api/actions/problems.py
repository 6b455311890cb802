"""What can go wrong with an action before the chain is asked."""

from api.problems import kind

ACTION_UNKNOWN = kind("action-unknown", 404, "There is no such action", "GET /v1/actions lists them all.")
ACTION_INVALID = kind(
    "action-invalid",
    422,
    "The action cannot be made of these fields",
    "GET /v1/actions says which fields it has, and of which type each is.",
)
PAYMENT_UNKNOWN = kind(
    "payment-unknown",
    404,
    "The mirror knows no such payment",
    "Check the reference, and who paid: GET /v1/agreements/{id}/payments lists an agreement's.",
)

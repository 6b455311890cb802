"""What can go wrong with signing in."""

from api.problems import kind

SIGN_IN_REFUSED = kind(
    "sign-in-refused",
    422,
    "This does not sign anybody in",
    "Ask for a new message, and have the wallet sign it as it is.",
)

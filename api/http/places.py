"""Which addresses are everybody's to read, and which answer by who asks."""

_PUBLIC = ("/v1/", "/problems", "/healthz", "/readyz", "/metrics", "/openapi.json")
_SECRET = (
    "/drafts",
    "/v1/agreements/drafts",
    "/v1/sign-in",
    "/v1/session",
    "/v1/members",
    "/v1/keys",
    "/v1/relays",
)


def is_public(path: str) -> bool:
    """Whether it is an operation that anybody may read, from whatever page."""
    return path.startswith(_PUBLIC) and not is_secret(path)


def is_secret(path: str) -> bool:
    """Whether its answer is for who asks alone: a draft, a session, members, a key."""
    return any(path == each or path.startswith(each + "/") for each in _SECRET)

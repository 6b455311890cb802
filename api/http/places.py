"""Which addresses are everybody's to read, and which are secrets of those who were given the link."""

_PUBLIC = ("/v1/", "/problems", "/healthz", "/readyz", "/metrics", "/openapi.json")
_SECRET = ("/drafts", "/v1/agreements/drafts")


def is_public(path: str) -> bool:
    """Whether it is an operation that anybody may read, from whatever page."""
    return path.startswith(_PUBLIC) and not is_secret(path)


def is_secret(path: str) -> bool:
    """Whether its address or its answer holds a draft's link, by which the draft can be read and signed."""
    return any(path == each or path.startswith(each + "/") for each in _SECRET)

"""What somebody wrote on chain, as it may be shown: it moves no terminal, hides nothing, and ends."""

_LONGEST = 60


def shown(text: str) -> str:
    """The text without what cannot be seen, cut after 60 characters."""
    seen = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
    return seen if len(seen) <= _LONGEST else f"{seen[:_LONGEST]}…"

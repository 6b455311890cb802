"""Names compared as people read them: ``Société`` is the same name however its accents are encoded."""

import unicodedata


def name_key(text: str) -> str:
    """What two ways to write one name have in common: compatibility forms, case, white space and characters
    that nobody sees do not matter.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(_without_unseen(folded).split())


def as_seen(text: str) -> str:
    """A text in the one way in which it is stored: without characters that nobody sees, which would make
    another id of an id, its accents composed, and no white space around it.
    """
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", _without_unseen(text)).strip()


def _without_unseen(text: str) -> str:
    if text.isascii():
        return text
    return "".join(character for character in text if unicodedata.category(character) != "Cf")

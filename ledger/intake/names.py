"""Names compared as people read them: ``Société`` is the same name however its accents are encoded."""

import unicodedata


def name_key(text: str) -> str:
    """What two ways to write one name have in common: compatibility forms, case, white space and characters
    that nobody sees do not matter.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if not folded.isascii():
        folded = "".join(character for character in folded if unicodedata.category(character) != "Cf")
    return " ".join(folded.split())

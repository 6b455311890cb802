"""Names compared as people read them: ``Société`` is the same name however its accents are encoded."""

import unicodedata


def name_key(text: str) -> str:
    """What two ways to write one name have in common: compatibility forms, case and white space do not
    matter.
    """
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())

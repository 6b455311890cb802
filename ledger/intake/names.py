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


_TWINS = str.maketrans(
    {
        **dict(zip("авекмнорстухіјѕԁԛԝһӏьз", "abekmhopctyxijsdqwhlb3", strict=True)),
        **dict(zip("αβεικνορτυχωγηµ", "abeikvoptuxwynu", strict=True)),
        **dict(zip("01i|5", "ollls", strict=True)),
        "&": "and",
        "\N{LATIN SMALL LETTER DOTLESS I}": "l",
        "ß": "ss",
    }
)
"""Characters that are taken for others: Cyrillic and Greek ones, and digits, beside Latin letters."""


def likeness(text: str) -> str:
    """What names have in common that a person takes for one another: look-alike characters, accents, and
    whatever is neither letter nor digit do not matter. Names that differ in it may still be confused.
    """
    folded = unicodedata.normalize("NFKD", name_key(text))
    plain = "".join(each for each in folded if not unicodedata.combining(each)).translate(_TWINS)
    return "".join(filter(str.isalnum, plain)).replace("rn", "m").replace("vv", "w")

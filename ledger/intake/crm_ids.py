"""Ids as CRMs and billing systems write them, and as other programs damage them.

Salesforce's are 15 characters in which case matters, or 18, of which the last three say the case of the
others. Other CRMs have ids of any form.
"""

import re

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_OPPORTUNITY = "006"
"""What the ids of Salesforce's opportunities begin with."""
_EXPONENT = re.compile(r"[0-9]+(?:[.,][0-9]+)?E[+-][0-9]+|[0-9]+[.,][0-9]+E[0-9]+", re.IGNORECASE)
_DECIMALS = re.compile(r"[0-9]{6,}[.,]0+")
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E[+-][0-9]{2,3}", re.IGNORECASE)
_KEPT = 15
"""How many digits of a number a spreadsheet keeps; the others become zeros."""
_ROUNDED = re.compile(rf"[1-9][0-9]{{{_KEPT - 1}}}0{{3,}}")
_WIDEST = 16
"""Digits of the widest number that is filled up with zeros."""
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|NUM!|NULL!|DIV/0!|SPILL!|####*)", re.IGNORECASE)


def opportunity_id(text: str) -> str:
    """The one way to write an opportunity's id: of Salesforce's two forms the one of 15 characters.

    Where all letters are capitals, or none is, the last three characters say how they were. What cannot be
    told comes back as it is.
    """
    if not re.fullmatch(r"[a-zA-Z0-9]{15}[a-zA-Z0-5]{3}", text):
        return text
    given, suffix = text[:15], text[15:].upper()
    if _suffix(given) == suffix:
        return given
    if not text.startswith(_OPPORTUNITY) or not (given == given.upper() or given == given.lower()):
        return text
    repaired = "".join(
        letter.upper() if _ALPHABET.index(suffix[at // 5]) >> at % 5 & 1 else letter.lower()
        for at, letter in enumerate(given)
    )
    # A bit at a digit belongs to another id.
    return repaired if _suffix(repaired) == suffix else text


def row_damage(text: str) -> str:
    """Why this cannot be the id of a billing report's row any more; empty where nothing is wrong with it."""
    if _ROUNDED.fullmatch(text) or _SHORTENED.fullmatch(text) or _DECIMALS.fullmatch(text):
        return f"{text!r}: a spreadsheet made a number of the id; use the file as it was exported"
    if "\ufffd" in text:
        return f"{text!r} has lost a character: use the file as it was exported"
    if not text.isprintable():
        return (
            f"{text!r} has a line break or another control character in it: use the file as it was exported"
        )
    return f"{text!r} is a spreadsheet's error, not an id" if _ERROR.fullmatch(text) else ""


def spelled_otherwise(text: str) -> set[str]:
    """How a spreadsheet or another program may have written the same id before, or write it the next time."""
    found = {text.lower(), text.upper()}
    digits = re.fullmatch(r"0*([0-9]+?)(?:[.,]0+)?", text)
    if digits is not None:
        number = digits.group(1)
        found |= {f"{number}.0", f"{number},0", *(number.zfill(width) for width in range(1, _WIDEST + 1))}
        if len(number) > _KEPT:
            found.add(number[:_KEPT].ljust(len(number), "0"))
    return found - {text}


def damage(text: str) -> str:
    """Why this cannot be an opportunity's id any more, in words; empty where nothing is wrong with it."""
    if _EXPONENT.fullmatch(text) or _DECIMALS.fullmatch(text):
        return f"{text!r}: a spreadsheet made a number of the id; use the file as it was exported"
    if "\ufffd" in text:
        return f"{text!r} has lost a character: use the file as it was exported"
    if _ERROR.fullmatch(text):
        return f"{text!r} is a spreadsheet's error, not an id"
    if not re.fullmatch(r"006[a-zA-Z0-9]{9,18}", text) or text.isdigit():
        return ""
    if len(text) not in (15, 18):
        return (
            f"{text!r} has {len(text)} characters, a Salesforce id has 15 or 18: some were cut off or added"
        )
    if len(opportunity_id(text)) == 18:
        return (
            f"{text!r}: its last three characters do not fit the case of the others; the case of its letters "
            "was changed, or one was mistyped"
        )
    return ""


def _suffix(fifteen: str) -> str:
    """Salesforce's check characters: which of each five characters are upper case, as a letter or digit."""
    chunks = (fifteen[start : start + 5] for start in (0, 5, 10))
    return "".join(
        _ALPHABET[sum(1 << at for at, letter in enumerate(chunk) if letter.isupper())] for chunk in chunks
    )

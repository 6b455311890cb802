"""What a name and a link must be that everybody will read: asked by whoever puts one on the ledger.

The contracts bound their bytes alone. What cannot be seen, or is run where it is clicked, is refused before.
"""

import re
import unicodedata

MAX_NAME, MAX_URI = 100, 300
"""Bytes of UTF-8, as in the contracts."""
_WEB_ADDRESS = re.compile(r"(https?|ipfs|ar)://[^/\s]\S*", re.IGNORECASE)


def name_fault(name: str) -> str | None:
    """What is wrong with a public name, as the rest of a sentence; ``None`` where nothing is."""
    size = len(name.encode("utf-8", "surrogatepass"))
    if not 1 <= size <= MAX_NAME:
        return f"must be 1 to {MAX_NAME} bytes of UTF-8, and has {size}"
    if not _is_visible(name):
        return "has characters that cannot be seen"
    return None


def uri_fault(uri: str) -> str | None:
    """What is wrong with a link, as the rest of a sentence; ``None`` where nothing is, as with none."""
    if len(uri.encode("utf-8", "surrogatepass")) > MAX_URI:
        return f"must be at most {MAX_URI} bytes of UTF-8"
    if uri and not (_WEB_ADDRESS.fullmatch(uri) and _is_visible(uri)):
        return "must be a whole web address that begins with https://, http://, ipfs:// or ar://"
    return None


def _is_visible(text: str) -> bool:
    return all(unicodedata.category(character)[0] != "C" for character in text)

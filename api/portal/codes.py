"""Reason codes as people read them, and numbers with one kind of minus sign."""

import re

MINUS = "\u2212"


def words(code: str) -> str:
    """``EARLIER_DEAL`` -> ``earlier deal``; what is not written as a code stays as it is."""
    is_code = code.isupper() and code.replace("_", "").isalnum() and not code.startswith("0X")
    return code.replace("_", " ").lower() if is_code else code


def minus(number: str) -> str:
    """A number in text with the sign that is as wide as a plus."""
    return MINUS + number[1:] if number.startswith("-") else number


def signed(number: int) -> str:
    """A whole number, always with its sign."""
    return minus(f"{number:+,}")


def blanks(sentence: str) -> str:
    """An action's sentence with its fields' names where their values will be: ``Pay [amount] to …``."""
    return re.sub(r"\{(\w+)\}", lambda found: f"[{found[1].replace('_', ' ')}]", sentence)


def event(name: str) -> str:
    """``PaymentReceived`` -> ``Payment received``."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).capitalize()

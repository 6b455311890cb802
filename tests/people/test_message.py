"""Sign-in messages: read as others write them, refused by the part at fault, and in no time."""

import time

import pytest
from siwe import SiweMessage

from ledger.people import message, nonces
from ledger.people.message import MessageInvalid

ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
OURS = message.compose(
    "https://ledger.example",
    ADDRESS,
    chain_id=31337,
    nonce="ab" * 33,
    issued_at=1_790_000_000,
    expires_at=1_790_000_600,
)


def test_what_we_write_the_reference_library_reads() -> None:
    read = SiweMessage.from_message(OURS)
    assert (read.domain, read.address, read.uri) == ("ledger.example", ADDRESS, "https://ledger.example")
    assert (read.chain_id, read.nonce, read.statement) == (31337, "ab" * 33, message.STATEMENT)
    assert read.prepare_message() == OURS
    assert message.parse(OURS).expires_at == 1_790_000_600


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"statement": "I accept."},
        {"scheme": "https"},
        {"expiration_time": "2026-09-21T14:23:20.123456789Z", "not_before": "2026-09-21T16:13:20+02:00"},
        {"request_id": "7"},
        {"request_id": ""},
        {"resources": []},
        {"resources": ["https://a.example/x", "ipfs://bafy"]},
    ],
)
def test_what_the_reference_library_writes_we_read(more: dict[str, str]) -> None:
    made = SiweMessage(
        domain="ledger.example:8443",
        address=ADDRESS,
        uri="https://ledger.example:8443/login?x=1",
        version="1",
        chain_id=1,
        issued_at="2026-09-21T14:13:20.000Z",
        nonce="12345678",
        **more,
    )
    read = message.parse(made.prepare_message())
    assert (read.domain, read.address, read.chain_id, read.nonce) == (
        "ledger.example:8443",
        ADDRESS,
        1,
        "12345678",
    )
    assert (read.scheme, read.issued_at) == (more.get("scheme"), 1_790_000_000)
    if "not_before" in more:
        assert read.not_before == 1_790_000_000
        assert read.expires_at == pytest.approx(1_790_000_600.123456)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (OURS + "\n", "form of EIP-4361"),
        (OURS.replace("\n", "\r\n"), "form of EIP-4361"),
        (OURS.replace("Version: 1", "Version: 2"), "version 1"),
        (OURS.replace("0x7099", "0x7o99"), "form of EIP-4361"),
        (OURS.replace("79C8", "79c8"), "checksum"),
        (OURS.replace("Nonce: ababab", "Nonce: ab ab"), "form of EIP-4361"),
        (OURS.replace("T14:", "T34:", 1), "a time that is none"),
        (OURS.replace("Sign in to", "Sign in to\nURI: https://evil.example\n"), "form of EIP-4361"),
        (OURS.replace("Sign in to", "Sign in \u202eto"), "form of EIP-4361"),
        (OURS.replace("Chain ID: 31337", "Chain ID: ٣"), "form of EIP-4361"),
        ("", "form of EIP-4361"),
        ("x" * 5_000, "2,000 characters at most"),
    ],
)
def test_what_is_no_message_is_refused(changed: str, why: str) -> None:
    with pytest.raises(MessageInvalid, match=why):
        message.parse(changed)


def test_hostile_text_is_read_in_time_that_grows_with_its_length() -> None:
    """The reference library takes 20 seconds for the first of these, twice as long."""
    begun = time.process_time()
    for filler in ("a", "1.", "%41", "a:", "- https://a/\n", "[", "Nonce: ", "\n", "Resources:\n- "):
        long = filler * (1_400 // len(filler))
        for place in ("ledger.example", "https://ledger.example", message.STATEMENT, "31337", "Issued At"):
            with pytest.raises(MessageInvalid):
                message.parse(OURS.replace(place, long, 1) + "!\n")
    assert time.process_time() - begun < 2


def test_a_nonce_is_the_servers_own_for_ten_minutes() -> None:
    key, now = b"k" * 32, 1_790_000_000
    nonce = nonces.new(key, now)
    nonces.require_own(key, nonce, now + 599)
    flipped = nonce[:-1] + ("0" if nonce[-1] != "0" else "1")
    older = f"{now + 60:010x}" + nonce[10:]
    for other, at in ((nonce, now + 600), (nonce, now - 1), (flipped, now), (older, now), ("12345678", now)):
        with pytest.raises(nonces.NonceRefused):
            nonces.require_own(key, other, at)
    with pytest.raises(nonces.NonceRefused):
        nonces.require_own(b"o" * 32, nonce, now)
    assert nonces.new(key, now) != nonce

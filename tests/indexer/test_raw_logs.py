"""Answers with logs: what is wanted of each is read, and all else is left as it came."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.indexer.raw_logs import RawLog, fault, read_logs

FIELDS = {
    "address": "address",
    "topics": "topics",
    "data": "data",
    "blockNumber": "block_number",
    "blockHash": "block_hash",
    "transactionHash": "transaction_hash",
    "transactionIndex": "transaction_index",
    "logIndex": "log_index",
}
LOG = dict.fromkeys(FIELDS, "0x12") | {"topics": ["0x34", "0x56"], "removed": False, "blockTimestamp": 7}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def answered(result: Any, **more: Any) -> Any:
    return read_logs(orjson.dumps({"jsonrpc": "2.0", "id": 1, "result": result} | more))


@given(
    st.lists(st.fixed_dictionaries({name: st.text() for name in FIELDS} | {"topics": st.lists(st.text())}))
)
def test_logs_are_read_as_they_are(logs: list[dict[str, Any]]) -> None:
    read = answered([log | {"removed": False} for log in logs])["result"]
    assert [{name: getattr(log, field) for name, field in FIELDS.items()} for log in read] == [
        log | {"topics": tuple(log["topics"])} for log in logs
    ]


@given(st.sampled_from(list(FIELDS)), JSON)
def test_a_log_that_is_none_is_left_as_it_came(name: str, value: Any) -> None:
    is_one = isinstance(value, str) if name != "topics" else isinstance(value, list)
    if is_one and all(isinstance(each, str) for each in value):
        return
    without = {key: each for key, each in LOG.items() if key != name}
    for bad in (LOG | {name: value}, without):
        assert answered([LOG, bad])["result"] == [LOG, bad]


@given(JSON)
def test_what_is_no_list_of_logs_is_left_as_it_came(value: Any) -> None:
    read = answered(value)
    assert read["result"] == value


def test_an_error_is_kept_beside_a_result() -> None:
    assert answered([LOG], error={"code": -32005})["error"] == {"code": -32005}
    assert read_logs(b'{"error": {"code": 3}}') == {"error": {"code": 3}}
    (log,) = answered([LOG], error=None)["result"]
    assert isinstance(log, RawLog)


def test_the_first_that_is_no_log_is_said() -> None:
    logs = answered([LOG, LOG | {"transactionIndex": None}])["result"]
    assert fault(logs) == "Expected `str`, got `null` - at `$.transactionIndex`"
    assert "blockHash" in fault([LOG, {name: LOG[name] for name in LOG if name != "blockHash"}])


def test_what_is_nested_too_deeply_is_an_error() -> None:
    """Of JSON, like any other: nothing that would end an indexer."""
    for name in ("x", "error"):
        deep = b"[" * 5_000 + b"]" * 5_000
        with pytest.raises(ValueError, match=r"\w"):
            read_logs(b'{"result": [], "' + name.encode() + b'": ' + deep + b"}")


@pytest.mark.parametrize("answer", [b"", b"[", b'{"result": [', b"\xff", b"<html>"])
def test_what_is_no_json_is_an_error(answer: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_logs(answer)

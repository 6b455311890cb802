"""What a file says of itself is taken from it; a damaged one is named for what it is, by line."""

from dataclasses import replace
from pathlib import Path

import pytest

from ledger.errors import LedgerError
from ledger.intake.problems import IntakeRejected
from ledger.intake.table import MAX_ROWS, Layout, read_table
from ledger.intake.text_file import Encoding

LAYOUT = Layout("billing", {"id": "id", "amount": "Amount"})


def _read(folder: Path, data: bytes) -> list[list[str]]:
    path = folder / "report.csv"
    path.write_bytes(data)
    table = read_table(path, LAYOUT)
    assert table.problems == []
    return [row.cells for row in table.rows]


@pytest.mark.parametrize(
    "data",
    [
        b"id,Amount\na,1\n",
        b"\xef\xbb\xbfid,Amount\r\na,1\r\n",
        b' ID , AMOUNT \n"a" ,\t1 \n\n\n',
        b"id,Amount\na,1",
    ],
)
def test_marks_line_ends_and_white_space_do_not_matter(tmp_path: Path, data: bytes) -> None:
    if data.startswith(b' ID , AMOUNT \n"a" '):
        data = data.replace(b'"a" ', b"a ")
    assert _read(tmp_path, data) == [["a", "1"]]


@pytest.mark.parametrize(
    ("data", "line", "column", "reason"),
    [
        (b"", 0, "", "the file is empty"),
        (b"id,Amount\na,1\ncaf\xe9,2\n", 3, "", "byte 0xe9 is not UTF-8"),
        (b"i\x00d\x00,\x00\n\x00", 1, "", "state billing.encoding: utf-16"),
        (b"\xff\xfei\x00d\x00\x00", 1, "", "byte 0x00 is not utf-16-le"),
        (b"PK\x03\x04\xff", 0, "", "a workbook, not CSV"),
        (b"\xef\xbb\xbf\n<html><table>", 0, "", "a page of HTML or XML"),
        (b'{"id": 1}', 0, "", "JSON, not CSV"),
        (b"\x1f\x8b\x08", 0, "", "a compressed file"),
        (b"id,Amount\na,\x001\n", 2, "", "zero byte"),
        (b"id,Amount,amount\na,1,2\n", 1, "Amount", "the column is there twice"),
        (b"id,Amount\na,1\nAmount,id\n2,b\n", 3, "", "a second header with other columns"),
        (b"id,Amount\na,1\nid,Fee,Amount\nb,0,2\n", 3, "", "a second header with other columns"),
        (b'id,Amount\na,"1"2\n', 2, "", "quotes are broken"),
        (b'id,Amount\na,1\nb,"2\n', 3, "", "quotes are broken"),
    ],
)
def test_a_damaged_file_is_refused_by_line_column_and_reason(
    tmp_path: Path, data: bytes, line: int, column: str, reason: str
) -> None:
    with pytest.raises(IntakeRejected) as rejected:
        _read(tmp_path, data)
    (problem,) = rejected.value.problems
    assert (problem.file, problem.line, problem.column) == ("report.csv", line, column)
    assert reason in problem.reason


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="No such file"):
        read_table(tmp_path / "none.csv", LAYOUT)


def test_rows_that_are_too_long_are_all_told_and_the_others_read(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text('id,Amount\na,1\nb\nc,"1\n2"\nd,1,2\ne,5,,\n')
    table = read_table(path, LAYOUT)
    told = "the row has 3 cells, the header 2: a cell with a separator in it must be in quotes"
    assert [(problem.line, problem.reason) for problem in table.problems] == [(6, told)]
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, ["a", "1"]),
        (3, ["b", ""]),
        (4, ["c", "1\n2"]),
        (7, ["e", "5"]),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"id;Amount\na;1\n",
        b"id\tAmount\na\t1\n",
        b"id|Amount\na|1\n",
        b"sep=;\r\nid;Amount\r\na;1\r\n",
        b'"sep=,"\nid,Amount\na,1\n',
        b"sep=,,,\nid,Amount\na,1\n",
        b"sep=\t\nid\tAmount\na\t1\n",
        b'"id";"Amount"\n"a";"1"\n',
        b"Balance;all\n\nid;Amount\na;1\n",
        b"id,Amount\na,1\nid,Amount\n",
        b'id,Amount\n"=""a""",="1"\n',
        "id,Amount\n\u200ba\u2060,1\u00ad\ufeff\n".encode(),
        b'\xef\xbb\xbf"id","Amount"\n"a","1"\n\xef\xbb\xbf"id","Amount"\n',
        "id,Amount\na,1\n".encode("utf-16"),
        b"\xfe\xff" + "id;Amount\na;1\n".encode("utf-16-be"),
    ],
)
def test_what_a_file_says_of_itself_is_taken_from_it(tmp_path: Path, data: bytes) -> None:
    assert _read(tmp_path, data) == [["a", "1"]]


def test_lines_count_from_the_files_first(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("sep=;\nTitle\nid;Amount\na;1\nid;Amount\nb;2\n")
    assert [row.line for row in read_table(path, LAYOUT).rows] == [4, 6]


@pytest.mark.parametrize(
    ("encoding", "python"),
    [("windows-1252", "cp1252"), ("iso-8859-1", "latin-1"), ("macintosh", "mac_roman"), ("utf-16", "utf-16")],
)
def test_a_stated_encoding_is_read(tmp_path: Path, encoding: Encoding, python: str) -> None:
    path = tmp_path / "report.csv"
    path.write_bytes("id,Amount\nCafé,1\n".encode(python))
    (row,) = read_table(path, replace(LAYOUT, encoding=encoding)).rows
    assert row.cells[0] == "Café"


@pytest.mark.parametrize(
    ("encoding", "data", "reason"),
    [
        (
            "windows-1252",
            "id,Amount\nCafé,1\n".encode(),
            "is UTF-8, not windows-1252: leave out billing.encoding",
        ),
        ("windows-1252", b"id,Amount\n\x81\xe9,1\n", "byte 0x81 is not windows-1252"),
        ("iso-8859-1", b"id,Amount\n\x80\xe9,1\n", "is it windows-1252?"),
    ],
)
def test_a_wrongly_stated_encoding_is_told(
    tmp_path: Path, encoding: Encoding, data: bytes, reason: str
) -> None:
    path = tmp_path / "report.csv"
    path.write_bytes(data)
    with pytest.raises(IntakeRejected) as rejected:
        read_table(path, replace(LAYOUT, encoding=encoding))
    assert reason in str(rejected.value.problems[0])


def test_a_missing_column_is_told_with_those_that_are_there_and_the_profile_that_fits(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("Number;Gross;Text\n1;2;x\n")
    profiles = {"shop": frozenset({"number", "GROSS"}), "other": frozenset({"Number", "Nothing"})}
    with pytest.raises(IntakeRejected) as rejected:
        read_table(path, replace(LAYOUT, profiles=profiles))
    assert [str(problem) for problem in rejected.value.problems] == [
        "report.csv:1: the report has the columns: Number, Gross, Text (separated by ;); it looks like the "
        "profile shop: state billing.profile: shop",
        "report.csv:1: Amount: the column is missing; if it has another name, state billing.columns.amount",
        "report.csv:1: id: the column is missing; if it has another name, state billing.columns.id",
    ]


def test_the_notice_under_a_crm_report_is_no_row(tmp_path: Path) -> None:
    data = b'"id","Amount"\n"a","1"\n\n"Grand Totals (1 records)"\n\n"Confidential"\n"Generated By: Desk"\n'
    assert _read(tmp_path, data) == [["a", "1"]]


def test_more_than_100_000_rows_are_refused(tmp_path: Path) -> None:
    rows = "".join(f"{number},1\n" for number in range(MAX_ROWS))
    assert len(_read(tmp_path, f"id,Amount\n{rows}".encode())) == MAX_ROWS
    with pytest.raises(IntakeRejected, match="1 problem") as rejected:
        _read(tmp_path, f"id,Amount\n{rows}x,1\n".encode())
    assert rejected.value.problems[0].line == MAX_ROWS + 2
    assert "more than 100,000 rows" in rejected.value.problems[0].reason

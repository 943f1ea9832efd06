"""Text in other encodings than UTF-8 is recognised by its letters, said with its evidence, and can be chosen."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadconnect.files.reading.delimited.charsets import CHARSETS, charset_named
from leadconnect.files.reading.delimited.encoding import known_encoding
from leadconnect.files.reading.errors import UnreadableFile
from leadconnect.files.reading.rejects import Rejected, read_again, write_rejects
from tests.files.reading.making import cells, opened

POLISH = ["Łukasz Żółć;Kraków", "Małgorzata Wójcik;Łódź", "Paweł Zieliński;Poznań"]
CZECH = ["Petr Šilhavý;Plzeň", "Jiří Dvořák;Příbram"]
HUNGARIAN = ["Nagy Ernő;Győr", "Tóth Béla;Székesfehérvár", "Szűcs Zsófia;Pécs"]
RUSSIAN = ["Владимир Ёлкин;Москва", "Ольга Смирнова;Казань"]
GREEK = ["Γιώργος Παπαδόπουλος;Αθήνα", "Μαρία Νικολάου;Πάτρα"]
TURKISH = ["Gülşen Yıldız;İstanbul", "Çağrı Öztürk;Eskişehir"]
HEBREW = ["משה כהן;תל אביב", "שרה לוי;ירושלים"]
ARABIC = ["محمد أحمد;الرياض", "فاطمة علي;القاهرة"]
CHINESE = ["王小明;示例公司", "李雷;测试"]
TAIWANESE = ["陳怡君;台北市", "林志明;高雄"]
JAPANESE = ["山田 太郎;サンプル株式会社", "佐藤 花子;能登表示ソ"]
KOREAN = ["김철수;서울특별시", "박영희;부산"]
GERMAN = ["Jörg Groß;Köln", "Zoë Müller;Düsseldorf"]
FRENCH = ["François Lefèvre;Orléans", "Hélène Côté;Besançon"]
PORTUGUESE = ["João Conceição;São Paulo", "Inês Magalhães;Évora"]


@pytest.mark.parametrize(
    ("rows", "codec"),
    [
        (POLISH, "cp1250"), (POLISH, "iso8859-2"), (POLISH, "cp852"), (CZECH, "cp1250"), (CZECH, "iso8859-2"),
        (HUNGARIAN, "cp1250"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (RUSSIAN, "cp866"), (GREEK, "cp1253"),
        (GREEK, "iso8859-7"), (TURKISH, "cp1254"), (HEBREW, "cp1255"), (ARABIC, "cp1256"), (CHINESE, "gbk"),
        (CHINESE, "gb18030"), (TAIWANESE, "big5"), (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp"), (KOREAN, "euc_kr"),
        (GERMAN, "cp1252"), (GERMAN, "cp850"), (GERMAN, "cp437"), (GERMAN, "mac-roman"), (FRENCH, "cp1252"),
        (FRENCH, "cp850"), (FRENCH, "mac-roman"), (PORTUGUESE, "cp1252"), (PORTUGUESE, "cp850"),
        (["Müller;030 1234567"], "cp850"), (["Michał;1"], "cp1250"), (["René;2"], "cp1252"),
        (["JÜRGEN GROSS;1", "BÄCKER;2"], "cp850"), (["ИВАНОВ ПЁТР;1"], "cp1251"), (["ИВАНОВ ПЁТР;1"], "koi8-r"),
    ],
)  # fmt: skip
def test_short_files_are_read_in_the_encoding_of_their_letters(rows: list[str], codec: str) -> None:
    text = "Name;City\n" + "".join(f"{row}\n" for row in rows)
    data = text.encode(codec)
    source = opened(data)
    records = list(source.records())
    assert [";".join(record.cells) for record in records] == rows
    assert [data[record.start : record.end].decode(codec) for record in records] == [f"{row}\n" for row in rows]
    assert "read as " + source.described.encoding in source.described.warnings[0]
    assert source.described.encoding_evidence.startswith("It is not valid UTF-8; the other letters are those of ")


def test_a_header_in_the_encoding_is_read_too() -> None:
    source = opened("Имя;Телефон\nВладимир Ёлкин;1\n".encode("cp1251"))
    assert source.described.header == ["Имя", "Телефон"]


def test_the_languages_of_the_account_settle_what_letters_leave_open() -> None:
    data = "Name;City\nDvořák;x\n".encode("cp1250")
    assert opened(data, languages=("cs",)).described.encoding_is_sure
    swedish = "Name;City\nÅsa Björk;Göteborg\nÖrjan Sjöström;Malmö\n".encode("cp850")
    assert cells(swedish, languages=("sv",))[1] == ["Örjan Sjöström", "Malmö"]


def test_a_doubtful_encoding_is_shown_with_the_lines_that_it_and_the_others_give() -> None:
    source = opened("Name;City\nAnn;Rome\nPeña;x\n".encode("mac-roman"))
    described = source.described
    assert not described.encoding_is_sure
    assert len(described.encoding_candidates) > 1
    assert described.encoding_candidates[0].encoding == described.encoding
    shown = {candidate.encoding: candidate.lines for candidate in described.encoding_candidates}
    assert shown["Mac Roman"] == ("Peña;x",)
    assert len({len(lines) for lines in shown.values()}) == 1


def test_an_encoding_can_be_chosen() -> None:
    data = "Name;City\nPeña;x\n".encode("mac-roman")
    source = opened(data, encoding="Mac Roman")
    assert [record.cells for record in source.records()] == [["Peña", "x"]]
    assert (source.described.encoding, source.described.encoding_evidence) == ("Mac Roman", "As it was chosen.")
    assert source.described.encoding_is_sure
    assert source.described.warnings == ()
    wide = "Name;City\n李雷;x\n".encode("utf-16-le")
    assert cells(wide, encoding="UTF-16LE") == cells(wide) == [["李雷", "x"]]


def test_bytes_that_the_chosen_encoding_lacks_are_shown_and_remarked_on() -> None:
    source = opened("Name;City\nŁukasz;x\nZoë;y\n".encode("cp1250"), encoding="UTF-8")
    records = list(source.records())
    assert [record.cells for record in records] == [["\ufffdukasz", "x"], ["Zo\ufffd", "y"]]
    assert [change.code for record in records for change in record.changes] == ["other_encoding"] * 2
    with pytest.raises(UnreadableFile, match="The file is not UTF-16LE: byte"):
        opened(b"Name\0\xd8", encoding="UTF-16LE")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_few_lines_in_another_encoding_are_decoded_by_themselves(mark: bytes) -> None:
    lines = [f"Jörg {number};Köln".encode() for number in range(20)]
    lines[7] = "Zoë Müller;Düsseldorf".encode("cp1252")
    data = mark + b"Name;City\n" + b"\n".join(lines) + b"\n"
    source = opened(data)
    records = list(source.records())
    assert (source.described.encoding, source.described.second_encoding) == ("UTF-8", "Windows-1252")
    assert [record.cells[0] for record in records] == [
        *(f"Jörg {number}" for number in range(7)), "Zoë Müller", *(f"Jörg {number}" for number in range(8, 20)),
    ]  # fmt: skip
    assert [at for at, record in enumerate(records) if record.changes] == [7]
    assert records[7].changes[0].code == "other_encoding"
    assert "Some lines are not UTF-8 and were read as Windows-1252; line 9 then says “Zoë" in str(
        source.described.warnings
    )
    begins = [record.start for record in records]
    assert [data[start:end] for start, end in zip(begins, [record.end for record in records], strict=True)] == [
        line + b"\n" for line in lines
    ]


def test_an_odd_line_far_behind_the_first_block_is_found_and_its_rejects_are_utf_8() -> None:
    many = "".join(f"Jörg {number},{number}\n" for number in range(60_000))
    data = f"Name,Phone\n{many}".encode() + "Zoë,1\n".encode("cp1252")
    source = opened(data, row_limit=100_000)
    *_, last = source.records()
    assert last.cells == ["Zoë", "1"]
    assert last.changes
    file = io.BytesIO(data)
    assert read_again(file, source.described, last).cells == last.cells
    rejects = b"".join(write_rejects(file, source.described, [Rejected(last, "It is wrong.")]))
    assert rejects.decode().splitlines()[1] == "Zoë,1,It is wrong.,"


def test_a_row_of_several_lines_of_which_one_is_odd_has_the_remark() -> None:
    data = 'Name,Notes\nJörg,ä\nJosé,"one\n'.encode() + "zwö".encode("cp1252") + b'\nthree"\nAnn,x\n'
    records = list(opened(data).records())
    assert [bool(record.changes) for record in records] == [False, True, False]
    assert records[1].cells == ["José", "one\nzwö\nthree"]


def test_usual_names_of_encodings_are_known() -> None:
    for name, codec in CHARSETS.items():
        assert charset_named(name) == charset_named(name.lower()) == name
        assert charset_named(codec) == name
    usual = {
        "utf8": "UTF-8", "latin-1": "ISO-8859-1", "cp1250": "Windows-1250", "win-1250": None, "GBK": "GB18030",
        "gb2312": "GB18030", "sjis": "Shift_JIS", "big5": "Big5", "macintosh": "Mac Roman", "utf-16": "UTF-16LE",
        "ansi": None, "hex": None, "rot13": None, "": None, "\0": None,
    }  # fmt: skip
    assert {name: charset_named(name) for name in usual} == usual


@given(st.sampled_from(sorted(CHARSETS)), st.binary(max_size=200))
@settings(deadline=None, max_examples=200)
def test_any_bytes_are_read_in_any_chosen_encoding_or_refused(name: str, tail: bytes) -> None:
    data = "Name,Phone\n".encode(CHARSETS[name]) + tail
    try:
        source = opened(data, encoding=name)
        records = list(source.records())
    except UnreadableFile:
        return
    encoding = known_encoding(io.BytesIO(data), source.described.encoding, source.described.second_encoding)
    for record in records:
        assert encoding.text(data[record.start : record.end])
        assert read_again(io.BytesIO(data), source.described, record).cells == record.cells

"""The encodings in which a text file can be read, by the names that people use for them."""

import codecs

CHARSETS = {
    "UTF-8": "utf-8", "UTF-16LE": "utf-16-le", "UTF-16BE": "utf-16-be",
    "Windows-1252": "cp1252", "Windows-1250": "cp1250", "Windows-1251": "cp1251", "Windows-1253": "cp1253",
    "Windows-1254": "cp1254", "Windows-1255": "cp1255", "Windows-1256": "cp1256", "Windows-1257": "cp1257",
    "Windows-874": "cp874", "ISO-8859-1": "iso8859-1", "ISO-8859-2": "iso8859-2", "ISO-8859-5": "iso8859-5",
    "ISO-8859-7": "iso8859-7", "ISO-8859-9": "iso8859-9", "ISO-8859-15": "iso8859-15", "KOI8-R": "koi8-r",
    "KOI8-U": "koi8-u", "Mac Roman": "mac-roman", "IBM850": "cp850", "IBM437": "cp437", "IBM852": "cp852",
    "IBM866": "cp866", "GB18030": "gb18030", "Big5": "cp950", "Shift_JIS": "cp932", "EUC-JP": "euc_jp",
    "EUC-KR": "cp949",
}  # fmt: skip
"""From the name for people to Python's codec."""
WIDE = frozenset({"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"})
"""The codecs whose line breaks are more than one byte."""
MULTIBYTE = frozenset({"gb18030", "cp950", "cp932", "euc_jp", "cp949"})
ALSO = {
    "gbk": "GB18030", "gb2312": "GB18030", "big5": "Big5", "big5hkscs": "Big5", "shift_jis": "Shift_JIS",
    "euc_kr": "EUC-KR", "utf_16": "UTF-16LE", "utf-16": "UTF-16LE", "utf_8_sig": "UTF-8", "ascii": "UTF-8",
    "tis-620": "Windows-874", "iso8859-8": "Windows-1255", "iso8859-6": "Windows-1256", "iso8859-11": "Windows-874",
    "macintosh": "Mac Roman",
}  # fmt: skip
_BY_CODEC = {codecs.lookup(codec).name: name for name, codec in CHARSETS.items()}
_BY_NAME = {name.casefold(): name for name in CHARSETS}


def charset_named(name: str) -> str | None:
    """Return the key of `CHARSETS` that a usual name means, such as ``latin-2``, ``cp1250`` or ``GBK``."""
    text = name.strip().casefold()
    if text in _BY_NAME:
        return _BY_NAME[text]
    try:
        codec = codecs.lookup(text).name
    except (LookupError, ValueError):
        return ALSO.get(text)
    return _BY_CODEC.get(codec) or ALSO.get(codec)

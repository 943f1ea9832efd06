"""In which encoding bytes are that are no UTF-8, by the letters that they then say; enter by `rank`.

Each encoding reads the sample; the text scores by how usual its letters are in a language of the encoding, where
capitals stand, and what letters stand next to. Scores are logarithms of likelihoods, not calibrated.
"""

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from leadconnect.files.reading.delimited.charsets import CHARSETS
from leadconnect.files.reading.delimited.letters import IN_WORDS, LETTERS, SIMPLIFIED, TRADITIONAL

WORDS = re.compile(r"[^\s,;|\t\"0-9@.:/\\()<>=+&-]*[^\x00-\x7f][^\s,;|\t\"0-9@.:/\\()<>=+&-]*")
"""The words of a line that have a character beyond ASCII."""
WORDS_COUNT = 200
SURE = 2.5
"""How much better the best text must score than the next other one to be sure."""
NEAR = 12.0
CANDIDATE_COUNT = 5
PRIOR = {"Windows-1252": 1.5, "Windows-1250": 0.3, "Windows-1251": 0.3, "Windows-1254": 0.3, "ISO-8859-15": -1.0,
         "IBM437": -0.6, "IBM850": -0.4, "IBM852": -0.5, "Mac Roman": -0.4, "ISO-8859-5": -1.0,
         "ISO-8859-2": -0.3, "ISO-8859-7": -0.5, "IBM866": -0.5, "EUC-JP": -0.5}  # fmt: skip
OF_THE_ACCOUNT = 2.5
"""What a language of the account's country counts for."""
PUNCTUATION = frozenset("“”‘’‚„–—…€°·•«»§©®™№´¿¡ºª½¼¾\xa0×")
OPENING, BETWEEN_LETTERS = "“‘‚„«¿¡", "’·"
WITHIN_WORD = -4.0
PUNCTUATION_SCORE, OTHER_LETTER, OTHER_SIGN, CONTROL = -2.0, -6.0, -9.0, -12.0
CAPITAL, CAPITAL_WITHIN, OTHER_SCRIPT = -0.7, -5.0, -5.0


class Ranked(msgspec.Struct, frozen=True):
    """An encoding that reads a sample, the language of the text (a key of `IN_WORDS`), and its score."""

    name: str
    language: str
    score: float
    words: tuple[str, ...]

    @property
    def language_in_words(self) -> str:
        """The English name of the language."""
        return IN_WORDS[self.language]


def rank(lines: Sequence[bytes], languages: Sequence[str] = ()) -> list[Ranked]:
    """Return the encodings that can read `lines`, the likeliest first, one for each text that they then say.

    `languages` are those of the account's country (ISO 639-1).
    """
    found: dict[tuple[str, ...], Ranked] = {}
    for ranked in _all(lines, languages):
        best = found.get(ranked.words)
        if best is None or ranked.score > best.score:
            found[ranked.words] = ranked
    return sorted(found.values(), key=lambda one: -one.score)


def is_sure(ranking: Sequence[Ranked]) -> bool:
    """Return whether the first of a ranking is far enough before the second."""
    return len(ranking) == 1 or (len(ranking) > 1 and ranking[0].score - ranking[1].score >= SURE)


def near(ranking: Sequence[Ranked]) -> list[Ranked]:
    """Return those of a ranking that a person should compare."""
    return [one for one in ranking[:CANDIDATE_COUNT] if ranking[0].score - one.score <= NEAR]


def _all(lines: Sequence[bytes], languages: Sequence[str]) -> Iterator[Ranked]:
    for name in LETTERS:
        words = _words(lines, name)
        if words is None:
            continue
        base = _shape(words)
        for language, letters in LETTERS[name].items():
            score = base + _letters(words, letters) + PRIOR.get(name, 0.0) + OF_THE_ACCOUNT * (language in languages)
            yield Ranked(name, language, score, words)
    for name, (language, scored) in EAST_ASIAN.items():
        words = _words(lines, name)
        if words is not None:
            score = sum(scored(char) for word in words for char in word if char > "\x7f") + _mixed(words)
            bonus = PRIOR.get(name, 0.0) + OF_THE_ACCOUNT * (language.partition("-")[0] in languages)
            yield Ranked(name, language, score + bonus, words)


def _words(lines: Sequence[bytes], name: str) -> tuple[str, ...] | None:
    """Return the words beyond ASCII of the lines as an encoding reads them, ``None`` where it cannot."""
    words: list[str] = []
    try:
        for line in lines:
            words += WORDS.findall(line.decode(CHARSETS[name]))
            if len(words) > WORDS_COUNT:
                break
    except UnicodeDecodeError:
        return None
    return tuple(words) or None


def _letters(words: Sequence[str], letters: str) -> float:
    """Return how usual the letters of `words` beyond ASCII are in a language."""
    spread = 2.5 if len(letters) > 18 else 1.0
    scores = {letter: -0.3 - spread * at / len(letters) for at, letter in enumerate(letters)}
    total = 0.0
    for word in words:
        is_capitals = len(word) > 1 and word.isupper()
        total += CAPITAL if is_capitals else 0.0
        for char in word:
            if char <= "\x7f" or char in PUNCTUATION:
                continue
            known = scores.get(char)
            if known is None and (lower := char.lower()) in scores:
                known = scores[lower] + (0.0 if is_capitals else CAPITAL)
            total += known if known is not None else OTHER_LETTER * char.isalpha()
    return total


def _shape(words: Sequence[str]) -> float:
    """Return what stands against `words` whatever their language: signs, capitals within words, mixed scripts."""
    total = 0.0
    for word in words:
        before = ""
        for at, char in enumerate(word):
            after = word[at + 1 : at + 2]
            if char > "\x7f":
                total += _sign(before, char, after)
            if _is_letter(char) and before and _is_letter(before):
                is_odd = char.isupper() and (before.islower() or after.islower())
                total += CAPITAL_WITHIN * (is_odd and max(char, before) > "\x7f")
                total += OTHER_SCRIPT * ((before < "\u0250") != (char < "\u0250"))
            before = char
    return total


def _is_letter(char: str) -> bool:
    return char.isalpha() or "\u0e30" <= char <= "\u0e4e"  # the vowels and tones of Thai, which are marks


def _sign(before: str, char: str, after: str) -> float:
    if _is_letter(char):
        return 0.0
    if char in PUNCTUATION:
        is_within = (before.isalpha() and char in OPENING) or (
            after.isalpha() and char not in OPENING and char not in BETWEEN_LETTERS
        )
        return PUNCTUATION_SCORE + WITHIN_WORD * is_within
    return OTHER_SIGN if char.isprintable() else CONTROL


def _mixed(words: Sequence[str]) -> float:
    """Return what stands against East Asian characters next to Latin letters."""
    pairs = ((word[at], word[at + 1]) for word in words for at in range(len(word) - 1))
    return sum(
        OTHER_SCRIPT for one, other in pairs if (one <= "\x7f") != (other <= "\x7f") and (one + other).strip("-_'")
    )


def _hanzi(common: frozenset[str], codec: str, last_usual: int) -> Callable[[str], float]:
    def scored(char: str) -> float:
        if char in common:
            return -0.3
        if "\u3000" <= char <= "\u3011" or "\uff00" <= char <= "\uff5e":
            return -2.0
        if not "\u4e00" <= char <= "\u9fff":
            return -9.0
        data = char.encode(codec, "replace")
        return -3.0 if len(data) == 2 and data[0] <= last_usual else -8.0

    return scored


def _japanese(char: str) -> float:
    if "\u3041" <= char <= "\u30fc":
        return -0.6
    if "\uff61" <= char <= "\uff9f":
        return -4.0
    if "\u3000" <= char <= "\u3011" or "\uff00" <= char <= "\uff5e":
        return -2.0
    if not ("\u4e00" <= char <= "\u9fff" or char == "々"):
        return -9.0
    data = char.encode("cp932", "replace")
    return -2.2 if len(data) == 2 and data[0] <= 0x98 else -7.0


def _korean(char: str) -> float:
    if "\uac00" <= char <= "\ud7a3":
        return -1.0 if len(char.encode("euc_kr", "replace")) == 2 else -7.0
    return -2.0 if "\uff00" <= char <= "\uff5e" else -8.0


EAST_ASIAN: dict[str, tuple[str, Callable[[str], float]]] = {
    "GB18030": ("zh", _hanzi(SIMPLIFIED, "gb2312", 0xD7)),
    "Big5": ("zh-Hant", _hanzi(TRADITIONAL, "big5", 0xC6)),
    "Shift_JIS": ("ja", _japanese),
    "EUC-KR": ("ko", _korean),
    "EUC-JP": ("ja", _japanese),
}

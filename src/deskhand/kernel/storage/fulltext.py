"""Words for full text: the same folding fills the index and reads a question, so both databases find the same rows.

The index holds ``indexable`` text (folded words with one space between), so its tokenizer has nothing left to decide:
``tokenize='ascii'`` on SQLite, ``to_tsvector('simple', ...)`` on PostgreSQL.
"""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

WORD_CHARACTERS = 64
INDEXED_CHARACTERS = 200_000
REMEMBERED_CHARACTERS = 65_536

_LONG_WORD = re.compile(f"[^ ]{{{WORD_CHARACTERS + 1}}}")
_ASCII = bytes(ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 32 for code in range(256))

# Letters that readers take for an accented form, but Unicode does not decompose.
_LOOKALIKES = {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "ł": "l", "ŧ": "t"}

# Written without spaces between words (or, Korean, with endings glued on): each character is found by itself.
_ALONE = (
    (0x3041, 0x3096),  # Hiragana
    (0x30A1, 0x30FC),  # Katakana and its length mark
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),  # Hangul syllables
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
_ZERO_WIDTH_SPACE = "\u200b"
_GRAPHEME_JOINER = "\u034f"


class Word(Struct, frozen=True):
    """One word to be found: a folded token, or several with a space between that must stand next to each other.

    ``prefix`` lets the (last) token go on: ``inv`` finds ``invoice``.
    """

    text: str
    prefix: bool = False


class Words(Struct, frozen=True):
    """What a full-text match is given: all words in any order or, if ``adjacent``, in this one with nothing between.

    An adjacent prefix word must be the last.
    """

    words: tuple[Word, ...]
    adjacent: bool = False


def fold(text: str) -> list[str]:
    """The words of a text as they are compared: letters and digits without case and accents, 64 characters at most.

    Chinese, Japanese and Korean characters are a word each. Folding folded words again changes nothing.
    """
    folded = _spread(text)
    words = folded.split()
    if len(folded) > WORD_CHARACTERS and _LONG_WORD.search(folded):
        words = [word[:WORD_CHARACTERS] for word in words]
    return words


def spread(text: str) -> str:
    """A piece of a text folded, but with single spaces kept at its ends where a word ends there, for wildcards."""
    folded = _spread(text)
    words = " ".join(folded.split())
    if not words:
        return " " if text else ""
    return (" " if folded[0] == " " else "") + words + (" " if folded[-1] == " " else "")


def indexable(text: str, limit: int = INDEXED_CHARACTERS) -> str:
    """What the index keeps of a text: its folded words with one space between, at most ``limit`` characters.

    Words beyond the limit are left out whole; of the text itself at most twice as much is read.
    """
    words = " ".join(fold(text[: 2 * limit]))
    if len(words) <= limit:
        return words
    return words[: limit + 1].rpartition(" ")[0]


def to_fts5(words: Words) -> str:
    """The match expression for SQLite FTS5; no words give one that finds nothing."""
    parts = [_quoted(word.text, '"') + ("*" if word.prefix else "") for word in words.words]
    return (" + " if words.adjacent else " AND ").join(parts) or '""'


def to_tsquery(words: Words) -> str:
    """The text for PostgreSQL's ``to_tsquery('simple', ...)`` (or a cast); no words give one that finds nothing."""
    parts = []
    for word in words.words:
        tokens = [_quoted(token, "'") for token in word.text.split()]
        if tokens:
            parts.append(" <-> ".join(tokens) + (":*" if word.prefix else ""))
    return (" <-> " if words.adjacent else " & ").join(parts)


def _quoted(token: str, quote: str) -> str:
    """A token that no character of it can break out of. Folded text has none of these; this is the second lock."""
    token = token.replace("\0", " ").replace(quote, quote * 2)
    return quote + (token.replace("\\", "\\\\") if quote == "'" else token) + quote


def _spread(text: str) -> str:
    """The text with each character folded and everything that is no part of a word a space."""
    text = text.replace("\xa0", " ")  # often all that keeps a letter from being ASCII
    if text.isascii():
        return text.encode("ascii").translate(_ASCII).decode("ascii")
    # Composed first, for a base and its mark may fold together (half-width kana), and last, for what was taken apart.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).translate(_FOLDED))


def _fold_character(character: str) -> str:
    bare = _without_marks(unicodedata.normalize("NFKD", character)).casefold()
    bare = _without_marks(unicodedata.normalize("NFKD", bare))
    bare = unicodedata.normalize("NFC", "".join(_LOOKALIKES.get(part, part) for part in bare))
    return "".join(_placed(part) for part in bare)


def _placed(character: str) -> str:
    """A character of a word as itself, one that is a word alone between spaces, any other as a space."""
    code = ord(character)
    if any(first <= code <= last for first, last in _ALONE) and character.isalnum():
        return f" {character} "
    if character.isalnum() or unicodedata.category(character) in ("Mn", "Mc"):
        return character
    return " "


def _without_marks(text: str) -> str:
    return "".join(character for character in text if not _is_dropped(character))


def _is_dropped(character: str) -> bool:
    """Whether a character is an accent, a vowel point or invisible; signs that make another letter are kept.

    Classes 10 to 36 are Hebrew, Arabic and Syriac points, 200 and above accents, 1 strokes (Unicode, table of canonical
    combining classes). Class 0 holds the vowel signs of Indic scripts, 7 to 9 nukta, kana voicing and virama: kept.
    """
    category = unicodedata.category(character)
    if category == "Cf":  # soft hyphens and joiners, which mail is full of, do not part words
        return character != _ZERO_WIDTH_SPACE
    if category == "Me" or character == _GRAPHEME_JOINER or _is_variation_selector(ord(character)):
        return True
    kind = unicodedata.combining(character)
    return kind == 1 or 10 <= kind <= 36 or kind >= 200


def _is_variation_selector(code: int) -> bool:
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or 0x180B <= code <= 0x180F


class _Folding(dict[int, str]):
    """Each character's folded form, worked out when it is first met; strange texts cannot make it grow for ever."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < REMEMBERED_CHARACTERS:
            self[code] = folded
        return folded


_FOLDED = _Folding()

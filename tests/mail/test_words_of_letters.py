"""What senders make of charsets and encodings, and what we read nevertheless."""

from deskhand.mail.reading.charsets import decoded
from deskhand.mail.reading.words import base64


def test_characters_that_windows_added_to_japanese_mail_are_read() -> None:
    assert decoded(b"\x1b$B-!#1ET#38)\x1b(B\r\nok", "ISO-2022-JP") == "①１都３県\r\nok"


def test_ordinary_japanese_mail_is_read_as_before() -> None:
    assert decoded("日本語 ABC\r\nカタカナ".encode("iso-2022-jp"), "iso-2022-jp") == "日本語 ABC\r\nカタカナ"


def test_words_behind_the_padding_of_base64_are_not_decoded() -> None:
    assert base64(b"ecO2dMOkIHZhYW4uCg== ignored\n") == "yötä vaan.\n".encode()


def test_blocks_of_base64_that_were_joined_are_both_decoded() -> None:
    assert base64(b"YQ==\nYg==\n") == b"ab"

"""Forms as browsers send them, and as nobody should."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.kernel.errors import Invalid, TooLarge
from deskhand.kernel.http.forms import MOST_PARTS, Sent, read_form

BOUNDARY = "----x"


class FakeRequest:
    """A request of a form, in pieces."""

    def __init__(self, body: bytes, content_type: str) -> None:
        self.headers = {"content-type": content_type}
        self.scope: dict[str, Any] = {"headers": []}
        self._pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)] or [b""]

    async def receive(self) -> dict[str, Any]:
        return {"type": "http.request", "body": self._pieces.pop(0), "more_body": bool(self._pieces)}


async def read(body: bytes, content_type: str = f"multipart/form-data; boundary={BOUNDARY}", **limits: int) -> Sent:
    request: Any = FakeRequest(body, content_type)
    return await read_form(request, limits.get("most", 100_000), file_bytes=limits.get("file", 0))


def part(name: str, content: bytes, filename: str | None = None, kind: str = "text/plain") -> bytes:
    more = f'; filename="{filename}"\r\nContent-Type: {kind}' if filename is not None else ""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


async def test_fields_keep_their_order_and_lose_what_no_text_has() -> None:
    body = part("a", "Grüße\r\nx\0y".encode()) + part("b", b"") + part("a", b"\xff2") + END
    assert (await read(body)).fields == [("a", "Grüße\nxy"), ("b", ""), ("a", "\ufffd2")]
    plain = await read(b"a=1%0D%0A2&b=&a=%003", "application/x-www-form-urlencoded")
    assert plain.fields == [("a", "1\n2"), ("b", ""), ("a", "3")]


async def test_files_come_as_they_are() -> None:
    body = part("f", b"\0\r\n\xff", "ü.png", "image/png") + part("f", b"", "") + END
    (file,) = (await read(body, file=10)).files
    assert (file.name, file.filename, file.mime_type, file.content) == ("f", "ü.png", "image/png", b"\0\r\n\xff")


async def test_what_is_too_large_is_named_and_all_else_kept() -> None:
    body = part("a", b"text") + part("f", b"x" * 90, "a.txt") + part("f", b"x" * 5000, "large.txt") + part("b", b"more") + END
    sent = await read(body, file=100, most=1000)
    assert (sent.fields, [each.filename for each in sent.files]) == ([("a", "text"), ("b", "more")], ["a.txt"])
    assert sent.too_large == ["large.txt"]
    body = b"".join(part("f", b"x" * 40, f"{name}.txt") for name in "abc") + END
    assert (await read(body, file=50, most=100)).too_large == ["c.txt"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (part("f", b"x", "a.txt") + END, Invalid),
        (part("a", b"x"), Invalid),
        (b"nothing of the kind", Invalid),
        (b"", Invalid),
        (b"".join(part(str(at), b"") for at in range(MOST_PARTS + 1)) + END, TooLarge),
        (part("a", b"x" * 100_001) + END, TooLarge),
    ],
    ids=["a file where none is taken", "cut short", "no parts", "empty", "too many", "too much"],
)
async def test_what_is_no_form_of_ours_is_refused(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        await read(body)


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary="])
async def test_a_form_without_a_boundary_is_refused(content_type: str) -> None:
    with pytest.raises(Invalid):
        await read(part("a", b"x") + END, content_type)

"""Letters from people we do not know: nothing in them acts, and nothing in them reaches beyond them."""

from __future__ import annotations

from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhand.kernel.html import (
    ATTRIBUTES,
    PLAIN,
    SCHEMES,
    clean,
    pictures_in,
    plain_text,
    preview,
    with_pictures,
    with_remote_pictures,
)

ATTACKS = """
<script>alert(1)</script>
<ScRiPt>alert(1)</sCrIpT>
<scr<script>ipt>alert(1)</scr</script>ipt>
<script/src=//evil.test></script>
<img src=x onerror=alert(1)>
<img src="x" ONERROR="alert(1)">
<img/src/onerror=alert(1)>
<svg onload=alert(1)>
<svg><script>alert(1)</script></svg>
<svg><animate onbegin=alert(1) attributeName=x dur=1s>
<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>
<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>
<math href="javascript:alert(1)">x</math>
<a href="javascript:alert(1)">x</a>
<a href="JaVaScRiPt:alert(1)">x</a>
<a href=" javascript:alert(1)">x</a>
<a href="java&#9;script:alert(1)">x</a>
<a href="java&#10;script:alert(1)">x</a>
<a href="&#106;avascript:alert(1)">x</a>
<a href="&#x6a;avascript&colon;alert(1)">x</a>
<a href="vbscript:msgbox(1)">x</a>
<a href="data:text/html,<script>alert(1)</script>">x</a>
<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="<script>alert(1)</script>"></iframe>
<object data="javascript:alert(1)"></object>
<embed src="javascript:alert(1)">
<form action="javascript:alert(1)"><input type=submit></form>
<button formaction="javascript:alert(1)">x</button>
<input onfocus=alert(1) autofocus>
<body onload=alert(1)>
<meta http-equiv="refresh" content="0;url=javascript:alert(1)">
<link rel=stylesheet href="javascript:alert(1)">
<base href="javascript:alert(1)//">
<style>@import 'javascript:alert(1)';</style>
<div style="background:url(javascript:alert(1))">x</div>
<p style="position:fixed;inset:0">x</p>
<details open ontoggle=alert(1)>x</details>
<video><source onerror=alert(1)></video>
<marquee onstart=alert(1)>x</marquee>
<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>
<template><script>alert(1)</script></template>
<!--><img src=x onerror=alert(1)>-->
<![CDATA[<script>alert(1)</script>]]>
<p onclick=alert(1)>x</p>
<p/onclick=alert(1)>x</p>
<b onmouseover="alert(1)">x</b>
<br onload=alert(1)>
<a href="//evil.test" target=_top onclick=alert(1)>x</a>
""".strip().splitlines()

HARMLESS_TAGS = ["p", "br", "b", "i", "u", "em", "strong", "div", "ul", "ol", "li", "blockquote", "pre", "code", "span", "h1"]
TEXT = st.text(alphabet=st.sampled_from("aé ß&<>;\"'\n\t漢𝒳\xa0") | st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


class Reader(HTMLParser):
    """What a browser would make of it: tags with attributes, and the text between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[object] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(f"<{tag}>")
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag != "br":
            self._note(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.seen and not str(self.seen[-1]).startswith("<"):
            self.seen[-1] = str(self.seen[-1]) + data
        else:
            self.seen.append(data)
        self.text += data

    def _note(self, tag: str) -> None:
        self.seen.append(tag)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_acts(attack: str) -> None:
    for html in (attack, f"<p>Dear team,</p>{attack}<p>Yours</p>", attack.upper() if "&" not in attack else attack):
        read = Reader(clean(html))

        assert not {tag for tag in read.seen if str(tag)[:7] in ("<script", "<iframe", "<object", "<style>", "<form>", "<svg>")}
        for name, value in read.attributes:
            assert not name.startswith("on")
            assert name not in ("style", "srcdoc", "formaction", "action", "target")
            assert (
                not value.strip().lower().replace("\t", "").replace("\n", "").startswith(("javascript:", "vbscript:", "data:"))
            )


def test_what_people_write_stays() -> None:
    html = '<p>See <a href="https://shop.test/a?b=1&amp;c=2">this</a> and <img src="cid:logo" alt="x"></p><ul><li>one</li></ul>'

    assert Reader(clean(html)).seen == Reader(html).seen


@pytest.mark.parametrize("html", ["</div></div>after", "<b>bold for ever", "<p>a</p></blockquote>", "<ul><li>a</ul>", "a</b>"])
def test_nothing_reaches_beyond_the_letter(html: str) -> None:
    still_open: list[str] = []
    for tag in Reader(clean(html)).seen:
        if str(tag).startswith("</"):
            assert still_open.pop() == str(tag).replace("/", "")
        elif str(tag).startswith("<") and tag != "<br>":
            still_open.append(str(tag))
    assert still_open == []


@given(
    st.recursive(
        TEXT.map(lambda text: text.replace("<", "")),
        lambda inner: st.tuples(st.sampled_from(["b", "em", "span"]), inner).map(
            lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
        ),
    )
)
def test_the_quick_way_says_what_the_thorough_one_says(html: str) -> None:
    if not PLAIN.fullmatch(html):
        return
    thorough = nh3.clean(html, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)

    assert Reader(clean(html)).seen == Reader(thorough).seen


PIECES = [*"<>/ \"'=&;ab\0", "<script", "onerror=", "javascript:", "</p>", "<b>", "<div ", "<!--"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_cleaning_again_changes_nothing_and_leaves_no_handlers(html: str) -> None:
    once = clean(html)

    assert Reader(clean(once)).seen == Reader(once).seen
    assert not [name for name, _ in Reader(once).attributes if name.startswith("on")]


def test_plain_text_is_what_a_reader_sees() -> None:
    assert plain_text("<p>Hello&nbsp;&amp; <b>bye</b></p><p>Second<br>line</p>").split() == [
        "Hello",
        "&",
        "bye",
        "Second",
        "line",
    ]
    assert "alert" not in plain_text("<script>alert(1)</script>x")


def test_a_preview_is_one_line_of_200_characters() -> None:
    assert preview("  a\n\n b   c ") == "a b   c"
    assert len(preview("x" * 1000)) == 200
    assert "\n" not in preview("line\n" * 300)


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("color: red; text-align:center", "color: red; text-align:center"),
        ("background-color: rgb(1, 2, 3)", "background-color: rgb(1, 2, 3)"),
        ("color:red;background-image:url(http://evil.test)", "color:red"),
        ("color: url(http://evil.test/x)", ""),
        ("color: \\75rl(http://evil.test)", ""),
        ("width: expression(alert(1))", ""),
        ("position:fixed;top:0;z-index:9", ""),
        ("border: 1px solid image-set('a.png' 1x)", ""),
        ("font-family: serif, 'b'", "font-family: serif, 'b'"),
    ],
)
def test_a_style_says_only_how_something_looks(style: str, kept: str) -> None:
    found = clean(f"<p style='{style.replace(chr(39), '&#39;')}'>x</p>").replace("&quot;", "'")
    assert found.replace(" ", "") == (f'<pstyle="{kept}">x</p>' if kept else "<p>x</p>").replace(" ", "")


def test_pictures_that_came_with_a_letter_have_addresses() -> None:
    html = clean('<img src="cid:a%40b"><img src="cid:other"><a href="cid:a@b">x</a><p>src="cid:a@b"</p>')
    shown = with_pictures(html, {"a@b": 'https://desk.test/file/1/k/"x"'})
    assert shown.count("https://desk.test/file/1/k/&quot;x&quot;") == 1
    assert 'src="cid:other"' in shown


def test_pictures_are_named_as_they_stand_there_and_with_percent_signs_read() -> None:
    html = "<img src=\"cid:a%40b\"><img src='CID:image10'><img src=cid:c&amp;d>"
    assert pictures_in(html) == {"a%40b", "a@b", "image10", "c&d"}


@pytest.mark.parametrize(
    ("attributes", "blocked"),
    [
        ('width="600" style="border-width:0;line-height:1;min-width:0;"', 1),
        ('style="max-width:1px;"', 1),
        ('width="1" height="1"', 0),
        ('style="width:1px;height:1px;"', 0),
        ('style="display:block; height: 0;"', 0),
    ],
)
def test_remote_pictures_wait_and_what_only_tells_that_it_was_fetched_never_comes(attributes: str, blocked: int) -> None:
    html = clean(f'<img src="https://shop.test/a.png" {attributes}>')
    without, number = with_remote_pictures(html, None)
    assert (number, "src" in without) == (blocked, False)
    assert ("src" in with_remote_pictures(html, str)[0]) is (blocked == 1)


def test_relative_addresses_are_gone() -> None:
    assert "src" not in clean('<img src="/logo.png"><img src="//evil.test/x.png" alt="x">')

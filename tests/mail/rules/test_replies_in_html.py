"""Where a reply ends in HTML: by what mail programs mark, and by the same words as in plain text."""

from __future__ import annotations

import re

import pytest

from deskhand.mail.rules.markup import lines, tags
from deskhand.mail.rules.replies import MARKER, split_html

OLD = "<p>Old words</p>"


def visible(html: str) -> str:
    shown = re.sub(r"<!--.*?-->|<style.*?</style>|<[^>]*>", " ", html[: split_html(html)], flags=re.DOTALL)
    return " ".join(shown.split())


@pytest.mark.parametrize(
    "quotation",
    [
        f'<div class="gmail_quote"><div class="gmail_attr">Ann 3. maj:<br></div><blockquote class="q">{OLD}</blockquote></div>',
        f'<div class="moz-cite-prefix">Ann, dana 3.5.:<br></div><blockquote type="cite" cite="mid:a@b">{OLD}</blockquote>',
        f'<div id="appendonsend"></div><hr><div id="divRplyFwdMsg" dir="ltr"><b>Fra:</b> Ann</div>{OLD}',
        f"<div id=divRplyFwdMsg>{OLD}</div>",
        f'<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt"><p>Whoever</p></div>{OLD}',
        f'<span id="OLK_SRC_BODY_SECTION">{OLD}</span>',
        f'<div id="ydp1" class="yahoo_quoted"><div>Ann, 3. maj:</div>{OLD}</div>',
        f'<div class="protonmail_quote">On 3 May 2021, Ann &lt;a@b.example&gt; wrote:<blockquote>{OLD}</blockquote></div>',
        f"<div>On 3 May 2021, at 10:00, Ann &lt;a@b.example&gt; wrote:</div><blockquote type=cite>{OLD}</blockquote>",
        f"<hr><b>From: </b>Ann &lt;a@b.example&gt;<br><b>Sent: </b>Monday<br><b>To: </b>Bob<br><b>Subject: </b>Tea<br>{OLD}",
        f"<p>-----Original Message-----</p>{OLD}",
        f"<p>{MARKER}</p>{OLD}",
        f"<blockquote type=cite>{OLD}</blockquote>",
        f"<p>On 3 May 2021 Ann &lt;a@b.example&gt; wrote:</p><blockquote>{OLD}</blockquote>",
        f'<blockquote style="border-left:1px solid #0857A6">{OLD}</blockquote>',
        f'<div class="first mail_quote">Whoever: {OLD}</div>',
        "<pre>&gt; Old words\n</pre>",
    ],
)
def test_a_quotation_ends_the_reply(quotation: str) -> None:
    assert visible(f"<html><body><p><b>New</b> words.</p>{quotation}</body></html>") == "New words."
    assert visible(f"<div>New words.<br><br>Mia<br>{quotation}") == "New words. Mia"


def test_the_end_stands_between_tags_and_before_those_of_the_quotation() -> None:
    html = '<div>New.</div><div class="gmail_quote"><div class="gmail_attr">Ann:</div><blockquote>Old</blockquote></div>'

    assert html[: split_html(html)] == "<div>New.</div>"


def test_a_picture_below_the_words_belongs_to_the_reply() -> None:
    html = (
        '<p>See:</p><p><img src="cid:1"></p><div>On 3 May 2021 Ann &lt;a@b.example&gt; wrote:</div><blockquote>Old</blockquote>'
    )

    assert "<img" in html[: split_html(html)]
    assert "<img" in (html := f"See:<br><img src=x><br>-----Original Message-----{OLD}")[: split_html(html)]


def test_answers_between_quotations_are_kept_with_them() -> None:
    quoted = "<blockquote class=q>One?</blockquote><p>Yes.</p><blockquote class=q>Two?</blockquote>"
    html = f'<div class="gmail_quote"><div class="gmail_attr">Ann:</div>{quoted}</div>'

    assert visible(html) == "Ann: One? Yes."


@pytest.mark.parametrize("tag", ["<blockquote>", '<blockquote style="margin:0 0 0 40px;border:none;padding:0px">'])
def test_what_the_writer_set_apart_is_kept(tag: str) -> None:
    assert visible(f"<p>It says:</p>{tag}Error 500</blockquote>") == "It says: Error 500"


def test_answers_between_quotations_that_nobody_marked_are_kept() -> None:
    heading = "<p>On 3 May 2021 Ann &lt;a@b.example&gt; wrote:</p>"
    html = f"<p>Hello</p>{heading}<blockquote>One?</blockquote><p>Yes.</p>"

    assert visible(html).endswith("One? Yes.")


def test_a_signature_is_not_part_of_the_reply() -> None:
    assert visible("<p>New.</p><p>-- <br>Mia<br>Tea and more</p>") == "New."
    assert visible("<p>New.</p><p>Sent from my iPhone</p><blockquote type=cite>Old</blockquote>") == "New."


@pytest.mark.parametrize(
    "html",
    [
        "<p>Only words, 3 &lt; 5.</p>",
        "words without a tag",
        '<div class="gmail_quote"><blockquote>only a quotation</blockquote></div>',
        '<div id="divRplyFwdMsg">only what was sent on</div>',
        "<style>.x{content:'On 3 May 2021 Ann <a@b.example> wrote:'}</style><p>New</p>",
        "<!-- On 3 May 2021 Ann a@b.example wrote: --><p>New</p>",
        '<p class="x_gmail_attr">New</p><p>words</p>',
        "<p>New</p><p>unfinished <b",
        f"<p>New</p><p>{'words ' * 400}</p>",
        "<!DOCTYPE html><p>-----Original Message-----</p><p>From: Ann</p>",
        "",
    ],
)
def test_own_words_are_kept_whole(html: str) -> None:
    assert split_html(html) == len(html)


def test_lines_of_preformatted_text_are_lines() -> None:
    assert visible("<pre>New\n\nOn 3 May 2021 Ann &lt;a@b.example&gt; wrote:\n&gt; Old\n</pre>") == "New"
    assert [each.text for each in lines("<pre>a\n b\n</pre>c\nd")] == ["a", "b", "c d"]


def test_quotations_in_quotations_end_where_they_end() -> None:
    found = [
        (each.text, each.depth) for each in lines("<p>a</p><blockquote>b<blockquote>c</blockquote>d</blockquote></blockquote>e")
    ]

    assert found == [("a", 0), ("b", 1), ("c", 2), ("d", 1), ("e", 0)]


def test_what_scripts_and_comments_contain_is_no_tag() -> None:
    html = "<!DOCTYPE html><p><script>if (a<b) document.write('<blockquote>')</script><!-- <hr> --><br>"

    assert [name for name, _, _ in tags(html)] == ["!", "p", "script", "/script", "!", "br"]
    assert lines("<!DOCTYPE html><?xml version='1.0'?><!-- no -->") == []


def test_text_is_shown_with_its_entities_and_without_needless_space() -> None:
    assert [each.text for each in lines("<p>a&amp;b&nbsp;\n  c</p>d<br>e")] == ["a&b c", "d", "e"]

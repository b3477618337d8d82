"""The texts: every letter can be answered, every fact can be made up, all HTML is whole and escaped."""

import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from deskhand.demo import conversations, world
from deskhand.demo.facts import _MAKERS
from deskhand.demo.files import files, png
from deskhand.demo.letters import agent_html, customer_html, letters, variants
from deskhand.demo.library import Plot, library
from deskhand.demo.model import DemoConversation, ThreadKind

UNTIL = datetime(2026, 3, 4, 11, 16, tzinfo=UTC)
TAG = re.compile(r"</?(?:p|br /|b|ul|li|blockquote|a)>|<a href=\"https://[^\"<>]*\">")
LEFT_OVER = re.compile(r"[{}]|%\(|\[[^\]]*\|")


def all_plots() -> list[Plot]:
    texts = library()
    pools = [texts.plots, texts.spam, texts.outgoing, *texts.foreign.values()]
    return list({plot.situation.name: plot for pool in pools for plot in pool}.values())


@pytest.fixture(scope="module")
def told() -> list[DemoConversation]:
    return list(conversations(world(11), 5000, UNTIL))


def test_there_are_more_than_sixty_situations() -> None:
    assert len(all_plots()) > 60


@pytest.mark.parametrize("plot", all_plots(), ids=lambda plot: plot.situation.name)
def test_every_letter_has_a_subject_and_an_answer_that_fits(plot: Plot) -> None:
    begun_by_us_or_unwanted = not plot.situation.answers
    for opening in plot.openings:
        assert opening.subjects
        assert opening.answers or begun_by_us_or_unwanted
    assert plot.fluent


@pytest.mark.parametrize("plot", all_plots(), ids=lambda plot: plot.situation.name)
def test_every_turn_can_happen_and_every_answer_is_given(plot: Plot) -> None:
    numbers = {answer.number for opening in plot.openings for answer in opening.answers}
    written = list(letters(plot.situation.answers))

    assert len(numbers) == len(written)
    assert all(set(turn.after) <= numbers for turn in plot.turns)


def test_every_tag_is_known() -> None:
    known = {tag.name for tag in world(1).tags}

    assert all(set(plot.situation.tags) <= known for plot in all_plots())


def test_every_file_is_there() -> None:
    for plot in all_plots():
        situation = plot.situation
        assert {situation.customer_file, situation.agent_file} - {""} <= set(files())
        attaches = any(answer.attached for opening in plot.openings for answer in opening.answers)
        assert situation.agent_file or not attaches


def test_every_fact_can_be_made_up() -> None:
    spoken = {"agent", "colleague", "quoted_day", "quoted_time"}
    asked = {fact for text in _strings(library()) for fact in re.findall(r"%\((\w+)\)s", text)}

    assert {fact.removeprefix("a_").removeprefix("A_") for fact in asked} <= set(_MAKERS) | spoken


def test_html_is_escaped_and_of_few_tags(told: list[DemoConversation]) -> None:
    for conversation in told:
        for thread in conversation.threads:
            rest = TAG.sub("", thread.body)
            assert "<" not in rest, thread.body
            assert ">" not in rest, thread.body
            assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#\d+;)", rest), thread.body


def test_html_is_balanced(told: list[DemoConversation]) -> None:
    for conversation in told:
        for thread in conversation.threads:
            balance = Balance()
            balance.feed(thread.body)
            assert balance.open == [], thread.body


def test_nothing_of_the_templates_shows(told: list[DemoConversation]) -> None:
    for conversation in told:
        assert not LEFT_OVER.search(conversation.subject)
        for thread in conversation.threads:
            assert not LEFT_OVER.search(thread.body), thread.body


def test_subjects_are_plain_text(told: list[DemoConversation]) -> None:
    assert not [each.subject for each in told if "&amp;" in each.subject or "<" in each.subject]
    assert all(0 < len(conversation.subject) < 120 for conversation in told)


def test_only_line_items_are_without_a_body(told: list[DemoConversation]) -> None:
    for conversation in told:
        for thread in conversation.threads:
            assert (thread.body == "") == (thread.kind is ThreadKind.LINEITEM) == (thread.action is not None)


def test_an_order_keeps_its_number(told: list[DemoConversation]) -> None:
    for conversation in told:
        letter = conversation.threads[0].body
        numbers = set(re.findall(r"\bK-\d{5,}", letter))
        answers = [thread.body for thread in conversation.threads[1:] if thread.kind is ThreadKind.REPLY]
        for answer in answers:
            said = set(re.findall(r"\bK-\d{5,}", answer))
            assert not numbers or not said or numbers & said or len(said | numbers) <= 2


def test_letters_are_read_with_marks_paragraphs_and_lists() -> None:
    block = """
    * One line
      that goes on.

      A second paragraph:

      - first
      - second
    ?13 A question?
    """

    first, second = letters(block)

    assert (first.mark, first.text) == ("*", "One line that goes on.\n\nA second paragraph:\n\n- first\n- second")
    assert (second.mark, second.after, second.text) == ("?", "13", "A question?")


def test_choices_are_spread_evenly() -> None:
    assert variants("[a|b] [c|d]", 10) == ["a c", "b c", "a d", "b d"]
    some = variants("[a|b|c] [d|e|f] [g|h|i]", 9)
    assert len(set(some)) == 9
    assert {text[0] for text in some} == {"a", "b", "c"}


def test_the_article_fits_the_word(told: list[DemoConversation]) -> None:
    texts = [text for each in told for text in (each.subject, *(thread.body for thread in each.threads))]

    assert not [text for text in texts if re.search(r"\b[Aa] (?:Ostrander|espresso|axle|oak|autumn)\b", text)]


def test_text_becomes_html() -> None:
    assert customer_html("1 < 2 & 3\n\n/ {order}") == "1 &lt; 2 &amp; 3<br /><br />%(order)s"
    assert agent_html("See:\n\n- **one**\n- 50 %") == "<p>See:</p><ul><li><b>one</b></li><li>50 %%</li></ul>"
    assert agent_html("At https://x.example/{order}.") == (
        '<p>At <a href="https://x.example/%(order)s">https://x.example/%(order)s</a>.</p>'
    )


def test_pictures_and_pages_are_valid() -> None:
    picture = png(10, 4, lambda x, y: (x + y) % 16)
    start = picture.index(b"IDAT") + 4
    length = int.from_bytes(picture[start - 8 : start - 4], "big")
    kinds = {file.mime_type: file.content for group in files().values() for file in group}

    assert len(zlib.decompress(picture[start : start + length])) == 4 * 6
    assert kinds["image/png"].startswith(b"\x89PNG\r\n\x1a\n")
    assert kinds["application/pdf"].startswith(b"%PDF-1.4")
    assert all(0 < len(content) < 8000 for content in kinds.values())


class Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        assert tag == "br"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from _strings(each)

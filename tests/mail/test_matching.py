"""To which conversation a letter belongs: each rule, its guard, and what looks alike and is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import changing, merging
from deskhand.kernel.sealing import Seal
from deskhand.mail.marks import Marks, plus
from deskhand.mail.model import Rule
from tests.mail.post import ADDRESS, Post, Seen, letter, words


async def joined(post: Post, first: Seen, *, rule: Rule, **of: Any) -> Seen:
    """A letter that must join the first one's conversation, by a rule."""
    seen = await post.bring(**of)
    assert (seen.conversation_id, seen.rule) == (first.conversation_id, rule)
    return seen


async def apart(post: Post, first: Seen, **of: Any) -> Seen:
    """A letter that must not."""
    seen = await post.bring(**of)
    assert seen.conversation_id not in (None, first.conversation_id), seen
    return seen


@pytest.fixture
async def first(post: Post) -> Seen:
    return await post.bring(Message_ID="<first@mail.test>")


async def test_in_reply_to_names_a_known_letter(post: Post, first: Seen) -> None:
    await joined(post, first, rule=Rule.KNOWN_ID, In_Reply_To="<first@mail.test>")


async def test_one_of_several_ids_in_in_reply_to_suffices(post: Post, first: Seen) -> None:
    await joined(post, first, rule=Rule.KNOWN_ID, In_Reply_To="<strange@x.test> <first@mail.test>")


async def test_what_was_merged_answers_from_where_it_is(post: Post, first: Seen) -> None:
    other = await post.given.conversation()
    assert first.conversation_id is not None
    async with post.given.write(post.given.owner) as tx:
        await merging.merge(tx, first.conversation_id, into=other)
        await merging.unmerge(tx, first.conversation_id)
    await joined(post, first, rule=Rule.KNOWN_ID, In_Reply_To="<first@mail.test>")

    async with post.given.write(post.given.owner) as tx:
        await merging.merge(tx, first.conversation_id, into=other)
    assert (await post.bring(In_Reply_To="<first@mail.test>")).conversation_id == other


async def test_references_name_a_known_letter(post: Post, first: Seen) -> None:
    await joined(post, first, rule=Rule.REFERENCE, References="<first@mail.test> <unknown@x.test>")


async def test_of_references_the_newest_counts(post: Post, first: Seen) -> None:
    other = await post.bring(Message_ID="<other@mail.test>")
    await joined(post, other, rule=Rule.REFERENCE, References="<first@mail.test> <other@mail.test>")


async def test_an_id_that_a_known_letter_named_is_known_by_hearsay(post: Post) -> None:
    first = await post.bring(References="<colleague@outlook.test>")
    await joined(post, first, rule=Rule.ALIAS, In_Reply_To="<colleague@outlook.test>")


async def test_an_id_of_another_inbox_is_not_known(post: Post, first: Seen) -> None:
    sales = await post.given.new_inbox("Sales")
    await post.connect(sales, "sales@desk.test")
    seen = await post.bring(inbox=sales, In_Reply_To="<first@mail.test>")
    assert seen.conversation_id != first.conversation_id


@pytest.mark.parametrize("id", ["<>", "<@>", "<first>", "first@mail.test", "<first@mail.test", "< >", "<a@b@c>"])
async def test_what_is_no_id_joins_nobody(post: Post, id: str) -> None:
    first = await post.bring(letter(Message_ID=id if id != "<first@mail.test" else "<x>", References=id))
    await apart(post, first, In_Reply_To=id, References=id)


async def test_our_own_id_with_its_mac(post: Post, first: Seen) -> None:
    ours = post.marks.thread_id(post.given.inbox, first.thread_id or 0, "desk.test")
    await joined(post, first, rule=Rule.OUR_ID, In_Reply_To=f"<{ours}>")


async def test_our_own_id_about_a_conversation(post: Post, first: Seen) -> None:
    ours = post.marks.other_id(post.given.inbox, first.conversation_id or 0, "0a1b2c3d", "desk.test")
    await joined(post, first, rule=Rule.REFERENCE, References=f"<{ours}>")


async def test_our_id_with_a_bit_turned_is_worth_nothing(post: Post, first: Seen) -> None:
    ours = post.marks.thread_id(post.given.inbox, first.thread_id or 0, "desk.test")
    local, _, domain = ours.partition("@")
    forged = f"{local[:-1]}{'0' if local[-1] != '0' else '1'}@{domain}"
    await apart(post, first, In_Reply_To=f"<{forged}>")


async def test_our_id_made_for_another_inbox_is_worth_nothing(post: Post, first: Seen) -> None:
    ours = post.marks.thread_id(post.given.inbox + 1, first.thread_id or 0, "desk.test")
    await apart(post, first, In_Reply_To=f"<{ours}>")


async def test_an_id_without_a_mac_is_worth_nothing(post: Post, first: Seen) -> None:
    await apart(post, first, In_Reply_To=f"<t.{first.thread_id}.0000000000000000@desk.test>")


async def test_a_token_in_any_recipient(post: Post, first: Seen) -> None:
    token = post.marks.reply_token(post.given.inbox, first.conversation_id or 0)
    await joined(post, first, rule=Rule.TOKEN, to=f"Us <{plus(ADDRESS, token).upper()}>", sender="A B <pavel.lund@mail.test>")
    await joined(post, first, rule=Rule.TOKEN, to="else@x.test", Cc=plus(ADDRESS, token))
    await joined(post, first, rule=Rule.TOKEN, to="else@x.test", Delivered_To=plus(ADDRESS, token))


async def test_a_token_in_the_envelope(post: Post, first: Seen) -> None:
    token = post.marks.reply_token(post.given.inbox, first.conversation_id or 0)
    seen = await post.bring(envelope={"recipients": (plus(ADDRESS, token),)}, to="list@x.test")
    assert (seen.conversation_id, seen.rule) == (first.conversation_id, Rule.TOKEN)


async def test_tokens_that_are_not_ours(post: Post, first: Seen) -> None:
    conversation_id = first.conversation_id or 0
    strange = Marks(Seal(("A" * 43 + "=",), post.desk.settings.key_file))
    for token in (
        strange.reply_token(post.given.inbox, conversation_id),
        post.marks.reply_token(post.given.inbox + 1, conversation_id),
        post.marks.reply_token(post.given.inbox, conversation_id)[:-1]
        + "a2"[post.marks.reply_token(post.given.inbox, conversation_id)[-1] == "a"],
        f"c.{conversation_id}.",
        f"c.{conversation_id}",
        "",
    ):
        await apart(post, first, to=plus(ADDRESS, token))


async def test_a_hidden_reference_in_what_is_quoted(post: Post, first: Seen) -> None:
    hidden = post.marks.hidden(post.given.inbox, first.conversation_id or 0)
    html = f'<p>Thanks</p><blockquote><span style="display:none">{hidden}</span>Hello</blockquote>'
    await joined(post, first, rule=Rule.HIDDEN, html=html)
    await apart(post, first, html=html.replace("deskhand-ref:", "deskhand-ref:9"))


async def test_a_subject_tag_counts_only_where_it_is_wanted(post: Post, first: Seen) -> None:
    number = (await post.conversation(first)).number
    await apart(post, first, subject=f"Re: Parcel [#{number}]")

    tagged = await post.given.new_inbox("Tagged")
    await post.connect(tagged, "tagged@desk.test", subject_tags=True)
    began = await post.bring(inbox=tagged)
    number = (await post.conversation(began)).number
    seen = await post.bring(inbox=tagged, subject=f"Re: Parcel [#{number}]")
    assert (seen.conversation_id, seen.rule) == (began.conversation_id, Rule.SUBJECT)
    stranger = await post.bring(inbox=tagged, subject=f"Re: Parcel [#{number}]", sender="eve@mail.test")
    assert stranger.conversation_id != began.conversation_id


async def test_a_closed_conversation_is_opened_again(post: Post, first: Seen) -> None:
    await _set_status(post, first, Status.CLOSED)
    await joined(post, first, rule=Rule.KNOWN_ID, In_Reply_To="<first@mail.test>")
    assert (await post.conversation(first)).status is Status.ACTIVE


@pytest.mark.parametrize("status", [Status.SPAM])
async def test_spam_is_not_joined(post: Post, first: Seen, status: Status) -> None:
    await _set_status(post, first, status)
    await apart(post, first, In_Reply_To="<first@mail.test>")


async def test_closed_for_long_begins_anew_and_says_after_what(post: Post) -> None:
    late = await post.given.new_inbox("Late")
    await post.connect(late, "late@desk.test", new_after_closed_days=7)
    first = await post.bring(inbox=late, Message_ID="<late@mail.test>")
    await _set_status(post, first, Status.CLOSED)
    soon = await post.bring(inbox=late, In_Reply_To="<late@mail.test>")
    assert soon.conversation_id == first.conversation_id
    await _set_status(post, first, Status.CLOSED)
    post.clock.move(timedelta(days=8))

    seen = await post.bring(inbox=late, In_Reply_To="<late@mail.test>")

    assert seen.conversation_id != first.conversation_id
    assert (await post.thread(seen)).linked_conversation_id == first.conversation_id


async def test_another_subject_after_long_silence_is_another_matter(post: Post, first: Seen) -> None:
    await joined(post, first, rule=Rule.KNOWN_ID, In_Reply_To="<first@mail.test>", subject="Invoice 7")
    post.clock.move(timedelta(days=31))
    same = await post.bring(In_Reply_To="<first@mail.test>", subject="AW: Re: [list] Parcel never left  the depot")
    assert same.conversation_id == first.conversation_id
    post.clock.move(timedelta(days=31))

    seen = await apart(post, first, In_Reply_To="<first@mail.test>", subject="Invoice 8")

    assert (await post.thread(seen)).linked_conversation_id == first.conversation_id


async def test_a_strangers_answer_is_their_own_word(post: Post, first: Seen) -> None:
    token = post.marks.reply_token(post.given.inbox, first.conversation_id or 0)
    seen = await joined(post, first, rule=Rule.TOKEN, to=plus(ADDRESS, token), sender="Eve <eve@other.test>")

    conversation = await post.conversation(first)
    assert conversation.customer_email == "pavel.lund@mail.test"
    assert "eve@other.test" not in conversation.cc
    threads = await post.threads(seen)
    assert any("eve@other.test" in (each.action_text or "") for each in threads if each.type is ThreadType.LINE_ITEM)
    assert (await post.thread(seen)).author_email == "eve@other.test"


async def test_who_was_in_copy_is_no_stranger(post: Post) -> None:
    first = await post.bring(Message_ID="<cc@mail.test>", Cc="Boss <boss@mail.test>")
    assert (await post.conversation(first)).cc == ["boss@mail.test"]
    await joined(post, first, rule=Rule.KNOWN_ID, In_Reply_To="<cc@mail.test>", sender="boss@mail.test")
    assert all(each.type is not ThreadType.LINE_ITEM for each in await post.threads(first))


async def test_a_full_conversation_goes_on_in_another(post: Post, first: Seen) -> None:
    for _ in range(99):
        await post.given.thread(first.conversation_id or 0, ThreadType.NOTE, "n")
    seen = await apart(post, first, In_Reply_To="<first@mail.test>")
    assert (await post.thread(seen)).linked_conversation_id == first.conversation_id


async def test_answers_in_one_share_are_placed_in_order(post: Post) -> None:
    ids = [
        await post.take(letter(Message_ID=f"<{number}@m.test>", In_Reply_To=f"<{number - 1}@m.test>")) for number in range(8)
    ]
    await post.look()
    assert len({(await post.seen(each)).conversation_id for each in ids}) == 1


async def test_the_preview_is_what_is_new(post: Post, first: Seen) -> None:
    text = "It came today.\n\nOn Mon, 23 Nov 2026 at 10:00, Help <help@desk.test> wrote:\n> Any news?\n"
    seen = await post.bring(In_Reply_To="<first@mail.test>", text=text)
    assert (await post.conversation(seen)).preview == "It came today."
    assert "Any news?" in words((await post.thread(seen)).body)


async def _set_status(post: Post, it: Seen, status: Status) -> None:
    async with post.given.write(post.given.owner) as tx:
        await changing.set_status(tx, it.conversation_id or 0, status)

"""Links to choose a password by, and the first owner (security D2 18, 32)."""

from __future__ import annotations

import asyncio
import io
import re
from datetime import timedelta

import pytest

from deskhand.app import App
from deskhand.kernel import log
from deskhand.kernel.errors import Invalid, NotFound, TooMany
from deskhand.kernel.permissions import Role, system_actor
from deskhand.users import entering, operations, queries
from deskhand.users.model import LinkKind
from deskhand.users.operations import NewUser
from tests.conftest import MovableClock
from tests.given import Client, Given
from tests.mail.sending.conftest import Mail
from tests.users.facts import facts

HERE = "192.0.2.1"
PASSWORD = "battery staple horse"
LINK = re.compile(r"https://desk\.test/(reset|invitation)/([\w-]{43})\b")


@pytest.fixture
async def mail(given: Given, clock: MovableClock) -> Mail:
    made = Mail(given, clock)
    await made.begin()
    return made


@pytest.fixture
async def ona(given: Given) -> int:
    async with given.write() as tx:
        new = NewUser(first_name="Ona", last_name="Bell", email="ona@desk.test", role=Role.USER, password_hash="none")
        return await operations.create(tx, new)


async def forgot(given: Given, email: str = "ona@desk.test") -> None:
    await entering.forgot(given.desk, email, HERE)
    await given.app.worker.run_due()


async def links(mail: Mail) -> list[tuple[str, str]]:
    """Kind and token of each that was mailed; both forms of the letter have the same one."""
    found = [(LINK.findall(each.letter.text), LINK.findall(each.letter.html)) for each in await mail.queue()]
    assert all(text == html and len(text) == 1 for text, html in found)
    return [text[0] for text, _ in found]


async def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(given: Given, mail: Mail, ona: int) -> None:
    async with given.write() as tx:
        elsewhere = await operations.sign_in(tx, ona, HERE)
    await forgot(given, " ONA@desk.test")
    ((kind, token),) = await links(mail)
    assert kind == "reset"
    assert (await mail.only()).letter.to[0].address == "ona@desk.test"

    for _ in range(2):  # looking does not use it
        async with given.read() as view:
            assert (await operations.link_user(view, LinkKind.RESET, token)).id == ona
    with pytest.raises(Invalid):
        await entering.choose_password(given.desk, LinkKind.RESET, token, "short", HERE)
    session = await entering.choose_password(given.desk, LinkKind.RESET, token, PASSWORD, HERE)

    user = await entering.signed_in(given.desk, session)
    assert user is not None
    assert user.id == ona
    assert await entering.signed_in(given.desk, elsewhere) is None
    assert await entering.sign_in(given.desk, "ona@desk.test", PASSWORD, HERE) is not None
    with pytest.raises(NotFound):
        await entering.choose_password(given.desk, LinkKind.RESET, token, PASSWORD, HERE)


@pytest.mark.parametrize(("kind", "hours"), [(LinkKind.RESET, 1), (LinkKind.INVITATION, 72)])
async def test_a_link_ends_with_time(given: Given, ona: int, clock: MovableClock, kind: LinkKind, hours: int) -> None:
    async with given.write() as tx:
        token = await operations.make_link(tx, ona, kind)
    clock.move(timedelta(hours=hours, minutes=-1))
    async with given.read() as view:
        await operations.link_user(view, kind, token)

    clock.move(timedelta(minutes=1))
    with pytest.raises(NotFound):
        async with given.write() as tx:
            await operations.use_link(tx, kind, token)
    with pytest.raises(NotFound):
        await entering.choose_password(given.desk, kind, token, PASSWORD, HERE)


async def test_a_newer_link_another_password_and_leaving_end_it(given: Given, mail: Mail, ona: int) -> None:
    for _ in range(2):
        await forgot(given)
    (_, first), (_, second) = await links(mail)
    for kind, token in ((LinkKind.RESET, first), (LinkKind.INVITATION, second), (LinkKind.RESET, ""), (LinkKind.RESET, "\0é")):
        with pytest.raises(NotFound):
            await entering.choose_password(given.desk, kind, token, PASSWORD, HERE)

    with pytest.raises(NotFound):
        async with given.write() as tx:
            await operations.use_link(tx, LinkKind.INVITATION, second)
    async with given.write() as tx:
        invitation = await operations.make_link(tx, ona, LinkKind.INVITATION)
    await entering.choose_password(given.desk, LinkKind.RESET, second, PASSWORD, HERE)
    async with given.read() as view:
        with pytest.raises(NotFound):
            await operations.link_user(view, LinkKind.INVITATION, invitation)

    async with given.write() as tx:
        last = await operations.make_link(tx, ona, LinkKind.RESET)
        await operations.remove(tx, ona)
    async with given.read() as view:
        with pytest.raises(NotFound):
            await operations.link_user(view, LinkKind.RESET, last)


async def test_nobody_learns_whether_there_is_such_a_user(given: Given, mail: Mail, ona: int) -> None:
    """The same answer, the same statements, a job in both cases; even NUL is only an unknown address."""
    for email in ("nobody@desk.test", "", "a\0b@desk.test", "x" * 100_000):
        await forgot(given, email)

    assert await mail.queue() == []
    asked = await facts(given, "PasswordLinkAsked")
    assert [each.user_id for each in asked] == [None] * 4  # type: ignore[attr-defined]
    for email in ("ona@desk.test", "nobody@desk.test"):
        with pytest.raises(TooMany):
            for _ in range(6):
                await entering.forgot(given.desk, email, f"{HERE} for {email}")


async def test_two_who_use_a_link_at_once(given: Given, ona: int) -> None:
    async with given.write() as tx:
        token = await operations.make_link(tx, ona, LinkKind.RESET)

    got = await asyncio.gather(
        *(entering.choose_password(given.desk, LinkKind.RESET, token, PASSWORD, HERE) for _ in range(3)),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in got) == ["NotFound", "NotFound", "str"]


async def test_an_invitation_carries_its_link_with_the_host_of_the_settings(given: Given, mail: Mail, client: Client) -> None:
    body = {"firstName": "Ian", "lastName": "Low", "email": "ian@desk.test", "role": "user", "sendInvite": True}
    got = await client.post("/v2/users", json=body, headers={"Host": "evil.test", "X-Forwarded-Host": "evil.test"})
    assert got.status_code == 201

    ((kind, token),) = await links(mail)
    assert kind == "invitation"
    assert "evil.test" not in (await mail.only()).letter.html
    await entering.choose_password(given.desk, LinkKind.INVITATION, token, PASSWORD, HERE)
    async with given.read() as view:
        user = await queries.by_email(view, "ian@desk.test")
    assert user is not None
    assert user.state == "active"


async def test_no_link_is_in_the_facts_or_the_log(
    given: Given, mail: Mail, ona: int, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.StringIO()
    monkeypatch.setattr(log._output, "stream", written)
    await forgot(given)
    ((_, token),) = await links(mail)
    for path in ("reset", "invitation", "setup"):
        await client.get(f"/{path}/{token}")

    assert token not in str(await facts(given))
    assert "/reset/" in written.getvalue()
    assert token not in written.getvalue()


NEW = NewUser(first_name="Ines", last_name="Okafor", email=" ines@desk.test ", role=Role.USER, password_hash="none")


async def test_the_first_owner_comes_with_a_token_that_is_useless_afterwards(app: App) -> None:
    async with app.desk.reading(system_actor()) as view:
        token = await operations.set_up_token(view, app.desk.seal)
    assert token is not None
    for wrong in ("", "x", token[:-2], "é", token[::-1]):
        with pytest.raises(NotFound):
            async with app.desk.writing(system_actor()) as tx:
                await operations.set_up(tx, wrong, NEW)

    async def set_up() -> int:
        async with app.desk.writing(system_actor()) as tx:
            return await operations.set_up(tx, token, NEW)

    got = await asyncio.gather(set_up(), set_up(), return_exceptions=True)

    assert sorted(type(each).__name__ for each in got) == ["NotFound", "int"]
    async with app.desk.reading(system_actor()) as view:
        user = await queries.by_email(view, "ines@desk.test")
        assert user is not None
        assert (user.role, user.state, user.email) == ("owner", "active", "ines@desk.test")
        assert await operations.set_up_token(view, app.desk.seal) is None


@pytest.mark.parametrize("new", [{"email": "ines"}, {"password_hash": None}])
async def test_the_first_owner_needs_an_address_and_a_password(app: App, new: dict[str, str | None]) -> None:
    async with app.desk.reading(system_actor()) as view:
        token = await operations.set_up_token(view, app.desk.seal)
    fields = {name: getattr(NEW, name) for name in NEW.__struct_fields__}

    with pytest.raises(Invalid):
        async with app.desk.writing(system_actor()) as tx:
            await operations.set_up(tx, token or "", NewUser(**fields | new))

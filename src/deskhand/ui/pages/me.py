"""Oneself: name, password, theme, what one is told of, where one is signed in."""

from __future__ import annotations

from typing import Any

from litestar import Router

from deskhand.kernel.errors import Forbidden, Invalid
from deskhand.kernel.http.answers import Answer, Header
from deskhand.kernel.http.sessions import LIFE_SECONDS, THEME, THEMES
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.ui.door import Done, Form, Visit, act, errand, page
from deskhand.ui.forms import as_shown, version
from deskhand.ui.pages.settings.nav import show
from deskhand.ui.pages.settings.people import profile_in
from deskhand.ui.people import face_of
from deskhand.ui.portraits import say_status, use_photo
from deskhand.ui.zones import zones
from deskhand.users import entering, operations, queries
from deskhand.users.model import Occasion, token_hash
from deskhand.users.operations import Profile
from deskhand.users.queries import User

TABS = (
    ("Profile", "/me"),
    ("Password", "/me/password"),
    ("Notifications", "/me/notifications"),
    ("Theme", "/me/theme"),
    ("Sessions", "/me/sessions"),
    ("Keys", "/keys"),
)
OCCASIONS = [
    (
        "Conversations",
        [
            (Occasion.NEW_CONVERSATION, "A new conversation"),
            (Occasion.ASSIGNED_TO_ME, "One is assigned to me"),
            (Occasion.ASSIGNED_TO_MY_TEAM, "One is assigned to a team of mine"),
            (Occasion.ASSIGNED_TO_OTHERS, "One is assigned to somebody else"),
            (Occasion.FOLLOWED, "Something happens in one that I follow"),
            (Occasion.MENTIONED, "Somebody mentions me or a team of mine"),
        ],
    ),
    (
        "A customer replies",
        [
            (Occasion.CUSTOMER_REPLIED_TO_MINE, "to one of mine"),
            (Occasion.CUSTOMER_REPLIED_TO_UNASSIGNED, "to one that is nobody's"),
            (Occasion.CUSTOMER_REPLIED_TO_OTHERS, "to somebody else's"),
        ],
    ),
    (
        "A colleague replies or notes",
        [
            (Occasion.COLLEAGUE_WROTE_IN_MINE, "in one of mine"),
            (Occasion.COLLEAGUE_WROTE_IN_UNASSIGNED, "in one that is nobody's"),
            (Occasion.COLLEAGUE_WROTE_IN_OTHERS, "in somebody else's"),
        ],
    ),
    ("Ratings", [(Occasion.RATED, "A reply of mine is rated")]),
]


def _page(visit: Visit, template: str, at: str, **values: Any) -> Answer:
    subnav = [(name, href, href == at) for name, href in TABS]
    return show(visit, f"me/{template}.html", "me", subnav=subnav, here=at, **values)


@page("/me", title="Your profile")
async def profile(view: Snapshot, visit: Visit) -> Answer:
    """What one is called, and where one is."""
    it = await queries.get(view, visit.user.id)
    presence = await queries.status(view, it.id)
    return _page(visit, "profile", "/me", it=it, face=face_of(it), presence=presence, zones=zones(), version=version(*_of(it)))


@act("/me", title="Change your profile", shown_by=profile)
async def change_profile(tx: Transaction, visit: Visit, form: Form) -> Done:
    """One's name and time zone; the address to sign in with is for administrators to change."""
    as_shown(form, *_of(await queries.get(tx, visit.user.id)))
    await operations.change_profile(tx, visit.user.id, profile_in(form))
    return Done("/me", visit.words.text("Profile saved"))


@act("/me/status", title="Say whether you are away", shown_by=profile)
async def change_status(tx: Transaction, visit: Visit, form: Form) -> Done:
    """Routing passes over whoever is away."""
    return Done("/me", visit.words.text(await say_status(tx, form, visit.user.id)))


@errand("/me/photo", title="Choose a photo", shown_by=profile, files=True)
async def choose_photo(visit: Visit, form: Form) -> Done:
    """What others see beside one's name."""
    await use_photo(visit, form, visit.user.id)
    return Done("/me", visit.words.text("Photo saved"))


@act("/me/photo/remove", title="Remove your photo")
async def remove_photo(tx: Transaction, visit: Visit, form: Form) -> Done:
    """Two letters take its place."""
    await operations.set_photo(tx, visit.user.id, None)
    return Done("/me", visit.words.text("Photo removed"))


@page("/me/password", title="Your password")
async def password(view: Snapshot, visit: Visit) -> Answer:
    """The old one and a new one."""
    return _page(visit, "password", "/me/password", email=visit.user.email)


@errand("/me/password", title="Change your password", shown_by=password)
async def change_password(visit: Visit, form: Form) -> Done:
    """Signs out everywhere else."""
    if form.one("new") != form.one("again"):
        raise Invalid("again", "is not the same as the new one")
    try:
        token = await entering.change_password(visit.desk, visit.actor, form.one("old"), form.one("new"), visit.address)
    except Forbidden as error:
        raise Invalid("old", error.message) from None
    except Invalid as error:
        raise Invalid("new", error.message) from None
    told = visit.words.text("You have another password. Wherever else you were signed in, you are signed out.")
    return Done("/me/password", told, headers=[visit.begun(token)])


@page("/me/notifications", title="Your notifications")
async def notifications(view: Snapshot, visit: Visit) -> Answer:
    """What one is told of, here and by mail."""
    wishes = await queries.wishes(view, visit.user.id)
    groups = [
        (title, [(each.value, name, each in wishes.in_browser, each in wishes.by_mail) for each, name in several])
        for title, several in OCCASIONS
    ]
    stands = version(sorted(wishes.in_browser), sorted(wishes.by_mail))
    return _page(visit, "notifications", "/me/notifications", wishes=groups, version=stands)


@act("/me/notifications", title="Choose notifications", shown_by=notifications)
async def choose(tx: Transaction, visit: Visit, form: Form) -> Done:
    """Those that are ticked."""
    wishes = await queries.wishes(tx, visit.user.id)
    as_shown(form, sorted(wishes.in_browser), sorted(wishes.by_mail))
    here, mail = ([each for each in Occasion if each.value in form.every(name)] for name in ("browser", "mail"))
    await operations.choose_notifications(tx, in_browser=here, by_mail=mail)
    return Done("/me/notifications", visit.words.text("Notifications saved"))


@page("/me/theme", title="Theme")
async def theme(view: Snapshot, visit: Visit) -> Answer:
    """Light, dark, or as the system has it, in this browser; and where one reads what was said last."""
    return _page(visit, "theme", "/me/theme", newest="top" if visit.user.newest_first else "bottom")


@act("/me/theme", title="Choose a theme", shown_by=theme)
async def choose_theme(tx: Transaction, visit: Visit, form: Form) -> Done:
    """A cookie of this browser, which says nothing of who uses it; ``newest`` (``top`` or ``bottom``) goes with the user."""
    if form.has("newest"):
        await operations.read_newest_first(tx, newest_first=form.one("newest") == "top")
    chosen = form.one("theme")
    value, seconds = (chosen, LIFE_SECONDS * 12) if chosen in THEMES else ("", 0)
    cookie = f"{THEME}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}"
    header: Header = (b"set-cookie", cookie.encode())
    return Done("/me/theme", visit.words.text("Saved"), headers=[header])


@page("/me/sessions", title="Your sessions")
async def sessions(view: Snapshot, visit: Visit) -> Answer:
    """Where one is signed in."""
    found = await queries.sessions_of(view, visit.user.id)
    rows = [(each, each.hash == token_hash(visit.session)) for each in found]
    return _page(visit, "sessions", "/me/sessions", rows=sorted(rows, key=lambda row: not row[1]))


@act("/me/sessions/end", title="End a session")
async def end_session(tx: Transaction, visit: Visit, form: Form) -> Done:
    """One elsewhere, by its name."""
    await operations.end_session(tx, form.one("name"))
    return Done("/me/sessions", visit.words.text("That session has ended"))


@act("/me/sessions/end-others", title="End the other sessions")
async def end_others(tx: Transaction, visit: Visit, form: Form) -> Done:
    """All but this one."""
    number = await operations.end_other_sessions(tx, visit.session)
    told = visit.words.plural("%(count)s other session has ended", "%(count)s other sessions have ended", number)
    return Done("/me/sessions", told)


def _of(it: User) -> tuple[object, ...]:
    return tuple(getattr(it, name) for name in Profile.__struct_fields__)


ROUTERS = [
    Router(
        "/",
        route_handlers=[
            profile,
            change_profile,
            change_status,
            choose_photo,
            remove_photo,
            password,
            change_password,
            notifications,
            choose,
            theme,
            choose_theme,
            sessions,
            end_session,
            end_others,
        ],
    )
]

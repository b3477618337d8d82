"""Users, teams and roles."""

from __future__ import annotations

from litestar import Router

from deskhand.inboxes import operations as inboxes
from deskhand.inboxes import queries as inbox_queries
from deskhand.kernel.errors import Forbidden, Invalid, Unmet
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.permissions import BY_ROLE, SEE_EVERY_INBOX, Permission, Role
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.ui.door import Done, Form, Visit, act, errand, page
from deskhand.ui.forms import as_shown, version
from deskhand.ui.frame import MOST_INBOXES
from deskhand.ui.pages.settings.nav import MANAGE, show
from deskhand.ui.people import face, face_of
from deskhand.ui.portraits import say_status, use_photo
from deskhand.ui.zones import zones
from deskhand.users import operations, queries
from deskhand.users.model import LinkKind, UserState, permissions_of
from deskhand.users.operations import NewUser, Profile
from deskhand.users.operations.changing import GRANTABLE
from deskhand.users.queries import User

SIZE = 50
MOST_PEOPLE = 1000
MOST_PAGES = 1000
ROLES = {
    Role.OWNER: ("Owner", "Everything, and who else owns the account."),
    Role.ADMINISTRATOR: ("Administrator", "Everything, in every inbox."),
    Role.USER: ("User", "Answers in the inboxes that are open to them."),
    Role.LIGHT_USER: ("Light user", "Reads and notes in the inboxes that are open to them."),
}
RIGHTS = {
    Permission.EDIT_CONVERSATIONS: ("Answer and change conversations", "Status, tags, fields, snooze, move, merge"),
    Permission.ASSIGN_CONVERSATIONS: ("Assign conversations", ""),
    Permission.DELETE_CONVERSATIONS: ("Delete conversations", ""),
    Permission.EDIT_THREADS: ("Edit what was said", "The original is kept"),
    Permission.EDIT_CUSTOMERS: ("Change customers", ""),
    Permission.DELETE_CUSTOMERS: ("Delete customers", "With everything they wrote"),
    Permission.EDIT_SAVED_REPLIES: ("Change saved replies", ""),
    Permission.USE_API: ("Use the API", "By applications that act as them"),
    Permission.MANAGE_ACCOUNT: ("Manage the account", "Settings, people, inboxes, audit"),
}


@page("/settings/users", title="Users", needs=MANAGE)
async def users(view: Snapshot, visit: Visit) -> Answer:
    """Who works here, a page at a time."""
    asked = visit.query.get("page", "")
    number = min(max(int(asked), 1), MOST_PAGES) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    found, total = await queries.page(view, "user", number, SIZE)
    present = await queries.present(view, [each.id for each in found])
    rows = [(face_of(each, is_away=each.id not in present), each, ROLES[Role(each.role)][0]) for each in found]
    back = f"/settings/users?page={number - 1}" if number > 1 else ""
    more = f"/settings/users?page={number + 1}" if number * SIZE < total else ""
    return show(visit, "settings/users.html", "users", rows=rows, total=total, back=back, more=more)


@page("/settings/users/new", title="Invite a user", needs=MANAGE)
async def new_user(view: Snapshot, visit: Visit) -> Answer:
    """Who, as what, and where."""
    found, _ = await inbox_queries.page(view, 1, MOST_INBOXES)
    crumb = (visit.words.text("Users"), "/settings/users")
    roles = [each for each in _roles(visit) if each[0] != Role.OWNER]
    return show(visit, "settings/user_new.html", "users", crumb=crumb, inboxes=found, roles=roles, zones=zones())


@act("/settings/users/new", title="Invite", needs=MANAGE, shown_by=new_user)
async def invite(tx: Transaction, visit: Visit, form: Form) -> Done:
    """They are there at once, and can do nothing before they have chosen a password."""
    new = NewUser(
        first_name=form.one("firstName").strip(),
        last_name=form.one("lastName").strip(),
        email=form.one("email").strip(),
        role=_role(form, but=Role.OWNER),
        timezone=form.one("timezone") or visit.user.timezone,
    )
    wanted = [(each, True) for each in form.numbers("inbox")]
    user_id = await inboxes.invite(tx, new, wanted, sends_mail=form.has("sendsMail"))
    told = visit.words.text("%(name)s was invited", name=face(0, new.first_name, new.last_name).name)
    return Done(f"/settings/users/{user_id}", told)


@page("/settings/users/{user_id:str}", title="User", needs=MANAGE)
async def user(view: Snapshot, visit: Visit, user_id: PathId) -> Answer:
    """What they are called, are, may do, and where they work."""
    return await _user(view, visit, user_id)


async def _user(view: Snapshot, visit: Visit, user_id: int, link: str = "") -> Answer:
    it = await queries.get(view, user_id)
    role = Role(it.role)
    found, _ = await inbox_queries.page(view, 1, MOST_INBOXES)
    granted = set(await inbox_queries.granted_to(view, user_id))
    open_to = set(await inbox_queries.open_to(view, user_id, role))
    may = permissions_of(role, it.granted)
    return show(
        visit,
        "settings/user.html",
        "users",
        crumb=(visit.words.text("Users"), "/settings/users"),
        it=it,
        face=face_of(it),
        presence=await queries.status(view, user_id),
        role=role.value,
        role_name=ROLES[role][0],
        roles=_roles(visit),
        rights=[(each.value, *RIGHTS[each], each in may) for each in RIGHTS if each in GRANTABLE],
        is_everywhere=role in SEE_EVERY_INBOX,
        is_invited=it.state == UserState.INVITED,
        is_self=it.id == visit.user.id,
        inboxes=[(each, each.id in granted, each.id in open_to and each.id not in granted) for each in found],
        zones=zones(),
        link=link,
        version=version(*_of(it), sorted(granted)),
    )


@act("/settings/users/{user_id:str}", title="Change a user", needs=MANAGE, shown_by=user)
async def change_user(tx: Transaction, visit: Visit, form: Form, user_id: PathId) -> Done:
    """Profile, address, role, rights and inboxes at once."""
    it = await queries.get(tx, user_id)
    granted = set(await inbox_queries.granted_to(tx, user_id))
    as_shown(form, *_of(it), sorted(granted))
    await operations.change_profile(tx, user_id, profile_in(form))
    await operations.change_email(tx, user_id, form.one("email"))
    role = _role(form)
    is_new = role != it.role
    try:
        await operations.change_role(tx, user_id, role)
    except (Forbidden, Unmet) as error:
        raise Invalid("role", error.message) from None
    if not is_new:  # those that were shown are of the role before
        await operations.set_rights(tx, user_id, [each for each in GRANTABLE if each.value in form.every("right")])
    wanted, shown = set(form.numbers("inbox")), set(form.numbers("shown"))
    for inbox_id in sorted(wanted - granted):
        await inboxes.grant(tx, inbox_id, user_id)
    for inbox_id in sorted(granted & shown - wanted):
        await inboxes.revoke(tx, inbox_id, user_id)
    return Done(f"/settings/users/{user_id}", visit.words.text("Saved"))


@act("/settings/users/{user_id:str}/status", title="Say whether a user is away", needs=MANAGE, shown_by=user)
async def change_status(tx: Transaction, visit: Visit, form: Form, user_id: PathId) -> Done:
    """Routing passes over whoever is away."""
    return Done(f"/settings/users/{user_id}", visit.words.text(await say_status(tx, form, user_id)))


@errand("/settings/users/{user_id:str}/photo", title="Choose a user's photo", needs=MANAGE, shown_by=user, files=True)
async def choose_photo(visit: Visit, form: Form, user_id: PathId) -> Done:
    """What others see beside their name."""
    await use_photo(visit, form, user_id)
    return Done(f"/settings/users/{user_id}", visit.words.text("Photo saved"))


@act("/settings/users/{user_id:str}/photo/remove", title="Remove a user's photo", needs=MANAGE)
async def remove_photo(tx: Transaction, visit: Visit, form: Form, user_id: PathId) -> Done:
    """Two letters take its place."""
    await operations.set_photo(tx, user_id, None)
    return Done(f"/settings/users/{user_id}", visit.words.text("Photo removed"))


@act("/settings/users/{user_id:str}/invitation", title="Invite again", needs=MANAGE)
async def invite_again(tx: Transaction, visit: Visit, form: Form, user_id: PathId) -> Done:
    """Mail the invitation once more."""
    await operations.invite_again(tx, user_id)
    return Done(f"/settings/users/{user_id}", visit.words.text("The invitation is on its way again"))


@errand("/settings/users/{user_id:str}/link", title="Make an invitation's link", needs=MANAGE)
async def make_link(visit: Visit, form: Form, user_id: PathId) -> Answer:
    """For who cannot be reached by mail yet: shown once, to be handed over; it ends the one before."""
    async with visit.desk.writing(visit.actor, address=visit.address) as tx:
        token = await operations.invitation_link(tx, user_id)
    link = f"{visit.origins.web}/{LinkKind.INVITATION.value}/{token}"
    async with visit.desk.reading(visit.actor) as view:
        return await _user(view, visit, user_id, link)


@act("/settings/users/{user_id:str}/remove", title="Remove a user", needs=MANAGE)
async def remove_user(tx: Transaction, visit: Visit, form: Form, user_id: PathId) -> Done:
    """Let somebody no longer work here."""
    it = await queries.get(tx, user_id)
    await operations.remove(tx, user_id)
    name = face_of(it).name
    return Done("/settings/users", visit.words.text("%(name)s no longer works here", name=name))


@page("/settings/teams", title="Teams", needs=MANAGE)
async def teams(view: Snapshot, visit: Visit) -> Answer:
    """Each with how many are in it."""
    found, _ = await queries.page(view, "team", 1, MOST_PEOPLE)
    rows = [(face_of(each), len(await queries.member_ids(view, each.id))) for each in found]
    return show(visit, "settings/teams.html", "teams", rows=rows)


@act("/settings/teams", title="Make a team", needs=MANAGE, shown_by=teams)
async def make_team(tx: Transaction, visit: Visit, form: Form) -> Done:
    """Leads to who is in it."""
    team_id = await operations.create_team(tx, form.one("name"), [], timezone=visit.user.timezone)
    return Done(f"/settings/teams/{team_id}", visit.words.text("The team is there. Now say who is in it."))


@page("/settings/teams/{team_id:str}", title="Team", needs=MANAGE)
async def team(view: Snapshot, visit: Visit, team_id: PathId) -> Answer:
    """Its name, who is in it, and the inboxes that it works in."""
    it = await queries.get_team(view, team_id)
    members = set(await queries.member_ids(view, team_id))
    people, _ = await queries.page(view, "user", 1, MOST_PEOPLE)
    found, _ = await inbox_queries.page(view, 1, MOST_INBOXES)
    granted = set(await inbox_queries.granted_to(view, team_id))
    return show(
        visit,
        "settings/team.html",
        "teams",
        crumb=(visit.words.text("Teams"), "/settings/teams"),
        face=face_of(it),
        people=[(face_of(each), each.email, each.id in members) for each in people],
        inboxes=[(each, each.id in granted) for each in found],
        version=version(it.first_name, it.last_name, sorted(members), sorted(granted)),
    )


@act("/settings/teams/{team_id:str}", title="Change a team", needs=MANAGE, shown_by=team)
async def change_team(tx: Transaction, visit: Visit, form: Form, team_id: PathId) -> Done:
    """Name, members and inboxes at once."""
    it = await queries.get_team(tx, team_id)
    members = set(await queries.member_ids(tx, team_id))
    granted = set(await inbox_queries.granted_to(tx, team_id))
    as_shown(form, it.first_name, it.last_name, sorted(members), sorted(granted))
    await operations.rename_team(tx, team_id, form.one("name"))
    wanted, shown = set(form.numbers("member")), set(form.numbers("shownMember"))
    if wanted != members:
        add, gone = sorted(wanted - members), sorted(members & shown - wanted)
        for user_id in add:
            await queries.get(tx, user_id)
        await operations.change_members(tx, team_id, add=add, remove=gone)
    inbox_ids, shown = set(form.numbers("inbox")), set(form.numbers("shown"))
    for inbox_id in sorted(inbox_ids - granted):
        await inboxes.grant(tx, inbox_id, team_id)
    for inbox_id in sorted(granted & shown - inbox_ids):
        await inboxes.revoke(tx, inbox_id, team_id)
    return Done(f"/settings/teams/{team_id}", visit.words.text("Team saved"))


@act("/settings/teams/{team_id:str}/remove", title="Remove a team", needs=MANAGE)
async def remove_team(tx: Transaction, visit: Visit, form: Form, team_id: PathId) -> Done:
    """What it owned becomes nobody's."""
    await operations.remove_team(tx, team_id)
    return Done("/settings/teams", visit.words.text("The team was removed; what it owned belongs to nobody now"))


@page("/settings/roles", title="Roles", needs=MANAGE)
async def roles(view: Snapshot, visit: Visit) -> Answer:
    """What each role may do."""
    heads = [(each.value, *ROLES[each]) for each in ROLES]
    rows = [(*RIGHTS[right], [right in BY_ROLE[role] for role in ROLES]) for right in RIGHTS]
    everywhere = [role in SEE_EVERY_INBOX for role in ROLES]
    return show(visit, "settings/roles.html", "roles", heads=heads, rows=rows, everywhere=everywhere)


def profile_in(form: Form) -> Profile:
    """What a form says somebody is called."""
    return Profile(
        first_name=form.one("firstName"),
        last_name=form.one("lastName"),
        timezone=form.one("timezone"),
        job_title=form.one("jobTitle"),
        phone=form.one("phone"),
        mention=form.one("mention"),
        language=form.one("language") or None,
    )


def _roles(visit: Visit) -> list[tuple[str, str, str]]:
    return [(each.value, visit.words.text(name), visit.words.text(about)) for each, (name, about) in ROLES.items()]


def _role(form: Form, *, but: Role | None = None) -> Role:
    found = next((each for each in Role if each.value == form.one("role") and each is not but), None)
    if found is None:
        raise Invalid("role", "must be one of these")
    return found


def _of(it: User) -> tuple[object, ...]:
    """What a form of a user is about."""
    names = ("first_name", "last_name", "email", "role", "granted", "timezone", "language", "job_title", "phone", "mention")
    return tuple(getattr(it, name) for name in names)


ROUTERS = [
    Router(
        "/",
        route_handlers=[
            users,
            new_user,
            invite,
            user,
            change_user,
            change_status,
            choose_photo,
            remove_photo,
            invite_again,
            make_link,
            remove_user,
            teams,
            make_team,
            team,
            change_team,
            remove_team,
            roles,
        ],
    )
]

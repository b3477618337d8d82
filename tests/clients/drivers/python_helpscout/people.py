"""Signing in, users and teams."""

from desk import real, refusal
from helpscout.exceptions import HelpScoutAuthenticationException
from steps import check, has, lacks, one, same


def refuses_a_wrong_secret(desk):
    try:
        desk.client(secret="wrong").users.get()
    except HelpScoutAuthenticationException as error:
        check("invalid_client" in str(error), str(error))
        check("Invalid client authentication" in str(error), str(error))
        return
    raise AssertionError("signed in with a wrong secret")


def gets_a_token_and_renews_a_stale_one(desk):
    desk.hs.access_token = "stale"
    check(real(desk.hs.users.get()), "no users")
    check(desk.hs.access_token != "stale", "the token is still the stale one")


def lists_users(desk):
    users = real(desk.hs.users.get())
    for user in users:
        has(user, id=int, firstName=str, lastName=str, email=str, role=str, timezone=str, createdAt=str, updatedAt=str)
        has(user, type=str, alternateEmails=list, _links=dict)
        same(user._links["self"]["href"], f"{desk.account.origin}/v2/users/{user.id}")
    check({user.role for user in users} <= {"owner", "admin", "user", "light user"}, users)
    same(len({user.id for user in users}), len(users))


def gets_the_owner_of_the_application(desk):
    desk.me = desk.hs.users.get("me")
    has(desk.me, id=int, email=str, companyId=int)


def gets_and_filters_users(desk):
    same(desk.hs.users.get(desk.me.id).email, desk.me.email)
    lacks(desk.hs.users.get(desk.me.id), "companyId")
    same(one(real(desk.hs.users.get(params={"email": desk.me.email}))).id, desk.me.id)
    same(real(desk.hs.users.get(params={"email": "nobody@nowhere.example"})), [])
    same(refusal(desk.hs.users.get, 987654321)["message"], "Not found")


def creates_and_deletes_a_user(desk):
    email = f"ona.{desk.mark}@desk.example"
    body = {"firstName": "Ona", "lastName": "Bell", "email": email, "role": "user", "sendInvite": False}
    desk.hs.users.post(data=body)
    made = one(real(desk.hs.users.get(params={"email": email})))
    same((made.firstName, made.role), ("Ona", "user"))

    desk.hs.users.delete(made.id)
    same(real(desk.hs.users.get(params={"email": email})), [])


def sets_a_user_away_and_back(desk):
    desk.hs.users[desk.me.id].status.put(data={"status": "away", "customStatus": {"text": "Lunch", "emoji": "🍜"}})
    status = desk.hs.hit(f"users/{desk.me.id}/status", "get")[0]
    same((status["userId"], status["email"]["status"]), (desk.me.id, "away"))
    same(status["email"]["customStatus"]["text"], "Lunch")

    desk.hs.users[desk.me.id].status.put(data={"status": "active"})
    listed = desk.hs.hit("users/status", "get")[0]["userStatuses"]
    same(one(item for item in listed if item["userId"] == desk.me.id)["email"]["status"], "active")


def lists_teams_and_their_members(desk):
    teams = real(desk.hs.teams.get())
    check(teams, "the demo account has no team")
    for team in teams:
        has(team, id=int, name=str, timezone=str, createdAt=str, updatedAt=str)
    desk.team = teams[0]
    members = one(desk.hs.teams[desk.team.id].members.get())  # the relation is `users`, so the client wraps them in one
    check(members.users, "the team has no members")
    has(members.users[0], id=int, firstName=str, email=str)

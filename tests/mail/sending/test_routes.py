"""The machine's own mail server, as its setting names it."""

from __future__ import annotations

import pytest

from deskhand.mail.model import Authentication, Security
from deskhand.mail.sending.routes import machines
from deskhand.settings import SettingsError, from_environment


@pytest.mark.parametrize(
    ("url", "port", "security", "signs_in"),
    [
        ("smtp://mail.desk.test", 25, Security.NONE, Authentication.NONE),
        ("smtp://ona:secret@localhost:2525", 2525, Security.NONE, Authentication.PASSWORD),
        ("smtp+starttls://ona:secret@mail.desk.test", 587, Security.STARTTLS, Authentication.PASSWORD),
        ("smtps://ona:secret@mail.desk.test", 465, Security.TLS, Authentication.PASSWORD),
    ],
)
def test_how_it_is_reached(url: str, port: int, security: Security, signs_in: Authentication) -> None:
    route = machines(from_environment({"DESKHAND_SMTP_URL": url}))
    assert route is not None
    assert (route.port, route.security, route.authentication) == (port, security, signs_in)


@pytest.mark.parametrize(
    ("url", "told"),
    [("smtp://ona:secret@mail.desk.test", "never sent unprotected"), ("http://mail.desk.test", "expected smtps://")],
)
def test_what_is_refused_and_without_telling_the_password(url: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as refused:
        from_environment({"DESKHAND_SMTP_URL": url})
    assert "secret" not in str(refused.value)

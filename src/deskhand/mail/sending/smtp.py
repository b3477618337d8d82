"""A connection to a mail server that takes our mail, and what its answers mean (email rules 8.8, 8.9)."""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
from typing import cast

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)
from aiosmtplib.response import SMTPResponse
from msgspec import Struct, structs

from deskhand.kernel.desk import Desk
from deskhand.kernel.outbound.door import Failed
from deskhand.mail.composing.headers import one_line
from deskhand.mail.composing.letter import ascii_address, needs_utf8
from deskhand.mail.connecting.credentials import (
    Credentials,
    SignInRefused,
    SignInTrouble,
    credentials,
    sasl_oauthbearer,
    sasl_xoauth2,
)
from deskhand.mail.model import Authentication, Security
from deskhand.mail.operations.tries import Answer, Fate
from deskhand.mail.queries.outgoing import Delivery
from deskhand.mail.rules.bounce_reasons import refuses_recipient
from deskhand.mail.sending.routes import Route

GOES_ON = 354
NOT_AVAILABLE = 421
OUT_OF_ORDER = 503
SIGN_IN = frozenset({530, 534, 535, 538})
DRAIN_SECONDS = 0.02
_ENDS = re.compile(rb"\r\n|\r|\n")
_DOTS = re.compile(rb"(?m)^\.")


class Patience(Struct, frozen=True):
    """How long a server may take, in seconds: to be reached, to answer a command, to answer the end of a message; and how
    few bytes a second it may read."""

    connect: float = 30
    command: float = 60
    data: float = 300
    least_speed_bytes: int = 2000


class Away(Exception):
    """The server is not there, or has no time: all that is left is tried again. The message has its words; ``slows`` the host
    for everybody."""

    def __init__(self, words: str, code: str = "", *, slows: bool = True) -> None:
        super().__init__(words)
        self.code = code
        self.slows = slows


class NotLetIn(Exception):
    """The server does not take what we sign in with, or cannot be trusted: nothing fails, somebody must look."""


class Line:
    """An open connection, for several messages one after another."""

    def __init__(self, client: SMTP, patience: Patience) -> None:
        self._client = client
        self._patience = patience

    @property
    def takes_utf8(self) -> bool:
        """Whether the server knows SMTPUTF8."""
        return self._client.supports_extension("smtputf8")

    @property
    def is_open(self) -> bool:
        """Whether another message may be sent."""
        return self._client.is_connected

    async def send(self, sender: str, recipients: list[Delivery], message: bytes, *, utf8: bool) -> dict[int, Answer]:
        """Offer a message to some recipients; how each fared, by the id of its delivery.

        ``utf8``: the message, or an address, needs SMTPUTF8. Raises NotLetIn, and Away for what concerns all of them, before
        anything was taken.
        """
        options = [f"SIZE={len(message)}"] if self._client.supports_extension("size") else []
        if utf8:
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        answers: dict[int, Answer] = {}
        try:
            encoding = "utf-8" if utf8 else "ascii"
            await self._client.mail(ascii_address(sender) if sender else "", options=options, encoding=encoding)
            for each in recipients:
                answer = await self._offer(each, utf8=utf8)
                if answer is not None:
                    answers[each.id] = answer
            accepted = [each.id for each in recipients if each.id not in answers]
            if accepted:
                answers |= dict.fromkeys(accepted, await self._give(message))
            else:
                await self._client.rset()
        except SMTPResponseException as error:
            left = [each.id for each in recipients if each.id not in answers]
            answers |= dict.fromkeys(left, self._answer(error.code, error.message))
            await self._reset()
        except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
            self.close()
            if not answers:
                raise Away(_words(error), slows=isinstance(error, SMTPTimeoutError)) from None
            left = [each.id for each in recipients if each.id not in answers]
            answers |= dict.fromkeys(left, Answer(Fate.LATER, "", _words(error)))
        except Exception:
            if self.is_open:
                await self._reset()  # the next message must not find this one begun
            raise
        return answers

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    async def end(self) -> None:
        """Take leave, as far as the server still listens."""
        try:
            async with asyncio.timeout(2):
                await self._client.quit()
        except (SMTPException, OSError, TimeoutError):
            pass
        self.close()

    async def _offer(self, it: Delivery, *, utf8: bool) -> Answer | None:
        """What the server says of a recipient; None if it takes mail for them."""
        if needs_utf8(it.address) and not utf8:
            return Answer(Fate.FAILED, "", "the server takes no addresses in other scripts (it does not offer SMTPUTF8)")
        try:
            await self._client.rcpt(ascii_address(it.address), encoding="utf-8" if utf8 else "ascii")
        except SMTPRecipientRefused as error:
            answer = self._answer(error.code, error.message)
            is_nobody = answer.fate is Fate.FAILED and refuses_recipient(answer.words)
            return structs.replace(answer, is_hard=is_nobody)
        return None

    async def _give(self, message: bytes) -> Answer:
        """The message itself. Once its end was sent, silence may mean that it was taken."""
        response = await self._client.execute_command(b"DATA")
        if response.code != GOES_ON:
            answer = self._answer(response.code, response.message)
            await self._reset()
            return answer
        protocol, transport = self._client.protocol, self._client.transport
        if protocol is None or transport is None:
            raise SMTPServerDisconnected("Connection lost")
        writing = cast("asyncio.WriteTransport", transport)  # uvloop's is one without saying so
        content = _DOTS.sub(b"..", _ENDS.sub(b"\r\n", message))
        speed = len(content) / self._patience.least_speed_bytes
        heard = asyncio.ensure_future(protocol.read_response(timeout=self._patience.data + speed))
        is_whole = False
        try:
            await asyncio.sleep(0)
            protocol.write(content if content.endswith(b"\r\n") else content + b"\r\n")
            async with asyncio.timeout(self._patience.command + speed):
                while writing.get_write_buffer_size() and not heard.done():  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(DRAIN_SECONDS)
            if not heard.done():  # who answers before the end refuses
                protocol.write(b".\r\n")
                is_whole = True
            response = await heard
        except (SMTPException, OSError, TimeoutError) as error:
            self.close()
            return Answer(Fate.UNKNOWN if is_whole else Fate.LATER, "", _words(error))
        finally:
            if not heard.done():
                heard.cancel()
            await asyncio.wait([heard])
            if not heard.cancelled():
                heard.exception()
        if not is_whole:
            self.close()
        return self._answer(response.code, response.message)

    def _answer(self, code: int, words: str) -> Answer:
        """What a code means for whom it was said. Raises NotLetIn, Away."""
        told = f"{code} {one_line(words)}"
        if code in SIGN_IN:
            self.close()
            raise NotLetIn(told)
        if code == NOT_AVAILABLE:
            self.close()
            raise Away(told, str(code))
        if code == OUT_OF_ORDER:  # we disagree on what came before: that is no matter of this message
            self.close()
            return Answer(Fate.LATER, str(code), told)
        if code < 300:
            return Answer(Fate.SENT, str(code), told)
        return Answer(Fate.FAILED if 500 <= code < 600 else Fate.LATER, str(code), told)

    async def _reset(self) -> None:
        """Ready for the next message, or hung up."""
        try:
            await self._client.rset()
        except (SMTPException, OSError):
            self.close()


async def open_line(desk: Desk, route: Route, patience: Patience, context: ssl.SSLContext | None = None) -> Line:
    """Reach a server, protect the line as it should be, and sign in. Raises Away, NotLetIn, Unavailable."""
    try:
        it = await credentials(desk, route.connection) if route.connection else route.credentials
    except SignInRefused as error:
        raise NotLetIn(str(error)) from None
    except SignInTrouble as error:
        raise Away(str(error), slows=False) from None
    try:
        sock = await route.hosts.connect(route.host, route.port, seconds=patience.connect)
    except Failed as error:
        raise Away(str(error)) from None
    client = SMTP(
        hostname=route.host,
        sock=sock,
        timeout=patience.command,
        use_tls=route.security is Security.TLS,
        start_tls=route.security is Security.STARTTLS,
        tls_context=context or (None if route.security is Security.NONE else ssl.create_default_context()),
        local_hostname=route.our_name,
    )
    try:
        async with asyncio.timeout(patience.connect + patience.command):
            await client.connect()
            await client.ehlo()
        await _sign_in(desk, client, route, it)
    except (SMTPConnectResponseError, SMTPResponseException) as error:
        client.close()
        told = f"{error.code} {one_line(error.message)}"
        if error.code in SIGN_IN or (isinstance(error, SMTPAuthenticationError) and error.code >= 500):
            raise NotLetIn(told) from None
        raise Away(told, str(error.code)) from None
    except (SMTPServerDisconnected, SMTPTimeoutError, TimeoutError, OSError) as error:
        client.close()
        if isinstance(error.__cause__, ssl.SSLCertVerificationError) or isinstance(error, ssl.SSLCertVerificationError):
            raise NotLetIn(f"its certificate is not to be trusted: {_words(error.__cause__ or error)}") from None
        raise Away(_words(error)) from None
    except SMTPException as error:
        client.close()
        raise NotLetIn(_words(error)) from None  # no STARTTLS, no way to sign in that both know
    return Line(client, patience)


async def _sign_in(desk: Desk, client: SMTP, route: Route, it: Credentials) -> None:
    if not it.token:
        if it.username:
            await client.login(it.username, it.password)
        return
    response = await _bear(client, route, it)
    if response.code >= 400 and route.connection:
        # A token may end before its time: there is another one, once.
        try:
            it = await credentials(desk, route.connection, refused=it.token)
        except SignInRefused as error:
            raise SMTPAuthenticationError(535, str(error)) from None
        except SignInTrouble as error:
            raise SMTPAuthenticationError(454, str(error)) from None
        response = await _bear(client, route, it)
    if response.code >= 400:
        raise SMTPAuthenticationError(response.code, response.message)


async def _bear(client: SMTP, route: Route, it: Credentials) -> SMTPResponse:
    if route.authentication is Authentication.OAUTHBEARER:
        name, initial, last = b"OAUTHBEARER", sasl_oauthbearer(it, route.host, route.port), b"AQ=="
    else:
        name, initial, last = b"XOAUTH2", sasl_xoauth2(it), b""
    response = await client.execute_command(b"AUTH", name, base64.b64encode(initial))
    if 300 <= response.code < 400:  # it tells what is wrong, and waits for us to have read it
        response = await client.execute_command(last)
    return response


def _words(error: BaseException) -> str:
    if isinstance(error, SMTPConnectError) and error.__cause__ is not None:
        error = error.__cause__  # without the address, which stands beside it
    return one_line(str(error)) or type(error).__name__

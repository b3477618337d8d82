"""Whether a machine wrote a letter, and whether a machine may answer it (RFC 3834; email rules 7.1, 7.2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct

from deskhand.mail.reading.letter import Letter

_PRESENT = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-Mail-Autoreply", "X-Amz-Sns-Message-Id")
_BULK = ("List-Id", "List-Unsubscribe", "Feedback-ID")
_DAEMON = re.compile(r"(?:mailer|mail)[-_.]?daemon|post[-_.]?master", re.IGNORECASE)
_POSTMASTER = re.compile(r"post[-_.]?master", re.IGNORECASE)
_ADMINISTRATOR = re.compile(
    r"\W*(?:(?:system|mail|server)[-_. ]?)?(?:admin(?:istrator)?\b|system\b|server\b|ndr\b)", re.IGNORECASE
)
_DAEMON_NAME = re.compile(r"mail(?:er)?[- ]daemon\b|mail delivery (?:sub)?system", re.IGNORECASE)
_NO_REPLY = re.compile(
    r"(?:no|do[-_.]?not|never|ne[-_.]?pas)[-_.]?(?:reply|answer|respond|repondre)|(?:keine?|nicht)[-_.]?antwort(?:en)?"
)

_SUBJECTS = (
    r"auto(?:matic|mated)?[- ]?(?:reply|response|answer)",
    r"auto[- ]?reply message",
    r"out of (?:the )?office",
    r"out of office (?:auto[- ]?reply|notification|message|reply)",
    r"(?:away from|not in) (?:the |my )?office",
    r"(?:vacation|holiday|absence) (?:notice|reply|response|message)",
    r"automatische(?:s)? (?:antwort|antwoord|beantwoording|reactie)",
    r"automatisch antwoord",
    r"abwesenheits(?:notiz|nachricht|meldung|benachrichtigung|assistent)",
    r"abwesend",
    r"abwesenheit",
    r"autoantwort",
    r"afwezig(?:heid(?:sbericht|smelding)?)?",
    r"reponse automatique",
    r"(?:message d')?absence(?: du bureau)?",
    r"respuesta automatica",
    r"resposta automatica",
    r"resposta automatica de ausencia",
    r"fuera de (?:la )?oficina",
    r"fora do escritorio",
    r"risposta automatica",
    r"fuori (?:sede|ufficio)",
    r"auto(?:matiskt?)?[- ]?svar",
    r"automaattinen vastaus",
    r"poissa toimistolta",
    r"(?:odpowiedz automatyczna|automatyczna odpowiedz|autoodpowiedz)",
    r"automatick[ae] odpove[dd]",
    r"automaticka odpoved",
    r"automatikus valasz",
    r"otomatik (?:yanıt|yanit|cevap)",
    r"raspuns automat",
    r"automatski odgovor",
    r"samodejni odgovor",
    r"автоматическии ответ",
    r"автоответ(?:чик)?",
    r"автоматична вiдповiдь",
    r"автоматична відповідь",
    r"αυτοματη απαντηση",
    r"自動(?:応答|返信|回覆)",
    r"自动(?:答复|回复)",
    r"부재\s?중",
    r"자동\s?회신",
)
# The phrase alone, or before a colon or a dash: "Automatic reply does not work" is what a customer asks.
_LIKELY = re.compile(r"\s*[\[(]?(?:" + "|".join(_SUBJECTS) + r")[\])]?\s*(?:$|[:：\u2013\u2014]|- |-$|\(|re:)")


class Machine(Struct, frozen=True):
    """What speaks for a machine. ``evidence`` names the headers that do, in words: ``Auto-Submitted: auto-replied``.

    ``is_automatic``: a program wrote it, by its own word. ``is_bulk``: it goes to many. ``is_likely``: its subject says so.
    ``is_unanswerable``: it comes from an address that nobody reads. ``asks_for_silence``: the sender wants no automatic answer,
    which proves nothing about who wrote.
    """

    is_automatic: bool = False
    is_bulk: bool = False
    is_likely: bool = False
    is_unanswerable: bool = False
    asks_for_silence: bool = False
    evidence: tuple[str, ...] = ()

    @property
    def counts_as_answer(self) -> bool:
        """Whether it reopens, starts timers and is a customer's word: bulk mail from a person's program does, too."""
        return not (self.is_automatic or self.is_likely)

    @property
    def may_be_answered(self) -> bool:
        """Whether automatic mail of ours may go back."""
        return not (self.is_automatic or self.is_bulk or self.is_likely or self.is_unanswerable or self.asks_for_silence)


def machine(letter: Letter, envelope_sender: str | None = None) -> Machine:
    """Classify a letter. ``envelope_sender`` is what MAIL FROM said, empty for the null path, None where it is not known."""
    automatic = list(_automatic(letter, envelope_sender))
    bulk = list(_bulk(letter))
    likely = [f"Subject: {letter.subject}"] if is_likely(letter.subject) else []
    silence = [f"X-Auto-Response-Suppress: {each}" for each in letter.every("X-Auto-Response-Suppress") if _suppresses(each)]
    unread = [f"From: {each.address}" for each in (*letter.from_, *letter.reply_to) if _NO_REPLY.search(_local(each.address))]
    return Machine(
        is_automatic=bool(automatic),
        is_bulk=bool(bulk),
        is_likely=bool(likely),
        is_unanswerable=bool(unread),
        asks_for_silence=bool(silence),
        evidence=tuple(each[:200] for each in (*automatic, *bulk, *likely, *unread, *silence)),
    )


def is_daemon(letter: Letter) -> bool:
    """Whether a mail server is named as the writer."""
    return any(_DAEMON.match(_local(each.address)) or _DAEMON_NAME.match(each.name) for each in letter.from_) or bool(
        not letter.from_ and _DAEMON.search(letter.first("From"))
    )


def is_postmaster(letter: Letter) -> bool:
    """Whether it is from a postmaster, who may be a person (RFC 2142 5)."""
    return any(_POSTMASTER.match(_local(each.address)) for each in letter.from_)


def is_administrator(letter: Letter) -> bool:
    """Whether it is from a name that servers use as well as people."""
    names = [name for each in letter.from_ for name in (_local(each.address), each.name)] or [letter.first("From")]
    return any(_ADMINISTRATOR.match(each) for each in names)


def is_returned(letter: Letter) -> bool:
    """Whether it came on the null path, on which servers send what must not be answered (RFC 5321 4.5.5)."""
    return letter.first("Return-Path").replace(" ", "").lower() in ("<>", "<mailer-daemon>")


def is_likely(subject: str) -> bool:
    """Whether a subject is that of an automatic reply, in the languages we know. An answer to one ("Re: …") is not."""
    folded = unicodedata.normalize("NFKD", subject[:300].lower())
    return _LIKELY.match("".join(each for each in folded if not unicodedata.combining(each))) is not None


def _automatic(letter: Letter, envelope_sender: str | None) -> Iterator[str]:
    for value in letter.every("Auto-Submitted"):
        if _word(value) not in ("", "no"):
            yield f"Auto-Submitted: {value}"
    for name in _PRESENT:
        yield from (f"{name}: {each}" for each in letter.every(name) if _word(each) != "no")
    for name in ("Precedence", "X-Precedence"):
        yield from (f"{name}: {each}" for each in letter.every(name) if _word(each).replace("-", "_") == "auto_reply")
    if is_returned(letter):
        yield f"Return-Path: {letter.first('Return-Path')}"
    elif envelope_sender == "":
        yield "MAIL FROM: <>"
    if is_daemon(letter):
        yield f"From: {letter.first('From')}"
    if _word(letter.first("Content-Type")) == "multipart/report":
        yield "Content-Type: multipart/report"


def _bulk(letter: Letter) -> Iterator[str]:
    for name in _BULK:
        if value := letter.first(name):
            yield f"{name}: {value}"
    for name in ("Precedence", "X-Precedence"):
        yield from (f"{name}: {each}" for each in letter.every(name) if _word(each) in ("bulk", "list", "junk"))


def _word(value: str) -> str:
    """What stands before the parameters and comments (RFC 3834 5)."""
    return value.partition(";")[0].partition("(")[0].strip().lower()


def _suppresses(value: str) -> bool:
    return not {each.strip().lower() for each in re.split(r"[,;]", value)}.isdisjoint(("all", "autoreply", "oof"))


def _local(address: str) -> str:
    return address.partition("@")[0].lower()

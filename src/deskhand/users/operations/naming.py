"""How the account is called, and what language it writes in."""

from __future__ import annotations

from deskhand.kernel.errors import Code, Mistake, Mistakes
from deskhand.kernel.languages import LANGUAGES
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries
from deskhand.users.model import Account, AccountChanged
from deskhand.users.tables import account

LONGEST_NAME = 60
_account = upsert(account).values({name: param(name) for name in ("id", "name", "language")})
SET = write(
    _account.on_conflict_do_update(index_elements=["id"], set_={name: _account.excluded[name] for name in ("name", "language")})
)


async def name_account(tx: Transaction, wanted: Account) -> None:
    """Call the account something, or nothing; mail to whoever chose no language is in its ``language`` (English without).
    What is so already changes nothing. Raises Forbidden, Invalid naming each field."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    wanted = Account(" ".join(wanted.name.split()), wanted.language)
    mistakes = Mistakes()
    if len(wanted.name) > LONGEST_NAME:
        mistakes.add([Mistake("name", f"size must be between 0 and {LONGEST_NAME}", Code.SIZE, wanted.name[:300])])
    if wanted.language and wanted.language not in LANGUAGES:
        mistakes.add([Mistake("language", f"must be one of {', '.join(LANGUAGES)}", rejected=wanted.language[:300])])
    mistakes.refuse()
    if wanted == await queries.account(tx):
        return
    await tx.write(SET, id=1, name=wanted.name, language=wanted.language)
    tx.access_changed = True  # it is remembered beside who looks
    tx.record(AccountChanged(name=wanted.name, language=wanted.language))

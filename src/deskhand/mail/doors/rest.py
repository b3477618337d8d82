"""The rest of a message that is held with nothing but its header: it was too long, or the server did not give it."""

from __future__ import annotations

import re

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Unmet
from deskhand.kernel.permissions import system_actor
from deskhand.mail.doors.fetching import MEGABYTE, ON_SERVER, Fetching, LineTrouble, TooLong, Trials
from deskhand.mail.model import Direction
from deskhand.mail.operations import holding
from deskhand.mail.queries import held as queries
from deskhand.mail.queries.inboxes import CONNECTION, find
from deskhand.mail.reading.reading import read

WHERE = re.compile(rf"{ON_SERVER} (?:(\d+)/)?(\d+) of (.+)")


async def fetch_rest(desk: Desk, received_id: int, *, most_mb: int) -> int:
    """Fetch a held message whole from where it lies, and have it looked at; how many bytes it has.

    It is known by its header, found by its number, or by its id if it was moved; without a header by its number alone, if the
    folder was not numbered anew. Raises NotFound, Unmet, Unavailable.
    """
    async with desk.reading(system_actor()) as view:
        it = await queries.get(view, received_id)
        inbox = await find(view, it.inbox_id) if it.inbox_id is not None else None
        connection = await view.first(CONNECTION, inbox_id=it.inbox_id, direction=Direction.IN)
    where = WHERE.search(it.reason or "")
    if where is None:
        raise Unmet("nothing of it was left on a server")
    if inbox is None or connection is None:
        raise Unmet("its inbox has no server any more that it could be fetched from")
    uidvalidity, uid, lay_in = int(where[1]) if where[1] else None, int(where[2]), where[3]
    header = await desk.blobs.get(it.blob)
    message_id = read(header).message_id or ""
    fetching = Fetching(desk, connection, Trials(), limit_bytes=most_mb * MEGABYTE)
    content: bytes | None = None
    try:
        await fetching.open()
        for folder in dict.fromkeys(filter(None, (lay_in, inbox.options.moves_to))):
            content = await fetching.whole(folder, uid if folder == lay_in else None, uidvalidity, header, message_id)
            if content is not None:
                break
    except TooLong as error:
        raise Unmet(f"{error}, more than the {most_mb} MB that are wanted: see --most-mb") from None
    except LineTrouble as error:
        raise Unmet(f"the server could not give it: {error}") from None
    finally:
        await fetching.close()
    if content is None:
        doubt = "" if header else ", or nothing shows which it is"
        raise Unmet(f"it is no longer on the server{doubt}")
    blob = await desk.blobs.put(content)
    async with desk.writing(system_actor()) as tx:
        await holding.complete(tx, it.id, blob=blob, size_bytes=len(content))
    return len(content)

"""Unmodified clients of Help Scout's Mailbox API work by changing the host alone.

Each test says what its client was made to do; the steps are functions in `drivers/`, by these names.
"""

from tests.clients.serving import Drive


def test_python_helpscout_v2(drive: Drive) -> None:
    """python-helpscout-v2 2.0.0, host by its ``base_url``, reaches every endpoint that there is so far.

    It signs in (wrong secret, stale token), reads users, teams, inboxes, folders, fields and tags; invites and deletes a
    user, sets a status, routing and saved replies; creates, lists, filters, overwrites, patches and deletes customers
    and each kind of entry, also through v3; keeps organizations with members, and properties with values; creates
    conversations of each type with all kinds of threads, pages, filters, sorts and searches them, reads one through v3,
    changes subject, status, owner, customer, inbox, tags and fields, snoozes, wakes and deletes them; adds, edits, hides,
    schedules and publishes threads, and uploads, reads and deletes an attachment; makes, replaces and deletes a webhook;
    lists workflows, switches one off and on and runs another; reads reports and series.
    """
    assert len(drive("python-helpscout-v2", "python_helpscout")) == 55


def test_python_helpscout(drive: Drive) -> None:
    """python-helpscout 2.0.2, its continuation with the same API, does the same."""
    assert len(drive("python-helpscout", "python_helpscout")) == 55


def test_helpscout_mailbox(drive: Drive) -> None:
    """helpscout-mailbox 1.2.0, host by two module constants set at run time, uses all its methods.

    It signs in (wrong secret, stale token), creates a conversation and a draft of one, searches over several pages,
    reads threads and their bodies, adds a note and edits it, uploads an attachment and reads it back, replies, saves a
    draft and sends it by scheduling and publishing, snoozes, tags and closes.
    """
    assert len(drive("helpscout-mailbox", "mailbox_client.py")) == 19


def test_tap_helpscout(drive: Drive) -> None:
    """tap-helpscout 1.2.2, host by a ``sitecustomize`` on its PYTHONPATH, fills a data warehouse.

    It discovers its streams; syncs conversations with threads, customers, inboxes with fields and folders, teams with
    members, users, workflows and ratings, and has as many of each as the API lists and as were made; then syncs only what
    changed since.
    """
    assert len(drive("tap-helpscout", "tap.py")) == 10

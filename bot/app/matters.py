"""Common matters: telling those who follow one what became of it, and never anything of anybody's appeal."""

from __future__ import annotations

from datetime import datetime

from appeals.lifecycle import TERMINAL, Status
from bot.app import codec
from bot.app.ports import UnitOfWork
from bot.app.records import AppealRecord, Follow
from dialogs.events import FollowView, MatterChanged

TOLD = frozenset({Status.IN_PROGRESS, Status.FORWARDED, Status.EXTENDED, Status.ANSWERED})
"""What a body does about the matter. The rest is between it and one applicant."""


async def tell_followers(work: UnitOfWork, appeal: AppealRecord, now: datetime) -> tuple[str, ...]:
    """Put the news of a changed appeal into its followers' inboxes; gives their conversations.

    Each status reaches a follower once, by the first appeal that comes to it: the event's id says so, and repeating
    this changes nothing. A matter without an open appeal is over and followed no more.
    """
    if appeal.matter is None or appeal.status not in TOLD | TERMINAL:
        return ()
    woken = []
    for follow in await work.follows.of_matter(appeal.matter, appeal.created_at):
        if follow.conversation_id == appeal.conversation_id:
            continue
        crowd = await work.appeals.same_matter(follow.matter, since=follow.since)
        if crowd.people and appeal.status not in TOLD:
            continue
        event = _news(follow, appeal, now, over=not crowd.people)
        digest = event.id
        if await work.inbox.add(follow.conversation_id, event.id, codec.to_json(event), digest, now):
            woken.append(follow.conversation_id)
        if event.over:
            await work.follows.end(follow.conversation_id, follow.id)
    return tuple(dict.fromkeys(woken))


def view(follow: Follow) -> FollowView:
    """What the citizen may see of it."""
    return FollowView(follow.id, follow.matter)


def _news(follow: Follow, appeal: AppealRecord, now: datetime, *, over: bool) -> MatterChanged:
    what = "over" if over else appeal.status.value
    return MatterChanged(
        f"matter:{follow.id}:{what}", now, view(follow), appeal.status, appeal.body_name, over
    )

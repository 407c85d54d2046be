"""Accounts and sessions of the console."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.app.errors import InvalidInput, NotFound
from bot.app.records import Operator, Role, Session
from bot.storage.repositories.repository import Repository
from bot.storage.tables import operator_sessions, operators
from text.bilingual import Bilingual

_c = operators.c
_s = operator_sessions.c


class Operators(Repository):
    """Logins are compared as they are written; tokens are kept hashed."""

    async def count(self) -> int:
        """All accounts, the inactive ones too."""
        return int(await self._value(select(func.count()).select_from(operators)))

    async def add(self, operator: Operator) -> bool:
        """False when the login is taken."""
        added = await self._run(
            self._insert(operators)
            .values(id=operator.id, **_changeable(operator))
            .on_conflict_do_nothing(index_elements=[_c.login])
        )
        return added.rowcount == 1

    async def save(self, operator: Operator) -> None:
        """Raises NotFound, and InvalidInput when the login is another's."""
        try:
            changed = await self._run(
                update(operators).where(_c.id == operator.id).values(_changeable(operator))
            )
        except IntegrityError as error:
            raise InvalidInput("login", "taken") from error
        if changed.rowcount != 1:
            raise NotFound(operator.id)

    async def find(self, operator_id: str) -> Operator | None:
        """By id."""
        return await self._one(select(operators).where(_c.id == operator_id))

    async def find_by_login(self, login: str) -> Operator | None:
        """By login."""
        return await self._one(select(operators).where(_c.login == login))

    async def all(self) -> Sequence[Operator]:
        """By login."""
        return [_operator(row) for row in await self._rows(select(operators).order_by(_c.login))]

    async def open_session(self, session: Session) -> None:
        """Sweeps sessions that have expired by then."""
        await self._run(delete(operator_sessions).where(_s.expires_at <= session.created_at))
        await self._run(
            insert(operator_sessions).values(
                token_hash=session.token_hash,
                operator_id=session.operator_id,
                csrf=session.csrf,
                created_at=session.created_at,
                expires_at=session.expires_at,
            )
        )

    async def find_session(self, token_hash: str, now: datetime) -> Session | None:
        """One that has not expired."""
        row = await self._first(
            select(operator_sessions).where(_s.token_hash == token_hash, _s.expires_at > now)
        )
        return None if row is None else Session(**row)

    async def close_session(self, token_hash: str) -> None:
        """Nothing happens if there is none."""
        await self._run(delete(operator_sessions).where(_s.token_hash == token_hash))

    async def close_sessions_of(self, operator_id: str) -> None:
        """Signs the operator out everywhere."""
        await self._run(delete(operator_sessions).where(_s.operator_id == operator_id))

    async def _one(self, statement: Select[Any]) -> Operator | None:
        row = await self._first(statement)
        return None if row is None else _operator(row)


def _changeable(operator: Operator) -> dict[str, Any]:
    return {
        "login": operator.login,
        "name": operator.name,
        "role": operator.role.value,
        "password_hash": operator.password_hash,
        "must_change": operator.must_change,
        "active": operator.active,
        "post_kk": operator.post.kk if operator.post else None,
        "post_ru": operator.post.ru if operator.post else None,
    }


def _operator(row: RowMapping) -> Operator:
    told = dict(row)
    kk, ru = told.pop("post_kk"), told.pop("post_ru")
    post = Bilingual(kk, ru) if kk and ru else None
    return Operator(**{**told, "role": Role(row["role"]), "post": post})

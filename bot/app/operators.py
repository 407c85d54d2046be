"""Accounts of the console: signing in, sessions, passwords. Passwords are hashed by an injected hasher."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from bot.app.access import Operation, require
from bot.app.errors import InvalidInput, NotFound, NotPermitted, TooMany, WrongAction
from bot.app.ports import Clock, RateLimiter, Storage, UnitOfWork
from bot.app.records import AuditRow, Operator, Role, Session
from bot.app.seal import Seal
from dialogs.rules import Rules
from text.bilingual import Bilingual
from text.cleaning import clean

PASSWORD_LEAST = 12
LOGIN_LIMIT = 60
POST_LIMIT = 100
FIRST_LOGIN = "admin"


class PasswordHasher(Protocol):
    """Slow, salted hashing (argon2)."""

    of_nobody: str
    """A hash that no password fits."""

    def hash(self, password: str) -> str:
        """A self-describing hash."""

    def fits(self, password: str, hashed: str) -> bool:
        """Whether the password is the hashed one; takes as long for a wrong one."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the token goes into the cookie, `csrf` into forms."""

    token: str
    csrf: str
    operator: Operator
    must_change: bool


@dataclass(frozen=True, slots=True)
class Accounts:
    """Who may use the console."""

    storage: Storage
    hasher: PasswordHasher
    limiter: RateLimiter
    clock: Clock
    rules: Rules
    seal: Seal
    new_id: Callable[[], str]

    async def first_administrator(self) -> str | None:
        """On an empty installation creates `admin` and gives the generated password, to be told once; else None."""
        async with self.storage.read() as work:
            if await work.operators.count():
                return None
        password = _new_password()
        operator = Operator(
            self.new_id(),
            FIRST_LOGIN,
            "Администратор",
            Role.ADMINISTRATOR,
            self.hasher.hash(password),
            must_change=True,
        )
        async with self.storage.write() as work:
            if await work.operators.count() or not await work.operators.add(operator):
                return None
            await work.commit()
        return password

    async def sign_in(self, login: str, password: str, source: str) -> SignedIn:
        """Raises NotPermitted (whatever is wrong), TooMany after too many tries from one source or at one login."""
        login = login.strip().casefold()[:LOGIN_LIMIT]
        tries = self.rules.sign_in_attempts
        # An office may share one address, and a stranger must not lock an account for everybody: only the pair is strict.
        for key, limit in (
            (f"sign-in:{login}:{source}", tries),
            (f"sign-in:{login}", tries * 4),
            (f"sign-in:{source}", tries * 10),
        ):
            wait = await self.limiter.hit(key, limit=limit, window=self.rules.sign_in_window)
            if wait is not None:
                raise TooMany(wait)
        async with self.storage.read() as work:
            operator = await work.operators.find_by_login(login)
        # A hash is compared in any case, so that the time does not tell which logins exist.
        kept = operator.password_hash if operator else self.hasher.of_nobody
        fits = await asyncio.to_thread(self.hasher.fits, password, kept)
        if operator is None or not fits or not operator.active:
            raise NotPermitted("login or password is wrong")
        async with self.storage.write() as work:
            signed_in = await self._open(work, operator)
            await work.audit.add(AuditRow(self.clock.now(), operator.id, "operator.signed_in", operator.id))
            await work.commit()
        return signed_in

    async def session(self, token: str) -> tuple[Operator, Session] | None:
        """The operator behind a cookie; None when it is unknown, expired or the account is not active."""
        async with self.storage.read() as work:
            session = await work.operators.find_session(self.seal.of(token), self.clock.now())
            operator = await work.operators.find(session.operator_id) if session else None
        return (operator, session) if operator and session and operator.active else None

    async def sign_out(self, token: str) -> None:
        """End the session; nothing happens if it is over."""
        async with self.storage.write() as work:
            await work.operators.close_session(self.seal.of(token))
            await work.commit()

    async def change_password(self, operator: Operator, old: str, new: str) -> SignedIn:
        """A new password ends every session and opens a new one. Raises NotPermitted, InvalidInput."""
        if not self.hasher.fits(old, operator.password_hash):
            raise NotPermitted("the present password is wrong")
        if len(new) < PASSWORD_LEAST or len(new) > 200:
            raise InvalidInput("password", f"at least {PASSWORD_LEAST} characters")
        if new == old or operator.login in new.casefold():
            raise InvalidInput("password", "must differ from the present one and not contain the login")
        changed = replace(operator, password_hash=self.hasher.hash(new), must_change=False)
        async with self.storage.write() as work:
            await work.operators.save(changed)
            await work.operators.close_sessions_of(operator.id)
            signed_in = await self._open(work, changed)
            await work.audit.add(
                AuditRow(self.clock.now(), operator.id, "operator.password_changed", operator.id)
            )
            await work.commit()
        return signed_in

    async def create(
        self, actor: Operator, login: str, name: str, role: Role, post: Bilingual | None = None
    ) -> tuple[Operator, str]:
        """A new account with a generated password, to be changed at first sign-in. Raises NotPermitted, InvalidInput."""
        require(actor, Operation.MANAGE_ACCOUNTS)
        login, name = login.strip().casefold(), clean(name)
        if (
            not 3 <= len(login) <= LOGIN_LIMIT
            or not login.replace(".", "").replace("-", "").replace("_", "").isalnum()
        ):
            raise InvalidInput("login", "3 to 60 letters, digits, dots, hyphens")
        if not 2 <= len(name) <= 100:
            raise InvalidInput("name", "2 to 100 characters")
        password = _new_password()
        operator = Operator(
            self.new_id(),
            login,
            name,
            role,
            self.hasher.hash(password),
            must_change=True,
            post=_checked(post),
        )
        async with self.storage.write() as work:
            if not await work.operators.add(operator):
                raise InvalidInput("login", "is taken")
            await work.audit.add(
                AuditRow(self.clock.now(), actor.id, "operator.created", operator.id, role.value)
            )
            await work.commit()
        return operator, password

    async def reset_password(self, actor: Operator, operator_id: str) -> str:
        """A new generated password; the account's sessions end."""
        require(actor, Operation.MANAGE_ACCOUNTS)
        password = _new_password()
        operator = await self._get(operator_id)
        await self._change(
            actor,
            replace(operator, password_hash=self.hasher.hash(password), must_change=True),
            "operator.password_reset",
        )
        return password

    async def change_role(self, actor: Operator, operator_id: str, role: Role) -> None:
        """Another role; the account's sessions end. Nobody changes their own: an administrator has to remain."""
        require(actor, Operation.MANAGE_ACCOUNTS)
        if actor.id == operator_id:
            raise WrongAction("one's own role cannot be changed")
        operator = await self._get(operator_id)
        await self._change(actor, replace(operator, role=role), "operator.role_changed", role.value)

    async def change_post(self, actor: Operator, operator_id: str, post: Bilingual | None) -> None:
        """Another post, or none. Raises NotPermitted, InvalidInput."""
        require(actor, Operation.MANAGE_ACCOUNTS)
        operator = replace(await self._get(operator_id), post=_checked(post))
        async with self.storage.write() as work:
            await work.operators.save(operator)
            await work.audit.add(AuditRow(self.clock.now(), actor.id, "operator.post_changed", operator.id))
            await work.commit()

    async def set_active(self, actor: Operator, operator_id: str, *, active: bool) -> None:
        """Lock or unlock an account. Nobody locks themselves out."""
        require(actor, Operation.MANAGE_ACCOUNTS)
        if actor.id == operator_id:
            raise WrongAction("one's own account cannot be locked")
        operator = await self._get(operator_id)
        await self._change(
            actor, replace(operator, active=active), "operator.unlocked" if active else "operator.locked"
        )

    async def all(self, actor: Operator) -> Sequence[Operator]:
        """Every account."""
        require(actor, Operation.MANAGE_ACCOUNTS)
        async with self.storage.read() as work:
            return await work.operators.all()

    async def _get(self, operator_id: str) -> Operator:
        async with self.storage.read() as work:
            operator = await work.operators.find(operator_id)
        if operator is None:
            raise NotFound(operator_id)
        return operator

    async def _change(self, actor: Operator, changed: Operator, action: str, detail: str = "") -> None:
        async with self.storage.write() as work:
            await work.operators.save(changed)
            await work.operators.close_sessions_of(changed.id)
            await work.audit.add(AuditRow(self.clock.now(), actor.id, action, changed.id, detail))
            await work.commit()

    async def _open(self, work: UnitOfWork, operator: Operator) -> SignedIn:
        token, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(16), self.clock.now()
        # Until the generated password is changed the session is good for nothing else, and short.
        life = timedelta(minutes=15) if operator.must_change else self.rules.operator_session
        await work.operators.open_session(Session(self.seal.of(token), operator.id, csrf, now, now + life))
        return SignedIn(token, csrf, operator, operator.must_change)


def _checked(post: Bilingual | None) -> Bilingual | None:
    if post and max(len(post.kk), len(post.ru)) > POST_LIMIT:
        raise InvalidInput("post", f"at most {POST_LIMIT} characters")
    return post


def _new_password() -> str:
    return "-".join(secrets.token_hex(3) for _ in range(3))

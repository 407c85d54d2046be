"""A Bot API server as strict as Telegram's, with citizens who write to the bot and read its messages."""

from __future__ import annotations

import asyncio
import copy
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.servers import HANGS_SECONDS

JSON = dict[str, Any]
TEXT_LIMIT = 4096
CALLBACK_LIFETIME = 30.0
DOWNLOAD_LIMIT = 20 * 1024 * 1024
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_DATE = 1_780_000_000


class Refusal(Exception):
    """An answer with `ok: false`."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after


def bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


@dataclass
class BotMessage:
    """A message of the bot's as the chat shows it."""

    id: int
    text: str
    markup: JSON | None
    sent_at: float
    edited: int = 0
    document: tuple[str, bytes] | None = None
    deleted: bool = False

    @property
    def buttons(self) -> dict[str, str]:
        """Label -> callback data of the inline keyboard."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return {
            button["text"]: button["callback_data"] for row in rows for button in row if "url" not in button
        }

    @property
    def links(self) -> dict[str, str]:
        """Label -> address of the inline keyboard's links."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return {button["text"]: button["url"] for row in rows for button in row if "url" in button}

    @property
    def rows(self) -> list[list[str]]:
        """Labels as they are laid out."""
        return [[button["text"] for button in row] for row in (self.markup or {}).get("inline_keyboard", [])]

    @property
    def asks(self) -> str:
        """`contact` or `place` when the message brings a keyboard that asks for one."""
        for row in (self.markup or {}).get("keyboard", []):
            for button in row:
                if isinstance(button, dict) and button.get("request_contact"):
                    return "contact"
                if isinstance(button, dict) and button.get("request_location"):
                    return "place"
        return ""


@dataclass
class Call:
    """A call the server got; `refused` is the description it was refused with."""

    method: str
    params: JSON
    at: float
    refused: str = ""


@dataclass
class Chat:
    """A chat the bot may write to."""

    server: TelegramServer
    id: int
    kind: str = "private"
    language: str = "kk"
    blocked: bool = False
    messages: list[BotMessage] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    read: int = 0

    # --- what the person does; each gives the update's id ---

    def says(self, text: str, **more: Any) -> int:
        return self.server.push(message=self._message(text=text, **more))

    def edits(self, message_id: int, **content: Any) -> int:
        message = {**self._message(**content), "message_id": message_id, "edit_date": _DATE + 60}
        return self.server.push(edited_message=message)

    def sends(self, **content: Any) -> int:
        """Any other content, e.g. sticker={…}, with its fields as Telegram has them."""
        return self.server.push(message=self._message(**content))

    def sends_photo(self, content: bytes, caption: str | None = None, album: str | None = None) -> int:
        sizes = [(90, content[:10]), (1280, content)]
        photo = [{**self.server.add_file(data), "width": width, "height": width} for width, data in sizes]
        return self.sends(photo=photo, **_present(caption=caption, media_group_id=album))

    def sends_document(
        self, name: str, content: bytes, caption: str | None = None, *, media_type: str = "application/pdf"
    ) -> int:
        document = {**self.server.add_file(content), "file_name": name, "mime_type": media_type}
        return self.sends(document=document, **_present(caption=caption))

    def shares_place(self, lat: float, lon: float) -> int:
        return self.sends(location={"latitude": lat, "longitude": lon})

    def shares_contact(self, phone: str, *, own: bool = True) -> int:
        return self.sends(
            contact={"phone_number": phone, "first_name": "A", "user_id": self.id if own else self.id + 1}
        )

    def presses(self, label: str) -> int:
        """Press the newest button with that label."""
        for message in reversed(self.shown):
            if label in message.buttons:
                return self.presses_data(message.buttons[label], message.id)
        raise AssertionError(f"no button {label!r}; there are {[list(m.buttons) for m in self.shown]}")

    def presses_data(self, data: str, message_id: int = 1) -> int:
        """A button press with any data, as a forged client can send it."""
        query_id = str(10_000 + self.server.count())
        self.server.queries[query_id] = time.monotonic()
        shown = {**self._message(text="…"), "message_id": message_id, "from": self.server.me}
        query = {"id": query_id, "from": self._user(), "chat_instance": "1", "data": data, "message": shown}
        return self.server.push(callback_query=query)

    def blocks(self) -> int:
        self.blocked = True
        return self.server.push(my_chat_member=self._membership("member", "kicked"))

    def unblocks(self) -> int:
        self.blocked = False
        return self.server.push(my_chat_member=self._membership("kicked", "member"))

    def adds_bot(self) -> int:
        return self.server.push(my_chat_member=self._membership("left", "member"))

    # --- what the person sees ---

    @property
    def shown(self) -> list[BotMessage]:
        return [message for message in self.messages if not message.deleted]

    async def hears(self, count: int = 1, *, seconds: float = HANGS_SECONDS) -> list[BotMessage]:
        """The next `count` messages of the bot's that were not read yet."""
        await self.server.until(lambda: len(self.messages) >= self.read + count)
        fresh = self.messages[self.read : self.read + count]
        self.read += count
        return fresh

    def _user(self) -> JSON:
        person = self.id if self.kind == "private" else 700_001
        return {"id": person, "is_bot": False, "first_name": "A", "language_code": self.language}

    def _chat(self) -> JSON:
        return {"id": self.id, "type": self.kind, **({} if self.kind == "private" else {"title": "G"})}

    def _message(self, **content: Any) -> JSON:
        number = self.server.count()
        return {"message_id": number, "date": _DATE, "chat": self._chat(), "from": self._user(), **content}

    def _membership(self, before: str, after: str) -> JSON:
        def member(status: str) -> JSON:
            until = {"until_date": 0} if status == "kicked" else {}
            return {"status": status, "user": self.server.me, **until}

        parties = {"old_chat_member": member(before), "new_chat_member": member(after)}
        return {"chat": self._chat(), "from": self._user(), "date": _DATE, **parties}


class TelegramServer:
    """`async with TelegramServer() as server:` serves the Bot API at `server.url` on a free port."""

    def __init__(self, token: str = "4242:TEST-ONLY-TOKEN") -> None:
        self.token = token
        self.me = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "K",
            "username": "komekshi_test_bot",
        }
        self.url = ""
        self.calls: list[Call] = []
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, float] = {}
        self.answered: list[str] = []
        self.updates: list[JSON] = []
        self.files: dict[str, bytes] = {}
        self.menus: dict[tuple[str, str], list[JSON]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.webhook: JSON = {"url": ""}
        self._trouble: list[tuple[str, Refusal | str]] = []
        self._number = 100
        self._changed = asyncio.Condition()
        self._polling = 0
        self._runner: web.AppRunner | None = None

    # --- life ---

    async def __aenter__(self) -> TelegramServer:
        app = web.Application(client_max_size=50 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", self._serve_file)
        self._runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    # --- for tests ---

    def citizen(self, chat_id: int = 501, language: str = "kk") -> Chat:
        return self.chats.setdefault(chat_id, Chat(self, chat_id, language=language))

    def group(self, chat_id: int = -1001, kind: str = "supergroup") -> Chat:
        return self.chats.setdefault(chat_id, Chat(self, chat_id, kind))

    def count(self) -> int:
        """A new number for updates and messages."""
        self._number += 1
        return self._number

    def push(self, **content: Any) -> int:
        """A new update with any content; gives its id."""
        number = self.count()
        self.updates.append({"update_id": number, **content})
        self._wake()
        return number

    def repeat(self, update: JSON) -> None:
        """Bring an update once more, as Telegram does when it doubts that it arrived."""
        self.updates.append(copy.deepcopy(update))
        self._wake()

    def add_file(self, content: bytes) -> JSON:
        number = self.count()
        path = f"documents/file_{number}"
        self.files[path] = content
        return {"file_id": path, "file_unique_id": f"u{number}", "file_size": len(content)}

    def refuse(self, method: str, refusal: Refusal, times: int = 1) -> None:
        """The next calls of `method` (`*`: any) are refused."""
        self._trouble += [(method.casefold(), refusal)] * times

    def flood(self, retry_after: int, method: str = "sendMessage", times: int = 1) -> None:
        why = f"Too Many Requests: retry after {retry_after}"
        self.refuse(method, Refusal(429, why, retry_after), times)

    def break_off(self, method: str, times: int = 1, *, after: bool = False, skip: int = 0) -> None:
        """The connection ends before (or after) the call took effect; the first `skip` calls go well."""
        self._trouble += [(method.casefold(), "")] * skip
        self._trouble += [(method.casefold(), "after" if after else "before")] * times

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method.casefold() == method.casefold()]

    @property
    def pending(self) -> list[int]:
        """Ids of updates that were not confirmed."""
        return [update["update_id"] for update in self.updates]

    async def until(self, condition: Callable[[], bool], seconds: float = HANGS_SECONDS) -> None:
        """Wait until something holds; checked after each call and each update. Raises TimeoutError."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(condition)

    async def bring(self, update: JSON | None = None, *, secret: str | None = None) -> int:
        """Bring the oldest (or this) update to the webhook; a 2xx answer confirms it. Gives the status."""
        brought = update or self.updates[0]
        headers = {SECRET_HEADER: secret if secret is not None else self.webhook.get("secret_token", "")}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.webhook["url"], json=brought, headers=headers) as answer,
        ):
            if answer.status < 300 and brought in self.updates:
                self.updates.remove(brought)
            return answer.status

    # --- the API ---

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].casefold()
        params = await _params(request)
        call = Call(request.match_info["method"], params, time.monotonic())
        self.calls.append(call)
        try:
            handler = self._handler(request.match_info["token"], method)
            broken = self._trouble_of(method)
            if broken == "before":
                return _cut(request)
            result = await handler(self, params)
            if broken == "after":
                return _cut(request)
            return web.json_response({"ok": True, "result": result})
        except Refusal as error:
            call.refused = error.description
            more = {"parameters": {"retry_after": error.retry_after}} if error.retry_after else {}
            body = {"ok": False, "error_code": error.code, "description": error.description, **more}
            return web.json_response(body, status=error.code)
        finally:
            self._wake()

    def _handler(self, token: str, method: str) -> Callable[[TelegramServer, JSON], Awaitable[Any]]:
        if token != self.token:
            raise Refusal(401, "Unauthorized")
        if method not in _METHODS:
            raise Refusal(404, "Not Found: method not found")
        return _METHODS[method]

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return web.json_response({"ok": False, "error_code": 401}, status=401)
        if self._trouble_of("file") == "before":
            return _cut(request)
        content = self.files.get(request.match_info["path"])
        if content is None:
            return web.json_response({"ok": False, "error_code": 404}, status=404)
        return web.Response(body=content)

    def _trouble_of(self, method: str) -> str:
        for index, (name, trouble) in enumerate(self._trouble):
            if name in (method, "*"):
                del self._trouble[index]
                if isinstance(trouble, Refusal):
                    raise trouble
                return trouble
        return ""

    def _wake(self) -> None:
        async def notify() -> None:
            async with self._changed:
                self._changed.notify_all()

        task = asyncio.get_running_loop().create_task(notify())
        _waking.add(task)
        task.add_done_callback(_waking.discard)

    async def get_me(self, _: JSON) -> JSON:
        return self.me

    async def get_updates(self, params: JSON) -> list[JSON]:
        if self.webhook["url"]:
            why = "can't use getUpdates method while webhook is active; use deleteWebhook first"
            raise Refusal(409, f"Conflict: {why}")
        offset, limit = _integer(params, "offset", 0), _integer(params, "limit", 100)
        wait, kinds = _integer(params, "timeout", 0), _list(params, "allowed_updates")
        if not 1 <= limit <= 100:
            raise bad("limit must be between 1 and 100")
        self._polling += 1
        mine = self._polling
        # Asking past an update confirms it and all before.
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        self._drop_unwanted(kinds)
        self._wake()
        if not self.updates and wait:
            try:
                await self.until(lambda: mine != self._polling or self._drop_unwanted(kinds), wait)
            except TimeoutError:
                return []
            if mine != self._polling:
                why = (
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )
                raise Refusal(409, f"Conflict: {why}")
        return copy.deepcopy(self.updates[:limit])

    def _drop_unwanted(self, kinds: list[str]) -> bool:
        """Updates of kinds that were not asked for never come; gives whether others wait."""
        if kinds:
            self.updates = [update for update in self.updates if set(kinds) & set(update)]
        return bool(self.updates)

    async def set_webhook(self, params: JSON) -> bool:
        url, secret = _string(params, "url"), params.get("secret_token", "")
        if url and not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad("secret token contains unallowed characters")
        self.webhook = {"url": url, "secret_token": secret}
        return True

    async def delete_webhook(self, params: JSON) -> bool:
        self.webhook = {"url": ""}
        if params.get("drop_pending_updates") == "true":
            self.updates.clear()
        return True

    async def send_message(self, params: JSON) -> JSON:
        chat = self._writable(params)
        text = _text(params)
        markup = _markup(params, chat)
        message = BotMessage(self.count(), text, markup, time.monotonic())
        chat.messages.append(message)
        return self._shown(chat, message)

    async def send_document(self, params: JSON) -> JSON:
        chat = self._writable(params)
        upload = params.get("document")
        if not isinstance(upload, str) or not upload.startswith("attach://"):
            raise bad("there is no document in the request")
        content = params.get(upload.removeprefix("attach://"))
        if not isinstance(content, web.FileField) or not content.filename:
            raise bad("wrong file identifier/HTTP URL specified")
        message = BotMessage(self.count(), "", None, time.monotonic())
        message.document = (content.filename, content.file.read())
        if not message.document[1]:
            raise bad("file must be non-empty")
        chat.messages.append(message)
        return self._shown(chat, message)

    async def edit_message_text(self, params: JSON) -> JSON:
        chat = self._writable(params)
        message = self._message(chat, params, "message to edit not found")
        text, markup = _text(params), _markup(params, chat)
        if markup is not None and "inline_keyboard" not in markup:
            raise bad("inline keyboard expected")
        if message.markup is not None and "inline_keyboard" not in message.markup:
            raise bad("message can't be edited")
        if (text, markup) == (message.text, message.markup):
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same"
                " as a current content and reply markup of the message"
            )
        message.text, message.markup, message.edited = text, markup, message.edited + 1
        return self._shown(chat, message)

    async def delete_message(self, params: JSON) -> bool:
        chat = self._writable(params)
        self._message(chat, params, "message to delete not found").deleted = True
        return True

    async def send_chat_action(self, params: JSON) -> bool:
        chat = self._writable(params)
        action = _string(params, "action")
        if action not in ("typing", "upload_photo", "upload_document", "find_location"):
            raise bad("wrong parameter action in request")
        chat.actions.append(action)
        return True

    async def answer_callback_query(self, params: JSON) -> bool:
        query_id = _string(params, "callback_query_id")
        asked = self.queries.pop(query_id, None)
        if asked is None or time.monotonic() - asked > CALLBACK_LIFETIME:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(params.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.answered.append(query_id)
        return True

    async def get_file(self, params: JSON) -> JSON:
        path = _string(params, "file_id")
        if path not in self.files:
            raise bad("invalid file_id")
        size = len(self.files[path])
        if size > DOWNLOAD_LIMIT:
            raise bad("file is too big")
        return {"file_id": path, "file_unique_id": path, "file_size": size, "file_path": path}

    async def set_my_commands(self, params: JSON) -> bool:
        commands = _list(params, "commands")
        if not 0 < len(commands) <= 100:
            raise bad("BOT_COMMANDS_TOO_MUCH" if commands else "can't parse commands: expected an Array")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description", ""))) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.menus[_scope(params), _language(params)] = commands
        return True

    async def get_my_commands(self, params: JSON) -> list[JSON]:
        return self.menus.get((_scope(params), _language(params)), [])

    def _writable(self, params: JSON) -> Chat:
        chat = self.chats.get(_integer(params, "chat_id"))
        if chat is None:
            raise bad("chat not found")
        if chat.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return chat

    def _message(self, chat: Chat, params: JSON, missing: str) -> BotMessage:
        number = _integer(params, "message_id")
        for message in chat.shown:
            if message.id == number:
                return message
        raise bad(missing)

    def _shown(self, chat: Chat, message: BotMessage) -> JSON:
        party = {"id": chat.id, "type": chat.kind, "first_name": "A"}
        shown = {
            "message_id": message.id,
            "date": _DATE,
            "chat": party,
            "from": self.me,
            "text": message.text,
        }
        inline = message.markup if message.markup and "inline_keyboard" in message.markup else None
        return {**shown, **_present(reply_markup=inline)}


_waking: set[asyncio.Task[None]] = set()


def _profile(field_name: str, limit: int) -> tuple[Any, Any]:
    async def read(server: TelegramServer, params: JSON) -> JSON:
        return {field_name: server.profile.get((field_name, _language(params)), "")}

    async def write(server: TelegramServer, params: JSON) -> bool:
        value = params.get(field_name, "")
        if len(value) > limit:
            raise bad(f"{field_name.upper()}_TOO_LONG")
        server.profile[field_name, _language(params)] = value
        return True

    return read, write


_name, _short, _long = _profile("name", 64), _profile("short_description", 120), _profile("description", 512)
_METHODS: Mapping[str, Callable[[TelegramServer, JSON], Awaitable[Any]]] = {
    "getme": TelegramServer.get_me,
    "getupdates": TelegramServer.get_updates,
    "setwebhook": TelegramServer.set_webhook,
    "deletewebhook": TelegramServer.delete_webhook,
    "senddocument": TelegramServer.send_document,
    "sendmessage": TelegramServer.send_message,
    "editmessagetext": TelegramServer.edit_message_text,
    "deletemessage": TelegramServer.delete_message,
    "sendchataction": TelegramServer.send_chat_action,
    "answercallbackquery": TelegramServer.answer_callback_query,
    "getfile": TelegramServer.get_file,
    "setmycommands": TelegramServer.set_my_commands,
    "getmycommands": TelegramServer.get_my_commands,
    "getmyname": _name[0],
    "setmyname": _name[1],
    "getmyshortdescription": _short[0],
    "setmyshortdescription": _short[1],
    "getmydescription": _long[0],
    "setmydescription": _long[1],
}


# --- reading parameters ----------------------------------------------------------------------


async def _params(request: web.Request) -> JSON:
    found: JSON = dict(request.query)
    if request.content_type == "application/json":
        found |= await request.json()
    elif request.can_read_body:
        found |= dict(await request.post())
    return found


def _cut(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


def _present(**values: Any) -> JSON:
    return {name: value for name, value in values.items() if value is not None}


def _string(params: JSON, name: str) -> str:
    value = params.get(name, "")
    if not isinstance(value, str) or not value:
        raise bad(f"parameter {name} is required")
    return value


def _integer(params: JSON, name: str, default: int | None = None) -> int:
    value = params.get(name, default)
    if value is None:
        raise bad(f"{name} is empty")
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,18}", str(value)):
        raise bad(f"parameter {name} must be an Integer")
    return int(value)


def _object(params: JSON, name: str) -> Any:
    value = params.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad(f"can't parse {name} JSON object") from None


def _list(params: JSON, name: str) -> list[Any]:
    value = _object(params, name)
    if value is not None and not isinstance(value, list):
        raise bad(f"can't parse {name}: expected an Array")
    return value or []


def _scope(params: JSON) -> str:
    scope = _object(params, "scope") or {"type": "default"}
    if scope.get("type") not in ("default", "all_private_chats", "all_group_chats"):
        raise bad("unsupported scope")
    return str(scope["type"])


def _language(params: JSON) -> str:
    code = str(params.get("language_code", ""))
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad("invalid language code specified")
    return code


def _text(params: JSON) -> str:
    text = str(params.get("text", "")).strip()
    if not text:
        raise bad("message text is empty")
    if len(text.encode("utf-16-le")) // 2 > TEXT_LIMIT:
        raise bad("message is too long")
    return text


def _markup(params: JSON, chat: Chat) -> JSON | None:
    markup = _object(params, "reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in markup:
        _check_rows(markup["inline_keyboard"], _check_inline)
    elif "keyboard" in markup:
        _check_rows(markup["keyboard"], lambda button: _check_reply(button, chat))
    elif not markup.get("remove_keyboard"):
        raise bad("can't parse reply keyboard markup JSON object")
    return markup


def _check_rows(rows: Any, check: Callable[[Any], None]) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("field keyboard of the reply markup must be an Array of Arrays")
    if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            check(button)


def _check_inline(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: expected an Object")
    if not str(button.get("text", "")).strip():
        raise bad("can't parse inline keyboard button: Field text must be non-empty")
    data = button.get("callback_data")
    if data is None and "url" in button:
        if not re.fullmatch(
            r"https?://(?!localhost|127\.)[\w.-]+\.[a-z]{2,}(?::\d+)?(?:/.*)?", str(button["url"])
        ):
            raise bad("inline keyboard button URL is invalid: Wrong HTTP URL")
        return
    if data is None:
        raise bad("text buttons are unallowed in the inline keyboard")
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")


def _check_reply(button: Any, chat: Chat) -> None:
    if isinstance(button, str):
        return
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad("can't parse keyboard button: Field text must be non-empty")
    for name, what in (("request_contact", "phone number"), ("request_location", "location")):
        if button.get(name) and chat.kind != "private":
            raise bad(f"{what} can be requested in private chats only")

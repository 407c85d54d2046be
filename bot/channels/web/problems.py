"""The one place where refusals of the web interface become problem+json, in the citizen's language."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.app.errors import AppError, InvalidInput, TooMany
from bot.channels.web.protocol import TextTooLong, to_text
from text.bilingual import Bilingual, Locale

STATUS: Mapping[str, int] = {
    "bad_json": 400,
    "bad_upload": 400,
    "no_token": 401,
    "not_permitted": 403,
    "origin": 403,
    "not_found": 404,
    "no_page": 404,
    "method": 405,
    "event_conflict": 409,
    "wrong_action": 409,
    "too_large": 413,
    "media_type": 415,
    "invalid_input": 422,
    "text_too_long": 422,
    "too_many": 429,
    "internal": 500,
    "stale": 503,
    "no_room": 507,
}

RETRY_AFTER: Mapping[int, str] = {503: "1", 507: "60"}
"""Seconds, by HTTP status."""

DETAIL: Mapping[str, Bilingual] = {
    "bad_json": Bilingual("Сұрау денесі JSON нысаны болуы керек.", "Тело запроса должно быть объектом JSON."),
    "bad_upload": Bilingual(
        "Файлды оқу мүмкін болмады. Қайта жіберіп көріңіз.",
        "Не удалось прочитать файл. Попробуйте отправить ещё раз.",
    ),
    "no_token": Bilingual(
        "Әңгіменің кілті жоқ. Жаңа әңгіме бастаңыз.", "Нет ключа разговора. Начните новый разговор."
    ),
    "not_permitted": Bilingual(
        "Бұл әңгіменің кілті жарамсыз немесе мерзімі өткен. Жаңа әңгіме бастаңыз.",
        "Ключ этого разговора не подходит или устарел. Начните новый разговор.",
    ),
    "origin": Bilingual("Бұл сайттан қосылуға рұқсат жоқ.", "Подключение с этого сайта не разрешено."),
    "not_found": Bilingual(
        "Мұндай әңгіме табылмады. Жаңа әңгіме бастаңыз.", "Такой разговор не найден. Начните новый разговор."
    ),
    "no_page": Bilingual("Мұндай мекенжай жоқ.", "Такого адреса нет."),
    "method": Bilingual("Бұл мекенжай мұндай сұрауды қабылдамайды.", "Этот адрес не принимает такой запрос."),
    "event_conflict": Bilingual(
        "Осы нөмірмен басқа хабарлама жіберіліп қойған. Хабарламаны қайтадан жазып жіберіңіз.",
        "С этим номером уже отправлено другое сообщение. Напишите и отправьте его заново.",
    ),
    "wrong_action": Bilingual("Қазір бұл әрекетті орындауға болмайды.", "Сейчас это действие невозможно."),
    "too_large": Bilingual(
        "Жіберілген дерек тым үлкен: {megabytes} МБ-тан аспауы керек.",
        "Слишком большой объём: можно не больше {megabytes} МБ.",
    ),
    "media_type": Bilingual(
        "Сұрау басқа пішімде болуы керек: {expected}.", "Запрос должен быть в формате {expected}."
    ),
    "invalid_input": Bilingual("«{field}» өрісі дұрыс толтырылмаған.", "Поле «{field}» заполнено неверно."),
    "text_too_long": Bilingual(
        "Мәтін тым ұзын: {length} таңба, ал ең көбі – {limit}. "
        "Қысқартыңыз немесе бірнеше хабарламаға бөліп жіберіңіз.",
        "Текст слишком длинный: {length} знаков, а можно до {limit}. "
        "Сократите его или отправьте несколькими сообщениями.",
    ),
    "too_many": Bilingual(
        "Хабарлама тым жиі жіберілді. {seconds} секундтан кейін қайталап көріңіз.",
        "Слишком много сообщений подряд. Повторите через {seconds} с.",
    ),
    "internal": Bilingual(
        "Біздің тараптан қате шықты. Сәл кейінірек қайталап көріңіз.",
        "Ошибка на нашей стороне. Повторите чуть позже.",
    ),
    "no_room": Bilingual(
        "Қызметте қазір орын жоқ, сондықтан жібергеніңіз сақталған жоқ. Бірнеше минуттан кейін қайта жіберіңіз.",
        "На сервисе сейчас нет места, поэтому отправленное не сохранено. Отправьте ещё раз через несколько минут.",
    ),
    "stale": Bilingual(
        "Қызмет қазір бос емес. Бірнеше секундтан кейін қайталап көріңіз.",
        "Сервис сейчас занят. Повторите через несколько секунд.",
    ),
}


class Refused(Exception):
    """A request that HTTP itself refuses; `code` is one of STATUS, `params` fill the words."""

    def __init__(self, code: str, *, headers: Mapping[str, str] | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
        self.headers = headers or {}


def problem(error: AppError | Refused, locale: Locale) -> dict[str, Any]:
    """RFC 9457: what went wrong and what to do, with a stable `code`."""
    code = error.code if error.code in STATUS else "internal"
    params: dict[str, object] = {}
    more: dict[str, Any] = {}
    match error:
        case Refused():
            params = dict(error.params)
        case TextTooLong():
            params = more = {"length": error.length, "limit": error.limit}
        case InvalidInput():
            params = more = {"field": error.field}
        case TooMany():
            params = {"seconds": _seconds(error)}
            more = {"retry_after": _seconds(error)}
    return {
        "type": f"urn:komekshi:problem:{code}",
        "title": code.replace("_", " "),
        "status": STATUS[code],
        "code": code,
        "detail": DETAIL[code].of(locale).format(**params),
        **more,
    }


def response(error: AppError | Refused, locale: Locale) -> web.Response:
    """The same as an HTTP answer."""
    body = problem(error, locale)
    headers = {"Content-Language": locale, "Cache-Control": "no-store"}
    match error:
        case Refused():
            headers |= error.headers
        case TooMany():
            headers["Retry-After"] = str(_seconds(error))
    if body["status"] in RETRY_AFTER:
        headers["Retry-After"] = RETRY_AFTER[body["status"]]
    return web.Response(
        text=to_text(body), status=body["status"], content_type="application/problem+json", headers=headers
    )


def _seconds(error: TooMany) -> int:
    return max(1, math.ceil(error.retry_after))

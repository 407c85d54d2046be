"""Addresses of one-time pages, made of a page's id and the installation's key: what is stored opens nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.app.records import Message, ShownButton
from bot.app.seal import Seal
from dialogs.replies import DEEP_LINK, PAGE


@dataclass(frozen=True, slots=True)
class Links:
    """`base_url`: where citizens reach us, without a slash at the end. `bot`: the name of ours in Telegram, if there is one."""

    seal: Seal
    base_url: str
    bot: str = ""

    def token(self, page_id: str) -> str:
        """What the address holds. It leaves us towards the citizen only: never to storage, logs or the console."""
        return self.seal.of(f"one-time page {page_id}")

    def digest(self, token: str) -> str:
        """What is stored of it."""
        return self.seal.of(token)

    def in_telegram(self, page_id: str) -> str:
        """The deep link that hands the page's key to our bot; empty without one."""
        return f"https://t.me/{self.bot}?start={self.token(page_id)}" if self.bot else ""

    def shown(self, message: Message) -> Message:
        """The message as the citizen gets it: buttons that lead to a page have its address."""
        if not any(button.action in (PAGE, DEEP_LINK) for button in message.buttons):
            return message
        return replace(message, buttons=tuple(map(self._led, message.buttons)))

    def _led(self, button: ShownButton) -> ShownButton:
        if button.action == PAGE:
            return replace(button, url=f"{self.base_url}/page?key={self.token(button.arg)}")
        return replace(button, url=self.in_telegram(button.arg)) if button.action == DEEP_LINK else button

"""Addresses of one-time pages, made of a page's id and the installation's key: what is stored opens nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.app.records import Message
from bot.app.seal import Seal
from dialogs.replies import PAGE


@dataclass(frozen=True, slots=True)
class Links:
    """`base_url`: where citizens reach us, without a slash at the end."""

    seal: Seal
    base_url: str

    def token(self, page_id: str) -> str:
        """What the address holds. It leaves us towards the citizen only: never to storage, logs or the console."""
        return self.seal.of(f"one-time page {page_id}")

    def digest(self, token: str) -> str:
        """What is stored of it."""
        return self.seal.of(token)

    def shown(self, message: Message) -> Message:
        """The message as the citizen gets it: buttons that lead to a page have its address."""
        if not any(button.action == PAGE for button in message.buttons):
            return message
        linked = tuple(
            replace(button, url=f"{self.base_url}/page?key={self.token(button.arg)}")
            if button.action == PAGE
            else button
            for button in message.buttons
        )
        return replace(message, buttons=linked)

"""A real Chromium in front of a console."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page

from bot.app.records import Role
from tests.chromium import PATIENCE
from tests.console.scene import Scene


@dataclass
class Stage:
    """Pages of operators; `trouble` gathers what the browser complains of."""

    browser: Browser
    scene: Scene
    contexts: list[BrowserContext] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    async def context(
        self, login: str = "", role: Role = Role.REGISTRAR, locale: str = "ru", **options: Any
    ) -> BrowserContext:
        """A browser of its own; with a login, somebody is signed in."""
        settings: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "locale": "ru-RU", **options}
        context = await self.browser.new_context(**settings)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        cookies: list[Any] = [{"name": "komekshi-lang", "value": locale, "url": f"{self.scene.url}/console"}]
        if login:
            token, _ = await self.scene.session(await self.scene.account(login, role))
            cookies.append(
                {
                    "name": "__Host-komekshi",
                    "value": token,
                    "url": self.scene.url.replace("http:", "https:"),
                    "secure": True,
                }
            )
        await context.add_cookies(cookies)
        return context

    async def page(self, context: BrowserContext, path: str = "/console/conversations") -> Page:
        """An open page of that browser."""
        page = await context.new_page()
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", lambda line: self.trouble.append(line.text) if line.type == "error" else None)
        await page.goto(self.scene.url + path)
        return page

    async def operator(
        self, login: str = "aigerim", path: str = "/console/conversations", **options: Any
    ) -> Page:
        """The page of somebody signed in."""
        return await self.page(await self.context(login, **options), path)

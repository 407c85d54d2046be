from playwright.async_api import async_playwright

from tests.console.conftest import open_scene
from tests.console.scene import furnish
from tests.console.stage import *

OUT = "/tmp/console-shots"
import os

os.makedirs(OUT, exist_ok=True)


async def test_shots(tmp_path, sqlite_url):
    async with async_playwright() as p, open_scene(tmp_path, sqlite_url) as scene:
        b = await p.chromium.launch(executable_path=CHROMIUM)
        st = Stage(b, scene)
        ids = await furnish(scene)
        admin = await scene.account("admin", Role.ADMINISTRATOR, name="Дана Қасымова")
        for scheme, locale, size, tag in (
            ("light", "ru", (1440, 900), "ld"),
            ("dark", "kk", (1440, 900), "dk"),
            ("light", "kk", (360, 740), "ph"),
        ):
            ctx = await st.context(
                "aigerim", locale=locale, color_scheme=scheme, viewport={"width": size[0], "height": size[1]}
            )
            adm = await st.context(
                "admin",
                role=Role.ADMINISTRATOR,
                locale=locale,
                color_scheme=scheme,
                viewport={"width": size[0], "height": size[1]},
            )
            non = await st.context(
                "", locale=locale, color_scheme=scheme, viewport={"width": size[0], "height": size[1]}
            )
            for name, c, path in (
                ("signin", non, "/console/sign-in"),
                ("list", ctx, "/console/conversations"),
                ("mine", ctx, f"/console/conversations/{ids['mine']}?tab=mine"),
                ("queued", ctx, f"/console/conversations/{ids['urgent']}"),
                ("taken", ctx, f"/console/conversations/{ids['taken']}?tab=all"),
                ("appeals", ctx, "/console/appeals"),
                ("appeal", ctx, f"/console/appeals/{ids['running']}"),
                ("late", ctx, f"/console/appeals/{ids['late']}"),
                ("accounts", adm, "/console/accounts"),
                ("overview", adm, "/console/overview"),
                ("password", adm, "/console/password"),
                ("nothing", adm, "/console/nothing"),
            ):
                page = await st.page(c, path)
                await page.wait_for_timeout(500)
                await page.screenshot(path=f"{OUT}/{tag}-{name}.png", full_page=name not in ("mine",))
                w = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
                if w[0] > w[1]:
                    print("OVERFLOW", tag, name, w)
                await page.close()
        for c in st.contexts:
            await c.close()
        print(st.trouble)
        await b.close()

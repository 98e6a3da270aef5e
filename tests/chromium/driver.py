"""The machine's Chromium, driven from a thread of its own: a test's event loop stays its own.

The driver belongs to that thread: whatever sends it something, an `on` or a time-out too, is done there.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar, cast

from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright

T = TypeVar("T")

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
QUIET: Final = (
    "--no-sandbox",  # of the browser's processes; root may not have it
    "--disable-background-networking",
    "--disable-renderer-backgrounding",  # a page that nobody looks at is as fast as one that somebody does
    "--disable-backgrounding-occluded-windows",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
)
PATIENCE_S: Final = 90
"""How long a test waits for anything in a page: a cold start takes 2 s, and 20 s where all processors are busy."""


def why_missing() -> str | None:
    """Say what is missing to run a page, None where nothing is."""
    if executable() is None:
        return "Chromium is not installed: apt-get install chromium"
    return None


def executable() -> str | None:
    """Give where Chromium is."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


class Chromium:
    """One browser for a whole session of tests."""

    def __init__(self, *flags: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="chromium", daemon=True)
        self._thread.start()
        self._playwright, self._browser = self.do(self._launch(flags))

    def do(self, work: Coroutine[object, object, T]) -> T:
        """Have something done in the browser's thread, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_S * 2)

    def post(self, work: Coroutine[object, object, object]) -> None:
        """Have something done in the browser's thread, in the order in which it is asked for."""
        asyncio.run_coroutine_threadsafe(work, self._loop)

    def profile(self) -> Profile:
        """Give a new profile: storage that nobody has used."""
        return Profile(self, self.do(self.context()))

    async def context(self, **options: Any) -> BrowserContext:
        """Give a new profile's context, with options of the driver's own."""
        context = await self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE_S * 1000)
        return context

    def close(self) -> None:
        """Close the browser."""
        self.do(self._browser.close())
        self.do(self._playwright.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _launch(self, flags: tuple[str, ...]) -> tuple[Playwright, Browser]:
        playwright = await async_playwright().start()
        browser = await playwright.chromium.launch(executable_path=executable(), args=[*QUIET, *flags])
        return playwright, browser


class Profile:
    """A browser profile."""

    def __init__(self, chromium: Chromium, context: BrowserContext) -> None:
        self._chromium = chromium
        self._context = context

    def open(self, url: str) -> Tab:
        """Open a page in a new tab."""

        errors: list[str] = []

        async def opened() -> Page:
            page = await self._context.new_page()
            await page.goto(url)
            page.on("pageerror", lambda error: errors.append(str(error)))
            return page

        return Tab(self._chromium, self._chromium.do(opened()), errors)

    def prepare(self, script: str) -> None:
        """Have a script run in each of its pages and frames before theirs."""
        self._chromium.do(self._context.add_init_script(script))

    def close(self) -> None:
        """Close its tabs and forget its storage."""
        self._chromium.do(self._context.close())


class Tab:
    """A page.

    Attributes:
        errors: Texts of errors that nobody in the page has caught.
    """

    def __init__(self, chromium: Chromium, page: Page, errors: list[str] | None = None) -> None:
        self.errors = [] if errors is None else errors
        self._listeners: list[Callable[..., None]] = []
        self._chromium = chromium
        self.page = page

    def evaluate(self, function: str, argument: object = None) -> object:
        """Give what a JavaScript function gives for an argument, as JSON."""
        return cast("object", self._chromium.do(self.page.evaluate(function, argument)))

    def post(self, function: str, argument: object = None) -> None:
        """Have a JavaScript function called; nobody waits for it."""
        self._chromium.post(self.page.evaluate(function, argument))

    def listen(self, told: Callable[..., None]) -> None:
        """Have calls of the page's global function `told` told, in the browser's thread, in place of whoever was before."""
        if not self._listeners:
            self._chromium.do(self._expose())
        self._listeners.append(told)

    async def _expose(self) -> None:
        def tell(*told: object) -> None:
            self._listeners[-1](*told)

        await self.page.expose_function("told", tell)  # pyright: ignore[reportUnknownMemberType]

    def expose(self, name: str, answer: Callable[..., Coroutine[object, object, object]]) -> None:
        """Have calls of a global function of the page answered, in the browser's thread."""
        self._chromium.do(self.page.expose_function(name, answer))  # pyright: ignore[reportUnknownMemberType]

    def reload(self) -> None:
        """Load the page again."""
        self._chromium.do(self.page.reload())

    def close(self) -> None:
        """Close the tab."""
        self._chromium.do(self.page.close())

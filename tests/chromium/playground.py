"""The playground as a person uses it: keys, clicks and what stands on the page."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Final, Literal, NamedTuple, TypeVar, cast

from playwright.async_api import ConsoleMessage, Page

from chromium.driver import Chromium

T = TypeVar("T")
LAPTOP: Final = (1280, 800)
EXAMPLES: Final = {
    "adviser": "0",
    "narrow": "1",
    "side by side": "2",
    "slip": "3",
    "approval": "4",
    "app error": "5",
    "loop": "6",
}


class AccessibleNode(NamedTuple):
    """One part of a page, as a screen reader is told of it."""

    role: str
    name: str
    is_focusable: bool


def _node(told: dict[str, Any]) -> AccessibleNode:
    properties = {one["name"]: one["value"].get("value") for one in told.get("properties", [])}
    return AccessibleNode(
        told.get("role", {}).get("value", ""),
        told.get("name", {}).get("value", ""),
        properties.get("focusable") is True,
    )


class PlaygroundPage:
    """A page in a profile of its own.

    Attributes:
        errors: What the page could not do: errors that nobody caught, files that were refused or missing.
        requests: Addresses that were asked for.
    """

    def __init__(
        self,
        chromium: Chromium,
        url: str,
        *,
        size: tuple[int, int] = LAPTOP,
        colours: Literal["light", "dark"] = "light",
        wants_no_motion: bool = False,
        forces_colours: bool = False,
    ) -> None:
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._chromium = chromium
        self._context = self._do(
            chromium.context(
                viewport={"width": size[0], "height": size[1]},
                color_scheme=colours,
                reduced_motion="reduce" if wants_no_motion else "no-preference",
                forced_colors="active" if forces_colours else "none",
            )
        )
        self.page: Page = self._do(self._opened(url))

    async def _opened(self, url: str) -> Page:
        page = await self._context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._read_console)
        page.on("request", lambda request: self.requests.append(request.url))
        await page.goto(url)
        return page

    def wait(self, selector: str) -> None:
        self._do(self.page.wait_for_selector(selector))

    def wait_until_ready(self) -> PlaygroundPage:
        self.wait("#status.is-ready")
        return self

    def text(self, selector: str) -> str:
        return self._do(self.page.inner_text(selector))

    def texts(self, selector: str) -> list[str]:
        return self._do(self.page.locator(selector).all_inner_texts())

    def click(self, selector: str) -> None:
        self._do(self.page.click(selector))

    def press(self, *keys: str) -> None:
        for key in keys:
            self._do(self.page.keyboard.press(key))

    def type(self, text: str) -> None:
        self._do(self.page.keyboard.type(text))

    def fill(self, selector: str, text: str) -> None:
        self._do(self.page.fill(selector, text))

    def choose(self, example: str) -> None:
        self.select("#examples", EXAMPLES[example])

    def select(self, selector: str, option: str) -> None:
        self._do(self.page.select_option(selector, option))

    def evaluate(self, function: str) -> object:
        return self._do(self.page.evaluate(function))

    def focused(self) -> str:
        """Give the id or the text of what has the focus."""
        return str(self.evaluate("() => document.activeElement.id || document.activeElement.textContent.trim()"))

    def accessibility_tree(self) -> list[AccessibleNode]:
        """Give what a screen reader is told of the page."""
        return self._do(self._accessibility_tree())

    async def _accessibility_tree(self) -> list[AccessibleNode]:
        session = await self._context.new_cdp_session(self.page)
        told = cast("dict[str, Any]", await session.send("Accessibility.getFullAXTree"))  # pyright: ignore[reportUnknownMemberType]
        await session.detach()
        return [_node(one) for one in told["nodes"] if not one["ignored"]]

    def run(self) -> None:
        """Run the snippet, and wait for its outcome."""
        self.click("#run")
        self.wait("#status.is-busy, #verdict:not(.is-busy)")
        self.wait_until_ready()

    def close(self) -> None:
        self._do(self._context.close())

    def _read_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _do(self, work: Coroutine[object, object, T]) -> T:
        return self._chromium.do(work)

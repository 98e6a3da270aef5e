"""Where the page's validator gives another verdict than the desktop's; `docs/browser.md` says what that means."""

from __future__ import annotations

from typing import Final

FORMAT_DIFFERENCES: Final[dict[str, list[str]]] = {"uri": ["a:"]}
"""Texts that only one of the two takes for one of the format."""

DIFFERENCES: Final[dict[str, int]] = {
    # An identifier beside a reference, before draft 2019-09.
    "$ref prevents a sibling id from changing the base uri: does not, in the page fits": 1,
    "$ref prevents a sibling id from changing the base uri: fits, in the page does not": 1,
    "$ref prevents a sibling $id from changing the base uri: does not, in the page fits": 2,
    "$ref prevents a sibling $id from changing the base uri: fits, in the page does not": 2,
    "order of evaluation: $id and $anchor and $ref: fits, in the page does not": 2,
    # Formats of which the page looks at less.
    "idn-email format: does not, in the page fits": 1,
    "idn-hostname format: does not, in the page fits": 1,
    "iri format: does not, in the page fits": 1,
}
"""Cases of the JSON-Schema-Test-Suite, by description."""

REFUSED: Final[dict[str, int]] = {"a draft of its own": 10, "a reference to a draft": 20, "$dynamicRef": 33}
"""Cases of the suite whose schema the page doesn't use at all, by the reason; no capability with such a schema can be called."""

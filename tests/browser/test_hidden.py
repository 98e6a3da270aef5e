"""A page that nobody sees: a browser lets its timers wait, and deadlines must not wait with them."""

from __future__ import annotations

import pytest

from chromium.driver import why_missing
from chromium.hidden import HidingChromium
from chromium.site import Site

pytestmark = pytest.mark.browser

RACE = """(async () => {
  const { setAlarm } = await import("/js/alarms.js");
  const after = { alarms: (ring) => setAlarm(ring, 20), timers: (ring) => setTimeout(ring, 20) };
  const twentyOf = async (name) => {
    for (let count = 0; count < 20; count++) await new Promise(after[name]);
    return name;
  };
  return Promise.race([twentyOf("timers"), twentyOf("alarms")]);
})()"""


@pytest.mark.skipif(why_missing() is not None, reason=str(why_missing()))
def test_alarms_of_a_hidden_page_do_not_wait_as_its_timers_do(site: Site) -> None:
    """Twenty of 20 ms one after another take half a second, and 20 where each of them waits for the next full second."""
    with HidingChromium() as chromium:
        chromium.open(site.url)
        chromium.hide()
        assert chromium.evaluate("document.visibilityState") == "hidden"
        assert chromium.evaluate(RACE) == "alarms"

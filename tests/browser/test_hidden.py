"""A page that nobody sees: a browser lets its timers wait, and deadlines must not wait with them."""

from __future__ import annotations

import json

import pytest

from chromium.driver import why_missing
from chromium.hidden import HidingChromium
from chromium.site import Site

pytestmark = pytest.mark.browser

RACE = """(async () => {
  const { setAlarm } = await import("/js/alarms.js");
  const { ask } = await import("/js/approval.js");
  const { PausedRuns } = await import("/js/paused.js");
  const { carrier, ofInvoke } = await import("/js/transport.js");
  const never = () => new Promise(() => {});
  const carry = carrier(ofInvoke(never));
  const route = { kind: "method", name: "CRM.GetClient", apps: [] };
  const { signal } = new AbortController();
  const expired = (ring) => {
    const paused = new PausedRuns(0.02);
    paused.expired.set = ring;
    paused.keep({ log: { opening: { inputs: {} }, giveUpHeld() {}, records: () => [] }, requests: [], runId: null });
  };
  const after = {
    "timers": (ring) => setTimeout(ring, 20),
    "alarms": (ring) => setAlarm(ring, 20),
    "calls that nobody answers": (ring) => carry(route, {}, { timeoutS: 0.02, signal }).catch(ring),
    "persons who don't answer": (ring) => ask(never, { expires_s: 0.02 }).then(ring),
    "runs that wait for a person": expired,
  };
  const twentyOf = async (name) => {
    for (let count = 0; count < 20; count++) await new Promise(after[name]);
    return name;
  };
  return Promise.race([twentyOf("timers"), twentyOf(NAME)]);
})()"""
NAMES = ["alarms", "calls that nobody answers", "persons who don't answer", "runs that wait for a person"]


@pytest.mark.skipif(why_missing() is not None, reason=str(why_missing()))
def test_limits_in_a_hidden_page_do_not_wait_as_its_timers_do(site: Site) -> None:
    """Twenty of 20 ms one after another take half a second, and 20 where each of them waits for the next full second."""
    with HidingChromium() as chromium:
        chromium.open(site.url)
        chromium.hide()
        assert chromium.evaluate("document.visibilityState") == "hidden"
        found = [chromium.evaluate(RACE.replace("NAME", json.dumps(name))) for name in NAMES]
        assert found == NAMES

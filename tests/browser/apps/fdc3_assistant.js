// The page that has Code Mode: an app of the desktop agent like any other.

import { getAgent } from "@finos/fdc3";

window.agent = await getAgent({ timeoutMs: 20_000 });
parent.postMessage("assistant is ready", "*");

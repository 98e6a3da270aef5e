// An app that handles an FDC3 intent and answers with a context.

import { getAgent } from "@finos/fdc3";

const agent = await getAgent({ timeoutMs: 20_000 });
await agent.addIntentListener("ViewContact", async ({ name }) => {
  if (name !== "Amelia Reid") throw new Error(`no contact ${name}`);
  document.title = `crm: ${name}`;
  return { type: "fdc3.contact", name, id: { email: "amelia@example.com" } };
});
parent.postMessage("crm is ready", "*");

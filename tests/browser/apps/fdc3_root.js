// The root of an FDC3 2.2 desktop agent in a page, with two apps in frames.

import { DesktopAgentFactory } from "@morgan-stanley/fdc3-web";

const app = (appId, interop) => ({ appId, title: appId, type: "web", details: { url: new URL(`/fdc3/${appId}.html`, location.href).href }, interop });
const listensFor = { ViewContact: { contexts: ["fdc3.contact"], resultType: "fdc3.contact", displayName: "View contact" } };

await new DesktopAgentFactory().createRoot({
  rootAppId: "root",
  logLevels: { proxy: "NONE", connection: "NONE" },
  appDirectoryEntries: [{ host: "local", apps: [app("root"), app("crm", { intents: { listensFor } }), app("assistant")] }],
});
for (const name of ["crm", "assistant"]) {
  const frame = document.createElement("iframe");
  frame.src = `/fdc3/${name}.html`;
  frame.name = name;
  const isReady = new Promise((done) => addEventListener("message", ({ data }) => data === `${name} is ready` && done()));
  document.body.append(frame);
  await isReady;
}
window.isReady = true;

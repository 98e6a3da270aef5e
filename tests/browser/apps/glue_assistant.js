// The page that has Code Mode: a client of the platform like any other.

window.glue = await window.GlueWeb();
window.isReady = true;

/** What the platform says it offers, as an environment document has it. */
window.describe = async () => {
  const methods = window.glue.interop.methods().filter(({ name }) => name.startsWith("Clients.")).map((one) => ({
    name: one.name,
    accepts: one.accepts ?? "",
    returns: one.returns ?? "",
    description: one.description ?? "",
    supportsStreaming: one.supportsStreaming === true,
    servers: one.getServers().map(({ application, instance }) => ({ application, instance })),
  }));
  const all = await window.glue.intents.all();
  const intents = all.map(({ name, handlers }) => ({ name, handlers: handlers.map(withoutEmpty) }));
  return { methods, intents };
};

/** An entry without what its app has not said. */
function withoutEmpty(entry) {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null && value !== undefined));
}

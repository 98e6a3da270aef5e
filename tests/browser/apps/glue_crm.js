// An app of the desk: methods with signatures, answers of every shape, and an intent that shows a client in its title.

const glue = await window.GlueWeb();
const clients = Array.from({ length: 2000 }, (_, place) => ({ id: `CL-${place}`, name: `Client ${place}`, adviser: `Adviser ${place % 17}` }));
clients[1234] = { id: "CL-1234", name: "Amelia Reid", adviser: "Jonas Weber" };
const CLIENT = "Composite: { String id, String name, String adviser }";

await glue.interop.register({ name: "Clients.List", returns: `${CLIENT}[] clients`, description: "All clients of the firm" }, () => ({ clients }));
await glue.interop.register({ name: "Clients.Get", accepts: "String id", returns: `${CLIENT} client` }, ({ id }) => {
  const client = clients.find((one) => one.id === id);
  if (client === undefined) throw new Error(`no client ${id}`);
  return { client };
});
await glue.interop.register({ name: "Clients.Count" }, () => clients.length);
await glue.interop.register({ name: "Clients.Since", accepts: "String id" }, () => ({ when: new Date(86_400_000) }));
await glue.interop.register({ name: "Clients.Wrong", returns: "Int count" }, () => ({ count: "many" }));
const stream = await glue.interop.createStream({ name: "Clients.Watch" }, {
  subscriptionAddedHandler: () => setTimeout(() => [1, 2, 3].forEach((number) => stream.push({ number })), 20),
});
await glue.intents.register("ShowClient", (context) => {
  document.title = `crm: ${context.data.clientId}`;
  return { shown: context.data.clientId };
});
window.glue = glue;
window.isReady = true;

// A Glue42 Core platform, the open predecessor of io.Connect Browser, that starts the apps of the test in windows.

const app = (name, intents = []) => ({ name, type: "window", title: name, details: { url: new URL(`/glue/${name}.html`, location.href).href }, intents });

const { glue } = await window.GlueWebPlatform({
  applications: { local: [app("crm", [{ name: "ShowClient", displayName: "Show client" }]), app("assistant")] },
  gateway: { logging: { level: "error" } },
});
for (const name of ["crm", "assistant"]) await glue.appManager.application(name).start();
window.isReady = true;

/** Connects a page to the platform that has opened it, as apps do (@glue42/web). */
export function connect() {
  return GlueWeb({ channels: true, appManager: true, intents: { enableIntentsResolverUI: false } });
}

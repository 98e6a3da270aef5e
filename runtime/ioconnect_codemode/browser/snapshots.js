// @ts-check
/**
 * Snapshots of a worker's memory, kept in Cache Storage of the page's origin: the workers' own has none.
 *
 * A snapshot fits one Pyodide, one set of modules, and one way to wait; all of that is in its key. Where
 * nothing can be kept, everything works as well, at the price of a cold start for each page.
 *
 * @import { AssetManifest } from "./engine.js"
 *
 * @typedef {object} Snapshot
 * @property {Blob} memory Read where it is needed: the page itself does not.
 * @property {string} hashSeed What the hashes of its Python start from.
 */

import { FILES } from "./assets.js";

const STORE = "ioconnect-codemode";
const SEED_HEADER = "x-hash-seed";
const BYTES_HEADER = "x-bytes";
const READ_WITHIN_MS = 5_000; // to be found, and in some browsers to be read; fetching and starting cold takes as long

/**
 * Give the key of a snapshot: a URL that nothing is fetched from.
 * @param {AssetManifest} manifest
 * @param {boolean} suspends
 */
export async function snapshotKey(manifest, suspends) {
  const names = FILES.filter((name) => name !== "frame.html");
  const parts = [manifest.pyodide, suspends, ...names.map((name) => manifest.files[name].sha256)];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(parts)));
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return new URL(`/codemode-snapshot/${hex}`, location.origin).href;
}

/**
 * A store that does not answer counts as empty.
 * @param {string} key
 * @param {{withinMs?: number}} [options]
 * @returns {Promise<Snapshot | null>}
 */
export async function readSnapshot(key, { withinMs = READ_WITHIN_MS } = {}) {
  /** @type {any} */
  let timer;
  const tooLate = new Promise((give) => {
    timer = setTimeout(() => give(null), withinMs);
  });
  try {
    return await Promise.race([read(key), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} key @returns {Promise<Snapshot | null>} */
async function read(key) {
  try {
    const found = await (await caches.open(STORE)).match(key);
    if (!found) return null;
    const memory = await found.blob();
    const hashSeed = found.headers.get(SEED_HEADER) ?? "";
    const isWhole = memory.size === Number(found.headers.get(BYTES_HEADER)) && isSeed(hashSeed);
    return isWhole ? { memory, hashSeed } : null;
  } catch {
    return null;
  }
}

/** Whether Python takes a text for the start of its hashes; with another one no worker would start. @param {string} text */
function isSeed(text) {
  return /^\d{1,10}$/.test(text) && Number(text) <= 0xffffffff;
}

/** Keep a snapshot, beside the one that was kept last where there is room for both: two builds may share an origin. @param {string} key @param {Snapshot} snapshot */
export async function keepSnapshot(key, { memory, hashSeed }) {
  const headers = { [SEED_HEADER]: hashSeed, [BYTES_HEADER]: String(memory.size) };
  const response = new Response(memory, { headers });
  try {
    const store = await caches.open(STORE);
    const others = (await store.keys()).filter((other) => other.url !== key);
    for (const other of others.slice(0, -1)) await store.delete(other);
    const [last] = others.slice(-1);
    if (last === undefined) await store.put(key, response);
    else {
      const again = response.clone();
      await store.put(key, response).catch(async () => {
        await store.delete(last);
        await store.put(key, again);
      });
    }
  } catch {
    // No room, or no storage: the next page starts cold.
  }
}

/** @param {string} key */
export async function dropSnapshot(key) {
  try {
    await (await caches.open(STORE)).delete(key);
  } catch {
    // It could not be read either.
  }
}

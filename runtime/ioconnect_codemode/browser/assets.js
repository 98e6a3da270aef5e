// @ts-check
/**
 * The assets: fetched by the page from its own origin, held to length and digest before anybody gets their bytes.
 *
 * @import { Asset, AssetManifest, Assets } from "./engine.js"
 */

import { EngineError, LOAD_AGAIN } from "./engine_error.js";

/** What the engine asks for by name. */
export const FILES = /** @type {const} */ ([
  "frame.html",
  "worker.js",
  "pyodide.mjs",
  "pyodide.asm.mjs",
  "pyodide.asm.wasm",
  "library.zip",
]);

/**
 * Hold a manifest to its form.
 * @param {Assets} assets
 * @throws {EngineError} `wrong_manifest`
 */
export function checkManifest(assets) {
  /** @type {any} */
  const manifest = assets?.manifest;
  if (manifest?.version !== 1) {
    throw wrong(`it is of version ${JSON.stringify(manifest?.version)?.slice(0, 20)}, this engine reads 1`);
  }
  if (typeof manifest.pyodide !== "string") throw wrong("it does not say which Pyodide it is of");
  for (const name of FILES) {
    const asset = Object.hasOwn(manifest.files ?? {}, name) ? manifest.files[name] : null;
    if (!asset) throw wrong(`it does not name ${name}`);
    const isWhole = typeof asset.path === "string" && /^[0-9a-f]{64}$/.test(asset.sha256) && asset.bytes >= 0;
    if (!isWhole) throw wrong(`it has no path, digest and size of ${name}`);
  }
}

/** @param {string} reason */
function wrong(reason) {
  return new EngineError("wrong_manifest", `the manifest of the assets can't be used: ${reason}; ${LOAD_AGAIN}`);
}

/**
 * Fetch one asset; past the browser's cache where that has another file under its name.
 * @param {Assets} assets
 * @param {string} name
 * @param {(bytes: number) => void} onBytes Told how many bytes more have come.
 * @param {AbortSignal} [signal]
 * @returns {Promise<ArrayBuffer>}
 * @throws {EngineError} `missing_asset`, `tampered_asset`
 */
export async function fetchAsset(assets, name, onBytes, signal) {
  try {
    return await fetched(assets, name, onBytes, { cache: "default", signal });
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "tampered_asset") throw error;
    return fetched(assets, name, () => {}, { cache: "reload", signal });
  }
}

/**
 * @param {Assets} assets
 * @param {string} name
 * @param {(bytes: number) => void} onBytes
 * @param {RequestInit} how
 * @returns {Promise<ArrayBuffer>}
 */
async function fetched({ baseUrl, manifest }, name, onBytes, how) {
  const asset = manifest.files[name];
  const url = assetUrl(baseUrl, asset);
  let response;
  try {
    response = await fetch(url, how);
  } catch (error) {
    throw new EngineError("missing_asset", `${name} can't be fetched from ${url}; ${LOAD_AGAIN}`, { cause: error });
  }
  if (!response.ok || !response.body) {
    throw new EngineError("missing_asset", `${name} is not at ${url}: status ${response.status}; ${LOAD_AGAIN}`);
  }
  const bytes = await read(response.body, asset, name, onBytes);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex !== asset.sha256) throw tampered(name, "its digest is another");
  return bytes.buffer;
}

/** @param {string} baseUrl @param {Asset} asset */
export function assetUrl(baseUrl, asset) {
  return new URL(asset.path, new URL(baseUrl, location.href)).href;
}

/**
 * Read a body into room of the promised size; one byte more is refused as it comes.
 * @param {ReadableStream<Uint8Array>} body
 * @param {Asset} asset
 * @param {string} name
 * @param {(bytes: number) => void} onBytes
 */
async function read(body, asset, name, onBytes) {
  const bytes = new Uint8Array(asset.bytes);
  const reader = body.getReader();
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause) => {
      const message = `${name} came only as far as ${size} of its ${asset.bytes} bytes; ${LOAD_AGAIN}`;
      throw new EngineError("missing_asset", message, { cause });
    });
    if (done) break;
    if (size + value.length > bytes.length) {
      await reader.cancel();
      throw tampered(name, `it is longer than ${asset.bytes} bytes`);
    }
    bytes.set(value, size);
    size += value.length;
    onBytes(value.length);
  }
  if (size !== bytes.length) throw tampered(name, `it has ${size} bytes and not ${asset.bytes}`);
  return bytes;
}

/** @param {string} name @param {string} reason */
function tampered(name, reason) {
  const message = `${name} is not the file that the manifest names: ${reason}; ${LOAD_AGAIN}`;
  return new EngineError("tampered_asset", message);
}

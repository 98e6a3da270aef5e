/**
 * A package at an address: its manifest under a name that stays, and the files that this names.
 *
 * In a folder of `codemode web build` they have their digest in their name: an older page finds its own files there or none.
 */

import { BUILD_AGAIN, LOAD_AGAIN } from "./engine_error.js";
import { PackageError } from "./errors.js";

const DIGITS = 12;

export class Served {
  /** @param {URL} base */
  constructor(base) {
    this.base = base;
    this.url = new URL("manifest.json", base);
    /** @type {string | null} */
    this.opened = null;
    /** @type {any} */
    this.document = null;
    /** @type {AbortSignal | undefined} Of whoever waits for the start. */
    this.signal = undefined;
  }

  /** What `manifest.json` has, to be held to its form. @param {AbortSignal} [signal] @returns {Promise<unknown>} */
  async manifest(signal) {
    try {
      this.opened = await fetchText(this.url, { signal });
      this.document = jsonOf(this.opened);
      return this.document;
    } catch (error) {
      if (error instanceof PackageError) throw error;
      const mend = "give the address of a folder that `codemode generate` or `codemode web build` has made";
      throw new PackageError(`${this.url.href} is no manifest of a package: ${/** @type {Error} */ (error).message}; ${mend}`);
    }
  }

  /** What is read while it is opened, given up with the signal. @template T @param {() => Promise<T>} read @param {AbortSignal} [signal] */
  async opening(read, signal) {
    this.signal = signal;
    try {
      return await read();
    } finally {
      this.signal = undefined;
    }
  }

  /** @param {string} path In the package. */
  async text(path) {
    const place = this.document.namedByDigest === true ? named(path, this.document.files[path]) : path;
    return fetchText(new URL(place, this.base), { signal: this.signal });
  }

  /** What is to be done where a file is not the one that the manifest names: after another build only a new page helps. */
  async mend() {
    try {
      const isAnother = (await fetchText(this.url, { cache: "no-store" })) !== this.opened;
      return isAnother ? "the package was built again since this page was opened: load the page again" : BUILD_AGAIN;
    } catch {
      return LOAD_AGAIN;
    }
  }
}

/** @param {URL} url @param {RequestInit} [how] */
export async function fetchText(url, how) {
  const response = await fetch(url, how).catch((error) => {
    if (how?.signal?.aborted) throw error;
    throw new PackageError(`${url.href} can't be fetched: the server is gone, or the page's own policy has no \`connect-src 'self'\``, { cause: error });
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}

/** @param {string} text @returns {any} */
export function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (/^\s*</.test(text)) throw new Error("the server answered with a page, as for an address that it doesn't know");
    throw error;
  }
}

/** A path with its digest before its suffix. @param {string} path @param {string} digest */
function named(path, digest) {
  const dot = path.lastIndexOf(".");
  return `${path.slice(0, dot)}.${String(digest).slice(0, DIGITS)}${path.slice(dot)}`;
}

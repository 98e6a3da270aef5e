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
      this.document = JSON.parse(this.opened);
      return this.document;
    } catch (error) {
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
  const response = await fetch(url, how);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}

/** A path with its digest before its suffix. @param {string} path @param {string} digest */
function named(path, digest) {
  const dot = path.lastIndexOf(".");
  return `${path.slice(0, dot)}.${String(digest).slice(0, DIGITS)}${path.slice(dot)}`;
}

// What tests call in a page: an engine, and workers that a host outside the page drives.

import { createEngine } from "/js/engine.js";

const MEMORY_BYTES = 512 * 1024 * 1024;

export async function openEngine({ memoryBytes = MEMORY_BYTES, without = [], manifest = null, signal = undefined } = {}) {
  const read = manifest ?? (await (await fetch("/assets/assets.json")).json());
  const progress = [];
  const engine = await createEngine({
    assets: { baseUrl: "/assets/", manifest: read },
    limits: { memoryBytes },
    onProgress: (told) => progress.push(told),
    without,
    signal,
  });
  return { engine, progress };
}

/** Give the code and the text of the EngineError that an act ends in. */
export async function refusal(act) {
  try {
    await act();
  } catch (error) {
    return { name: error.name, code: error.code, message: error.message };
  }
  return null;
}

export const LIMITS = { printed_characters: 4000, memory_bytes: MEMORY_BYTES, frame_bytes: 8 * 1024 * 1024 };

/** Run a snippet that needs nothing of a host; gives its messages after `ready`, or why the worker ended. */
export function runAlone(worker, code, further = {}) {
  return new Promise((resolve) => {
    const messages = [];
    worker.onMessage = (text) => {
      const message = JSON.parse(text);
      if (message.type === "ready") return;
      messages.push(message);
      if (message.type === "need") worker.send({ type: "stubs" });
      else if (message.type === "done" || message.type === "failed") resolve({ messages });
    };
    worker.onEnd = (reason) => resolve({ messages, reason });
    worker.send({ type: "run", code, inputs: {}, limits: LIMITS, started_ns: 1, seed: 7, ...further });
  });
}

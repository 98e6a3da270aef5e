// @ts-check
/**
 * A worker: Python on WebAssembly, in a frame of an opaque origin, for one run.
 *
 * Everything it needs comes in its first messages: how it is to start, then what it imports, the compiled module of Python
 * and what the memory is made of, as these arrive. It is a module from a `data:` URL, because a `blob:` one can't
 * be loaded on an opaque origin everywhere; so is what it imports. Later the port to the page carries texts of JSON in
 * both directions, and objects for what the engine itself wants to know: `{started}`, `{snapshot}`, `{failed}`, `{ended}`.
 *
 * @typedef {object} Start
 * @property {boolean} suspends Whether to wait by suspending Python.
 * @property {boolean} restores Whether to start from a snapshot.
 * @property {boolean} makes Whether to give a snapshot before it serves.
 * @property {number} memoryBytes The most that Python's memory may grow to.
 * @property {string} hashSeed
 * @property {Promise<[any, any]>} modules Pyodide's own, loaded.
 * @property {Promise<WebAssembly.Module>} wasm
 * @property {Promise<ArrayBuffer>} memory A snapshot, or the modules of Python.
 */

const BASE = "https://assets.invalid/"; // nothing is fetched from it: `fetch` is ours until Python has started
const PAGE_BYTES = 65536;
const SMALL_MODULE_BYTES = 128;
const SNAPSHOT_HEADER_BYTES = 1 << 12; // Pyodide's has 128
const [AF_INET, SOCK_STREAM] = [2, 1];
/** What Pyodide is told of packages: that there are none. The ABI is that of Pyodide 314, which refuses another one. */
const NO_PACKAGES = { info: { abi_version: "2026_0" }, packages: {} };

/** Why Python could not get more memory, for `onEnd`. */
let isMemoryUsedUp = false;

/** @param {number} mostBytes */
function capMemory(mostBytes) {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * PAGE_BYTES > mostBytes) {
      isMemoryUsedUp = true;
      throw new RangeError("more memory than a worker may have");
    }
    return grow.call(this, pages);
  };
}

/**
 * Give a snapshot without its pages of zeros, which are almost half of it: four bytes each for its size, for how many
 * parts are left, and for the place and the length of each of these; then their bytes.
 * @param {Uint8Array} snapshot
 * @returns {ArrayBuffer}
 */
function packed(snapshot) {
  const words = new Uint32Array(snapshot.buffer, snapshot.byteOffset, snapshot.length / 4);
  const parts = [];
  for (let page = 0; page < words.length; page += PAGE_BYTES / 4) {
    let word = page;
    const end = Math.min(page + PAGE_BYTES / 4, words.length);
    while (word < end && words[word] === 0) word++;
    if (word === end) continue;
    const last = parts.at(-1);
    if (last && last.place + last.length === page * 4) last.length += (end - page) * 4;
    else parts.push({ place: page * 4, length: (end - page) * 4 });
  }
  const head = Uint32Array.from([snapshot.length, parts.length, ...parts.flatMap(({ place, length }) => [place, length])]);
  const made = new Uint8Array(head.byteLength + parts.reduce((sum, { length }) => sum + length, 0));
  made.set(new Uint8Array(head.buffer));
  let at = head.byteLength;
  for (const { place, length } of parts) {
    made.set(snapshot.subarray(place, place + length), at);
    at += length;
  }
  return made.buffer;
}

/** A snapshot as `packed` gives it. */
class Packed {
  /** @param {ArrayBuffer} snapshot */
  constructor(snapshot) {
    const [size, count] = new Uint32Array(snapshot, 0, 2);
    const head = new Uint32Array(snapshot, 8, 2 * count);
    this.parts = [];
    let at = head.byteOffset + head.byteLength;
    for (let part = 0; part < count; part++) {
      const [place, length] = head.subarray(2 * part);
      this.parts.push({ place, bytes: new Uint8Array(snapshot, at, length) });
      at += length;
    }
    const first = this.parts[0].bytes;
    const headerBytes = new DataView(snapshot, first.byteOffset).getUint32(4, true);
    /** What Pyodide reads of a snapshot before the memory itself. */
    this.header = first.slice(0, headerBytes);
    this.memoryBytes = size - headerBytes;
  }

  /** Make Python's memory what it was. @param {any} python Pyodide's module. */
  restore(python) {
    const usedBytes = python._sbrk(0);
    const lackingBytes = this.memoryBytes - python.HEAPU8.length;
    if (lackingBytes > 0) python._sbrk(lackingBytes); // it grows the memory, and is overwritten with it
    const memory = python.HEAPU8;
    memory.fill(0, 0, usedBytes); // behind it nothing was ever written: it has no pages yet, and zeros would make some
    for (const { place, bytes } of this.parts) {
      const from = place - this.header.length;
      if (from < 0) memory.set(bytes.subarray(-from));
      else memory.set(bytes, from);
    }
  }
}

/**
 * Give a `WebAssembly.Module` that compiles the same small bytes once. Pyodide makes some 250 modules of 40 bytes when it
 * starts, one for each function of JavaScript that its table takes, of a dozen kinds.
 */
function compilingOnce() {
  /** @type {Map<string, WebAssembly.Module>} */
  const compiled = new Map();
  return new Proxy(WebAssembly.Module, {
    construct(target, [bytes]) {
      if (!(bytes instanceof Uint8Array) || bytes.length > SMALL_MODULE_BYTES) return new target(bytes);
      const key = bytes.join();
      const made = compiled.get(key) ?? new target(bytes);
      compiled.set(key, made);
      return made;
    },
  });
}

/**
 * Start Python with what was given: its loader's requests are answered from memory. It goes as far as it can before all
 * is there: what of it is a snapshot's comes last.
 * @param {Start} start
 * @returns {Promise<any>} Pyodide.
 */
async function startPython(start) {
  const { fetch } = self;
  const { instantiateStreaming, Module } = WebAssembly;
  WebAssembly.Module = compilingOnce();
  self.fetch = async (url) => new Response(String(url).endsWith("python_stdlib.zip") && !start.restores ? await start.memory : null);
  WebAssembly.instantiateStreaming = async (_, imports) => {
    const module = await start.wasm;
    return { module, instance: await WebAssembly.instantiate(module, /** @type {WebAssembly.Imports} */ (imports)) };
  };
  try {
    const [{ loadPyodide }, { default: createModule }] = await start.modules;
    const header = new Uint8Array(SNAPSHOT_HEADER_BYTES);
    const createPyodideModule = async (/** @type {any} */ settings) => {
      const module = await createModule(settings);
      if (start.restores) {
        const snapshot = new Packed(await start.memory);
        header.set(snapshot.header);
        new Uint32Array(header.buffer)[1] = header.length; // behind it there is no memory that Pyodide would copy
        snapshot.restore(module);
      }
      return module;
    };
    return await loadPyodide({
      indexURL: BASE,
      packageBaseUrl: BASE,
      lockFileContents: NO_PACKAGES,
      createPyodideModule,
      env: { PYTHONHASHSEED: start.hashSeed },
      stdout: () => {},
      stderr: () => {},
      enableRunUntilComplete: false,
      _makeSnapshot: start.makes,
      ...(start.restores ? { _loadSnapshot: header } : {}), // its memory is there already when Pyodide asks for it
    });
  } finally {
    self.fetch = fetch;
    Object.assign(WebAssembly, { instantiateStreaming, Module });
  }
}

/** @param {any} python */
function prepare(python) {
  python.runPython("from ioconnect_codemode import browser_worker; browser_worker.prepare()");
}

/** What holds around this worker, as it finds it itself. */
async function layers() {
  /** @param {boolean} holds @param {string} reason */
  const said = (holds, reason) => (holds ? "on" : `off: ${reason}`);
  let evaluates = true;
  try {
    new Function("");
  } catch {
    evaluates = false;
  }
  // A policy that lets nothing be fetched refuses a data: URL too, and no request is made where it is missing.
  const fetches = await fetch("data:,").then(() => true, () => false);
  return {
    opaque_origin: said(self.origin === "null", "the frame has an origin"),
    no_network: said(!fetches, "the policy of the frame is missing"),
    no_eval: said(!evaluates, "the policy of the frame is missing"),
    memory: "on",
  };
}

/** Texts of the page: those that wait, and who waits for one. */
class Inbox {
  /** @param {MessagePort} port */
  constructor(port) {
    /** @type {string[]} */
    this.texts = [];
    /** @type {((text: string) => void) | null} */
    this.asked = null;
    port.onmessage = ({ data }) => {
      const asked = this.asked;
      this.asked = null;
      if (asked) asked(data);
      else this.texts.push(data);
    };
  }

  /** Give the next text, or a promise of it. @returns {string | Promise<string>} */
  take() {
    const next = this.texts.shift();
    return next === undefined ? new Promise((resolve) => (this.asked = resolve)) : next;
  }
}

/**
 * Make a socket from which Python reads what the page sends, each text as a frame: its length, then its bytes.
 *
 * A read of a socket suspends Python by itself, in 3 microseconds. A promise that Python is given to wait for becomes a
 * task of its event loop first, whose turns take 80. Nothing is connected: the socket has no other end.
 * @param {any} python
 * @param {Inbox} inbox
 * @returns {number} Its file descriptor.
 */
function socketOf(python, inbox) {
  const { SOCKFS } = python._module;
  const encoder = new TextEncoder();
  let rest = new Uint8Array(0);
  /** @param {unknown} _ @param {number} most */
  const recvmsgAsync = async (_, most) => {
    if (rest.length === 0) {
      rest = encoder.encode(`size${await inbox.take()}`); // the first four bytes are overwritten
      new DataView(rest.buffer).setUint32(0, rest.length - 4, true);
    }
    const read = rest.subarray(0, most);
    rest = rest.subarray(read.length);
    return read;
  };
  const socket = SOCKFS.createSocket(AF_INET, SOCK_STREAM, 0);
  socket.sock_ops = { recvmsgAsync, close() {} };
  return socket.stream.fd;
}

/** @param {Start} start @param {MessagePort} port */
async function serve(start, port) {
  // Pyodide builds itself around what it finds, and a snapshot fits one of the two.
  if (!start.suspends) Reflect.deleteProperty(WebAssembly, "Suspending");
  capMemory(start.memoryBytes);
  const python = await startPython(start);
  self.onmessage = null;
  if (!start.restores) prepare(python);
  if (start.makes) {
    const snapshot = packed(python.makeMemorySnapshot());
    port.postMessage({ snapshot }, [snapshot]);
  }
  const worker = python.pyimport("ioconnect_codemode.browser_worker");
  const inbox = new Inbox(port);
  /** @param {string} text */
  const post = (text) => port.postMessage(text);
  post(worker.ready(python.toPy(await layers())));
  port.postMessage({ started: true });
  if (start.suspends) {
    await worker.attach.callPromising(post, worker.reader(socketOf(python, inbox)));
  } else {
    const run = worker.Replayed(post);
    while (run.take(await inbox.take()));
  }
  port.postMessage({ ended: "ended" });
}

self.onmessage = ({ data, ports: [port] }) => {
  /** @type {PromiseWithResolvers<[any, any]>} */
  const modules = Promise.withResolvers();
  /** @type {PromiseWithResolvers<WebAssembly.Module>} */
  const wasm = Promise.withResolvers();
  /** @type {PromiseWithResolvers<ArrayBuffer>} */
  const memory = Promise.withResolvers();
  self.onmessage = ({ data: part }) => {
    if (part.modules) modules.resolve(Promise.all([import(part.modules.loader), import(part.modules.python)]));
    else if (part.wasm) wasm.resolve(part.wasm);
    else memory.resolve(part.memory);
  };
  const start = { ...data, modules: modules.promise, wasm: wasm.promise, memory: memory.promise };
  serve(start, port).catch((error) => {
    port.postMessage({ ended: isMemoryUsedUp ? "memory" : "crashed", failed: String(error?.message ?? error).slice(-2000) });
  });
};

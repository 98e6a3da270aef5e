// Assets as the page fetches them: held to length and digest, past a cache that has another file.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { at } from "./given.mjs";

globalThis.location = { href: "http://127.0.0.1/" };
const { fetchAsset } = await at("assets.js");

const GOOD = Buffer.from("def f(): pass");
const ASSETS = {
  baseUrl: "/",
  manifest: { files: { "runtime.zip": { path: "r.zip", bytes: GOOD.length, sha256: createHash("sha256").update(GOOD).digest("hex") } } },
};

/** Has each kind of request answered with a body, or fail where there is none; gives the kinds that were made. */
function served(bodies) {
  const asked = [];
  globalThis.fetch = async (_, { cache }) => {
    asked.push(cache);
    if (bodies[cache] === undefined) throw new TypeError("Failed to fetch");
    return new Response(bodies[cache]);
  };
  return asked;
}

test("a file that is the one of the manifest is asked for once", async () => {
  const asked = served({ default: GOOD });
  let bytes = 0;
  assert.deepEqual(Buffer.from(await fetchAsset(ASSETS, "runtime.zip", (more) => (bytes += more))), GOOD);
  assert.deepEqual([asked, bytes], [["default"], GOOD.length]);
});

for (const [what, spoilt] of [["another", Buffer.from("def g(): pass")], ["a longer", Buffer.from("def f(): pass # and more")], ["a shorter", Buffer.from("def")]]) {
  test(`where the cache has ${what} file, the server is asked`, async () => {
    const asked = served({ default: spoilt, reload: GOOD });
    assert.deepEqual(Buffer.from(await fetchAsset(ASSETS, "runtime.zip", () => {})), GOOD);
    assert.deepEqual(asked, ["default", "reload"]);
  });

  test(`where the server has ${what} file too, it is refused and asked for no more`, async () => {
    const asked = served({ default: spoilt, reload: spoilt });
    await assert.rejects(fetchAsset(ASSETS, "runtime.zip", () => {}), { code: "tampered_asset", message: /^runtime\.zip is not the file/ });
    assert.deepEqual(asked, ["default", "reload"]);
  });
}

test("a file that can't be fetched is missing, and asked for once", async () => {
  const asked = served({});
  await assert.rejects(fetchAsset(ASSETS, "runtime.zip", () => {}), { code: "missing_asset" });
  assert.deepEqual(asked, ["default"]);
});

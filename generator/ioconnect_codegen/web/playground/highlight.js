// @ts-check
/** Python in colours: pieces of a text with the kind of each. Close to Python's own rules, which the worker holds to. */

const KEYWORDS = new Set(
  (
    "and as assert async await break case class continue def del elif else except finally for from global if import in is " +
    "lambda match nonlocal not or pass raise return try while with yield True False None"
  ).split(" "),
);
const PIECE =
  /(#[^\n]*)|((?:[rbfu]|rb|br|fr|rf)?(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?))|(\b\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?\b)|([A-Za-z_]\w*)/giy;

/**
 * The pieces of a Python text, in order; together they are the text.
 * @param {string} text
 * @returns {{kind: "" | "comment" | "text" | "number" | "keyword" | "call" | "definition", text: string, start: number}[]}
 */
export function pieces(text) {
  /** @type {ReturnType<typeof pieces>} */
  const found = [];
  let place = 0;
  let plainFrom = 0;
  const plain = () => {
    if (place > plainFrom) found.push({ kind: "", text: text.slice(plainFrom, place), start: plainFrom });
  };
  while (place < text.length) {
    PIECE.lastIndex = place;
    const match = PIECE.exec(text);
    if (match === null) {
      place += 1;
      continue;
    }
    plain();
    found.push({ kind: kindOf(match, text, place), text: match[0], start: place });
    place += match[0].length;
    plainFrom = place;
  }
  plain();
  return found;
}

/** @param {RegExpExecArray} match @param {string} text @param {number} start */
function kindOf([all, comment, string, number], text, start) {
  if (comment !== undefined) return "comment";
  if (string !== undefined) return "text";
  if (number !== undefined) return "number";
  if (KEYWORDS.has(all)) return "keyword";
  if (/\b(def|class)\s+$/.test(text.slice(Math.max(0, start - 12), start))) return "definition";
  return text[start + all.length] === "(" ? "call" : "";
}

/** The text as nodes in colours. @param {string} text @returns {Node[]} */
export function coloured(text) {
  return pieces(text).map((one) => {
    if (one.kind === "") return document.createTextNode(one.text);
    const span = document.createElement("span");
    span.className = `py-${one.kind}`;
    span.textContent = one.text;
    return span;
  });
}

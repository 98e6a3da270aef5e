/** Globs as policy files have them: `*` and `?` cross dots, `[ab]` and `[!ab]` are one character. */

/** @type {Map<string, RegExp>} */
const compiled = new Map();

/** Whether a name matches a glob as a whole; case counts. @param {string} name @param {string} glob */
export function matches(name, glob) {
  let expression = compiled.get(glob);
  if (expression === undefined) {
    expression = new RegExp(`^(?:${translated(glob)})$`, "su");
    if (compiled.size < 1000) compiled.set(glob, expression);
  }
  return expression.test(name);
}

/** @param {string} name @param {readonly string[]} globs */
export function matchesAny(name, globs) {
  return globs.some((glob) => matches(name, glob));
}

/** @param {string} glob */
function translated(glob) {
  const characters = [...glob.replace(/\*+/g, "*")];
  let made = "";
  for (let place = 0; place < characters.length; place += 1) {
    const one = characters[place];
    if (one === "*") made += ".*";
    else if (one === "?") made += ".";
    else if (one === "[") {
      const end = endOfSet(characters, place);
      made += end < 0 ? "\\[" : set(characters.slice(place + 1, end).join(""));
      if (end >= 0) place = end;
    } else made += one.replace(/[\\^$.*+?()[\]{}|/]/u, "\\$&");
  }
  return made;
}

/** @param {string[]} characters @param {number} start */
function endOfSet(characters, start) {
  let place = start + 1;
  if (characters[place] === "!") place += 1;
  if (characters[place] === "]") place += 1;
  while (place < characters.length && characters[place] !== "]") place += 1;
  return place < characters.length ? place : -1;
}

/** @param {string} inner */
function set(inner) {
  const isNegated = inner.startsWith("!");
  const members = (isNegated ? inner.slice(1) : inner).replace(/[\\\]^[&~|]/g, "\\$&").replace(/^-|-$/g, "\\-");
  const ordered = members.replace(/([^\\])-(.)/gu, (whole, low, high) => (low <= high ? whole : ""));
  return ordered === "" ? (isNegated ? "." : "(?!)") : `[${isNegated ? "^" : ""}${ordered}]`;
}

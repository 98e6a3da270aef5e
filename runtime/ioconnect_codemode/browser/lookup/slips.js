/** A word that a catalog doesn't have -> the words that were meant. Compared are words that begin with the same letter. */

const SHORTEST = 4;
const LONG = 7; // from here on two slips are forgiven
const MOST = 3;

/** @typedef {{has: (word: string) => boolean, [Symbol.iterator]: () => Iterator<string>}} Known */

/** The known words that an unknown one stands for: its two halves, its continuations or its neighbours. @param {string} word @param {Known} known @returns {string[]} */
export function meant(word, known) {
  const halves = halvesOf(word, known);
  return halves.length > 0 ? halves : [...continuations(word, known), ...neighbours(word, known)].slice(0, MOST);
}

/** Two known words of three letters or more that are written as one. @param {string} word @param {Known} known */
export function halvesOf(word, known) {
  const letters = [...word];
  for (let cut = 3; cut < letters.length - 2; cut += 1) {
    const [first, second] = [letters.slice(0, cut).join(""), letters.slice(cut).join("")];
    if (known.has(first) && known.has(second)) return [first, second];
  }
  return [];
}

/** The known words that differ by a slip or two: a letter too much, missing, wrong, or two exchanged. @param {string} word @param {Known} known */
export function neighbours(word, known) {
  const letters = [...word];
  if (letters.length < SHORTEST) return [];
  const most = letters.length < LONG ? 1 : 2;
  /** @type {{count: number, one: string}[]} */
  const near = [];
  for (const one of known) {
    const other = [...one];
    if (other[0] !== letters[0] || Math.abs(other.length - letters.length) > most) continue;
    const count = distance(letters, other, most);
    if (count <= most) near.push({ count, one });
  }
  near.sort((a, b) => a.count - b.count || (a.one < b.one ? -1 : 1));
  return near.slice(0, MOST).map(({ one }) => one);
}

/** How many slips make one word the other; more than `most` is not counted to the end. @param {string[]} first @param {string[]} second @param {number} most */
export function distance(first, second, most) {
  /** @type {number[]} */
  let before = [];
  let row = Array.from({ length: second.length + 1 }, (_, place) => place);
  for (let at = 1; at <= first.length; at += 1) {
    const earlier = before;
    before = row;
    row = [at];
    for (let place = 1; place <= second.length; place += 1) {
      const isSame = first[at - 1] === second[place - 1];
      let cost = Math.min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (isSame ? 0 : 1));
      if (at > 1 && place > 1 && first[at - 1] === second[place - 2] && first[at - 2] === second[place - 1]) {
        cost = Math.min(cost, earlier[place - 2] + 1);
      }
      row.push(cost);
    }
    if (Math.min(...row) > most) return most + 1;
  }
  return /** @type {number} */ (row.at(-1));
}

/** @param {string} word @param {Known} known */
function continuations(word, known) {
  if ([...word].length < SHORTEST - 1) return [];
  return [...known]
    .filter((one) => one.startsWith(word) && !one.includes(" "))
    .sort((one, other) => [...one].length - [...other].length || (one < other ? -1 : 1));
}

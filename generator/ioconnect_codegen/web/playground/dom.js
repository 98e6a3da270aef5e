// @ts-check
/** Elements of the page, made and filled as text: nothing that an app or a snippet says is ever read as markup. */

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Make an element.
 * @param {string} tag `div.card.is-open` gives it its classes.
 * @param {Record<string, any>} [properties] `on…` are listeners, `data…` and `aria…` attributes, `style` custom properties.
 * @param {...Child} children
 * @returns {any}
 */
export function h(tag, properties = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(properties)) set(element, key, value);
  element.append(.../** @type {(Node | string)[]} */ (children.filter((one) => one != null && one !== false)));
  return element;
}

/** @param {HTMLElement} element @param {string} key @param {any} value */
function set(element, key, value) {
  if (value == null || value === false) return;
  if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
  else if (key === "style") for (const [name, one] of Object.entries(value)) element.style.setProperty(name, String(one));
  else if (key.includes("-") || key === "role" || key === "for") element.setAttribute(key, value === true ? "" : String(value));
  else /** @type {any} */ (element)[key] = value;
}

/** Put children in the place of what an element holds. @param {Element} element @param {...Child} children */
export function fill(element, ...children) {
  element.replaceChildren(.../** @type {(Node | string)[]} */ (children.filter((one) => one != null && one !== false)));
}

/** A message as a sentence of its own: a name that it begins with stays as it is. @param {string} message */
export function sentence(message) {
  const [first] = message.split(" ", 1);
  const begun = /^[a-z]+$/.test(first) ? message[0].toUpperCase() + message.slice(1) : message;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** The element of an id; the page always has it. @param {string} id @returns {any} */
export function byId(id) {
  return document.getElementById(id);
}

/** A whole number with its groups. @param {number} value */
export function grouped(value) {
  return Math.round(value).toLocaleString("en");
}

/** A size for people. @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return `${grouped(bytes)} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A time for people. @param {number} milliseconds */
export function duration(milliseconds) {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)} s`;
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}

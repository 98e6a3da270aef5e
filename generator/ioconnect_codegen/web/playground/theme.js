// @ts-check
/** Dark or light: as the system says, until the person says otherwise. No module: it runs before anything is painted. */

const KEY = "codemode-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
/** @type {HTMLElement | null} Not there yet when this runs. */
let button = null;

/** @returns {string | null} */
function chosen() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // a page without storage follows the system
  }
}

function show() {
  const isDark = (chosen() ?? (system.matches ? "dark" : "light")) === "dark";
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  if (button === null) return;
  button.textContent = isDark ? "Light" : "Dark";
  button.setAttribute("aria-label", isDark ? "Switch to light colours" : "Switch to dark colours");
}

function switched() {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // shown all the same, until the page is loaded again
  }
  show();
  document.documentElement.dataset.theme = next;
}

addEventListener("DOMContentLoaded", () => {
  button = document.getElementById("theme");
  button?.addEventListener("click", switched);
  show();
});
system.addEventListener("change", show);
show();

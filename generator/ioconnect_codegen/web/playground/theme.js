// @ts-check
/** Dark or light: as the system says, until the person says otherwise. */

const KEY = "codemode-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const button = /** @type {HTMLButtonElement} */ (document.getElementById("theme"));

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
  button.textContent = isDark ? "Light" : "Dark";
  button.setAttribute("aria-label", isDark ? "Switch to light colours" : "Switch to dark colours");
}

button.addEventListener("click", () => {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // shown all the same, until the page is loaded again
  }
  show();
  document.documentElement.dataset.theme = next;
});
system.addEventListener("change", show);
show();

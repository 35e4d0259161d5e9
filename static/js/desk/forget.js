/*
 * What the server has, the browser need not keep; nor what nobody has come back for in a month.
 * Every page of the desk looks, so that a saved form is forgotten on the page that follows.
 */

const MONTH = 30 * 24 * 3600 * 1000;
const saved = new Set(document.querySelector("meta[name=desk]").dataset.saved.split(" "));

function isOld(name) {
  try {
    return !(JSON.parse(localStorage.getItem(name)).at > Date.now() - MONTH);
  } catch {
    return true;
  }
}

try {
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith("typed ")) continue;
    if (saved.has(name.split(" ").at(-1)) || isOld(name)) localStorage.removeItem(name);
  }
} catch {
  // The browser keeps nothing for us.
}

/*
 * The drawer in the browser: what was typed and is not saved yet, one entry for each open form.
 *
 * An entry: {token, at (milliseconds), version, changes, files}. Its name holds the user and the
 * address, so that nobody is offered what somebody else typed. See forget.js for when it is thrown
 * away.
 */

const nameOf = (user, token) => `typed ${user} ${location.pathname} ${token}`;

/** A token for a form; `randomUUID` would ask for https. */
export const newToken = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

/** Put an entry away; false if the browser has no room or forbids it. */
export function keep(user, entry) {
  try {
    localStorage.setItem(nameOf(user, entry.token), JSON.stringify(entry));
    return true;
  } catch {
    return false;
  }
}

export function drop(user, token) {
  try {
    localStorage.removeItem(nameOf(user, token));
  } catch {
    // Nothing was kept.
  }
}

/** All entries of this user for this address, newest first. */
export function entries(user) {
  const found = [];
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(nameOf(user, ""))) found.push(JSON.parse(localStorage.getItem(name)));
    }
  } catch {
    // What cannot be read cannot be offered.
  }
  return found.sort((one, other) => other.at - one.at);
}

const channel = new BroadcastChannel("typed");
const PATIENCE = 200;

/** Answer other tabs that ask whether the form with this token is still open. */
export function answerFor(token) {
  channel.addEventListener("message", ({ data }) => {
    if (data.ask === location.pathname) channel.postMessage({ open: token() });
  });
}

/** The tokens of the forms that are open at this address in other tabs. */
export function openElsewhere() {
  const open = new Set();
  const hear = ({ data }) => data.open && open.add(data.open);
  channel.addEventListener("message", hear);
  channel.postMessage({ ask: location.pathname });
  return new Promise((resolve) => {
    setTimeout(() => {
      channel.removeEventListener("message", hear);
      resolve(open);
    }, PATIENCE);
  });
}

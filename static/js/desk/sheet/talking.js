/*
 * What the page says to the server, and what it hears. A sign-in in another tab changes the token of
 * all forms: it is fetched anew once, so that saving goes on from this page.
 */

const tokenField = () => document.querySelector("[name=csrfmiddlewaretoken]");
const userOf = (from) => from.querySelector("meta[name=desk]")?.dataset.user;

/** Whether somebody is signed in, and the same person; gives the forms the token of today. */
async function renew() {
  const page = await (await fetch(location.href)).text();
  const fresh = new DOMParser().parseFromString(page, "text/html");
  const value = fresh.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!value || userOf(fresh) !== userOf(document)) return false;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = value;
  return true;
}

export function body(values) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", tokenField()?.value ?? "");
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
}

const send = (url, values) =>
  fetch(url, { method: "POST", body: body(values), headers: { Accept: "application/json" } });

/**
 * Returns {status, data}; the status is 0 without a connection and 401 for who is signed out. Only
 * what the server says as JSON is an answer.
 */
export async function post(url, values) {
  try {
    let answer = await send(url, values);
    if (answer.redirected) return { status: 401 };
    if (answer.status === 403) {
      if (!(await renew())) return { status: 401 };
      answer = await send(url, values);
    }
    const isSaid = answer.headers.get("Content-Type")?.includes("json");
    return { status: answer.status, data: isSaid ? await answer.json() : null };
  } catch {
    return { status: 0 };
  }
}

/** The rows in a piece of HTML. */
export const rowsIn = (html) =>
  new DOMParser().parseFromString(html, "text/html").querySelectorAll("tr.sheet-row");

/** The rows with these keys as they stand now; null without a connection. */
export async function fetchRows(keys) {
  try {
    const answer = await fetch(`${location.pathname}?rows=${keys.join(",")}`);
    return answer.ok && !answer.redirected ? [...rowsIn(await answer.text())] : null;
  } catch {
    return null;
  }
}

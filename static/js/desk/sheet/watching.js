/*
 * Who else is in which row, and what they have saved. The page asks every few seconds, as long as
 * somebody looks at it; rows that others have saved are shown as they are now, unless they are being
 * written in.
 */

import { arrange } from "desk/sheet/ordering";
import { body, fetchRows, post } from "desk/sheet/talking";
import { words } from "desk/sheet/rows";

const EVERY = 4000;
const table = document.querySelector("table.sheet");
const url = table.dataset.people;
let at = "";
let rows = new Map();
let timer;

function showPeople(people) {
  for (const [key, row] of rows) {
    const place = row.tr.querySelector('[data-part="people"]');
    const names = people[key] ?? [];
    const shown = [...place.children].map((chip) => chip.textContent);
    if (shown.join("\n") === names.join("\n")) continue;
    const chips = names.map((name) =>
      Object.assign(document.createElement("span"), { textContent: name }),
    );
    place.replaceChildren(...chips);
  }
}

/** What readers see of the month: somebody may have released it since, or taken it back. */
function showState(sentence) {
  const place = document.getElementById("sheet-readers");
  place.textContent = sentence;
  place.hidden = !sentence;
}

function isMoved(row, tokens) {
  return !row.isBusy && (tokens[row.key] ?? "") !== row.token;
}

/** Show what others have saved; false where that has to be tried again. */
async function refresh(tokens) {
  const moved = [...rows.values()].filter((row) => isMoved(row, tokens));
  const fresh = moved.length ? await fetchRows(moved.map((row) => row.key)) : [];
  if (!fresh) return false;
  for (const theirs of fresh) take(rows.get(theirs.dataset.key), theirs);
  for (const body of table.tBodies) arrange(body);
  const isNew = Object.keys(tokens).some((key) => !rows.has(key));
  if (isNew || fresh.length < moved.length) notice(words("gone").textContent);
  if (fresh.length) document.dispatchEvent(new CustomEvent("sheet:saved"));
  return true;
}

function take(row, theirs) {
  if (row.isBusy || row.state === "asking" || theirs.dataset.token === row.token) return;
  if (Boolean(row.form) !== Boolean(theirs.querySelector("form"))) {
    notice(words("gone").textContent); // It is somebody else's to edit now.
    return;
  }
  if (row.clashes(theirs).length) {
    row.mark("behind");
    return;
  }
  const isNews = row.isNews(theirs);
  row.adopt(theirs);
  if (isNews && !row.changed().length) row.mark("refreshed");
}

function notice(sentence) {
  const line = Object.assign(document.createElement("p"), { className: "kept" });
  line.textContent = sentence;
  document.getElementById("sheet-notices").replaceChildren(line);
}

async function call() {
  clearTimeout(timer);
  timer = setTimeout(call, EVERY);
  if (document.visibilityState !== "visible") return;
  const { status, data } = await post(url, { at, version: table.dataset.version });
  if (status !== 200) return;
  showPeople(data.people);
  if ("readers_see" in data) showState(data.readers_see);
  if (!data.tokens || (await refresh(data.tokens))) table.dataset.version = data.version;
}

/** Note the row in which the person is. */
export function enter(key) {
  if (key === at) return;
  at = key;
  clearTimeout(timer);
  timer = setTimeout(call, 300);
}

export function watch(all) {
  rows = new Map(all.map((row) => [row.key, row]));
  call();
  document.addEventListener("visibilitychange", call);
  window.addEventListener("pagehide", () => navigator.sendBeacon(url, body({ at: "" })));
}

/* What is typed and not saved stays in the browser, and is offered when the sheet is opened again. */

import { answerFor, drop, entries, keep, newToken, openElsewhere } from "desk/kept";
import { typed } from "desk/sheet/saving";

const { user } = document.querySelector("meta[name=desk]").dataset;
const template = document.getElementById("sheet-kept");
const token = newToken();
let rows = [];
let told = "{}";

/** Put away what is unsaved in any row. */
export function keepAll() {
  const changes = {};
  for (const row of rows) {
    const mine = row.changes();
    if (Object.keys(mine).length) changes[row.key] = { token: row.token, values: mine };
  }
  const now = JSON.stringify(changes);
  if (now === told) return;
  told = now;
  if (now === "{}") drop(user, token);
  else keep(user, { token, at: Date.now(), version: null, changes, files: [] });
}

const moment = (at) =>
  new Intl.DateTimeFormat(document.documentElement.lang === "he" ? "he" : "en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(at);

/** Offer what an earlier page has kept of one row; ``done`` when the person has decided. */
function offer(row, { token: over, values }, at, done) {
  const notice = template.content.firstElementChild.cloneNode(true);
  const sentence = notice.querySelector("span");
  sentence.textContent = sentence.textContent
    .replace("NAME", () => row.name)
    .replace("WHEN", () => moment(at));
  notice.querySelector('[data-kept="take"]').addEventListener("click", () => {
    for (const [name, value] of Object.entries(values)) row.set(name, value);
    row.tr.dataset.token = over; // Where somebody has saved since, the server asks.
    notice.remove();
    typed(row);
    keepAll();
    done();
    row.tr.hidden = false;
    row.tr.scrollIntoView({ block: "center" });
  });
  notice.querySelector('[data-kept="forget"]').addEventListener("click", () => {
    notice.remove();
    done();
  });
  document.getElementById("sheet-notices").append(notice);
}

export async function startKeeping(all) {
  rows = all;
  answerFor(() => token);
  const open = await openElsewhere();
  open.add(token); // Something may have been typed by now.
  for (const entry of entries(user).filter((each) => !open.has(each.token))) {
    const kept = Object.entries(entry.changes).map(([key, its]) => [
      rows.find((row) => row.key === key && row.form),
      its,
    ]);
    const lost = kept.filter(
      ([row, { values }]) =>
        row && Object.entries(values).some(([name, value]) => row.value(name) !== value),
    );
    let open = lost.length;
    const done = () => --open || drop(user, entry.token);
    if (!open) drop(user, entry.token);
    for (const [row, its] of lost) offer(row, its, entry.at, done);
  }
}

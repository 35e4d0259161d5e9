/*
 * The order of the rows in their region: moved by keyboard here, or by somebody else. A row in which
 * somebody is stays where it is in the page, and the others go around it: so it keeps the focus.
 */

import { post, rowsIn } from "desk/sheet/talking";
import { heard, save, tell } from "desk/sheet/saving";

const PAUSE = 500; // One save for a row that goes up three places.
const table = document.querySelector("table.sheet");
const timers = new Map();
let rows = [];

const rowOf = (tr) => rows.find((row) => row.tr === tr);
const rowsOf = (body) => [...body.querySelectorAll("tr.sheet-row")];
/** A row, and the question that stands below it. */
const whole = (tr) => [tr, rowOf(tr).question].filter(Boolean);

function around(tr, above, below) {
  whole(tr).at(0).before(...above.flatMap(whole));
  whole(tr).at(-1).after(...below.flatMap(whole));
  rows.sort((one, other) =>
    one.tr.compareDocumentPosition(other.tr) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
  );
}

/** As ``crisiswatch.sheet`` has it. */
const byPlace = ({ dataset: one }, { dataset: other }) =>
  one.place - other.place || (one.name < other.name ? -1 : 1);

/** Bring the rows of a region into the order that the server has. */
export function arrange(body) {
  const [now, order] = [rowsOf(body), rowsOf(body)];
  if (now.some((tr) => timers.has(rowOf(tr)))) return; // One of them is being moved.
  order.sort(byPlace);
  if (order.every((tr, at) => tr === now[at])) return;
  const here = Math.max(0, order.findIndex((tr) => tr.contains(document.activeElement)));
  around(order[here], order.slice(0, here), order.slice(here + 1));
}

/** Move a row past the next one that is seen in its region. */
export function move(row, by) {
  if (!("moves" in table.dataset) || !row.form) return false;
  const seen = rowsOf(row.tr.parentNode).filter((tr) => !tr.hidden);
  const at = seen.indexOf(row.tr) + by;
  if (!seen[at]) return true;
  around(row.tr, by < 0 ? [] : [seen[at]], by < 0 ? [seen[at]] : []);
  row.tr.scrollIntoView({ block: "nearest" });
  tell(row, `${at + 1} / ${seen.length}`);
  sendSoon(row);
  return true;
}

function sendSoon(row) {
  clearTimeout(timers.get(row));
  timers.set(row, setTimeout(() => send(row), PAUSE));
}

async function send(row, isLast = false) {
  if (row.isBusy) {
    sendSoon(row);
    return;
  }
  timers.delete(row);
  row.isBusy = true;
  row.mark("saving");
  const trs = rowsOf(row.tr.parentNode);
  const after = trs[trs.indexOf(row.tr) - 1]?.dataset.key ?? "";
  const { status, data } = await post(row.form.action, { fields: "after", after, token: row.token });
  row.isBusy = false;
  if (data?.row) adopt(row, rowsIn(data.row));
  if (status === 409 && !isLast) send(row, true);
  else done(row, status, data);
}

/** The others of the region have got other places, too. */
function adopt(row, theirs) {
  for (const tr of theirs) {
    const its = rows.find(({ key }) => key === tr.dataset.key);
    if (its && its !== row && !its.isBusy) its.adopt(tr);
    if (its === row && !row.clashes(tr).length) row.adopt(tr);
  }
}

function done(row, status, data) {
  if (status === 200) heard(row, status, data, {});
  else row.mark("unmoved");
  arrange(row.tr.parentNode);
  if (row.again) {
    row.again = false;
    save(row);
  }
}

export function startOrdering(all) {
  rows = all;
  window.addEventListener("beforeunload", (event) => {
    if (timers.size) event.preventDefault();
  });
}

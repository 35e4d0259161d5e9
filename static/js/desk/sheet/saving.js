/*
 * Rows are saved as one goes: a choice at once, a text after a pause or when it is left. One save of
 * a row is on its way at a time; what is typed meanwhile goes with the next one.
 */

import { post, rowsIn } from "desk/sheet/talking";
import { words } from "desk/sheet/rows";

const PAUSE = 1500;
const AGAIN = 5000;
const timers = new WeakMap();
const said = document.getElementById("sheet-said");
let asking = () => {};
let keeping = () => {};

/** ``ask(row, theirs, who)`` shows two texts; ``keep()`` is called when what is unsaved changed. */
export function whenSaving({ ask, keep }) {
  asking = ask;
  keeping = keep;
}

/** Tell it to those who do not see it. */
export function tell(row, sentence) {
  said.textContent = `${row.name}: ${sentence}`;
}

export function saveSoon(row, delay = PAUSE) {
  clearTimeout(timers.get(row));
  timers.set(row, setTimeout(() => save(row), delay));
}

/** Something was typed. */
export function typed(row) {
  if (!row.changed().length) {
    clearTimeout(timers.get(row));
    if (row.state === "typing") row.mark("");
  } else if (row.state !== "asking") {
    row.mark("typing");
    saveSoon(row);
  }
  keeping();
}

export async function save(row) {
  clearTimeout(timers.get(row));
  if (row.state === "asking") return;
  if (row.isBusy) {
    row.again = true;
    return;
  }
  const changes = row.changes();
  if (!Object.keys(changes).length) return;
  row.isBusy = true;
  row.mark("saving");
  keeping();
  const fields = Object.keys(changes).join(" ");
  const { status, data } = await post(row.form.action, { ...changes, fields, token: row.token });
  row.isBusy = false;
  heard(row, status, data, changes);
  keeping();
  if (row.again) {
    row.again = false;
    save(row);
  }
}

/** Show what the server answered. */
export function heard(row, status, data, changes) {
  const theirs = data?.row && [...rowsIn(data.row)].find((tr) => tr.dataset.key === row.key);
  if (status === 200 && theirs) saved(row, theirs, changes);
  else if (status === 409 && theirs) behind(row, theirs, data.who);
  else if (status === 422) refused(row, data.problems.join(" "));
  else if (status === 401) waits(row, "out");
  else if (status === 403) refused(row, "", "forbidden");
  else if (status === 404 || data) refused(row, "", "gone");
  else waits(row, "waiting");
}

function saved(row, theirs, changes) {
  row.settle(changes);
  row.adopt(theirs, changes);
  row.mark(row.changed().length ? "typing" : "saved");
  if (row.changed().length) saveSoon(row);
  tell(row, words("saved").textContent);
  document.dispatchEvent(new CustomEvent("sheet:saved"));
}

/** Somebody else was faster. Where both have changed different things, both stand. */
export function behind(row, theirs, who) {
  if (row.clashes(theirs).length) {
    row.mark("asking");
    asking(row, theirs, who);
    return;
  }
  row.adopt(theirs);
  row.mark("");
  save(row);
}

function refused(row, sentence, word = "refused") {
  row.mark(word, sentence);
  tell(row, row.line.textContent);
}

function waits(row, word) {
  if (row.state !== word) tell(row, words(word).textContent);
  row.mark(word);
  saveSoon(row, AGAIN);
}

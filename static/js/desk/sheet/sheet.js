/* Puts the sheet to work: see the modules beside this one. Without it each row is a plain form. */

import { ask, show } from "desk/sheet/asking";
import { startFiltering } from "desk/sheet/filtering";
import { keepAll, startKeeping } from "desk/sheet/keeping";
import { startMoving } from "desk/sheet/moving";
import { startOrdering } from "desk/sheet/ordering";
import { Row } from "desk/sheet/rows";
import { save, typed, whenSaving } from "desk/sheet/saving";
import { enter, watch } from "desk/sheet/watching";

const table = document.querySelector("table.sheet");
const rows = [...table.querySelectorAll("tr.sheet-row")].map((tr) => new Row(tr));
const rowAt = (element) => rows.find((row) => row.tr === element.closest?.("tr.sheet-row"));

/** A select of people holds only the one who is chosen, until somebody comes to choose. */
function fill(select) {
  delete select.dataset.people;
  const chosen = select.value;
  const people = document.getElementById("sheet-people").content.cloneNode(true);
  for (const option of people.querySelectorAll("option")) {
    if (option.value !== chosen) select.append(option);
  }
}

let open = null;
let isPointing = false; // The browser has to find the place in the text before the row opens.

/** One row at a time is open to write in. The row that is meant stays where it is on the screen. */
function openOnly(row, isText) {
  if (isText ? row.isOpen : open === row || !open?.isOpen) return;
  const before = row.tr.getBoundingClientRect().top;
  open?.open(false);
  open = isText ? row : null;
  open?.open(true);
  window.scrollBy(0, row.tr.getBoundingClientRect().top - before);
}

table.addEventListener("input", ({ target }) => {
  const row = rowAt(target);
  if (!row?.form || !target.matches("textarea")) return;
  typed(row);
  show(row, target.name);
});
table.addEventListener("change", ({ target }) => {
  const row = rowAt(target);
  if (!row?.form) return;
  keepAll();
  save(row);
});
table.addEventListener("focusin", ({ target }) => {
  const row = rowAt(target);
  if (target.matches("select[data-people]")) fill(target);
  if (row && !isPointing) openOnly(row, target.matches("textarea"));
  enter(row?.key ?? "");
});
table.addEventListener("pointerdown", () => (isPointing = true));
window.addEventListener("pointerup", () => (isPointing = false));
window.addEventListener("pointercancel", () => (isPointing = false));
table.addEventListener("click", ({ target }) => {
  const row = rowAt(target);
  if (row) openOnly(row, target.matches("textarea"));
});
table.addEventListener("focusout", ({ target, relatedTarget }) => {
  const row = rowAt(target);
  if (row?.form && target.matches("textarea")) {
    row.tidy();
    save(row);
  }
  if (!table.contains(relatedTarget)) enter("");
});
table.addEventListener("submit", (event) => {
  event.preventDefault();
  save(rowAt(event.target));
});
window.addEventListener("online", () => {
  for (const row of rows.filter((each) => each.form)) save(row);
});
window.addEventListener("beforeunload", (event) => {
  if (rows.some((row) => row.isBusy || row.changed().length)) event.preventDefault();
});

for (const each of document.querySelectorAll("#sheet-filter button[hidden]")) each.hidden = false;
for (const each of document.querySelectorAll("[data-noscript]")) each.hidden = true;
document.querySelector("#desk-keys table")?.prepend(
  document.getElementById("sheet-keys").content.cloneNode(true),
);
document.querySelector("[data-unfold]").addEventListener("click", ({ currentTarget }) => {
  const isOpen = currentTarget.getAttribute("aria-pressed") !== "true";
  currentTarget.setAttribute("aria-pressed", isOpen);
  for (const each of table.querySelectorAll("details.sheet-before")) each.open = isOpen;
});

whenSaving({ ask, keep: keepAll });
startKeeping(rows);
startFiltering(rows);
startMoving(rows);
startOrdering(rows);
watch(rows);

/*
 * Two people have written in one row: both texts side by side, and a choice for the whole row. It
 * stands below the row and takes nobody out of the middle of a sentence.
 */

import { save, tell } from "desk/sheet/saving";
import { words } from "desk/sheet/rows";

const template = document.getElementById("sheet-asking");
const side = document.getElementById("sheet-side");

/** What a field is called, as the head of the table says it. */
function labelOf(row, name) {
  const control = row.control(name);
  const group = control.closest("[role=radiogroup]") ?? control;
  const by = group.getAttribute("aria-labelledby")?.split(" ")[0];
  return control.type === "radio" || by
    ? document.getElementById(by).textContent
    : control.getAttribute("aria-label");
}

function saying(tr, name) {
  const all = [...tr.querySelectorAll(`[name="${name}"]:not([type="hidden"])`)];
  const [first] = all;
  if (first.type === "radio") return all.find((each) => each.checked)?.ariaLabel ?? "";
  if (first.type === "checkbox") return first.checked ? "✓" : "–";
  return first.options ? (first.selectedOptions[0]?.label ?? "") : first.value;
}

function sides(row, theirs, names) {
  return names.map((name) => {
    const shown = side.content.cloneNode(true);
    shown.querySelector("dt").textContent = labelOf(row, name);
    shown.querySelector('[data-side="theirs"]').textContent = saying(theirs, name) || "–";
    const mine = shown.querySelector('[data-side="mine"]');
    mine.textContent = saying(row.tr, name) || "–";
    mine.dataset.name = name;
    return shown;
  });
}

export function ask(row, theirs, who) {
  row.question?.remove();
  const question = template.content.firstElementChild.cloneNode(true);
  const part = (name) => question.querySelector(`[data-ask="${name}"]`);
  part("who").textContent = `${row.name}: ${who}`;
  part("sides").replaceChildren(...sides(row, theirs, row.clashes(theirs)));
  part("mine").addEventListener("click", () => settle(row, theirs, "adopt"));
  part("theirs").addEventListener("click", () => settle(row, theirs, "yield"));
  row.question = question;
  row.tr.after(question);
  tell(row, who);
}

/** Something was typed while the question stands. */
export function show(row, name) {
  const mine = row.question?.querySelector(`[data-side="mine"][data-name="${name}"]`);
  if (mine) mine.textContent = row.value(name) || "–";
}

/** Mine is saved on top of theirs, which stays in the history; or theirs takes the place of mine. */
function settle(row, theirs, how) {
  row.question.remove();
  row.question = null;
  row[how](theirs);
  row.mark("");
  if (how === "adopt") save(row);
  else tell(row, words("refreshed").textContent);
  document.dispatchEvent(new CustomEvent("sheet:saved"));
  (row.control("lead") ?? row.tr.querySelector("a")).focus();
}

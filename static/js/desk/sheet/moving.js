/*
 * The keyboard on the sheet. Tab goes through the controls as on every page; beside that, arrows go
 * from cell to cell, and letters set what a row says. In a text only its ends lead out of it.
 */

import { move } from "desk/sheet/ordering";
import { save } from "desk/sheet/saving";

const STOPS = ["name", "trend", "risk_alert", "resolution_opportunity", "lead", "text", "author", "state"];
const TEXTS = new Set(["lead", "text"]);
const TRENDS = { d: "deteriorated", u: "unchanged", i: "improved" };
const TREND_NUMBERS = { 0: "", 1: "deteriorated", 2: "unchanged", 3: "improved", Backspace: "" };
const ALERTS = { a: "risk_alert", o: "resolution_opportunity" };
const table = document.querySelector("table.sheet");
let rows = [];

const isLeftToRight = () => getComputedStyle(table).direction === "ltr";
const rowAt = (element) => rows.find((row) => row.tr === element?.closest?.("tr.sheet-row"));

/** The cell of a row in which the focus is, by its name. */
function stopAt(element) {
  if (element.matches("th *, th")) return "name";
  if (element.matches("td.sheet-last *")) return "state";
  return element.name || element.querySelector?.("[name]")?.name || "name";
}

/** What takes the focus in a cell: of a text the cell, until it is opened. */
function placeOf(row, stop) {
  const control = row.control(stop);
  if (stop === "name" || !control) return row.tr.querySelector("th > a");
  if (TEXTS.has(stop)) return control.closest("td");
  const chosen = row.tr.querySelector(`[name="${stop}"]:checked`);
  return control.type === "radio" ? (chosen ?? control) : control;
}

function go(row, stop) {
  const place = placeOf(row, stop);
  place.focus({ preventScroll: true });
  row.tr.scrollIntoView({ block: "nearest" });
}

function step(row, stop, by) {
  const seen = rows.filter((each) => !each.tr.closest("[hidden]"));
  const next = seen[seen.indexOf(row) + by];
  if (next) go(next, stop);
  return Boolean(next);
}

function sidestep(row, stop, by) {
  const there = STOPS.filter((each) => each === "name" || row.control(each));
  const next = there[there.indexOf(stop) + by];
  if (next) go(row, next);
  return true;
}

function open(row, stop) {
  if (!TEXTS.has(stop) || !row.control(stop)) return false;
  const text = row.control(stop);
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
  return true;
}

/** Set what a row says, and save it at once. */
function set(row, name, value) {
  if (!row.control(name)) return false;
  row.set(name, value);
  if (document.activeElement.name === name) placeOf(row, name).focus();
  save(row);
  return true;
}

/** Whether the key would leave the text by its upper or lower end. */
function isAtEnd(text, key) {
  if (text.selectionStart !== text.selectionEnd) return false;
  const place = key === "ArrowUp" ? 0 : text.value.length;
  return text.selectionStart === place;
}

/** The letter of a key, or where it sits if the keyboard is not a Latin one. */
const letterOf = ({ key, code }) =>
  /^[^a-z0-9]$/i.test(key) && /^Key[A-Z]$/.test(code) ? code.at(-1).toLowerCase() : key;

function actInText(event, row, stop) {
  const { key, target } = event;
  if (key === "Escape") {
    save(row);
    go(row, stop);
    row.open(false);
    return true;
  }
  const by = { ArrowUp: -1, ArrowDown: 1 }[key];
  return by && isAtEnd(target, key) ? step(row, stop, by) : false;
}

function actInCell(event, row, stop) {
  const key = event.key.length === 1 ? letterOf(event).toLowerCase() : event.key;
  const by = { ArrowUp: -1, ArrowDown: 1, k: -1, j: 1 }[key];
  if (by) return step(row, stop, by);
  const aside = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (aside) return sidestep(row, stop, isLeftToRight() ? aside : -aside);
  if (event.target.matches("select")) return false; // Letters choose in it.
  if (key === "Enter") return open(row, stop);
  if (key in TRENDS) return set(row, "trend", TRENDS[key]);
  if (key in TREND_NUMBERS && stop === "trend") return set(row, "trend", TREND_NUMBERS[key]);
  if (key in ALERTS) return set(row, ALERTS[key], row.value(ALERTS[key]) ? "" : "on");
  return false;
}

function act(event) {
  const { altKey: alt, ctrlKey, metaKey, shiftKey, key, target } = event;
  const row = rowAt(target);
  const isText = target.matches("textarea");
  if ((ctrlKey || metaKey) && !alt && key.toLowerCase() === "s") {
    for (const each of rows.filter(({ form }) => form)) save(each);
    return true;
  }
  if (ctrlKey || metaKey) return false;
  const by = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (alt && !(row && by)) return false;
  if (alt) return shiftKey ? move(row, by) : step(row, stopAt(target), by);
  if (key === "/" && !target.matches("input:not([type=radio], [type=checkbox]), textarea, select")) {
    document.getElementById("sheet-words").focus();
    return true;
  }
  if (!row) return by && target === document.body ? goFirst() : false;
  return (isText ? actInText : actInCell)(event, row, stopAt(target));
}

/** Begin with the row that the address names (a check has led there), else with the first. */
function goFirst() {
  const seen = rows.filter((row) => !row.tr.closest("[hidden]"));
  const first = seen.find((row) => row.tr.matches(":target")) ?? seen[0];
  if (first) go(first, first.control("trend") ? "trend" : "name");
  return Boolean(first);
}

export function startMoving(all) {
  rows = all;
  for (const cell of table.querySelectorAll("td:has(> textarea)")) cell.tabIndex = -1;
  // Ahead of the keys of the whole desk.
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.isComposing || document.querySelector("dialog[open]") || !act(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
}

/* The filter, without waiting for the server; the address says it too, so that it can be shared. */

import { words } from "desk/sheet/rows";

const form = document.getElementById("sheet-filter");
const table = document.querySelector("table.sheet");

const fold = (text) => text.trim().toLocaleLowerCase();

function filter(rows) {
  const { show, region, q } = Object.fromEntries(new FormData(form));
  for (const row of rows) {
    const isShown =
      (!show || row.is(show)) &&
      (!region || row.tr.dataset.regions.split(" ").includes(region)) &&
      fold(row.name).includes(fold(q));
    row.tr.hidden = !isShown;
    if (row.question) row.question.hidden = !isShown;
  }
  for (const group of table.tBodies) {
    group.hidden = !group.querySelector("tr.sheet-row:not([hidden])");
  }
  document.getElementById("sheet-none").hidden = rows.some((row) => !row.tr.hidden);
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
}

/** How far the rows of each region are, and all of them. */
export function count() {
  const places = [...table.tBodies, document.querySelector(".sheet-above")];
  for (const place of places) {
    const done = place.querySelector(".sheet-done");
    if (!done) continue;
    const all = (place.matches("tbody") ? place : table).querySelectorAll("tr.sheet-row");
    const complete = [...all].filter((tr) => !tr.matches("[data-shows~=missing]")).length;
    const said = words("done").textContent.replace("DONE", complete).replace("ALL", all.length);
    done.querySelector("meter").value = complete;
    done.querySelector("span").textContent = said;
  }
}

export function startFiltering(rows) {
  form.addEventListener("input", () => filter(rows));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    filter(rows);
  });
  document.addEventListener("sheet:saved", count);
}

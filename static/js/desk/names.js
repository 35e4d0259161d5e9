/*
 * Names for what libraries draw in a form: the editors of rich text, the boxes that search, and the
 * cells of a table of rows, which have a heading but no label. For those who do not see the form.
 */

const content = document.getElementById("content");
let count = 0;

/** What names a place of the form: the label of its field, or the heading of its column. */
function labelOf(place) {
  const cell = place.closest("td");
  if (cell) return cell.closest("table")?.tHead?.rows[0]?.cells[cell.cellIndex];
  return place.closest(".fieldBox, .form-row, .written")?.querySelector("label, legend");
}

function idOf(element) {
  element.id ||= `name-${(count += 1)}`;
  return element.id;
}

function call(element, ...by) {
  if (by.every(Boolean)) element.setAttribute("aria-labelledby", by.map(idOf).join(" "));
}

function nameAll() {
  for (const text of content.querySelectorAll("[contenteditable=true]:not([aria-labelledby])")) {
    call(text, labelOf(text));
  }
  for (const box of content.querySelectorAll(".select2:not([data-named])")) {
    const [chooses, shows, searches] = [".select2-selection", "span.select2-selection__rendered", "input"].map(
      (each) => box.querySelector(each),
    );
    const label = labelOf(box);
    box.dataset.named = "";
    if (shows) {
      call(shows, label);
      call(chooses, label, shows);
    }
    if (searches) call(searches, label);
  }
  for (const input of content.querySelectorAll("td :is(input, select, textarea):not([type=hidden], [aria-labelledby])")) {
    if (!input.closest(".select2") && !input.labels?.length) call(input, labelOf(input));
  }
}

/** Rows are added, and the libraries take their time; what is typed is no concern of ours. */
const isNew = ({ target, addedNodes }) => addedNodes.length > 0 && !target.closest("[contenteditable]");

if (content) {
  nameAll();
  new MutationObserver((changes) => {
    if (changes.some(isNew)) nameAll();
  }).observe(content, { childList: true, subtree: true });
}

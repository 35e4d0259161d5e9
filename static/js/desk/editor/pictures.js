/*
 * The pictures of a piece, as the rows of its form have them (`figures-0-…`). A row is known by its
 * mark; what stands in the text names that, so rows may move.
 */

import { make, say } from "desk/editor/words";

const PREFIX = "figures";
export const TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const newMark = () =>
  Array.from(crypto.getRandomValues(new Uint32Array(8)), (number) => LETTERS[number % LETTERS.length]).join("");

/** One row: its fields are looked up when asked for, for rows are renumbered. */
class Row {
  constructor(element) {
    this.element = element;
  }

  field(name) {
    return this.element.querySelector(`[name$="-${name}"]:not([name^="initial-"])`);
  }

  get file() {
    return this.element.querySelector("input[type=file]");
  }

  get chosen() {
    return this.file?.files[0] ?? null;
  }

  get mark() {
    return this.field("mark")?.value ?? "";
  }

  /** Its mark; one that has none gets one now that the text is to name it. */
  beMarked() {
    this.field("mark").value ||= newMark();
    return this.mark;
  }

  get stored() {
    return this.element.querySelector(".imagefield-preview-image")?.src ?? null;
  }

  /** What it is called where it is not seen: files that are stored have no name of their own. */
  get words() {
    return this.field("alt")?.value || this.chosen?.name || say("no-alt");
  }

  get isGone() {
    return !this.element.isConnected || Boolean(this.field("DELETE")?.checked);
  }

  take(file) {
    const carried = new DataTransfer();
    carried.items.add(file);
    this.file.files = carried.files;
    this.file.dispatchEvent(new Event("change", { bubbles: true }));
  }

  remove() {
    this.element.querySelector(".inline-deletelink")?.click();
  }

  goTo() {
    for (let outer = this.element; outer; outer = outer.parentElement) {
      if (outer.localName === "details") outer.open = true;
    }
    this.element.scrollIntoView({ block: "center" });
    (this.field("alt") ?? this.file)?.focus({ preventScroll: true });
  }
}

const group = () => document.getElementById(`${PREFIX}-group`);
const isRow = (element) => !element.id.includes("__prefix__") && !element.classList.contains("empty-form");

/** The rows of the form that are there to be used. */
export const rows = () =>
  [...(group()?.querySelectorAll(`.inline-related[id^="${PREFIX}-"]`) ?? [])]
    .filter((element) => isRow(element))
    .map((element) => new Row(element))
    .filter((row) => !row.isGone && row.field("mark"));

export const rowOf = (mark) => (mark && rows().find((row) => row.mark === mark)) || null;

/** Whether this form has rows of pictures, and may get new ones. */
export const takesPictures = () => Boolean(group()?.querySelector(".add-row a"));

/** A new row with a mark of its own, or null where there is room for no more. */
export function addRow() {
  const before = rows().length;
  group()?.querySelector(".add-row a")?.click();
  const added = rows();
  return added.length > before ? added.at(-1) : null;
}

/** Draw the picture of a row: the stored one, or the file that has been chosen. */
export async function drawPicture(place, row) {
  if (row?.chosen) {
    if (place.drawn === row.chosen) return;
    place.drawn = row.chosen;
    try {
      const picture = await createImageBitmap(row.chosen, { resizeWidth: 480, resizeQuality: "medium" });
      const canvas = make("canvas", { width: picture.width, height: picture.height });
      canvas.getContext("2d").drawImage(picture, 0, 0);
      if (place.drawn === row.chosen) place.replaceChildren(canvas);
    } catch {
      place.replaceChildren();
    }
  } else if (place.drawn !== row?.stored) {
    place.drawn = row?.stored;
    place.replaceChildren(...(row?.stored ? [make("img", { src: row.stored, alt: "" })] : []));
  }
}

/** Call `told` whenever a row comes, goes or changes. */
export function watchRows(told) {
  const events = ["input", "change", "click"];
  const inGroup = ({ target }) => target.closest?.(`#${PREFIX}-group`) && told();
  for (const event of events) document.addEventListener(event, inGroup);
  for (const event of ["formset:added", "formset:removed"]) document.addEventListener(event, told);
  return () => {
    for (const event of events) document.removeEventListener(event, inGroup);
    for (const event of ["formset:added", "formset:removed"]) document.removeEventListener(event, told);
  };
}

// A row starts as a copy of an empty one: without this, two new ones would bear the same mark.
document.addEventListener("formset:added", ({ target, detail }) => {
  if (detail?.formsetName !== PREFIX) return;
  const mark = new Row(target).field("mark");
  if (mark) mark.value = newMark();
});

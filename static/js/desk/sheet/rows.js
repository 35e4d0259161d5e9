/*
 * A row of the sheet. What the server has stands in the defaults of its controls (defaultValue,
 * defaultChecked, defaultSelected), what the person has typed in their values.
 */

export const NAMES = [
  "trend",
  "risk_alert",
  "resolution_opportunity",
  "lead",
  "text",
  "author",
  "state",
];
// What follows from a row, and the cells of one that is only read.
const PARTS = ["people", "checks", "author", "last", "trend", "alerts", "lead", "text", "who"];

export const words = (name) =>
  document.getElementById("sheet-words-of-states").content.querySelector(`[data-word="${name}"]`);

const controls = (tr, name) => [...tr.querySelectorAll(`[name="${name}"]:not([type="hidden"])`)];

function valueOf(tr, name, isBase) {
  const [first, ...more] = controls(tr, name);
  if (!first) return undefined;
  if (first.type === "radio") {
    const on = [first, ...more].find((each) => (isBase ? each.defaultChecked : each.checked));
    return on?.value ?? "";
  }
  if (first.type === "checkbox") return (isBase ? first.defaultChecked : first.checked) ? "on" : "";
  if (first.options) {
    const on = [...first.options].find((each) => (isBase ? each.defaultSelected : each.selected));
    return on?.value ?? "";
  }
  return isBase ? first.defaultValue : first.value;
}

function setBase(control, value) {
  if (control.type === "radio") control.defaultChecked = control.value === value;
  else if (control.type === "checkbox") control.defaultChecked = value === "on";
  else if (control.options) {
    for (const option of control.options) option.defaultSelected = option.value === value;
  } else control.defaultValue = value;
}

function setValue(control, value) {
  if (control.type === "radio") control.checked = control.value === value;
  else if (control.type === "checkbox") control.checked = value === "on";
  else if (control.value !== value) control.value = value;
}

const same = (one, other) => one?.replace(/\r\n?/g, "\n") === other?.replace(/\r\n?/g, "\n");

export class Row {
  constructor(tr) {
    this.tr = tr;
    this.form = tr.querySelector("form");
    this.line = tr.querySelector("[data-state]");
    this.key = tr.dataset.key;
    this.name = tr.dataset.name;
    // What was typed and is saved, where the server writes it otherwise (without needless spaces).
    this.sent = {};
  }

  get token() {
    return this.tr.dataset.token;
  }

  control(name) {
    return controls(this.tr, name)[0];
  }

  value(name) {
    return valueOf(this.tr, name, false);
  }

  base(name) {
    return valueOf(this.tr, name, true);
  }

  /** The names of what the person has changed. */
  changed() {
    return NAMES.filter((name) => {
      const value = this.value(name);
      return !same(value, this.base(name)) && !same(value, this.sent[name]);
    });
  }

  /** Name and value of all that the person has changed. */
  changes() {
    return Object.fromEntries(this.changed().map((name) => [name, this.value(name)]));
  }

  set(name, value, label = value) {
    const all = controls(this.tr, name);
    const [first] = all;
    if (first?.options && ![...first.options].some((option) => option.value === value)) {
      first.add(new Option(label, value));
    }
    for (const control of all) setValue(control, value);
  }

  /** The server has these values now. */
  settle(values) {
    for (const [name, value] of Object.entries(values)) {
      for (const control of controls(this.tr, name)) setBase(control, value);
    }
  }

  /** What both the person and somebody else have changed, each in another way. */
  clashes(theirs) {
    return this.changed().filter((name) => {
      const value = valueOf(theirs, name, true);
      return !same(value, this.base(name)) && !same(value, this.value(name));
    });
  }

  /** Whether a row says something else than what this page had from the server. */
  isNews(theirs) {
    return NAMES.some((name) => !same(valueOf(theirs, name, true), this.base(name)));
  }

  /**
   * Take over a row as the server has it. What the person has changed stays as it is, and so does
   * what was just ``sent`` from the field in which they are.
   */
  adopt(theirs, sent = {}) {
    const mine = this.changes();
    for (const name of NAMES) {
      const value = valueOf(theirs, name, true);
      if (value === undefined) continue;
      const isHere = name in sent && this.control(name) === document.activeElement;
      delete this.sent[name];
      if (isHere) this.sent[name] = sent[name];
      else if (!(name in mine)) this.set(name, value, labelOf(theirs, name));
      this.settle({ [name]: value });
    }
    this.renew(theirs);
  }

  /** The person has left a text: it stands as the server writes it. */
  tidy() {
    for (const [name, value] of Object.entries(this.sent)) {
      if (same(this.value(name), value)) this.set(name, this.base(name));
    }
    this.sent = {};
  }

  /** Give up what the person has changed for the row as the server has it. */
  yield(theirs) {
    for (const name of NAMES) this.set(name, this.base(name) ?? "");
    this.adopt(theirs);
  }

  /** Show what follows from the row: what is missing, what changed since last month. */
  renew(theirs) {
    for (const part of PARTS) {
      const [here, there] = [this.tr, theirs].map((tr) => tr.querySelector(`[data-part="${part}"]`));
      if (!here || !there) continue;
      const open = [...here.querySelectorAll("details")].map((each) => each.open);
      here.replaceChildren(...document.importNode(there, true).childNodes);
      here.querySelectorAll("details").forEach((each, at) => (each.open = open[at] ?? false));
    }
    for (const fact of ["token", "place", "shows"]) this.tr.dataset[fact] = theirs.dataset[fact];
    const link = theirs.querySelector("th > a");
    if (link) this.tr.querySelector("th > a").setAttribute("href", link.getAttribute("href"));
    if (this.form) this.form.elements.token.value = theirs.dataset.token;
  }

  is(name) {
    return this.tr.dataset.shows.split(" ").includes(name);
  }

  get isOpen() {
    return this.tr.classList.contains("is-open");
  }

  /** Room to write, with last month beside it; what was folded is folded again afterwards. */
  open(isOpen) {
    if (isOpen === this.isOpen) return;
    this.tr.classList.toggle("is-open", isOpen);
    const last = this.tr.querySelector("details.sheet-before");
    if (!last) return;
    if (isOpen) this.wasUnfolded = last.open;
    last.open = isOpen || this.wasUnfolded;
  }

  /** Show how far its saving is, by the name of the words. */
  mark(name, more = "") {
    this.state = name;
    if (!this.line) return;
    this.line.dataset.state = name;
    this.line.textContent = [words(name)?.textContent, more].filter(Boolean).join(": ");
    this.line.hidden = !name;
  }
}

/** What a choice of theirs is called, for a select that does not have it. */
function labelOf(tr, name) {
  const select = controls(tr, name)[0];
  return select?.options ? select.selectedOptions[0]?.label : undefined;
}

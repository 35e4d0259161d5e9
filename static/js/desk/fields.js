/*
 * What the fields of an admin form hold: read it, compare it, write it back.
 *
 * A field is known by its key. Rows of inlines move when one is added or removed, so their keys
 * name the row: `bylines|#5|title` is in the saved row 5, `bylines|+0|title` in the first new one,
 * and `bylines|+*|title` is what a new row starts with. Values are lists, for the sake of choices;
 * a choice is `[value, label]`, because the page to come back to may not know it.
 */

const NOT_TYPED = new Set(["password", "file", "submit", "button", "image", "reset"]);

const typed = (control) =>
  control.name &&
  !control.disabled &&
  !NOT_TYPED.has(control.type) &&
  !(control.type === "hidden" && /^_|^csrfmiddlewaretoken$|^form_token$/.test(control.name)) &&
  !control.name.endsWith("_FORMS");

function rowsOf(form) {
  const rows = new Map();
  for (const total of form.querySelectorAll('[name$="-TOTAL_FORMS"]')) {
    const prefix = total.name.slice(0, -"-TOTAL_FORMS".length);
    const names = [];
    let fresh = 0;
    for (let index = 0; index < Number(total.value); index += 1) {
      const pk = form.elements[`${prefix}-${index}-id`]?.value;
      names.push(pk ? `#${pk}` : `+${fresh++}`);
    }
    rows.set(prefix, names);
  }
  return rows;
}

function keyOf(name, rows) {
  const [, prefix, index, field] = /^(.+)-(\d+|__prefix__)-([^-]+)$/.exec(name) ?? [];
  if (!rows.has(prefix)) return name;
  if (field === "id") return null;
  const row = index === "__prefix__" ? "+*" : rows.get(prefix)[index];
  return row ? `${prefix}|${row}|${field}` : null;
}

function valuesOf(control) {
  if (control.type === "checkbox" || control.type === "radio") {
    return control.checked ? [control.value] : [];
  }
  if (control.options) {
    return [...control.selectedOptions].map((option) => [option.value, option.label]);
  }
  return [control.value];
}

/** All that the form holds, by key. Files and passwords are left out. */
export function read(form) {
  const rows = rowsOf(form);
  const held = {};
  for (const control of form.elements) {
    const key = typed(control) && keyOf(control.name, rows);
    if (key) (held[key] ??= []).push(...valuesOf(control));
  }
  return held;
}

const plain = (value) => {
  const text = Array.isArray(value) ? value[0] : value;
  return text.startsWith("<") ? text.replace(/>\s+</g, "><").trim() : text.trim();
};

/** What stands in `held` under a key; for a row that is not there, what a new one starts with. */
const standing = (held, key) => held[key] ?? held[key.replace(/\|[#+][^|]*\|/, "|+*|")] ?? [];

const same = (one, other) =>
  one.length === other.length && one.every((value, place) => plain(value) === plain(other[place]));

/** What `held` has otherwise than `before`, and what `always` names, by key. */
export function changes(held, before, always = {}) {
  return Object.fromEntries(
    Object.entries(held).filter(
      ([key, values]) =>
        !key.includes("|+*|") && (key in always || !same(values, standing(before, key))),
    ),
  );
}

/** Whether all of `kept` stands in the form already. */
export const holds = (held, kept) =>
  Object.entries(kept).every(([key, values]) => same(values, standing(held, key)));

function addRow(form, prefix) {
  const total = form.elements[`${prefix}-TOTAL_FORMS`];
  const before = total?.value;
  document.getElementById(`${prefix}-group`)?.querySelector(".add-row a")?.click();
  return total && total.value !== before;
}

/** The place of a row in the form; one that is not there is added, or null if it cannot be. */
function placeOf(form, prefix, row, added) {
  const wanted = added.get(`${prefix}|${row}`) ?? row;
  for (;;) {
    const names = rowsOf(form).get(prefix) ?? [];
    if (names.includes(wanted)) return names.indexOf(wanted);
    if (!addRow(form, prefix)) return null;
    if (wanted.startsWith("#")) {
      // The saved row is gone: what was typed in it comes back in a new one.
      added.set(`${prefix}|${row}`, rowsOf(form).get(prefix).at(-1));
      return names.length;
    }
  }
}

const named = (form, name) =>
  [...form.elements].filter((control) => control.name === name && typed(control));

function controlsOf(form, key, added) {
  const [prefix, row, field] = key.split("|");
  if (!field) return named(form, key);
  return named(form, `${prefix}-${placeOf(form, prefix, row, added)}-${field}`);
}

function choose(select, values) {
  const wanted = new Set(values.map(([value]) => value));
  const known = new Set([...select.options].map((option) => option.value));
  for (const [value, label] of values) {
    if (!known.has(value)) select.add(new Option(label, value));
  }
  for (const option of select.options) option.selected = wanted.has(option.value);
}

function put(control, values, place) {
  const editor = control.closest(".prose-editor")?.querySelector(".tiptap")?.editor;
  if (control.type === "checkbox" || control.type === "radio") {
    control.checked = values.includes(control.value);
  } else if (control.options) {
    choose(control, values);
  } else {
    // An editor that is only about to appear begins with what stands here.
    control.value = values[place] ?? "";
    editor?.commands.setContent(control.value, { emitUpdate: true });
  }
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Write `kept` into the form, with new rows where needed. Returns the keys that found no place. */
export function write(form, kept) {
  const added = new Map();
  return Object.keys(kept).filter((key) => {
    const controls = controlsOf(form, key, added);
    controls.forEach((control, place) => put(control, kept[key], place));
    return !controls.length;
  });
}

/** What the person knows a field as. */
export function labelOf(control) {
  const header = control.closest("td") && headerOf(control.closest("td"));
  const label = header || control.labels?.[0] || control.closest(".form-row")?.querySelector("label");
  return label?.textContent.trim().replace(/:$/, "") || control.name;
}

/** What the person knows the field of a key as, with the heading of its rows. */
export function nameOf(form, key) {
  const [prefix, , field] = key.split("|");
  const control = named(form, field ? `${prefix}-__prefix__-${field}` : key)[0];
  const heading = document.querySelector(`#${CSS.escape(prefix)}-group h2`);
  const label = control ? labelOf(control) : (field ?? key);
  return field && heading ? `${heading.textContent.trim()}: ${label}` : label;
}

const headerOf = (cell) => cell.closest("table").querySelectorAll("thead th")[cell.cellIndex];

/* What an editor does most, from the keyboard. The dialog that lists the keys is in the page. */

const dialog = document.getElementById("desk-keys");
const editable = "input, textarea, select, [contenteditable=true]";

const BUTTONS = {
  save: '[data-key="save"], [name="_draft"], [name="_continue"], [name="_save"]',
  preview: '[data-key="preview"], [name="_preview"]',
  submit: '[data-key="submit"], [name="_submit"]',
};
const SHORTCUTS = {
  save: "Control+S Meta+S",
  preview: "Control+Shift+P Meta+Shift+P Alt+P",
  submit: "Control+Enter Meta+Enter",
};

/** The first of the alternatives that is in the page. */
const first = (alternatives) =>
  alternatives.split(", ").map((selector) => document.querySelector(selector)).find(Boolean);

function press(name) {
  return () => {
    const button = first(BUTTONS[name]);
    button?.click();
    return Boolean(button);
  };
}

function goTo() {
  const box = first("#desk-search, #searchbar, #nav-filter");
  box?.focus();
  box?.select();
  return Boolean(box);
}

function help() {
  dialog.showModal();
  return true;
}

/** Whether a key is this letter, or where it sits if the keyboard is not a Latin one. */
const isLetter = (event, letter) =>
  event.key.toLowerCase() === letter ||
  (!/^[a-z]$/i.test(event.key) && event.code === `Key${letter.toUpperCase()}`);

function actFor(event) {
  const { altKey: alt, shiftKey: shift, target } = event;
  const control = event.ctrlKey || event.metaKey;
  const writes = target.closest?.(editable);
  if (control && !alt) {
    if (!shift && isLetter(event, "s")) return press("save");
    if (shift && isLetter(event, "p")) return press("preview");
    if (!shift && event.key === "Enter") return press("submit");
    // In the editor of rich text this key makes a link.
    if (!shift && isLetter(event, "k") && !target.isContentEditable) return goTo;
  } else if (alt && !control && !shift && isLetter(event, "p")) {
    return press("preview");
  } else if (!control && !alt && !writes) {
    if (event.key === "/") return goTo;
    if (event.key === "?") return help;
  }
  return null;
}

// Ahead of the editor of rich text, to which Ctrl+Enter means a new line.
window.addEventListener(
  "keydown",
  (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const act = actFor(event);
    if (!act) return;
    if (event.repeat || act()) {
      event.preventDefault();
      event.stopPropagation();
    }
  },
  { capture: true },
);

for (const [name, keys] of Object.entries(SHORTCUTS)) {
  first(BUTTONS[name])?.setAttribute("aria-keyshortcuts", keys);
}
document.getElementById("desk-search")?.setAttribute("aria-keyshortcuts", "/ Control+K Meta+K");
document.querySelector("[data-opens=desk-keys]")?.addEventListener("click", help);

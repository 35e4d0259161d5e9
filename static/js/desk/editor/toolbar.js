/*
 * The buttons above the text and the line below it. The library draws the buttons; here they get
 * their order, names in the language of the desk, and one stop of the Tab key for all of them, with
 * the arrows from one to the next (the pattern "toolbar" of WAI-ARIA). Alt F10 leads there from the
 * text, Escape back.
 */

import { Menu as PlainMenu, createMenuFromGroups } from "django-prose-editor/editor";
import { make, say } from "desk/editor/words";

const GROUPS = ["blockType -lists", "marks", "link", "lists", "nodes -blockType -lists", "insert", "table", "history"];
const WORDS_A_MINUTE = 230;
const PAUSE = 300; // Milliseconds without a change before the words are counted.
const PRESSED = new Set([
  "heading2", "heading3", "paragraph", "bold", "italic", "superscript", "bulletList", "orderedList",
  "blockquote", "pullQuote", "box", "link",
]);

const isShown = (button) => !button.classList.contains("hidden");

/** Names and states for those who do not see the buttons. */
function describe(bar) {
  for (const button of bar.querySelectorAll("button")) {
    const { name } = button.dataset;
    button.setAttribute("aria-disabled", button.classList.contains("disabled"));
    if (PRESSED.has(name)) button.setAttribute("aria-pressed", button.classList.contains("active"));
  }
  stopAt(bar, bar.querySelector('button[tabindex="0"]:not(.hidden)') ?? [...bar.querySelectorAll("button")].find(isShown));
}

function stopAt(bar, stop) {
  for (const button of bar.querySelectorAll("button")) button.tabIndex = button === stop ? 0 : -1;
}

function move(bar, editor, event) {
  const shown = [...bar.querySelectorAll("button")].filter(isShown);
  const at = shown.indexOf(document.activeElement);
  const forward = getComputedStyle(bar).direction === "rtl" ? -1 : 1;
  const goal = { ArrowRight: at + forward, ArrowLeft: at - forward, Home: 0, End: shown.length - 1 }[event.key];
  if (event.key === "Escape") editor.commands.focus();
  else if (goal === undefined) return;
  else {
    const next = shown.at(goal % shown.length);
    stopAt(bar, next);
    next.focus();
  }
  event.preventDefault();
}

function name(bar) {
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", say("toolbar"));
  for (const button of bar.querySelectorAll("button")) {
    const called = say(button.dataset.name);
    if (called === button.dataset.name) continue;
    button.title = called;
    button.setAttribute("aria-label", called);
  }
}

// As on the server (editorial/wording.py): a Chinese or Japanese sign is a word.
const WORD = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+/g;

/** The words of a text, footnotes apart. */
function textOf(doc) {
  const parts = [];
  doc.descendants((node) => {
    if (node.isText) parts.push(node.text);
    else if (node.type.name !== "footnote") parts.push(node.isBlock || node.isLeaf ? "\n" : "");
    return node.type.name !== "footnote";
  });
  return parts.join("");
}

/** Below the text: how long it is, and what there is to say about what was just done. */
function addLine(editor) {
  const length = make("span", { className: "editor-length" });
  const says = make("span", { className: "editor-says", role: "status" });
  let timer;
  const measure = () => {
    const words = textOf(editor.state.doc).match(WORD)?.length ?? 0;
    const minutes = Math.max(1, Math.round(words / WORDS_A_MINUTE));
    length.textContent = words ? say("length", { words, minutes }) : "";
  };
  editor.view.dom.after(make("p", { className: "editor-line" }, length, says));
  measure();
  editor.on("update", () => {
    says.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(measure, PAUSE);
  });
}

const RIGHT_TO_LEFT = new Set(["ar", "dv", "fa", "he", "ku", "ps", "ug", "ur", "yi"]);

/** The text runs as the language of the piece does; where none is said, as its first letter does. */
function follow(editor) {
  const language = editor.view.dom.closest("form")?.elements.language;
  const set = () => {
    const code = language?.value?.split("-")[0];
    editor.view.dom.dir = code ? (RIGHT_TO_LEFT.has(code) ? "rtl" : "ltr") : "auto";
  };
  language?.addEventListener?.("change", set);
  set();
}

// Under the library's own name, which it takes the place of.
export const Menu = PlainMenu.extend({
  addOptions() {
    return { ...this.parent?.(), items: createMenuFromGroups(GROUPS.map((group) => ({ group }))) };
  },

  onCreate(event) {
    this.parent?.(event);
    const { editor } = this;
    const bar = this.storage.dom;
    name(bar);
    describe(bar);
    editor.on("transaction", () => describe(bar));
    bar.addEventListener("keydown", (pressed) => move(bar, editor, pressed));
    addLine(editor);
    follow(editor);
  },

  addKeyboardShortcuts() {
    return {
      "Alt-F10": () => {
        this.storage.dom?.querySelector('button[tabindex="0"]')?.focus();
        return true;
      },
    };
  },
});

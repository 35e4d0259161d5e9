/* What the editor says, in the language of the desk; the sentences are in admin/_editor.html. */

const words = document.getElementById("editor-words")?.content;

/** The sentence of a name, with `{what}` filled in; the name itself where there is none. */
export function say(name, filled = {}) {
  const sentence = words?.querySelector(`[data-word="${name}"]`)?.textContent ?? name;
  return sentence.replace(/\{(\w+)\}/g, (whole, what) => filled[what] ?? whole);
}

/** Tell the writer something below the text. */
export function tell(editor, sentence) {
  const line = editor.view.dom.closest(".prose-editor")?.querySelector(".editor-says");
  if (line) line.textContent = sentence;
}

/** An element with its properties, `data-…` and `aria-…` among them, and its children. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

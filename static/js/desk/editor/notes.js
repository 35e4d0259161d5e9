/*
 * Footnotes in place, from any text that calls a note by a link and whose note links back: so do
 * Word (`_ftn1`, `_edn1`), LibreOffice (`sdfootnote1sym`), Google Docs (`ftnt1`) and most pages.
 */

const nameIn = (link) => {
  const [, name] = (link.getAttribute("href") ?? "").split("#");
  try {
    return name && decodeURIComponent(name);
  } catch {
    return name;
  }
};
const links = (root) => [...root.querySelectorAll("a[href*='#']")];
const touches = (one, other) => one === other || one.contains(other) || other.contains(one);

/** The link in `element` that leads back to `call`. */
const backIn = (element, call, named) =>
  links(element).find((link) => {
    const goal = link !== call && named.get(nameIn(link));
    return goal && touches(goal, call);
  });

/** The whole of a note: the outermost element around its line that holds no other note. */
function wholeNote(line, call) {
  let whole = line;
  for (let outer = line.parentElement; outer?.localName === "div"; outer = outer.parentElement) {
    const isList = /footnote-list|endnote-list/.test(outer.getAttribute("style") ?? "");
    if (isList || outer.contains(call) || links(outer).length > links(whole).length) break;
    whole = outer;
  }
  return whole;
}

/** Take out `element` with what is around it and holds nothing else, the sign of a note. */
function takeOut(element, within) {
  let whole = element;
  while (whole.parentElement !== within && /^(sup|span|b|i|font)$/.test(whole.parentElement.localName)
    && whole.parentElement.textContent.trim() === element.textContent.trim()) {
    whole = whole.parentElement;
  }
  return whole;
}

/** The words of a note: its paragraphs one after the other. */
function wordsOf(note) {
  const blocks = [...note.querySelectorAll("p, li, div")].filter((block) => !block.querySelector("p, li, div"));
  const parts = blocks.length ? blocks : [note];
  return parts.flatMap((part, place) => [...(place ? [" "] : []), ...part.childNodes]);
}

export function footnotes(root) {
  const named = new Map();
  for (const element of root.querySelectorAll("[id], [name]")) {
    for (const name of [element.id, element.getAttribute("name")]) {
      if (name && !named.has(name)) named.set(name, element);
    }
  }
  const found = [];
  for (const call of links(root)) {
    const goal = named.get(nameIn(call));
    const follows = goal && call.compareDocumentPosition(goal) & Node.DOCUMENT_POSITION_FOLLOWING;
    const line = follows && goal.closest("li, p, div, td");
    const back = line && !line.contains(call) && backIn(line, call, named);
    if (back) found.push({ call, back, whole: wholeNote(line, call) });
  }
  for (const { call, back, whole } of found) {
    const note = root.ownerDocument.createElement("span");
    note.className = "footnote";
    takeOut(back, whole).remove();
    note.append(...wordsOf(whole));
    takeOut(call, null).replaceWith(note);
    whole.remove();
  }
}

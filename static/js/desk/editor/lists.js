/* Real lists from what Word and Google Docs put on the clipboard. */

const ORDERED = /^[\s\u00a0(]*(?:\d+|[a-z]{1,4})[.)]/i;

const listIn = (style) => {
  const [, list, level] = /mso-list:\s*(l\d+)\s+level(\d+)/.exec(style ?? "") ?? [];
  return list && { list, level: Number(level) };
};

/** The text before `node` among its brothers, comments and spaces apart. */
function before(node) {
  let previous = node.previousSibling;
  while (previous && (previous.nodeType === 8 || (previous.nodeType === 3 && !previous.data.trim()))) {
    previous = previous.previousSibling;
  }
  return previous;
}

/**
 * Word writes the lines of a list as paragraphs: the style says the list and the level, a span that
 * is to be ignored holds the bullet or number. In a heading the number is part of its words.
 */
export function listsOfWord(root) {
  let open = []; // The lists that the next line may belong to, outermost first.
  for (const line of root.querySelectorAll("[style*='mso-list']")) {
    const place = listIn(line.getAttribute("style"));
    if (!place || line.localName !== "p") continue;
    const sign = line.querySelector("[style*='mso-list:Ignore' i], [style*='mso-list: Ignore' i]");
    const tag = sign && ORDERED.test(sign.textContent) ? "ol" : "ul";
    sign?.remove();
    if (!open.length || before(line) !== open[0].element) open = [];
    while (open.at(-1)?.level > place.level) open.pop();
    const last = open.at(-1);
    if (last?.level === place.level && (last.tag !== tag || last.list !== place.list)) open.pop();
    if (open.at(-1)?.level !== place.level) {
      const element = root.ownerDocument.createElement(tag);
      const outer = open.at(-1)?.element.lastElementChild;
      if (outer) outer.append(element);
      else line.before(element);
      open.push({ ...place, tag, element });
    }
    const item = root.ownerDocument.createElement("li");
    open.at(-1).element.append(item);
    item.append(line);
    line.removeAttribute("style");
  }
}

/** Google Docs puts an inner list beside the line that it belongs to, not into it. */
export function nestedLists(root) {
  for (const inner of root.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) {
    const line = inner.previousElementSibling;
    if (line?.localName === "li") line.append(inner);
    else inner.replaceWith(...inner.childNodes);
  }
}

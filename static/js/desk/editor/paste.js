/*
 * What is pasted from Word, LibreOffice, Google Docs or a page keeps its structure (headings, lists,
 * tables, quotations, links, emphasis, footnotes) and loses everything else.
 */

import { Extension, Plugin } from "django-prose-editor/editor";
import { say, tell } from "desk/editor/words";
import { listsOfWord, nestedLists } from "desk/editor/lists";
import { footnotes } from "desk/editor/notes";

const KEPT = {
  A: ["href"], ASIDE: ["class"], BLOCKQUOTE: [], BR: [], EM: [], FIGURE: ["data-mark"], H2: [], H3: [],
  LI: [], OL: [], P: [], STRONG: [], SUP: [], TABLE: [], TBODY: [], TD: ["colspan", "rowspan"],
  TH: ["colspan", "rowspan"], THEAD: [], TR: [], UL: [],
};
const NOISE = [
  "style", "script", "meta", "link", "title", "colgroup", "xml", "template", "iframe", "svg", "img", "del", "noscript",
  "[hidden]", "[class*='MsoToc']", ".MsoCommentReference", "[style*='mso-comment-reference']",
  "[style*='mso-element:comment']", "[style*='mso-hide:all']", "a[href*='#cmnt']",
].join(", ");
const BLOCKS = "p, h1, h2, h3, h4, h5, h6, ul, ol, table, blockquote, aside, figure, div, section, article";
const LINES = "p, h2, h3, li, td, th, blockquote, .footnote";
const AROUND = "body, ul, ol, table, thead, tbody, tr, blockquote, aside";

const all = (root, selector) => [...root.querySelectorAll(selector)];

/** The nodes of one kind (`NodeFilter.SHOW_…`), gathered before any of them goes. */
function nodes(root, kind) {
  const walker = root.ownerDocument.createTreeWalker(root, kind);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

function rename(element, tag) {
  const renamed = element.ownerDocument.createElement(tag);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
  return renamed;
}

const unwrap = (element) => element.replaceWith(...element.childNodes);

function wrapContent(element, tag) {
  const wrapper = element.ownerDocument.createElement(tag);
  wrapper.append(...element.childNodes);
  element.append(wrapper);
}

function dropNoise(root) {
  for (const comment of nodes(root, NodeFilter.SHOW_COMMENT)) comment.remove();
  for (const link of all(root, "a[id^='cmnt']")) (link.closest("div") ?? link).remove();
  for (const element of all(root, NOISE)) element.remove();
  // Word's own elements, o:p and the like, hold nothing but spaces.
  for (const element of all(root, "*")) if (element.localName.includes(":")) unwrap(element);
}

/** Emphasis that is said by styles, or by other elements, is said by `strong`, `em` and `sup`. */
function emphasis(root) {
  for (const element of all(root, "b, strong, i, em, span:not(.footnote), font, sup, a, cite, dfn")) {
    const { fontWeight, fontStyle, verticalAlign } = element.style;
    const tag = element.localName;
    const isInHeading = element.closest("h1, h2, h3, h4, h5, h6, th");
    const isBold = fontWeight ? /^(bold|bolder|[6-9]00)$/.test(fontWeight) : tag === "b" || tag === "strong";
    const isItalic = fontStyle ? /^(italic|oblique)/.test(fontStyle) : ["i", "em", "cite", "dfn"].includes(tag);
    const isSuper = verticalAlign ? verticalAlign === "super" : tag === "sup";
    // A wrapper around blocks, as Google puts one around everything, says nothing.
    if (element.textContent.trim() && !element.querySelector(BLOCKS)) {
      if (isSuper) wrapContent(element, "sup");
      if (isItalic) wrapContent(element, "em");
      if (isBold && !isInHeading) wrapContent(element, "strong");
    }
    if (tag !== "a") unwrap(element);
  }
  for (const tag of ["strong", "em", "sup"]) join(root, tag);
}

/** One emphasis instead of many, side by side or within each other. */
function join(root, tag) {
  for (const inner of all(root, `${tag} ${tag}`)) unwrap(inner);
  for (const element of all(root, tag)) {
    while (element.nextSibling?.localName === tag) {
      element.append(...element.nextSibling.childNodes);
      element.nextSibling.remove();
    }
  }
}

/** The address behind those that count clicks, or null for what leads nowhere. */
function addressOf(href) {
  let url;
  try {
    url = new URL(href);
  } catch {
    return null;
  }
  const inner = /(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url"
    ? (url.searchParams.get("q") ?? url.searchParams.get("url"))
    : url.hostname.endsWith(".safelinks.protection.outlook.com") && url.searchParams.get("url");
  if (inner && inner !== href) return addressOf(inner);
  return ["http:", "https:", "mailto:"].includes(url.protocol) ? href : null;
}

function links(root) {
  for (const link of all(root, "a")) {
    const address = addressOf(link.getAttribute("href") ?? "");
    if (address && link.textContent.trim()) link.setAttribute("href", address);
    else unwrap(link);
  }
}

/**
 * Two levels of headings. Where the first level is used more than once all go down by one, or else
 * it is the title of the document. What has no level left is a paragraph in bold.
 */
function headings(root) {
  const shift = all(root, "h1").length > 1 ? 1 : 0;
  const found = all(root, "h1, h2, h3, h4, h5, h6");
  const levelOf = (heading) => Math.max(2, Number(heading.localName[1]) + shift);
  const hasThird = found.some((heading) => levelOf(heading) === 3);
  for (const heading of found) {
    const level = levelOf(heading);
    if (heading.closest("td, th") || (level > 3 && hasThird)) {
      const line = rename(heading, "p");
      if (line.textContent.trim()) wrapContent(line, "strong");
    } else rename(heading, `h${Math.min(level, 3)}`);
  }
}

function quotations(root) {
  for (const line of all(root, ".MsoQuote, .MsoIntenseQuote, .MsoQuoteCxSpFirst, .MsoIntenseQuoteCxSpFirst")) {
    const before = line.previousElementSibling;
    const quote = before?.dataset.quote ? before : root.ownerDocument.createElement("blockquote");
    quote.dataset.quote = "yes";
    if (quote !== before) line.before(quote);
    quote.append(line);
  }
}

/** Divisions are no structure: those around blocks go, others are paragraphs. */
function divisions(root) {
  for (const element of all(root, "div, section, article, header, footer, main, center, address, dd, dt, pre").reverse()) {
    if (element.querySelector(BLOCKS)) unwrap(element);
    else rename(element, "p");
  }
}

/** Two breaks of the line are a new paragraph. */
function breaks(root) {
  for (const line of all(root, "p")) {
    let current = line;
    for (const node of [...line.childNodes]) {
      const follows = node.localName === "br" && node.nextSibling?.localName === "br";
      if (follows && current.textContent.trim()) {
        const next = root.ownerDocument.createElement("p");
        while (node.nextSibling) next.append(node.nextSibling);
        current.after(next);
        current = next;
      }
    }
  }
  for (const line of all(root, LINES)) trim(line);
  for (const child of [...root.children]) if (child.localName === "br") child.remove();
}

const isBlank = (node) => node && (node.localName === "br" || (node.nodeType === 3 && !/[^\s\u00a0]/.test(node.data)));

const besideBlock = ({ previousSibling, nextSibling }) =>
  [previousSibling, nextSibling].some((node) => !node || node.matches?.(`${BLOCKS}, li, tr, td, th, tbody, thead`));

/** No spaces and breaks at the ends of a line, no-break spaces least of all. */
function trim(line) {
  while (isBlank(line.firstChild)) line.firstChild.remove();
  while (isBlank(line.lastChild)) line.lastChild.remove();
  const ends = (pick) => {
    let node = line;
    while (node && node.nodeType !== 3) node = node[pick];
    return node;
  };
  const [first, last] = [ends("firstChild"), ends("lastChild")];
  if (first) first.data = first.data.replace(/^[\s\u00a0]+/, "");
  if (last) last.data = last.data.replace(/[\s\u00a0]+$/, "");
}

function spaces(root) {
  for (const text of nodes(root, NodeFilter.SHOW_TEXT)) {
    if (text.parentElement.matches(AROUND) && isBlank(text) && besideBlock(text)) text.remove();
    text.data = text.data.replace(/[\t\n\r ]+/g, " ").replace(/[ \u00a0]{2,}/g, " ").replace(/[\u00ad\u200b\ufeff]/g, "");
  }
}

function keepOnly(root) {
  for (const element of all(root, "*")) {
    const kept = element.matches("span.footnote") ? ["class"] : KEPT[element.tagName];
    if (!kept || element.matches("aside:not(.pull, .box)")) unwrap(element);
    else for (const { name } of [...element.attributes]) if (!kept.includes(name)) element.removeAttribute(name);
  }
}

function dropEmpty(root) {
  for (const element of all(root, "strong, em, sup, a, li, blockquote, p, h2, h3, ul, ol, aside").reverse()) {
    const isEmpty = !/[^\s\u00a0]/.test(element.textContent) && !element.querySelector("table, .footnote, figure");
    if (isEmpty && /^(strong|em|sup|a)$/.test(element.localName)) unwrap(element);
    else if (isEmpty) element.remove();
  }
}

/** Clean HTML, of the elements that the editor knows, from what a clipboard holds. */
export function clean(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  dropNoise(body);
  quotations(body);
  listsOfWord(body);
  nestedLists(body);
  footnotes(body);
  emphasis(body);
  links(body);
  headings(body);
  divisions(body);
  keepOnly(body);
  body.normalize();
  spaces(body);
  breaks(body);
  dropEmpty(body);
  return body.innerHTML.trim();
}

const isOurs = (html) => html.includes("data-pm-slice");

/** An address that is pasted by itself is a link. */
function pasteAddress(view, { clipboardData }) {
  const { selection, schema, tr } = view.state;
  const text = clipboardData?.getData("text/plain").trim() ?? "";
  if (!selection.empty || !/^https?:\/\/\S+$/.test(text) || !schema.marks.link) return false;
  const link = schema.marks.link.create({ href: text });
  view.dispatch(tr.replaceSelectionWith(schema.text(text, [link]), false).removeStoredMark(link));
  return true;
}

export const Paste = Extension.create({
  name: "cleanPaste",
  priority: 1100,

  onBeforeCreate() {
    // The library's rules count letters as if there were no notes, and would set the wrong ones.
    this.editor.options.enablePasteRules = false;
  },

  addProseMirrorPlugins() {
    const { editor } = this;
    const transformPastedHTML = (html) => {
      if (isOurs(html)) return html;
      const left = html.match(/<img\b/gi)?.length;
      // After the change of the text, which makes what was said before old.
      if (left) setTimeout(() => tell(editor, say("left-out", { pictures: left })));
      return clean(html);
    };
    return [new Plugin({ props: { transformPastedHTML, handlePaste: pasteAddress } })];
  },
});

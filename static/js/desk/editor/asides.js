/* What stands beside the text: `<aside class="pull">`, a sentence of it shown large, and
 * `<aside class="box">`, a text of its own. One leaves them by Enter on an empty last line, or by
 * the arrow down at the end. */

import { Node, pm } from "django-prose-editor/editor";
import { make, say } from "desk/editor/words";

const { TextSelection } = pm.state;
const svg = (lines) => `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">${lines}</svg>`;

/** Below the aside that the caret ends, where nothing follows to go to. */
function goBelow(name) {
  return ({ editor }) => {
    const { state, view } = editor;
    const { $head, empty } = state.selection;
    const depth = Array.from({ length: $head.depth }, (_, above) => $head.depth - above).find(
      (each) => $head.node(each).type.name === name,
    );
    if (!depth || !empty || $head.pos < $head.end(depth) - ($head.depth - depth)) return false;
    const after = $head.after(depth);
    if (state.doc.resolve(after).nodeAfter) return false;
    const tr = state.tr.insert(after, state.schema.nodes.paragraph.create());
    view.dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView());
    return true;
  };
}

const aside = ({ name, className, content, icon }) =>
  Node.create({
    name,
    group: "block",
    content,
    defining: true,

    parseHTML() {
      return [{ tag: `aside.${className}` }];
    },

    renderHTML() {
      return ["aside", { class: className }, 0];
    },

    // In the form it is no part of the page that one could jump to.
    addNodeView() {
      return () => {
        const dom = make("aside", { className, role: "note", "aria-label": say(name) });
        return { dom, contentDOM: dom };
      };
    },

    addKeyboardShortcuts() {
      return { ArrowDown: goBelow(name) };
    },

    addMenuItems({ buttons, menu }) {
      menu.defineItem({
        name,
        groups: "nodes",
        button: buttons.svg(svg(icon), say(name)),
        command: (editor) => editor.chain().focus().toggleWrap(name).run(),
        enabled: (editor) => editor.can().toggleWrap(name),
        active: (editor) => editor.isActive(name),
      });
    },
  });

export const PullQuote = aside({
  name: "pullQuote",
  className: "pull",
  content: "paragraph+",
  icon: `<path d="M4 4h16M4 20h16"/><path d="M7 9h10M7 14h6" stroke-width="3"/>`,
});

export const Box = aside({
  name: "box",
  className: "box",
  content: "(paragraph | heading | bulletList | orderedList)+",
  icon: `<rect x="3" y="4" width="18" height="16"/><path d="M7 9h10M7 13h10M7 17h6" stroke-width="1.5"/>`,
});

/*
 * A footnote stands in the text where it is called: `<span class="footnote">the note</span>`. It is
 * numbered by CSS, so that no number can be wrong. Its ends lie between two marks that cannot be
 * written in: they keep the caret visibly in or out, and what is typed at an end goes where the
 * caret is, whatever the browser would make of it.
 */

import { Node, Plugin, pm } from "django-prose-editor/editor";
import { make, say } from "desk/editor/words";

const { NodeSelection, TextSelection } = pm.state;
const NAME = "footnote";
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">
  <path d="M3 7h9M3 12h9M3 17h5"/><path d="m17 5 2-1v8"/></svg>`;

const isNote = (node) => node?.type.name === NAME;

/** The note that the caret is in: `{node, before, after}` with the positions around it, or null. */
function noteAround({ $head }) {
  for (let depth = $head.depth; depth > 0; depth -= 1) {
    if (isNote($head.node(depth))) {
      return { node: $head.node(depth), before: $head.before(depth), after: $head.after(depth) };
    }
  }
  return null;
}

function caretTo(view, position) {
  const { tr, doc } = view.state;
  view.dispatch(tr.setSelection(TextSelection.create(doc, position)).scrollIntoView());
  return true;
}

function insert({ state, dispatch }) {
  const { $from, $to } = state.selection;
  const type = state.schema.nodes[NAME];
  const index = $to.index();
  if (!$to.parent.inlineContent || isNote($to.parent) || isNote($from.parent)) return false;
  if (!$to.parent.canReplaceWith(index, index, type)) return false;
  if (dispatch) {
    const tr = state.tr.insert($to.pos, type.create());
    dispatch(tr.setSelection(TextSelection.create(tr.doc, $to.pos + 1)).scrollIntoView());
  }
  return true;
}

/** Out of the note, to its end; one that says nothing is taken away. */
function leave({ view }) {
  const note = noteAround(view.state.selection);
  if (!note) return false;
  if (note.node.content.size) return caretTo(view, note.after);
  view.dispatch(view.state.tr.delete(note.before, note.after));
  return true;
}

/** Over the edge of a note, one step in `direction` (-1 or 1). */
function step(view, direction) {
  const { selection } = view.state;
  if (!selection.empty || !(selection instanceof TextSelection)) return false;
  const { $head } = selection;
  if (isNote(direction > 0 ? $head.nodeAfter : $head.nodeBefore)) {
    return caretTo(view, $head.pos + direction);
  }
  const edge = direction > 0 ? $head.parent.content.size : 0;
  return isNote($head.parent) && $head.parentOffset === edge && caretTo(view, $head.pos + direction);
}

/** Left and right are directions on the screen, forward and back are in the text. */
const arrow = (onScreen) => ({ editor }) => {
  const { view } = editor;
  const { node } = view.domAtPos(view.state.selection.head);
  const element = node.nodeType === 1 ? node : node.parentElement;
  return step(view, textDirection(element) === "rtl" ? -onScreen : onScreen);
};

/**
 * To the end of the line that a note begins or ends: browsers would stop in the note, where one
 * does not mean to write on.
 */
const toEnd = (direction) => ({ editor }) => {
  const { view } = editor;
  const { $head } = view.state.selection;
  const depth = $head.depth - (isNote($head.parent) ? 1 : 0);
  const line = $head.node(depth);
  if (!line.isTextblock || !isNote(direction > 0 ? line.lastChild : line.firstChild)) return false;
  const goal = direction > 0 ? $head.end(depth) : $head.start(depth);
  const [here, there] = [$head.pos, goal].map((position) => view.coordsAtPos(position, -direction));
  const isSameLine = here.top < there.bottom && there.top < here.bottom;
  return isSameLine && caretTo(view, goal);
};

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/** The direction in which a block is read: that of its first letter, as `unicode-bidi` has it. */
function textDirection(element) {
  const block = element.closest("p, h2, h3, li, td, th") ?? element;
  const letter = block.textContent.match(/\p{L}/u)?.[0];
  if (!letter) return getComputedStyle(block).direction;
  return RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
}

/** Deleting towards a note marks it first, so that one key does not take forty words. */
const erase = (direction) => ({ editor }) => {
  const { view } = editor;
  const { selection, tr, doc } = view.state;
  if (!selection.empty || !(selection instanceof TextSelection)) return false;
  const { $head } = selection;
  const note = noteAround(selection);
  if (note) {
    if (!note.node.content.size) return leave(editor);
    const edge = direction > 0 ? note.after - 1 : note.before + 1;
    return $head.pos === edge && caretTo(view, direction > 0 ? note.after : note.before);
  }
  const next = direction > 0 ? $head.nodeAfter : $head.nodeBefore;
  if (!isNote(next)) return false;
  const at = direction > 0 ? $head.pos : $head.pos - next.nodeSize;
  view.dispatch(tr.setSelection(NodeSelection.create(doc, at)));
  return true;
};

/** What is typed at the edge of a note goes where the caret is. */
function type(view, event) {
  const { selection, tr } = view.state;
  const { $head } = selection;
  if (event.inputType !== "insertText" || event.isComposing || !event.data || !selection.empty) return false;
  const atEdge = isNote($head.parent)
    ? !$head.parentOffset || $head.parentOffset === $head.parent.content.size
    : isNote($head.nodeBefore) || isNote($head.nodeAfter);
  if (!atEdge) return false;
  event.preventDefault();
  const { from, to } = selection;
  const insertion = () => tr.insertText(event.data, from, to).scrollIntoView();
  if (!view.someProp("handleTextInput", (take) => take(view, from, to, event.data, insertion))) {
    view.dispatch(insertion());
  }
  return true;
}

/** Into a note goes the text alone, in one paragraph. */
function paste(view, _event, slice) {
  if (!noteAround(view.state.selection)) return false;
  const { schema, tr } = view.state;
  const parts = [];
  let block = null;
  slice.content.descendants((node, _position, parent) => {
    if (!node.isText) return;
    if (block && block !== parent) parts.push(schema.text(" "));
    block = parent;
    const marks = node.marks.filter((mark) => schema.nodes[NAME].allowsMarkType(mark.type));
    parts.push(node.mark(marks));
  });
  const { from, to } = view.state.selection;
  view.dispatch(tr.replaceWith(from, to, parts).scrollIntoView());
  return true;
}

export const Footnote = Node.create({
  name: NAME,
  group: "inline",
  inline: true,
  content: "text*",
  marks: "bold italic link",
  isolating: true,
  priority: 1000, // Before what else listens to the same keys.

  parseHTML() {
    return [{ tag: "span.footnote" }];
  },

  renderHTML() {
    return ["span", { class: NAME }, 0];
  },

  addNodeView() {
    return ({ node, editor, getPos }) => {
      const number = make("span", { className: "footnote-number", contentEditable: "false" });
      const contentDOM = make("span", { className: "footnote-text" });
      const end = make("span", { className: "footnote-end", contentEditable: "false" });
      const dom = make("span", { className: NAME, role: "note" }, number, contentDOM, end);
      const update = (changed) => {
        if (!isNote(changed)) return false;
        end.dataset.empty = changed.content.size ? "" : say("empty-note");
        dom.classList.toggle("is-empty", !changed.content.size);
        return true;
      };
      for (const mark of [number, end]) {
        mark.addEventListener("mousedown", (event) => {
          event.preventDefault();
          const { nodeSize } = editor.state.doc.nodeAt(getPos());
          editor.chain().focus().setTextSelection(getPos() + nodeSize - 1).run();
        });
      }
      update(node);
      return { dom, contentDOM, update };
    };
  },

  addCommands() {
    return { addFootnote: () => insert };
  },

  addKeyboardShortcuts() {
    const stay = ({ editor }) => Boolean(noteAround(editor.state.selection));
    return {
      "Mod-Alt-f": ({ editor }) => editor.commands.addFootnote() || leave(editor),
      Escape: ({ editor }) => leave(editor),
      Enter: ({ editor }) => leave(editor),
      "Shift-Enter": stay,
      "Mod-Enter": stay,
      End: toEnd(1),
      Home: toEnd(-1),
      ArrowLeft: arrow(-1),
      ArrowRight: arrow(1),
      Backspace: erase(-1),
      "Mod-Backspace": erase(-1),
      "Alt-Backspace": erase(-1),
      Delete: erase(1),
      "Mod-Delete": erase(1),
    };
  },

  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: NAME,
      groups: "insert",
      priority: 200,
      button: buttons.svg(ICON, say("footnote")),
      command: (editor) => editor.commands.addFootnote(),
      enabled: (editor) => editor.can().addFootnote(),
      active: (editor) => Boolean(noteAround(editor.state.selection)),
    });
  },

  addProseMirrorPlugins() {
    return [new Plugin({ props: { handleDOMEvents: { beforeinput: type }, handlePaste: paste } })];
  },
});

/*
 * A picture in the text: `<figure data-mark="…">` names the row of the form that has the file, its
 * alternative text, caption and credit. A picture that is pasted or dropped becomes such a row.
 */

import { Node, Plugin, pm } from "django-prose-editor/editor";
import { choosePicture } from "desk/editor/choosing";
import { TYPES, addRow, drawPicture, rowOf, takesPictures, watchRows } from "desk/editor/pictures";
import { make, say, tell } from "desk/editor/words";

const { Selection, TextSelection } = pm.state;
const NAME = "figurePlace";
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
  <rect x="3" y="4" width="18" height="16" rx="1"/><circle cx="8.5" cy="9" r="1.5"/><path d="m4 18 5-5 4 4 3-3 4 4"/></svg>`;

function view({ node, editor, getPos }) {
  const { mark } = node.attrs;
  const picture = make("span", { className: "figure-picture" });
  const words = make("span", { className: "figure-words", dir: "auto" });
  const edit = make("button", { type: "button", className: "button" }, say("edit-picture"));
  const dom = make("figure", { className: "figure-place", contentEditable: "false" }, picture, words, edit);
  const draw = () => {
    const row = rowOf(mark);
    drawPicture(picture, row);
    words.textContent = row ? row.words : say("no-picture");
    dom.classList.toggle("is-missing", !row);
    edit.hidden = !row;
  };
  edit.addEventListener("click", () => rowOf(mark)?.goTo());
  dom.addEventListener("dblclick", () => rowOf(mark)?.goTo());
  draw();
  return {
    dom,
    update: (changed) => changed.type.name === NAME && changed.attrs.mark === mark,
    stopEvent: (event) => edit.contains(event.target),
    ignoreMutation: () => true,
    destroy: watchRows(draw),
  };
}

/** The pictures among what is pasted; Word adds one of the text itself, which is none. */
function filesOf(data) {
  const files = [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));
  const text = new DOMParser().parseFromString(data?.getData("text/html") ?? "", "text/html").body.textContent;
  return text.trim() || data?.getData("text/plain").trim() ? [] : files;
}

/** Figures below the block of the text that `position` is in; an empty line gives way to them. */
function place(editor, marks, position) {
  const { tr, doc, schema } = editor.state;
  const $position = doc.resolve(position);
  const [before, after] = $position.depth ? [$position.before(1), $position.after(1)] : [position, position];
  const isEmptyLine = after - before === 2;
  const start = isEmptyLine ? before : after;
  const figures = marks.map((mark) => schema.nodes[NAME].create({ mark }));
  tr.replaceWith(start, after, figures);
  const end = start + figures.length;
  const next = Selection.findFrom(tr.doc.resolve(end), 1, true);
  if (!next) tr.insert(end, schema.nodes.paragraph.create());
  tr.setSelection(next ?? TextSelection.create(tr.doc, end + 1));
  editor.view.dispatch(tr.scrollIntoView());
  editor.view.focus();
}

/** Put files in as new rows, and figures for them into the text. */
function bring(editor, files, position) {
  if (!takesPictures()) {
    tell(editor, say("no-pictures-here"));
    return;
  }
  const marks = [];
  for (const file of files) {
    const row = TYPES.includes(file.type) ? addRow() : null;
    if (!row) continue;
    row.take(file);
    marks.push(row.beMarked());
  }
  if (marks.length) place(editor, marks, position);
  tell(editor, say(marks.length === files.length ? "picture-added" : "picture-refused"));
}

function take(editor) {
  return {
    handlePaste(_view, event) {
      const files = filesOf(event.clipboardData);
      if (files.length) bring(editor, files, editor.state.selection.to);
      return files.length > 0;
    },
    handleDrop(shown, event, _slice, moved) {
      const files = moved ? [] : filesOf(event.dataTransfer);
      if (!files.length) return false;
      event.preventDefault();
      bring(editor, files, shown.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? shown.state.selection.to);
      return true;
    },
  };
}

export const FigurePlace = Node.create({
  name: NAME,
  group: "block",
  atom: true,
  draggable: true,
  selectable: true,

  addAttributes() {
    return {
      mark: {
        default: "",
        parseHTML: (element) => element.dataset.mark,
        renderHTML: ({ mark }) => ({ "data-mark": mark }),
      },
    };
  },

  parseHTML() {
    return [{ tag: "figure[data-mark]" }];
  },

  renderHTML({ HTMLAttributes }) {
    return ["figure", HTMLAttributes];
  },

  addNodeView() {
    return view;
  },

  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: NAME,
      groups: "insert",
      button: buttons.svg(ICON, say(NAME)),
      hidden: () => !takesPictures(),
      active: (editor) => editor.isActive(NAME),
      async command(editor) {
        const mark = await choosePicture(editor.getHTML());
        if (mark) place(editor, [mark], editor.state.selection.to);
        else editor.commands.focus();
      },
    });
  },

  addProseMirrorPlugins() {
    return [new Plugin({ props: take(this.editor) })];
  },
});

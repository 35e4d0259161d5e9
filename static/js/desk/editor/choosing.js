/* The dialog in which a picture of the piece is chosen for a place in the text. */

import { addRow, drawPicture, rows } from "desk/editor/pictures";
import { make, say } from "desk/editor/words";

/** A row to choose, with what it shows and whether the text shows it already. */
function offer(row, html) {
  const isPlaced = row.mark && html.includes(`data-mark="${row.mark}"`);
  const picture = make("span", { className: "figure-picture" });
  drawPicture(picture, row);
  const words = make("span", { dir: "auto" }, row.words);
  const quiet = make("small", {}, isPlaced ? say("is-placed") : "");
  const button = make("button", { type: "button" }, picture, words, quiet);
  button.addEventListener("click", () => button.closest("dialog").close(row.beMarked()));
  return button;
}

/** Open the file chooser for a new row; the row goes again if no file is chosen. */
function chooseFile() {
  const row = addRow();
  if (!row) return Promise.resolve(null);
  return new Promise((resolve) => {
    row.file.addEventListener("change", () => resolve(row.beMarked()), { once: true });
    row.file.addEventListener(
      "cancel",
      () => {
        row.remove();
        resolve(null);
      },
      { once: true },
    );
    row.file.click();
  });
}

/** Ask which picture; resolves to its mark, or to null. `html` is the text that it is for. */
export function choosePicture(html) {
  const fresh = make("button", { type: "button", className: "is-new" }, say("new-picture"));
  const close = make("button", { type: "button", className: "is-quiet" }, say("cancel"));
  const title = make("h2", { id: "picture-title" }, say("figurePlace"));
  const offers = make("div", { className: "picture-offers" }, ...rows().map((row) => offer(row, html)));
  const dialog = make("dialog", { className: "picture-dialog", "aria-labelledby": title.id }, title, offers,
    make("p", { className: "picture-buttons" }, fresh, close));
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue || null);
    });
    close.addEventListener("click", () => dialog.close(""));
    fresh.addEventListener("click", async () => {
      const mark = await chooseFile();
      dialog.close(mark ?? "");
    });
    dialog.showModal();
  });
}

/*
 * Nothing typed is lost: the changes in an admin form are kept in the browser until the server has
 * them, and offered when the form is opened again without them. Nothing is put back unasked.
 */

import { changes, holds, labelOf, nameOf, read, write } from "desk/fields";
import { answerFor, drop, entries, keep, newToken, openElsewhere } from "desk/kept";

const DELAY = 400;
const template = document.getElementById("kept-notice");
const { user, posted, saved } = document.querySelector("meta[name=desk]").dataset;

class Keeper {
  constructor(form) {
    this.form = form;
    this.before = read(form);
    // The answer to a post that was refused shows what was typed: it goes on being kept.
    this.token = posted || newToken();
    this.carried = entries(user).find((entry) => entry.token === posted)?.changes ?? {};
    this.isKept = true;
    this.isLeaving = false;
    this.field = Object.assign(document.createElement("input"), {
      type: "hidden",
      name: "form_token",
      value: this.token,
    });
    form.append(this.field);
  }

  get version() {
    return this.form.elements._version ?? null;
  }

  files() {
    const inputs = [...this.form.querySelectorAll("input[type=file]")];
    return inputs.filter((input) => input.files.length).map(labelOf);
  }

  watch() {
    const soon = () => {
      this.isLeaving = false;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.flush(), DELAY);
    };
    for (const event of ["input", "change", "click"]) this.form.addEventListener(event, soon);
    for (const event of ["formset:added", "formset:removed"]) {
      document.addEventListener(event, soon);
    }
    // The admin's own pickers tell only their own jQuery of a change.
    window.django?.jQuery?.(this.form).on("change", soon);
    document.addEventListener("visibilitychange", () => this.flush());
    window.addEventListener("pagehide", () => this.flush());
    window.addEventListener("pageshow", (event) => event.persisted && this.renew());
    window.addEventListener("submit", (event) => this.leave(event));
    window.addEventListener("beforeunload", (event) => this.warn(event));
  }

  flush() {
    clearTimeout(this.timer);
    const changed = changes(read(this.form), this.before, this.carried);
    const files = this.files();
    this.isTouched = Object.keys(changed).length + files.length > 0;
    const told = JSON.stringify([changed, files, this.version?.value]);
    if (told === this.told) return;
    this.told = told;
    if (!this.isTouched) {
      drop(user, this.token);
      return;
    }
    const entry = { token: this.token, at: Date.now(), changes: changed, files };
    this.isKept = keep(user, { ...entry, version: this.version?.value ?? null });
  }

  leave(event) {
    this.flush();
    const elsewhere = event.submitter?.formTarget || event.target.target;
    if (event.target === this.form && !event.defaultPrevented && !elsewhere) this.isLeaving = true;
  }

  warn(event) {
    this.flush();
    const isLost = this.isTouched && (!this.isKept || this.files().length);
    if (isLost && !this.isLeaving) event.preventDefault();
  }

  /** The page came back by the back button: what is typed now is another text. */
  renew() {
    this.isLeaving = false;
    this.token = newToken();
    this.field.value = this.token;
    this.told = null;
    this.flush();
  }

  takeBack(entry) {
    const homeless = write(this.form, entry.changes);
    if (this.version && entry.version !== null) this.version.value = entry.version;
    this.carried = { ...this.carried, ...entry.changes };
    this.flush();
    if (!homeless.length) drop(user, entry.token);
    return homeless;
  }
}

const language = document.documentElement.lang;
const moment = (at) =>
  new Intl.DateTimeFormat(language === "en" ? "en-GB" : language || undefined, {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(at);

/** The words of a value, without the marks of rich text. */
const wordsOf = (values) =>
  values
    .map((value) => (Array.isArray(value) ? value[1] : value))
    .map((text) =>
      text.startsWith("<")
        ? new DOMParser().parseFromString(text.replace(/></g, "> <"), "text/html").body.textContent
        : text,
    )
    .join(", ")
    .trim();

function list(notice, form, kept) {
  const terms = Object.entries(kept).flatMap(([key, values]) => {
    const term = document.createElement("dt");
    term.textContent = nameOf(form, key);
    const said = document.createElement("dd");
    said.dir = "auto";
    said.textContent = wordsOf(values) || "–";
    return [term, said];
  });
  notice.querySelector("dl").replaceChildren(...terms);
}

class Notice {
  constructor(keeper, entry) {
    this.keeper = keeper;
    this.entry = entry;
    this.element = template.content.firstElementChild.cloneNode(true);
    const sentence = this.part("sentence");
    sentence.textContent = sentence.textContent.replace("MOMENT", moment(entry.at));
    this.part("files").querySelector("b").textContent = entry.files.join(", ");
    this.part("files").hidden = !entry.files.length;
    this.part("moved").hidden = (keeper.version?.value ?? null) === entry.version;
    list(this.element, keeper.form, entry.changes);
    for (const act of ["take", "forget", "undo"]) {
      this.part(act).addEventListener("click", () => this[act]());
    }
  }

  part(name) {
    return this.element.querySelector(`[data-kept="${name}"]`);
  }

  /** Show what has come of it instead of the question. */
  say(name, shown) {
    for (const part of ["offer", "taken", "homeless", "forgotten"]) {
      this.part(part).hidden = part !== name;
    }
    this.part("details").hidden = !shown;
    this.element.focus();
  }

  take() {
    const homeless = this.keeper.takeBack(this.entry);
    this.say(homeless.length ? "homeless" : "taken", homeless.length);
  }

  forget() {
    drop(user, this.entry.token);
    this.say("forgotten", false);
  }

  undo() {
    keep(user, this.entry);
    this.say("offer", true);
  }
}

async function offer(keeper) {
  const taken = new Set([keeper.token, ...saved.split(" "), ...(await openElsewhere())]);
  const lost = entries(user).filter((entry) => !taken.has(entry.token));
  const isInForm = (entry) => holds(keeper.before, entry.changes) && !entry.files.length;
  lost.filter(isInForm).forEach((entry) => drop(user, entry.token));
  const notices = lost.filter((entry) => !isInForm(entry)).map((entry) => new Notice(keeper, entry));
  keeper.form.before(...notices.map((notice) => notice.element));
  keeper.form.dataset.offers = notices.length;
}

const form = document.querySelector("#content-main > form");
if (form && template && user) {
  const keeper = new Keeper(form);
  answerFor(() => keeper.token);
  keeper.watch();
  offer(keeper);
}

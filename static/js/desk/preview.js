/*
 * The preview beside the form: what is typed, as its public page. The form itself is posted into a
 * frame, files and all; each time a new frame, so that the Back button knows nothing of it.
 */

const pane = document.getElementById("preview-pane");
const button = document.querySelector('[name="_preview"]');
const form = document.getElementById(pane.dataset.form);
const stage = pane.querySelector(".preview-stage");
const state = pane.querySelector(".preview-state");
const widths = [...pane.querySelectorAll("[data-width]")];
const options = [...pane.querySelectorAll("[data-option]")];
const container = document.getElementById("container");
const narrow = matchMedia("(max-width: 63.99rem)");
const remembered = `preview:${location.pathname}`;

const GLANCE = 400; // Milliseconds between two looks at the form, …
const PAUSE = 1000; // … in which nobody has typed, before the preview follows, …
const PATIENCE = 20_000; // … and after which an answer is given up.

let timer = 0;
let count = 0;
let frame = null; // What is shown, …
let coming = null; // … and what is being loaded.
let sent = "";
let seen = "";
let since = 0;

/** All that the form would send: select boxes and calendars change it without any event. */
const typed = () =>
  [...new FormData(form)]
    .map(([name, value]) => `${name}=${value.name ? `${value.name} ${value.size} ${value.lastModified}` : value}`)
    .join("\n");

function address() {
  const asked = options.filter((option) => option.value).map((option) => [option.dataset.option, option.value]);
  return `${pane.dataset.address}?${new URLSearchParams(asked)}`;
}

/** Post the form elsewhere; `submit()` tells nobody, so that the form does not count as sent. */
function post(target) {
  const before = ["action", "target"].map((name) => [name, form.getAttribute(name)]);
  form.setAttribute("action", address());
  form.setAttribute("target", target);
  HTMLFormElement.prototype.submit.call(form);
  for (const [name, value] of before) {
    if (value === null) form.removeAttribute(name);
    else form.setAttribute(name, value);
  }
}

/** A page of ours that may be framed, or null: a sign-in page, an error, no network. */
function page(of) {
  try {
    return of.contentDocument?.URL === "about:blank" ? null : of.contentDocument;
  } catch {
    return null;
  }
}

function show() {
  if (coming) return;
  sent = seen = typed();
  coming = document.createElement("iframe");
  coming.name = `preview-${(count += 1)}`;
  coming.title = pane.dataset.title;
  coming.className = "preview-coming";
  stage.append(coming);
  stage.setAttribute("aria-busy", "true");
  const late = setTimeout(() => arrive(null), PATIENCE);
  coming.addEventListener("load", () => {
    if (coming?.contentDocument?.URL === "about:blank") return;
    clearTimeout(late);
    arrive(page(coming));
  });
  fit();
  post(coming.name);
}

function arrive(loaded) {
  if (!coming) return;
  const [came, was] = [coming, frame];
  coming = null;
  stage.removeAttribute("aria-busy");
  if (!loaded) {
    came.remove();
    state.textContent = pane.dataset.lost;
    return;
  }
  const place = was && page(was) ? [was.contentWindow.scrollX, was.contentWindow.scrollY] : [0, 0];
  came.contentWindow.scrollTo({ left: place[0], top: place[1], behavior: "instant" });
  came.className = "";
  was?.remove();
  frame = came;
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "medium" });
  state.textContent = pane.dataset.shown.replace("{time}", time);
}

/** The page is as wide as it says, and made smaller where there is less room. */
function fit() {
  const width = Number(widths.find((each) => each.getAttribute("aria-pressed") === "true").dataset.width);
  const scale = Math.min(1, stage.clientWidth / width);
  stage.style.setProperty("--width", `${width}px`);
  stage.style.setProperty("--height", `${stage.clientHeight / scale}px`);
  stage.style.setProperty("--scale", scale);
}

function glance() {
  if (document.hidden) return;
  const now = typed();
  if (now !== seen) [seen, since] = [now, performance.now()];
  else if (now !== sent && performance.now() - since >= PAUSE) show();
}

function toggle(open) {
  pane.hidden = !open;
  button.setAttribute("aria-expanded", open);
  document.documentElement.classList.toggle("has-preview", open);
  if (container) container.inert = open && narrow.matches;
  clearInterval(timer);
  if (open) {
    sessionStorage.setItem(remembered, "open");
    fit();
    show();
    timer = setInterval(glance, GLANCE);
  } else {
    sessionStorage.removeItem(remembered);
    button.focus();
  }
}

const acts = { refresh: show, detach: () => post("_blank"), close: () => toggle(false) };

pane.addEventListener("click", ({ target }) => {
  const pressed = target.closest("button");
  if (!pressed) return;
  acts[pressed.dataset.act]?.();
  if (!pressed.dataset.width) return;
  for (const each of widths) each.setAttribute("aria-pressed", each === pressed);
  fit();
});
pane.addEventListener("keydown", (event) => {
  if (event.key === "Escape") toggle(false);
});
for (const option of options) option.addEventListener("change", show);
button.addEventListener("click", (event) => {
  event.preventDefault();
  const open = pane.hidden;
  toggle(open);
  if (open && narrow.matches) pane.querySelector("button").focus();
});
narrow.addEventListener("change", () => {
  if (container) container.inert = !pane.hidden && narrow.matches;
});

// Out of the form, whose fields these are not, and above all else; the button, to the others.
document.body.append(pane);
form.querySelector(".submit-row input[type=submit]")?.after(button);
button.setAttribute("aria-expanded", "false");
button.setAttribute("aria-controls", pane.id);
new ResizeObserver(fit).observe(stage);
if (sessionStorage.getItem(remembered) && !narrow.matches) toggle(true);

/*
 * A form is sent once: the second of two clicks does nothing. Previews open elsewhere and are not
 * counted. The server looks too; this is so that the person sees that the first click counts.
 */

const sent = new WeakMap();
const PATIENCE = 15_000; // By then the answer is lost, or the person has pressed Stop.

function release(form) {
  const [button, timer] = sent.get(form) ?? [];
  clearTimeout(timer);
  button?.removeAttribute("aria-busy");
  sent.delete(form);
}

// The window hears of it last: who wanted to stop the form has done so.
window.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method !== "post") return;
  if (submitter?.formTarget || form.target) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  submitter?.setAttribute("aria-busy", "true");
  sent.set(form, [submitter, setTimeout(() => release(form), PATIENCE)]);
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) [...document.forms].forEach(release);
});

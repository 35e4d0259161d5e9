/*
 * Who else has this page open. The page tells the server every 20 seconds that it is open, as long
 * as somebody looks at it, and hears who else is here.
 */

const EVERY = 20_000;
const place = document.getElementById("presence");
const form = document.querySelector("#content-main > form");
const token = () => form?.elements.csrfmiddlewaretoken;
const wording = (name) => document.getElementById(name)?.content.textContent ?? "";

function show(sentences) {
  const shown = [...place.children].map((line) => line.textContent.trim());
  if (JSON.stringify(shown) === JSON.stringify(sentences)) return; // Or it is read out again.
  place.replaceChildren(
    ...sentences.map((sentence) =>
      Object.assign(document.createElement("p"), { className: "presence", textContent: sentence }),
    ),
  );
}

const sentence = ({ name, since }) =>
  wording("presence-sentence").replace("NAME", () => name).replace("SINCE", () => since);

function body(extra = {}) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", token()?.value ?? "");
  for (const [name, value] of Object.entries(extra)) data.set(name, value);
  return data;
}

/**
 * The call was refused: the session has ended, or a sign-in in another tab has changed the token
 * of all forms. The second is mended here, so that saving works from this page.
 */
async function renew() {
  const page = await (await fetch(location.href)).text();
  const fresh = new DOMParser().parseFromString(page, "text/html");
  const userOf = (from) => from.querySelector("meta[name=desk]")?.dataset.user;
  if (!userOf(fresh)) {
    show([wording("presence-signed-out")]);
  } else if (userOf(fresh) === userOf(document)) {
    const { value } = fresh.querySelector("[name=csrfmiddlewaretoken]");
    for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = value;
    show([]);
  }
}

async function call() {
  if (document.visibilityState !== "visible") return;
  try {
    const answer = await fetch(place.dataset.url, { method: "POST", body: body() });
    if (answer.ok && !answer.redirected) {
      show((await answer.json()).others.map(sentence));
    } else {
      await renew();
    }
  } catch {
    // No network: the next call may get through.
  }
}

if (place && token()) {
  call();
  setInterval(call, EVERY);
  document.addEventListener("visibilitychange", call);
  window.addEventListener("pagehide", () => {
    navigator.sendBeacon(place.dataset.url, body({ leave: "1" }));
  });
}

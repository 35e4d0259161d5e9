// A slider over the months under the world map: it draws another month without leaving the page.
// Without this file the months are links.

const PAUSE = 80;

function slide(figure) {
  const nav = figure.querySelector(".map-months");
  const links = [...nav.querySelectorAll(".months a")];
  if (links.length < 2) return;
  const parts = figure.querySelectorAll("[data-part]");
  const drawn = new Map();
  let here = Math.max(links.findIndex((link) => link.hasAttribute("aria-current")), 0);
  let timer;

  const label = document.createElement("label");
  label.className = "map-slider";
  label.textContent = nav.dataset.choose;
  const range = label.appendChild(document.createElement("input"));
  Object.assign(range, { type: "range", min: 0, max: links.length - 1, step: 1, value: here });
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  nav.prepend(label, status);
  say(here);

  function say(number) {
    range.setAttribute("aria-valuetext", links[number].textContent);
  }

  function tell(words, look) {
    status.className = look;
    status.textContent = words;
  }

  // The months come as they are asked for and stay; a month that did not come is asked for again.
  function fetched(number) {
    if (!drawn.has(number)) {
      const address = new URL("map.json", links[number].href.split("#")[0]);
      const coming = fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)));
      drawn.set(number, coming);
      coming.catch(() => drawn.delete(number));
    }
    return drawn.get(number);
  }

  async function show(number) {
    here = number;
    let month;
    try {
      month = await fetched(number);
    } catch {
      tell(nav.dataset.failed, "error");
      return;
    }
    if (here !== number) return; // The slider has moved on.
    for (const part of parts) part.innerHTML = month.parts[part.dataset.part];
    links.forEach((link, each) => (each === number ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
    tell(month.says, "quiet"); // Those who see it need not read it.
    for (const beside of [number - 1, number + 1]) if (links[beside]) fetched(beside).catch(() => {});
  }

  range.addEventListener("input", () => {
    const number = Number(range.value);
    say(number);
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE, number);
  });
}

document.querySelectorAll(".world").forEach(slide);

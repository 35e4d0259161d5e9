// Titles below the box while somebody types: an editable combobox with a list (ARIA Authoring
// Practices, "combobox with list autocomplete"). Without this file the box just searches.

const PAUSE = 150;

function listen(form) {
  const box = form.querySelector("input[type=search]");
  const status = form.querySelector("[role=status]");
  const list = form.querySelector(".row").appendChild(document.createElement("div"));
  const answers = new Map();
  let timer, asked = "", chosen = -1;

  list.id = "titles";
  list.className = "suggestions";
  list.hidden = true;
  set(list, { role: "listbox", "aria-label": form.querySelector("label").textContent });
  set(box, { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" });

  function choose(number) {
    const options = [...list.children];
    options[chosen]?.setAttribute("aria-selected", "false");
    chosen = number;
    const option = options[chosen];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  }

  function close() {
    choose(-1);
    list.hidden = true;
    status.textContent = "";
    box.setAttribute("aria-expanded", "false");
  }

  function show(titles) {
    choose(-1);
    list.replaceChildren(...titles.map(option));
    list.hidden = titles.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    const { one, many } = status.dataset;
    status.textContent = list.hidden ? "" : titles.length === 1 ? one : many.replace("{number}", titles.length);
  }

  async function ask(words) {
    asked = words;
    if (!words) return close();
    if (!answers.has(words)) {
      const address = `${form.dataset.titles}?${new URLSearchParams({ q: words })}`;
      // A list that does not come is not missed: Enter searches.
      const found = await fetch(address).then((answer) => answer.json()).catch(() => ({ titles: [] }));
      if (found.titles.length) answers.set(words, found.titles);
    }
    if (asked === words && document.activeElement === box) show(answers.get(words) ?? []);
  }

  function move(step) {
    const count = list.children.length;
    if (list.hidden || !count) return ask(box.value.trim());
    // One stop lies between the last and the first: the box itself, with what was typed.
    choose(((chosen + 1 + step + count + 1) % (count + 1)) - 1);
  }

  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Escape: () => (list.hidden ? (box.value = "") : close()),
    Enter: () => (chosen < 0 ? false : open(list.children[chosen])),
  };

  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || !(event.key in keys)) return;
    if (keys[event.key]() !== false) event.preventDefault();
  });
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE, box.value.trim());
  });
  box.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // The box keeps the focus.
  list.addEventListener("click", (event) => open(event.target.closest("[role=option]")));
}

function option({ title, address, label }, number) {
  const made = document.createElement("div");
  made.id = `title-${number}`;
  made.dataset.address = address;
  set(made, { role: "option", "aria-selected": "false" });
  const name = made.appendChild(document.createElement("bdi"));
  name.textContent = title;
  const kind = made.appendChild(document.createElement("span"));
  kind.className = "note";
  kind.textContent = label;
  return made;
}

function open(chosen) {
  if (chosen) location.assign(chosen.dataset.address);
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

document.querySelectorAll("form.searching").forEach(listen);

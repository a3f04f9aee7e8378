/* Suggestions while typing, as an ARIA combobox. Without this script the box is a box. */
for (const frame of document.querySelectorAll("[data-suggest]")) {
  const box = frame.querySelector("input[type=search]");
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `${box.id}-suggestions`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", frame.dataset.label);
  const said = document.createElement("span"); // how many there are, for who does not see them
  said.className = "sr-only";
  said.setAttribute("role", "status");
  frame.append(list, said);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) box.setAttribute(name, value);

  let asked = 0;
  let timer = 0;
  let place = -1;

  const close = () => {
    asked++; // what is still on its way comes too late
    clearTimeout(timer);
    list.hidden = true;
    said.textContent = "";
    place = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const point = (next) => {
    const options = [...list.children];
    if (!options.length) return;
    place = (next + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    box.setAttribute("aria-activedescendant", options[place].id);
    options[place].scrollIntoView({ block: "nearest" });
  };
  const take = (option) => {
    box.value = option.textContent;
    close();
    box.form.requestSubmit();
  };
  const show = (items) => {
    list.replaceChildren(...items.map((text, at) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${at}`;
      option.textContent = text;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      return option;
    }));
    place = -1;
    list.hidden = !items.length;
    said.textContent = items.length ? frame.dataset.number.replace("#", items.length) : "";
    box.setAttribute("aria-expanded", String(!!items.length));
    box.removeAttribute("aria-activedescendant");
  };
  const ask = async () => {
    const typed = box.value.trim();
    const mine = ++asked;
    if (!typed) return close();
    try {
      const answer = await fetch(`${frame.dataset.suggest}?q=${encodeURIComponent(typed)}`);
      const found = answer.ok ? (await answer.json()).items : [];
      if (mine === asked && document.activeElement === box) show(found);
    } catch {
      close();
    }
  };

  box.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  box.addEventListener("compositionend", ask);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && list.hidden) close();
    if (event.key === "ArrowDown" && list.hidden) { event.preventDefault(); ask(); }
    if (list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); point(place + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); point(place < 0 ? -1 : place - 1); }
    else if (event.key === "Escape") { event.preventDefault(); close(); }
    else if (event.key === "Enter" && place >= 0) { event.preventDefault(); take(list.children[place]); }
  });
  // Taken where the finger or button goes up again, or what lies beneath would get the click of a list that has closed;
  // until then the box keeps the focus.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  box.addEventListener("blur", close);
}

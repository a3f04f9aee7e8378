/* Where the reader stands after results were fetched into the page: on the filter that was switched, or at the head of
   the page that was turned; there too after the keyboard took an order, a tab or a condition away, which load the page. Phones keep the drawer of filters open until it is closed; groups that were closed stay so.
   Filters are links; here, where Space switches them too, they are spoken as what they look like: boxes to tick. */
(() => {
  const results = document.getElementById("search-results");
  if (!results) return;
  const said = document.getElementById("search-said");
  const KEPT = "closed-facets";
  const LED = "led-by-the-keyboard";
  let left = null;

  const group = (part) => part.closest("details.facet")?.querySelector("summary")?.textContent;
  const named = (link) => [
    group(link),
    link.querySelector(":scope > span:not(.tick):not(.count)")?.textContent,
  ].join("\n");

  const closed = () => {
    try { return new Set(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]")); } catch { return new Set(); }
  };
  const dress = () => {
    const shut = closed();
    for (const facet of results.querySelectorAll("details.facet")) {
      if (shut.has(group(facet))) facet.open = false;
    }
    for (const link of results.querySelectorAll("a.facet-option")) {
      link.setAttribute("role", "checkbox");
      link.setAttribute("aria-checked", String(link.getAttribute("aria-current") === "true"));
      link.removeAttribute("aria-current");
    }
  };
  dress();
  try {
    if (sessionStorage.getItem(LED)) results.querySelector("#found")?.focus({ preventScroll: true });
    sessionStorage.removeItem(LED);
  } catch { /* then it begins at the top */ }

  results.addEventListener("click", (event) => {
    const elsewhere = event.detail || event.ctrlKey || event.metaKey || event.shiftKey; // by the mouse, or into another tab
    if (elsewhere || !event.target.closest(".sorts a, .chips a, .tabs a")) return;
    try { sessionStorage.setItem(LED, "1"); } catch { /* as above */ }
  });

  results.addEventListener("click", (event) => {
    const summary = event.target.closest("details.facet > summary");
    if (!summary) return;
    const shut = closed();
    if (summary.parentElement.open) shut.add(group(summary)); // it is about to close
    else shut.delete(group(summary));
    try { sessionStorage.setItem(KEPT, JSON.stringify([...shut])); } catch { /* then it is forgotten */ }
  });

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.detail.elt;
    if (!link.matches?.("#search-results a")) { left = null; return; }
    const option = link.matches(".facet-option") ? named(link) : "";
    const folded = [...results.querySelectorAll("details.facet-more[open]")].map(group);
    left = { option, folded, drawer: Boolean(link.closest("dialog.drawer[open]")) };
  });

  results.addEventListener("htmx:afterSwap", (event) => {
    if (event.target === results) dress();
  });

  results.addEventListener("htmx:afterSettle", (event) => {
    if (event.target !== results || !left) return;
    const { option, folded, drawer } = left;
    left = null;
    for (const more of results.querySelectorAll("details.facet-more")) {
      if (folded.includes(group(more))) more.open = true;
    }
    if (drawer) results.querySelector("[data-drawer]")?.click();
    const same = option && [...results.querySelectorAll("a.facet-option")].find((link) => named(link) === option);
    const head = results.querySelector("#found");
    if (!same) {
      head?.focus({ preventScroll: true }); // which reads it
      return;
    }
    same.focus({ preventScroll: !drawer });
    (results.querySelector("dialog.drawer[open]") ?? results.parentElement).append(said); // beside a dialog nothing is heard
    setTimeout(() => { said.textContent = head?.textContent ?? ""; }, 100);
  });
})();

/* Where the reader stands after results were fetched into the page: on the filter that was switched, or at the head of
   the page that was turned. Phones keep the drawer of filters open until it is closed. */
(() => {
  const results = document.getElementById("search-results");
  if (!results) return;
  let left = null;

  const group = (part) => part.closest("details.facet")?.querySelector("summary")?.textContent;
  const named = (link) => [
    group(link),
    link.querySelector(":scope > span:not(.tick):not(.count)")?.textContent,
  ].join("\n");

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.detail.elt;
    if (!link.matches?.("#search-results a")) { left = null; return; }
    const option = link.matches(".facet-option") ? named(link) : "";
    const folded = [...results.querySelectorAll("details.facet-more[open]")].map(group);
    left = { option, folded, drawer: Boolean(link.closest("dialog.drawer[open]")) };
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
    if (same) same.focus({ preventScroll: !drawer });
    else if (head) { head.tabIndex = -1; head.focus({ preventScroll: true }); }
  });
})();

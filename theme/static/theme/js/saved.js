/* Saved searches: whoever asks for a new name stands in its field; a second click of the same hand does not close it. */
for (const details of document.querySelectorAll(".saved details")) {
  const summary = details.querySelector("summary");
  summary.addEventListener("click", (event) => {
    if (event.detail > 1) event.preventDefault();
  });
  details.addEventListener("toggle", () => details.open && details.querySelector("input[name=name]").select());
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    summary.focus();
  });
}

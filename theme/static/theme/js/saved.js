/* Saved searches: whoever asks for a new name stands in its field; a second click of the same hand does not close it. */
for (const details of document.querySelectorAll(".saved details")) {
  const summary = details.querySelector("summary");
  const name = details.querySelector("input[name=name]");
  const write = () => {
    if (!details.open) return;
    name.focus();
    name.select();
  };
  summary.addEventListener("click", (event) => {
    if (event.detail < 2) return;
    event.preventDefault();
    write(); // the second press has taken the focus back to the summary
  });
  details.addEventListener("toggle", write);
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    summary.focus();
  });
}

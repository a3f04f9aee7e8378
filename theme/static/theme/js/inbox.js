/* A delivered work opened by its title counts as opened, as by its button. */
document.addEventListener("click", (event) => {
  const link = event.target.closest(".inbox .card-title a");
  const item = link?.closest("[data-opens]");
  const form = item?.querySelector("form");
  if (!form) return;
  const data = new FormData(form);
  data.set("quiet", "1");
  navigator.sendBeacon(item.dataset.opens, data);
});

/* Behaviour of every page: the drawer, menus, and what to say when the server does not answer.
   Without this file all of it still works: the drawer opens as the target of its link. */

const opened = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));

/* The drawer's content stands in the page; on phones it is lent to a dialog while that is open. */
function openDrawer(content) {
  const place = content.parentElement;
  const dialog = document.createElement("dialog");
  dialog.className = "drawer";
  dialog.setAttribute("aria-label", content.dataset.label);
  const head = document.createElement("div");
  head.className = "drawer-head";
  const title = document.createElement("h2");
  title.textContent = content.dataset.label;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button--plain";
  close.textContent = content.dataset.close;
  close.addEventListener("click", () => dialog.close());
  head.append(title, close);
  dialog.append(head, content);
  place.append(dialog);
  dialog.addEventListener("close", () => {
    place.append(content);
    dialog.remove();
    place.querySelector("[data-drawer]")?.focus(); // it may be another one than had opened it
  });
  dialog.showModal();
  const wide = window.matchMedia("(min-width: 60rem)");
  wide.addEventListener("change", () => dialog.open && dialog.close(), { once: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-drawer], [data-drawer-close]");
  const dialog = event.target.closest("dialog");
  if (link) {
    if ("drawer" in link.dataset) openDrawer(opened(link));
    else if (dialog && dialog.open) dialog.close();
    else return; // opened by its address: let the link clear it
    event.preventDefault();
  } else if (event.target === dialog && dialog.open) {
    const box = dialog.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) dialog.close(); // pressed beside it
  }
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.("a[role=button], a[role=checkbox]");
  if (link && event.key === " ") {
    event.preventDefault();
    link.click();
  }
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

/* a form sent twice by impatience is sent once */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  window.setTimeout(() => delete form.dataset.sent, 8000);
});

/* after a refused form the reader stands where the mistakes are named */
document.querySelector("[data-focus]")?.focus();

function say(text) {
  const place = document.getElementById("live");
  if (!place) return;
  place.hidden = false;
  place.querySelector("p").textContent = text;
}

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(name, () => say(document.getElementById("live").dataset.offline));
}
document.body.addEventListener("htmx:responseError", () => say(document.getElementById("live").dataset.failed));
document.body.addEventListener("htmx:afterRequest", (event) => {
  const place = document.getElementById("live");
  if (event.detail.successful && place) place.hidden = true;
});

// The workbench of works: files uploaded in place, and the checklist beside the form.
// Everything is delegated from the document, because Wagtail adds rows and panels while the page is open.

const WORDS = {
  up: (name) => gettext("上移 %s").replace("%s", name),
  down: (name) => gettext("下移 %s").replace("%s", name),
  remove: (name) => gettext("移除 %s").replace("%s", name),
  moved: (name, place) => gettext("%(name)s 现在排第 %(place)s。").replace("%(name)s", name).replace("%(place)s", place),
  sending: (name, share) => gettext("正在上传 %(name)s：%(share)s%").replace("%(name)s", name).replace("%(share)s", share),
  done: (name) => gettext("%s 已上传，随草稿保存。").replace("%s", name),
  lost: (name) => gettext("%s 没有上传成功：网络中断。请检查网络后再选一次。").replace("%s", name),
  kind: (name, kind) => gettext("%(name)s 不是%(kind)s文件，没有放进来。").replace("%(name)s", name).replace("%(kind)s", kind),
  refused: (name, why) => gettext("%(name)s：%(why)s").replace("%(name)s", name).replace("%(why)s", why),
  failed: (name) => gettext("%s 没有上传成功，请稍后再试。").replace("%s", name),
};

function gettext(text) {
  return typeof window.django?.gettext === "function" ? window.django.gettext(text) : text;
}

// --- files ----------------------------------------------------------------------------------------------------------

function sizeOf(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let power = 0;
  let size = bytes;
  while (size >= 1024 && power < units.length - 1) {
    size /= 1024;
    power += 1;
  }
  return `${power ? size.toFixed(1) : size} ${units[power]}`;
}

function moveButton(by, label, sign) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.filesMove = String(by);
  button.setAttribute("aria-label", label);
  button.textContent = sign;
  return button;
}

function row(box, file) {
  const item = document.createElement("li");
  item.className = "gj-files__row";
  const link = document.createElement("a");
  link.href = `/files/${file.uuid}/`;
  link.target = "_blank";
  link.textContent = file.name;
  const size = document.createElement("span");
  size.textContent = sizeOf(file.size);
  const remove = document.createElement("button");
  remove.type = "button";
  remove.dataset.filesRemove = "";
  remove.setAttribute("aria-label", WORDS.remove(file.name));
  remove.textContent = "×";
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = nameOf(box);
  input.value = String(file.id);
  const moves = "multiple" in box.dataset ? [moveButton(-1, WORDS.up(file.name), "↑"), moveButton(1, WORDS.down(file.name), "↓")] : [];
  item.append(link, " ", size, ...moves, remove, input);
  return item;
}

// Wagtail renames the inputs of a new lesson; the file input's id is renamed with them, a data attribute may not be.
function nameOf(box) {
  return box.querySelector("[data-files-input]").id.replace(/^id_/, "").replace(/-upload$/, "");
}

function say(box, text, failed = false) {
  const status = box.querySelector(".gj-files__status");
  status.textContent = text;
  status.classList.toggle("gj-files__status--failed", failed);
}

function show(box) {
  const single = !("multiple" in box.dataset);
  const full = single && box.querySelector(".gj-files__row") !== null;
  box.querySelector(".gj-files__add").hidden = full;
}

function send(box, file) {
  return new Promise((resolve) => {
    const form = new FormData();
    form.append("file", file);
    const request = new XMLHttpRequest(); // fetch cannot tell how much was sent
    request.open("POST", box.dataset.url);
    request.setRequestHeader("X-CSRFToken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    request.setRequestHeader("Accept-Language", document.documentElement.lang); // the page's, not the browser's
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) say(box, WORDS.sending(file.name, Math.floor((event.loaded / event.total) * 100)));
    });
    request.addEventListener("load", () => {
      const answer = request.response;
      const wanted = box.dataset.kind;
      if (request.status < 300 && answer?.id && wanted && answer.kind !== wanted) {
        say(box, WORDS.kind(file.name, box.dataset.kindLabel), true);
        resolve(false);
        return;
      }
      if (request.status < 300 && answer?.id) {
        if (!("multiple" in box.dataset)) box.querySelector(".gj-files__list").replaceChildren();
        box.querySelector(".gj-files__list").append(row(box, answer));
        say(box, WORDS.done(answer.name));
      } else {
        say(box, answer?.error ? WORDS.refused(file.name, answer.error) : WORDS.failed(file.name), true);
      }
      resolve(request.status < 300);
    });
    request.addEventListener("error", () => {
      say(box, WORDS.lost(file.name), true);
      resolve(false);
    });
    request.send(form);
  });
}

document.addEventListener("change", async (event) => {
  const input = event.target.closest?.("[data-files-input]");
  if (!input) return;
  const box = input.closest("[data-files]");
  for (const file of [...input.files]) {
    if (!(await send(box, file))) break; // the sentence of what failed stays in sight
  }
  input.value = "";
  show(box);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-files-remove]");
  if (!button) return;
  const box = button.closest("[data-files]");
  button.closest(".gj-files__row").remove();
  show(box);
  box.querySelector("[data-files-input]").focus();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-files-move]");
  if (!button) return;
  const item = button.closest(".gj-files__row");
  const up = button.dataset.filesMove === "-1";
  const other = up ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (up) other.before(item);
  else other.after(item);
  const place = [...item.parentElement.children].indexOf(item) + 1;
  say(item.closest("[data-files]"), WORDS.moved(item.querySelector("a").textContent, place));
  const shown = getComputedStyle(button).visibility === "visible" ? button : item.querySelector(`[data-files-move="${up ? 1 : -1}"]`);
  shown.focus(); // at either end the button just used is gone
});

// --- checklist ------------------------------------------------------------------------------------------------------

const PANEL = '[data-side-panel="checklist"]';

function count() {
  const list = document.querySelector("[data-checklist]");
  const badge = document.querySelector('[data-side-panel-toggle="checklist"] [data-side-panel-toggle-counter]');
  if (!list || !badge) return;
  badge.textContent = list.dataset.count;
  badge.hidden = list.dataset.count === "0";
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-checklist-field]");
  if (!link) return;
  event.preventDefault();
  const name = link.dataset.checklistField;
  const target = document.getElementById(`id_${name}`) || document.getElementById(`id_${name}-FORMS`);
  const section = target?.closest("section") || target;
  if (!section) return;
  section.scrollIntoView({ block: "center" });
  const field = target.matches("input:not([type=hidden]), select, textarea")
    ? target
    : section.querySelector("input:not([type=hidden]), select, textarea, [contenteditable=true]");
  field?.focus({ preventScroll: true });
});

function ready() {
  const panel = document.querySelector(PANEL);
  if (!panel) return;
  new MutationObserver(count).observe(panel, { childList: true, subtree: true });
  let kept = null;
  try {
    kept = localStorage.getItem("wagtail:side-panel-open");
  } catch {
    kept = ""; // no storage: leave the page as Wagtail opens it
  }
  if (kept === null && window.matchMedia("(min-width: 75em)").matches) panel.dispatchEvent(new CustomEvent("open"));
}

if (document.readyState === "complete") ready();
else window.addEventListener("load", ready);

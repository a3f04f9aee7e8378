// The curriculum narrows step by step: whatever is chosen decides what the other selects offer.
// A choice that no longer fits is taken back, and said so; without this script the server says it after saving.

const PARTS = ["stage", "subject", "grade", "edition", "textbook", "chapter"];
let asked = 0;

function selects() {
  const found = {};
  for (const part of PARTS) {
    const select = document.querySelector(`select[data-curriculum="${part}"]`);
    if (select) found[part] = select;
  }
  return found;
}

function fill(select, rows) {
  const before = select.value;
  const empty = select.querySelector('option[value=""]');
  const options = rows.map(({ id, name }) => new Option(name, id, false, String(id) === before));
  select.replaceChildren(...(empty ? [empty] : []), ...options);
  if (select.value !== before) {
    select.value = "";
    return true;
  }
  return false;
}

async function narrow(url) {
  const mine = (asked += 1);
  const chosen = selects();
  const query = new URLSearchParams();
  for (const [part, select] of Object.entries(chosen)) if (select.value) query.set(part, select.value);
  const answer = await fetch(`${url}?${query}`, { headers: { Accept: "application/json" } });
  if (!answer.ok || mine !== asked) return;
  const rows = await answer.json();
  let taken = false;
  for (const part of PARTS.slice(1)) if (chosen[part]) taken = fill(chosen[part], rows[part]) || taken;
  if (taken) await narrow(url); // what was taken back may widen what comes after it
}

document.addEventListener("change", (event) => {
  const select = event.target.closest?.("select[data-curriculum]");
  if (select) narrow(select.dataset.url).catch(() => {}); // offline: the server checks the choice when it is saved
});

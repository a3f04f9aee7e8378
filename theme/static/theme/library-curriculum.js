// The curriculum narrows step by step: whatever is chosen decides what the other selects offer.
// A choice that no longer fits is taken back; without this script the server says it after saving.

const PARTS = ["sector", "stage", "subject", "grade", "edition", "textbook", "chapter"];
let asked = 0;

function selects() {
  const found = {};
  for (const part of PARTS) {
    const select = document.querySelector(`select[data-curriculum="${part}"]`);
    if (select) found[part] = select;
  }
  return found;
}

// Options of several groups (stages of all sectors) stand under the name of their group.
function grouped(options, rows) {
  const groups = new Map();
  rows.forEach(({ group }, place) => groups.set(group, [...(groups.get(group) ?? []), options[place]]));
  if (groups.size < 2) return options;
  return [...groups].map(([name, members]) => {
    const group = document.createElement("optgroup");
    group.label = name;
    group.append(...members);
    return group;
  });
}

function fill(select, rows) {
  const before = select.value;
  const empty = select.querySelector('option[value=""]');
  const options = rows.map(({ id, name }) => new Option(name, id, false, String(id) === before));
  select.replaceChildren(...(empty ? [empty] : []), ...grouped(options, rows));
  if (select.value !== before) {
    select.value = "";
    return true;
  }
  return false;
}

// A stage chosen first tells its sector.
function tellSector({ sector, stage }, rows) {
  const row = stage && rows.stage.find(({ id }) => String(id) === stage.value);
  if (!sector || sector.value || !row) return false;
  sector.value = row.sector;
  return true;
}

async function narrow(url) {
  const mine = (asked += 1);
  const chosen = selects();
  const query = new URLSearchParams();
  for (const [part, select] of Object.entries(chosen)) if (select.value) query.set(part, select.value);
  const answer = await fetch(`${url}?${query}`, { headers: { Accept: "application/json" } });
  if (!answer.ok || mine !== asked) return;
  const rows = await answer.json();
  let again = tellSector(chosen, rows);
  for (const part of PARTS) if (chosen[part] && rows[part]) again = fill(chosen[part], rows[part]) || again;
  if (again) await narrow(url); // what was taken back may widen what comes after it
}

document.addEventListener("change", (event) => {
  const select = event.target.closest?.("select[data-curriculum]");
  if (select) narrow(select.dataset.url).catch(() => {}); // offline: the server checks the choice when it is saved
});

/* Where a form asks for the stage, lists that stand under stages show those of the chosen one.
   Without this file they show all of them. */
for (const stage of document.querySelectorAll("select[name=stage]")) {
  const lists = [...stage.form.querySelectorAll("select")].filter((list) => list.querySelector("optgroup"));
  const all = new Map(lists.map((list) => [list, [...list.children]]));
  const narrow = () => {
    const name = stage.value && stage.selectedOptions[0].label;
    for (const [list, children] of all) {
      const chosen = list.value;
      list.replaceChildren(...children.filter((child) => child.tagName === "OPTION" || !name || child.label === name));
      list.value = chosen;
      if (list.selectedIndex < 0) list.value = ""; // of another stage
    }
  };
  stage.addEventListener("change", narrow);
  narrow();
}

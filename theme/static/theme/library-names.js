// Names that a screen reader needs in the editor of works and Wagtail leaves out: of the rich text, of the tags' input,
// and the page's own heading. Watched, because Wagtail adds rows while the page is open.

const UNNAMED = ".public-DraftEditor-content:not([aria-label]), .tagit-new input:not([aria-label])";

function label(field) {
  const wrapper = field.closest(".w-field__wrapper");
  const words = wrapper?.querySelector("label") ?? field.closest(".w-panel")?.querySelector(".w-panel__heading");
  return words?.textContent.replace("*", "").trim() ?? "";
}

function name() {
  for (const field of document.querySelectorAll(UNNAMED)) {
    const words = label(field);
    if (words) {
      field.setAttribute("aria-label", words);
    }
  }
  const heading = document.querySelector("main h2.w-h1:not([aria-level])");
  if (heading && !document.querySelector("main h1")) {
    heading.setAttribute("role", "heading");
    heading.setAttribute("aria-level", "1");
  }
}

name();
new MutationObserver(name).observe(document.body, { childList: true, subtree: true });

/**
 * Sections and days that are wider than a phone: what is open is seen, though it be the last of them.
 * Moves the list sideways only, and only where what is open is not wholly in sight.
 */
const LISTS = ".sub-nav, .day-tabs ul";

function show(root) {
  for (const list of root.querySelectorAll(LISTS)) {
    const open = list.querySelector("[aria-current]")?.getBoundingClientRect();
    const seen = list.getBoundingClientRect();
    if (open && (open.left < seen.left || open.right > seen.right)) {
      list.scrollLeft += open.left + open.width / 2 - (seen.left + seen.width / 2);
    }
  }
}

show(document);
document.addEventListener("htmx:afterSettle", () => show(document));

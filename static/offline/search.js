// Search in the copy of a programme: every word must stand somewhere in a session. Nothing is sent anywhere.
"use strict";

(() => {
  const MOST = 100;
  const field = document.getElementById("words");
  const list = document.getElementById("found");
  const count = document.getElementById("count");

  // As the index was folded: without case, accents and compatibility forms (UAX #15).
  const folded = (text) =>
    text
      .normalize("NFKD")
      .replace(/[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g, "")
      .normalize("NFC")
      .toLowerCase();

  const row = ([page, title, where]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = page;
    link.textContent = title;
    const about = document.createElement("span");
    about.className = "quiet";
    about.textContent = where;
    item.append(link, " ", about);
    return item;
  };

  const search = () => {
    const words = folded(field.value).split(/\s+/).filter(Boolean);
    const found = words.length ? window.programmeIndex.filter((one) => words.every((word) => one[3].includes(word))) : [];
    list.replaceChildren(...found.slice(0, MOST).map(row));
    if (!words.length) count.textContent = "";
    else count.textContent = found.length ? `${count.dataset.found} ${found.length}` : count.dataset.none;
  };

  document.getElementById("search").hidden = false;
  field.addEventListener("input", search);
  search();
})();

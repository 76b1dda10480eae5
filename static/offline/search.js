// Search in the copy of a programme: every word must stand somewhere in a session. Nothing is sent anywhere.
"use strict";

(() => {
  const MOST = 100;
  const field = document.getElementById("words");
  const list = document.getElementById("found");
  const count = document.getElementById("count");

  // As the index was folded (schedule/domain/published/search.py): without case, accents, apostrophes, vowel marks and
  // compatibility forms (UAX #15).
  const APOSTROPHES = /['‘’ʼ′`´＇\u00ad\u200b-\u200d\u2060\ufeff]/g;
  const MARKS = new RegExp(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f" +
      "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7" +
      "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]",
    "g",
  );
  const PLAIN = {
    ß: "ss", ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", æ: "ae", œ: "oe", þ: "th", ς: "σ",
    ى: "ي", ی: "ي", ک: "ك", ة: "ه",
  };
  const plain = (sign) =>
    PLAIN[sign] ?? (/[\u30a1-\u30f6]/.test(sign) ? String.fromCharCode(sign.charCodeAt(0) - 0x60) : sign);
  const folded = (text) =>
    [
      ...text
        .replace(APOSTROPHES, "")
        .replace(/[ㆍ・･‧ᆞ]/g, "·")
        .replace(/[‐-―−﹣－]/g, "-")
        .normalize("NFKD")
        .replace(MARKS, "")
        .normalize("NFC")
        .toLowerCase(),
    ]
      .map(plain)
      .join("");

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
    const words = folded(field.value).split(/[\s,;:/+&|()“”"]+/).filter(Boolean);
    const found = words.length ? window.programmeIndex.filter((one) => words.every((word) => one[3].includes(word))) : [];
    list.replaceChildren(...found.slice(0, MOST).map(row));
    if (!words.length) count.textContent = "";
    else count.textContent = found.length ? `${count.dataset.found} ${found.length}` : count.dataset.none;
  };

  document.getElementById("search").hidden = false;
  field.addEventListener("input", search);
  search();
})();

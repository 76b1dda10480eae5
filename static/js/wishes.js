/**
 * Wishes as a list to drag: by pointer or by the arrow keys on a handle. The fields with numbers stay what is sent, and
 * every change of a number is seen in them at once. Who types a number moves that wish there.
 */
for (const root of document.querySelectorAll("[data-wishes]")) {
  const box = root.querySelector("[data-wish-order]");
  const status = box.querySelector("[role=status]");
  const list = document.createElement("ol");
  status.before(list);
  const rows = new Map();
  for (const row of root.querySelectorAll(".wish")) {
    const tick = row.querySelector("input[type=checkbox]");
    const rank = row.querySelector(".wish-rank");
    rows.set(tick.value, { tick, rank, title: row.querySelector(".choice span").textContent.trim() });
  }
  // Ranked wishes first, in order of rank; then the ones only ticked, in the order of the page.
  let order = [...rows.keys()].filter((code) => rows.get(code).tick.checked || rows.get(code).rank.value);
  order.sort((one, other) => (Number(rows.get(one).rank.value) || 1e6) - (Number(rows.get(other).rank.value) || 1e6));

  function number() {
    for (const [code, { tick, rank }] of rows) {
      const place = order.indexOf(code);
      tick.checked = place >= 0;
      rank.value = place >= 0 ? place + 1 : "";
    }
  }

  function draw(focused) {
    list.replaceChildren(
      ...order.map((code) => {
        const item = document.createElement("li");
        const handle = document.createElement("button");
        const title = document.createElement("span");
        handle.type = "button";
        handle.className = "wish-handle";
        handle.textContent = "↕";
        handle.setAttribute("aria-label", `${root.dataset.move}: ${rows.get(code).title}`);
        title.textContent = rows.get(code).title;
        item.dataset.code = code;
        item.append(handle, title);
        return item;
      }),
    );
    box.hidden = order.length < 2;
    if (focused) list.querySelector(`[data-code="${CSS.escape(focused)}"] button`)?.focus();
  }

  function move(code, place) {
    const rest = order.filter((one) => one !== code);
    const to = Math.max(0, Math.min(place, rest.length));
    order = [...rest.slice(0, to), code, ...rest.slice(to)];
    number();
    status.textContent = `${rows.get(code).title}: ${to + 1} / ${order.length}`;
  }

  root.addEventListener("change", (event) => {
    const changed = [...rows].find(([, { tick, rank }]) => event.target === tick || event.target === rank);
    if (!changed) return;
    const [code, { tick, rank }] = changed;
    if (event.target === tick) {
      order = order.filter((one) => one !== code);
      if (tick.checked) order.push(code);
      number();
    } else if (Number(rank.value) >= 1) {
      move(code, Math.trunc(Number(rank.value)) - 1);
    } else if (order.includes(code)) {
      // An emptied number: still wished for, after the others.
      move(code, order.length);
    }
    draw();
  });

  list.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const code = event.target.closest("li")?.dataset.code;
    if (!step || !code) return;
    event.preventDefault();
    move(code, order.indexOf(code) + step);
    draw(code);
  });

  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".wish-handle");
    if (!handle) return;
    const item = handle.closest("li");
    // A finger holds what it touched; the item is about to move under it, and everybody is to hear where it goes.
    if (handle.hasPointerCapture(event.pointerId)) handle.releasePointerCapture(event.pointerId);
    event.preventDefault();
    item.dataset.dragged = "";
    const heard = new AbortController();
    const drag = (moved) => {
      const other = document.elementFromPoint(moved.clientX, moved.clientY)?.closest("li");
      if (!other || other === item || other.parentElement !== list) return;
      const middle = other.getBoundingClientRect();
      const isBelow = moved.clientY > middle.top + middle.height / 2;
      list.insertBefore(item, isBelow ? other.nextSibling : other);
    };
    const drop = () => {
      heard.abort();
      const code = item.dataset.code;
      move(code, [...list.children].indexOf(item));
      draw(code);
    };
    document.addEventListener("pointermove", drag, { signal: heard.signal });
    document.addEventListener("pointerup", drop, { signal: heard.signal });
    document.addEventListener("pointercancel", drop, { signal: heard.signal });
  });

  // Numbers that are wrong or there twice are for the reader to mend first.
  const typed = [...rows.values()].map(({ rank }) => rank.value).filter(Boolean);
  if (new Set(typed).size === typed.length) draw();
}

"use strict";
(() => {
  const form = document.getElementById("choice");
  const body = document.querySelector(".list tbody");
  if (!body) return;
  const rows = [...body.rows].map((row, place) => ({
    row, place, text: fold(row.textContent), states: row.dataset.state.split(" "), ...row.dataset,
  }));
  const orders = {
    news: (a, b) => b.news - a.news,
    gaps: (a, b) => b.gaps - a.gaps,
    age: (a, b) => a.age - b.age,
  };

  function fold(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function value(name) {
    return document.getElementById(name)?.value ?? "";
  }

  function show() {
    const words = fold(value("words")).split(/\s+/).filter(Boolean);
    const profile = value("profile"), owner = value("owner"), state = value("state");
    let shown = 0;
    for (const each of rows) {
      const fits = words.every(word => each.text.includes(word))
        && (!profile || each.profile === profile)
        && (!owner || each.owner === owner)
        && (!state || each.states.includes(state));
      each.row.hidden = !fits;
      shown += fits;
    }
    document.getElementById("count").textContent = `${shown} of ${rows.length} groups`;
  }

  function sort() {
    const order = orders[value("order")] ?? (() => 0);
    rows.sort((a, b) => order(a, b) || a.place - b.place);
    body.append(...rows.map(each => each.row));
  }

  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("input", show);
  form.addEventListener("change", () => { sort(); show(); });
  form.hidden = false;
  sort();
  show();
})();

// The list: it asks for what has changed, once a second while it is seen, and shows what the reader has chosen.
"use strict";
(() => {
  const SECOND = 1000;
  const get = (id) => document.getElementById(id);
  const body = document.querySelector(".list tbody");
  const runs = new Map(); // by id: the run, its row, and the words that it is found by
  const chosen = new Set();
  let searches = "";
  let version = 0;

  const order = () => {
    const [name, way] = choices.read("order", "started").split("-");
    return name in ORDERS ? [name, way === "reversed"] : ["started", false];
  };

  // Rows.
  const box = (id) => {
    const made = element("input", { type: "checkbox", "aria-label": `Choose ${id}` });
    made.addEventListener("change", () => {
      made.checked ? chosen.add(id) : chosen.delete(id);
      showChosen();
    });
    return made;
  };
  const take = (run) => {
    const held = runs.get(run.id) ?? { row: element("tr", { role: "row" }, element("td", { role: "cell", class: "box" }, box(run.id))) };
    held.row.replaceChildren(held.row.firstChild, ...cells(run));
    held.row.dataset.state = run.state;
    held.words = [run.name, run.run, run.state, run.metric, run.about].join(" ").toLowerCase();
    held.run = run;
    runs.set(run.id, held);
  };

  // What is shown.
  const isShown = ({ run, words }) => {
    const group = choices.read("group");
    const states = choices.list("states");
    const isOf = !group || (group === "-" ? !run.search : group === `c ${run.name}` || group === `s ${run.search}`);
    const asked = choices.read("words").toLowerCase().split(/\s+/).filter(Boolean);
    return isOf && (!states.length || states.includes(run.state)) && asked.every((word) => words.includes(word));
  };
  const show = () => {
    const all = [...runs.values()];
    const shown = ordered(all.filter(isShown).map(({ run }) => run), ...order());
    const rows = shown.map((run) => runs.get(run.id).row);
    if (rows.length !== body.children.length || rows.some((row, place) => row !== body.children[place])) body.replaceChildren(...rows);
    get("none").hidden = rows.length > 0;
    get("none").textContent = all.length ? "No run is like this." : "There are no runs here yet. They appear as soon as training begins.";
    document.querySelector(".list").hidden = !rows.length;
    get("all").checked = rows.length > 0 && shown.every((run) => chosen.has(run.id));
    showStates(all.map(({ run }) => run.state));
    showGroups(all.map(({ run }) => run));
    showOrder();
  };
  const showStates = (found) => {
    const asked = choices.list("states");
    const buttons = STATES.filter((name) => found.includes(name) || asked.includes(name)).map((name) => {
      const count = found.filter((one) => one === name).length;
      return { name, text: `${count} ${name}`, pressed: asked.includes(name) };
    });
    const group = document.querySelector(".states");
    const key = JSON.stringify(buttons);
    if (group.dataset.key === key) return;
    const focused = group.contains(document.activeElement) ? document.activeElement.dataset.state : null;
    group.dataset.key = key;
    group.replaceChildren(...buttons.map(({ name, text, pressed }) => {
      const button = element("button", { type: "button", "data-state": name, "aria-pressed": pressed }, text);
      button.addEventListener("click", () => {
        const now = choices.list("states");
        choices.write("states", (now.includes(name) ? now.filter((one) => one !== name) : [...now, name]).join("|"));
        show();
      });
      return button;
    }));
    group.querySelector(`[data-state="${focused}"]`)?.focus();
  };
  const showGroups = (all) => {
    const names = (values) => [...new Set(values)].sort(letters.compare);
    const options = [
      ["", "All configs"],
      ...(all.some((run) => run.search) ? [["-", "All but searches"]] : []),
      ...names(all.map((run) => run.name)).map((name) => [`c ${name}`, name]),
      ...names(all.flatMap((run) => run.search ?? [])).map((name) => [`s ${name}`, `search ${name}`]),
    ];
    const asked = choices.read("group");
    if (asked && !options.some(([value]) => value === asked)) options.push([asked, asked.slice(2)]); // of a bookmark
    const select = get("group");
    const key = JSON.stringify(options);
    if (select.dataset.key !== key) {
      select.dataset.key = key;
      select.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
    }
    select.value = asked;
  };
  const showOrder = () => {
    const [name, reversed] = order();
    get("order").value = name;
    document.querySelectorAll("[data-order]").forEach((button) => {
      const isDown = Boolean(ORDERS[button.dataset.order].down) !== reversed;
      const sort = button.dataset.order === name ? (isDown ? "descending" : "ascending") : "none";
      button.closest("th").setAttribute("aria-sort", sort);
    });
  };
  const showChosen = () => {
    for (const id of chosen) if (!runs.has(id)) chosen.delete(id);
    const most = Number(get("chosen").dataset.most);
    get("chosen").hidden = !chosen.size;
    get("count").textContent = chosen.size;
    get("too-many").hidden = chosen.size <= most;
    const link = get("compare");
    if (chosen.size <= most) link.href = `compare?runs=${encodeURIComponent([...chosen].join("\n"))}`;
    else link.removeAttribute("href");
  };
  const choose = (ids, on) => {
    for (const id of ids) {
      on ? chosen.add(id) : chosen.delete(id);
      runs.get(id).row.querySelector("input").checked = on;
    }
    showChosen();
    get("all").checked = on && ids.length > 0;
  };
  const showSearches = (found) => {
    const key = JSON.stringify(found);
    if (key === searches) return;
    searches = key;
    get("searches").hidden = !found.length;
    document.querySelector(".searches").replaceChildren(...found.map(searchItem));
  };

  // Choosing.
  for (const [name, { title }] of Object.entries(ORDERS)) get("order").append(element("option", { value: name }, title));
  get("words").value = choices.read("words");
  get("words").addEventListener("input", (event) => { choices.write("words", event.target.value.trim()); show(); });
  get("group").addEventListener("change", (event) => { choices.write("group", event.target.value); show(); });
  get("order").addEventListener("change", (event) => { choices.write("order", event.target.value); show(); });
  get("clear").addEventListener("click", () => choose([...chosen], false));
  get("all").addEventListener("change", (event) => {
    choose([...runs.values()].filter(isShown).map(({ run }) => run.id), event.target.checked);
  });
  document.querySelectorAll("[data-order]").forEach((button) => button.addEventListener("click", () => {
    const [name, reversed] = order();
    const again = name === button.dataset.order && !reversed;
    choices.write("order", button.dataset.order + (again ? "-reversed" : ""));
    show();
  }));

  // Asking.
  const ask = async () => {
    const answer = await fetch(`runs?since=${version}`);
    if (!answer.ok) throw new Error((await answer.json()).error);
    const news = await answer.json();
    news.runs.forEach(take);
    for (const id of news.gone) {
      runs.delete(id);
      chosen.delete(id);
    }
    const isNew = version === 0 || news.version !== version;
    version = news.version;
    showSearches(news.searches);
    if (isNew) show();
    if (news.gone.length) showChosen();
    const live = [...runs.values()].filter(({ run }) => run.state === "running").length;
    get("now").textContent = `${runs.size} run${runs.size === 1 ? "" : "s"}${live ? `, ${live} running` : ""}${news.more ? ", reading more" : ""}`;
    return news.more;
  };
  let waiting;
  const follow = async () => {
    clearTimeout(waiting);
    let pause = SECOND;
    try {
      if (await ask()) pause = 0;
      get("lost").hidden = true;
    } catch {
      get("lost").hidden = false;
      pause = 5 * SECOND;
    }
    if (!document.hidden) waiting = setTimeout(follow, pause);
  };
  document.addEventListener("visibilitychange", () => !document.hidden && follow());
  follow();
})();

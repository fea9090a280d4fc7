/* Search by name or code: fly to the grid, open its card. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.search) return;

  const MOST = 8;

  wangge.search = function () {
    return wangge.part(function (map, self) {
      const box = self.panel.search;
      const input = wangge.element("input", "wangge-search-input", null, box);
      input.type = "search";
      input.placeholder = self.say("search");
      input.setAttribute("aria-label", self.say("search"));
      input.autocomplete = "off";
      const list = wangge.element("ul", "wangge-search-list", null, box);
      const go = (grid) => {
        list.replaceChildren();
        input.value = grid.name;
        input.blur();
        if (grid.level !== self.state.level) self.set({ level: grid.level });
        self.choose(grid.code, true);
      };
      input.addEventListener("input", () => show(self, input.value, list, go));
      input.addEventListener("keydown", (event) => {
        if (event.key === "Escape") list.replaceChildren();
        if (event.key === "ArrowDown" && list.querySelector("button")) {
          event.preventDefault();
          list.querySelector("button").focus();
        }
        if (event.key === "Enter") {
          const [first] = find(self, input.value);
          if (first) go(first);
        }
      });
      list.addEventListener("keydown", (event) => walk(event, input, list));
      map.on("click", () => list.replaceChildren());
    });
  };

  /** Arrow keys lead through what was found, Escape back to the field. */
  function walk(event, input, list) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") list.replaceChildren();
    else if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const hits = [...list.querySelectorAll("button")];
    (hits[hits.indexOf(document.activeElement) + step] || input).focus();
  }

  function find(self, typed) {
    const wanted = typed.trim().toLowerCase();
    if (!wanted) return [];
    const ranked = [];
    for (const grid of self.grids.byCode.values()) {
      const name = grid.name.toLowerCase();
      if (grid.code === wanted || name === wanted) ranked.push([0, grid]);
      else if (grid.code.startsWith(wanted) || name.startsWith(wanted)) ranked.push([1, grid]);
      else if (grid.code.includes(wanted) || name.includes(wanted)) ranked.push([2, grid]);
    }
    ranked.sort(([a, left], [b, right]) => a - b || left.level - right.level || left.code.localeCompare(right.code));
    return ranked.slice(0, MOST).map(([, grid]) => grid);
  }

  function show(self, typed, list, go) {
    list.replaceChildren();
    if (!typed.trim()) return;
    const found = find(self, typed);
    if (!found.length) wangge.element("li", "wangge-note", self.say("search_none"), list);
    for (const grid of found) {
      const item = wangge.element("li", "", null, list);
      const button = wangge.button("wangge-search-hit", null, item, () => go(grid));
      wangge.element("span", "wangge-search-name", grid.name, button);
      wangge.element("span", "wangge-search-code", grid.code, button);
    }
  }
})();

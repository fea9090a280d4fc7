/* The card of a grid or a place: a side panel on a desk, a bottom sheet on a phone. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.card) return;

  wangge.card = function () {
    return wangge.part(function (map, self) {
      const card = wangge.element("aside", "wangge-card", null, map.getContainer());
      card.hidden = true;
      card.setAttribute("aria-live", "polite");
      wangge.shield(card);
      const draw = () => {
        const grid = self.grids.byCode.get(self.state.chosen);
        card.replaceChildren();
        card.hidden = !grid && !self.place;
        map.getContainer().classList.toggle("wangge-has-card", !card.hidden);
        if (grid) fill(self, card, grid);
        else if (self.place) fillOutside(self, card);
      };
      map.on("wangge:state wangge:place", draw);
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !card.hidden) self.choose(null);
      });
    });
  };

  function fill(self, card, grid) {
    const level = self.grids.byLevel.get(grid.level);
    const head = addHead(self, card);
    wangge.element("p", "wangge-card-level", [level.label, grid.kind].filter(Boolean).join(" · "), head);
    wangge.element("h2", "wangge-card-name", grid.name, head);
    wangge.element("p", "wangge-card-code", `${self.say("code")} ${grid.code}`, head);
    if (self.place) wangge.describePlace(self, card, addLink);
    addChain(self, card, grid);
    addFigures(self, card, grid);
    if (grid.children.length) addChildren(self, card, grid);
  }

  function addHead(self, card) {
    const head = wangge.element("header", "wangge-card-head", null, card);
    const close = wangge.button("wangge-close", "×", head, () => self.choose(null));
    close.setAttribute("aria-label", self.say("close"));
    return head;
  }

  /** A place in no grid that is shown. */
  function fillOutside(self, card) {
    wangge.element("h2", "wangge-card-name", self.say("place.outside"), addHead(self, card));
    wangge.describePlace(self, card, addLink);
  }

  function addChain(self, card, grid) {
    const above = below(self, grid);
    for (let parent = self.grids.byCode.get(grid.parent); parent; parent = self.grids.byCode.get(parent.parent)) {
      above.unshift(parent);
    }
    if (!above.length) return;
    above.sort((a, b) => a.level - b.level);
    wangge.element("h3", "", self.say("belongs_to"), card);
    const chain = wangge.element("div", "wangge-chain", null, card);
    for (const parent of above) addLink(self, chain, parent, true);
  }

  /** The finer grids that hold the place clicked, where it is known. */
  function below(self, grid) {
    const held = (self.place && self.place.answer && self.place.answer.grids) || [];
    return held.filter(({ level }) => level > grid.level).map(({ code }) => self.grids.byCode.get(code)).filter(Boolean);
  }

  function addFigures(self, card, grid) {
    const keys = new Set([...self.measures, ...self.facts].map(({ key }) => key));
    const list = wangge.element("dl", "wangge-figures", null, card);
    for (const key of keys) {
      if (!(key in grid.values)) continue;
      const row = wangge.element("div", "wangge-figure" + (key === self.state.measure ? " wangge-now" : ""), null, list);
      row.dataset.key = key;
      wangge.element("dt", "", self.say(key), row);
      const value = wangge.element("dd", "", null, row);
      wangge.element("span", "wangge-figure-value", self.number(grid.values[key], self.decimals[key]), value);
      wangge.element("span", "wangge-figure-unit", self.say(key + ".unit"), value);
    }
  }

  function addChildren(self, card, grid) {
    wangge.element("h3", "", `${self.say("children")} (${grid.children.length})`, card);
    const list = wangge.element("div", "wangge-chain wangge-children", null, card);
    for (const code of [...grid.children].sort()) addLink(self, list, self.grids.byCode.get(code));
  }

  function addLink(self, parent, grid, withCode) {
    const link = wangge.button("wangge-link", grid.name, parent, () => {
      self.set({ level: grid.level });
      self.choose(grid.code, true);
    });
    if (withCode) wangge.element("span", "wangge-link-code", grid.code, link);
  }
})();

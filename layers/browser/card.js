/* The card of a grid, a neighbourhood, a building or a symbol: a side panel on a desk, a bottom sheet on a phone. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.card) return;

  const BUILDING_FROM_ZOOM = 17; // so near that a click means the building, not the grid

  /**
   * options: people and counts, addresses with {place} and {code}; links, [{key, url}] with {code} and {level};
   * arrive, whether the page's address may name the grid to open.
   */
  wangge.card = function (options) {
    return wangge.part(function (map, self) {
      const card = wangge.element("aside", "wangge-card", null, map.getContainer());
      card.hidden = true;
      card.setAttribute("aria-live", "polite");
      card.setAttribute("aria-label", self.say("card"));
      wangge.shield(card);
      const asksPeople = wangge.people(map, self, options.people);
      const tools = { addHead, addLink, addPeople: asksPeople, countsUrl: options.counts };
      self.subject = "grid"; // what of a clicked place the card is about: grid, neighbourhood or building
      const draw = () => {
        const grid = self.grids.byCode.get(self.state.chosen);
        card.replaceChildren();
        card.hidden = !grid && !self.place && !self.spot;
        map.getContainer().classList.toggle("wangge-has-card", !card.hidden);
        if (self.cardAbove) self.cardAbove(card);
        if (self.spot) wangge.describeSpot(self, card, tools);
        else if (grid) fill(self, card, grid, tools, options.links, draw);
        else if (self.place) fillOutside(self, card);
        card.scrollTop = 0;
      };
      map.on("wangge:state", ({ change }) => {
        if ("chosen" in change) self.subject = "grid";
        draw();
      });
      map.on("wangge:place", () => {
        if (self.place && self.place.answer && self.place.answer.building && map.getZoom() >= BUILDING_FROM_ZOOM) self.subject = "building";
        draw();
      });
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !card.hidden) self.choose(null);
      });
      if (options.arrive) arrive(self);
    });
  };

  /** An address may name the grid to open, as links of other pages do. */
  function arrive(self) {
    const grid = self.grids.byCode.get(new URL(window.location.href).searchParams.get("grid"));
    if (!grid) return;
    self.set({ level: grid.level });
    self.choose(grid.code, true);
  }

  function fill(self, card, grid, tools, links, draw) {
    const found = subjects(self);
    const subject = self.subject in found ? self.subject : "grid";
    const head = addHead(self, card);
    if (Object.keys(found).length > 1) addTabs(self, card, found, subject, draw);
    if (subject === "grid") headOfGrid(self, head, grid);
    else headOf(self, head, subject, found[subject]);
    if (self.place && subject !== "neighbourhood") wangge.describePlace(self, card, addLink);
    addChain(self, card, grid, subject === "grid");
    tools.addPeople(self, card, subject, subject === "grid" ? grid.code : found[subject].code);
    if (subject === "grid") wangge.figures(self, card, grid);
    else if (tools.countsUrl) wangge.counts(self, card, wangge.fill(tools.countsUrl, { place: subject + "s", code: found[subject].code }));
    if (subject === "grid" && grid.children.length) addChildren(self, card, grid);
    addPages(self, card, grid, links);
  }

  /** What a place is part of, by kind: always its grid. */
  function subjects(self) {
    const { building, neighbourhood } = (self.place && self.place.answer) || {};
    return { grid: true, ...(neighbourhood && { neighbourhood }), ...(building && { building }) };
  }

  function addTabs(self, card, found, subject, draw) {
    const row = wangge.element("div", "wangge-segments wangge-tabs", null, card);
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", self.say("people.of"));
    for (const kind of Object.keys(found)) {
      const tab = wangge.button("wangge-segment", self.say("people." + kind), row, () => {
        self.subject = kind;
        draw();
        card.querySelector(`[data-subject="${kind}"]`).focus();
      });
      tab.dataset.subject = kind;
      tab.setAttribute("aria-pressed", String(kind === subject));
    }
  }

  function headOfGrid(self, head, grid) {
    const level = self.grids.byLevel.get(grid.level);
    wangge.element("p", "wangge-card-level", [level.label, grid.kind].filter(Boolean).join(" · "), head);
    wangge.element("h2", "wangge-card-name", grid.name, head);
    wangge.element("p", "wangge-card-code", `${self.say("code")} ${grid.code}`, head);
  }

  function headOf(self, head, subject, { code, kind, name, address }) {
    const kinds = [self.say("people." + subject), wangge.kindName(self, subject, kind)];
    wangge.element("p", "wangge-card-level", [...new Set(kinds)].join(" · "), head);
    wangge.element("h2", "wangge-card-name", name || address || code, head);
    wangge.element("p", "wangge-card-code", `${self.say("code")} ${code}`, head);
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

  function addChain(self, card, grid, withoutItself) {
    const chain = below(self, grid);
    const first = withoutItself ? self.grids.byCode.get(grid.parent) : grid;
    for (let each = first; each; each = self.grids.byCode.get(each.parent)) chain.unshift(each);
    if (!chain.length) return;
    chain.sort((a, b) => a.level - b.level);
    wangge.element("h3", "", self.say("belongs_to"), card);
    const box = wangge.element("div", "wangge-chain", null, card);
    for (const each of chain) addLink(self, box, each, true);
  }

  /** The finer grids that hold the place clicked, where it is known. */
  function below(self, grid) {
    const held = (self.place && self.place.answer && self.place.answer.grids) || [];
    return held.filter(({ level }) => level > grid.level).map(({ code }) => self.grids.byCode.get(code)).filter(Boolean);
  }

  function addChildren(self, card, grid) {
    wangge.element("h3", "", `${self.say("children")} (${grid.children.length})`, card);
    const list = wangge.element("div", "wangge-chain wangge-children", null, card);
    for (const code of [...grid.children].sort()) addLink(self, list, self.grids.byCode.get(code));
  }

  function addPages(self, card, grid, links) {
    if (!links.length) return;
    wangge.element("h3", "", self.say("links"), card);
    const list = wangge.element("nav", "wangge-pages", null, card);
    for (const { key, url } of links) {
      const link = wangge.element("a", "wangge-link", self.say("links." + key), list);
      link.href = wangge.fill(url, { ...grid, unit: unitOf(self, grid) });
      link.dataset.page = key;
    }
  }

  /** The village or community a grid is or lies in; "" above them. */
  const unitOf = (self, { code, level, parent }) => ({ 2: code, 3: parent })[level] || "";

  function addLink(self, parent, grid, withCode) {
    const link = wangge.button("wangge-link", grid.name, parent, () => {
      self.set({ level: grid.level });
      self.choose(grid.code, true);
    });
    if (withCode) wangge.element("span", "wangge-link-code", grid.code, link);
  }
})();

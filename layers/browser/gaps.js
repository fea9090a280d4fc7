/* What is missing, ranked by the people affected: a list beside the map that leads to each place. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.gaps) return;

  const AT_ONCE = 60;
  const AT_LEAST = [0, 50, 100, 500, 1000, 5000];
  const WIDE = 1200; // pixels of map from which on the list is open at first

  /** options: total, columns of the gaps; see layers/gaps.py. */
  wangge.gaps = function (options) {
    return wangge.part(function (map, self) {
      const rows = read(options.columns);
      const gaps = (self.gaps = {
        total: options.total,
        rows,
        filter: { kind: "", least: 0 },
        found: rows,
        chosen: null, // place among those found
        open: map.getSize().x >= WIDE,
      });
      const panel = makePanel(map, self);
      const marks = wangge.gapMarks(map, self);
      const change = () => {
        gaps.found = rows.filter(({ kind, people }) => (!gaps.filter.kind || kind === gaps.filter.kind) && people >= gaps.filter.least);
        gaps.chosen = null;
        panel.fill();
        marks.load();
      };
      gaps.go = (place) => go(map, self, place, panel, marks);
      gaps.refilter = change;
      keepClear(map, self, panel.root);
      map.on("wangge:state", ({ change: { chosen } }) => {
        if (chosen === null && gaps.chosen !== null && !gaps.going) leave(gaps, panel, marks);
      });
      self.cardAbove = (card) => addSteps(map, self, card);
      panel.show(gaps.open);
      change();
      self.whole(false);
    });
  };

  function read(columns) {
    const names = Object.keys(columns);
    return columns.kind.map((kind, place) => Object.fromEntries(names.map((name) => [name, columns[name][place]])));
  }

  /** The list, and the card beside it, cover part of the map: what is framed stands clear of both. */
  function keepClear(map, self, root) {
    const room = self.room;
    self.room = () => {
      const padding = room();
      const width = map.getSize().x;
      if (width < 700) return padding;
      const card = map.getContainer().querySelector(".wangge-card");
      for (const panel of [root, card]) {
        if (panel && !panel.hidden) padding.paddingBottomRight[0] = Math.max(padding.paddingBottomRight[0], width - panel.offsetLeft + 16);
      }
      return padding;
    };
  }

  function go(map, self, place, panel, marks) {
    const { gaps } = self;
    const gap = gaps.found[place];
    gaps.chosen = place;
    gaps.going = true;
    const grid = self.grids.byCode.get(gap.grid_code);
    if (grid && grid.level !== self.state.level) self.set({ level: grid.level });
    self.choose(grid ? gap.grid_code : null);
    gaps.going = false;
    panel.mark();
    marks.draw();
    if (map.getSize().x < 700) panel.show(false);
    if (gap.lat !== null) wangge.flyBeside(map, self, [gap.lat, gap.lon], 16);
  }

  function leave(gaps, panel, marks) {
    gaps.chosen = null;
    panel.mark();
    marks.draw();
  }

  /** Fly so that a place lies in the middle of what panels leave free. */
  wangge.flyBeside = function (map, self, at, zoom) {
    const { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] } = self.room();
    const centre = map.project(at, zoom).add([(right - left) / 2, (bottom - top) / 2]);
    map.flyTo(map.unproject(centre, zoom), zoom, { duration: 0.6 });
  };

  /** Above the card of a gap's grid: back to the list, to the gap before and after. */
  function addSteps(map, self, card) {
    const { gaps } = self;
    if (gaps.chosen === null) return;
    const bar = wangge.element("nav", "wangge-steps", null, card);
    wangge.button("wangge-link wangge-back", `‹ ${self.say("gaps.back")}`, bar, () => {
      self.choose(null);
      self.gaps.panel.show(true);
      self.gaps.panel.focus();
    });
    const place = gaps.chosen;
    const step = (key, text, to) => {
      const button = wangge.button("wangge-link", text, bar, () => gaps.go(to));
      button.setAttribute("aria-label", self.say(key));
      button.dataset.step = key;
      button.disabled = to < 0 || to >= gaps.found.length;
    };
    step("gaps.before", "‹", place - 1);
    wangge.element("span", "wangge-step-place", self.say("gaps.place", { n: place + 1, total: gaps.found.length }), bar);
    step("gaps.after", "›", place + 1);
    addGap(self, card, gaps.found[place]);
  }

  /** The gap in words. */
  function addGap(self, card, gap) {
    const box = wangge.element("p", "wangge-gap-now", null, card);
    box.append(wangge.symbol("gap." + gap.kind, { size: 24 }));
    wangge.element("span", "", [wangge.gapTitle(self, gap), wangge.gapSize(self, gap)].filter(Boolean).join(" · "), box);
  }

  /** The kind of a gap, with the post or function it is about. */
  wangge.gapTitle = function (self, { kind, what }) {
    const about = what && (wangge.kindName(self, "posts", what) !== what ? wangge.kindName(self, "posts", what) : wangge.kindName(self, "functions", what));
    const words = self.say("gap." + kind);
    return about && about !== kind ? self.say("gaps.about", { kind: words, what: about }) : words;
  };

  /** How large it is: the figure, its unit, and what it is held against. */
  wangge.gapSize = function (self, { measure, limit, unit }) {
    if (measure === null) return "";
    const figure = self.number(measure, Number.isInteger(measure) ? 0 : 1);
    const words = self.words["unit." + unit] || unit || "";
    return limit === null ? `${figure} ${words}` : `${figure} / ${self.number(limit)} ${words}`;
  };

  function makePanel(map, self) {
    const { gaps } = self;
    const root = wangge.element("aside", "wangge-gaps", null, map.getContainer());
    root.setAttribute("aria-label", self.say("gaps"));
    wangge.shield(root);
    const opener = wangge.button("wangge-gaps-opener", null, map.getContainer(), () => {
      show(true);
      panel.focus();
    });
    wangge.shield(opener);
    opener.append(wangge.symbol("gap.other", { size: 20 }), `${self.say("gaps.show")} ${self.number(gaps.total)}`);
    const head = wangge.element("header", "wangge-gaps-head", null, root);
    wangge.element("h2", "", self.say("gaps"), head);
    const count = wangge.element("p", "wangge-note wangge-gaps-count", null, head);
    const close = wangge.button("wangge-close", "×", head, () => {
      show(false);
      opener.focus();
    });
    close.setAttribute("aria-label", self.say("gaps.hide"));
    addFilters(map, self, root);
    const list = wangge.element("ol", "wangge-gap-list", null, root);
    const rowOf = new Map();
    const addRows = (from) => {
      list.querySelectorAll(".wangge-gap-more").forEach((old) => old.remove());
      gaps.found.slice(from, from + AT_ONCE).forEach((gap, place) => rowOf.set(from + place, addRow(self, list, gap, from + place)));
      const left = gaps.found.length - from - AT_ONCE;
      if (left > 0) addMore(self, list, left, () => addRows(from + AT_ONCE));
    };
    const show = (open) => {
      gaps.open = open;
      root.hidden = !open;
      opener.hidden = open;
      map.getContainer().classList.toggle("wangge-has-gaps", open);
      map.fire("wangge:symbols");
    };
    const panel = (gaps.panel = {
      root,
      show,
      fill() {
        list.replaceChildren();
        list.scrollTop = 0;
        rowOf.clear();
        count.textContent = `${self.say("gaps.count", { n: self.number(gaps.found.length) })} · ${self.say("gaps.ranked")}`;
        if (!gaps.found.length) wangge.element("li", "wangge-note", self.say("gaps.none"), list);
        else addRows(0);
      },
      mark() {
        for (const [place, row] of rowOf) row.classList.toggle("wangge-now", place === gaps.chosen);
        const row = rowOf.get(gaps.chosen);
        if (row) row.scrollIntoView({ block: "nearest" });
      },
      focus() {
        const row = rowOf.get(gaps.last || 0);
        (row ? row.firstChild : close).focus();
      },
    });
    return panel;
  }

  function addMore(self, list, left, more) {
    const item = wangge.element("li", "wangge-gap-more", null, list);
    wangge.button("wangge-link", self.say("gaps.more", { n: Math.min(left, AT_ONCE) }), item, more);
  }

  function addRow(self, list, gap, place) {
    const item = wangge.element("li", "wangge-gap", null, list);
    item.dataset.kind = gap.kind;
    const button = wangge.button("wangge-gap-button", null, item, () => {
      self.gaps.last = place;
      self.gaps.go(place);
    });
    wangge.element("span", "wangge-gap-rank", place + 1, button);
    button.append(wangge.symbol("gap." + gap.kind, { size: 24 }));
    const words = wangge.element("span", "wangge-gap-words", null, button);
    wangge.element("strong", "", wangge.gapTitle(self, gap), words);
    wangge.element("span", "wangge-gap-where", where(self, gap), words);
    const size = wangge.element("span", "wangge-gap-people", null, button);
    wangge.element("strong", "", self.number(gap.people), size);
    wangge.element("span", "", self.say("population.unit"), size);
    return item;
  }

  /** What lacks it, and in which grids. */
  function where(self, { grid_code: code, name }) {
    const grid = self.grids.byCode.get(code);
    const parent = grid && self.grids.byCode.get(grid.parent);
    const held = grid ? (parent && !grid.name.startsWith(parent.name) ? `${parent.name} ${grid.name}` : grid.name) : code || "";
    return name && name !== (grid && grid.name) ? `${name} · ${held}` : held;
  }

  function addFilters(map, self, root) {
    const { gaps } = self;
    const box = wangge.element("div", "wangge-gaps-filters", null, root);
    const counts = new Map();
    for (const { kind } of gaps.rows) counts.set(kind, (counts.get(kind) || 0) + 1);
    const kinds = [["", self.say("gaps.all_kinds")], ...[...counts].map(([kind, n]) => [kind, `${self.say("gap." + kind)} (${self.number(n)})`])];
    addSelect(self, box, "gaps.kind", kinds, (value) => {
      gaps.filter.kind = value;
      gaps.refilter();
    });
    const least = AT_LEAST.map((n) => [n, n ? `≥ ${self.say("gaps.at_least_n", { n: self.number(n) })}` : self.say("gaps.anybody")]);
    addSelect(self, box, "gaps.at_least", least, (value) => {
      gaps.filter.least = Number(value);
      gaps.refilter();
    });
  }

  function addSelect(self, box, key, values, chosen) {
    const select = wangge.element("select", "wangge-select", null, box);
    select.setAttribute("aria-label", self.say(key));
    select.dataset.filter = key;
    for (const [value, text] of values) wangge.element("option", "", text, select).value = value;
    select.addEventListener("change", () => chosen(select.value));
  }
})();

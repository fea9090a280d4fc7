/* The map on a sheet of A4 or A3: what is in view, with title, legend, scale, notice and source. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.paper) return;

  const PAPERS = [["A4", "landscape"], ["A4", "portrait"], ["A3", "landscape"], ["A3", "portrait"]];
  const LONGEST_WAIT = 8000;

  /** options: zone, moment, notice, source. */
  wangge.paper = function (options) {
    return wangge.part(function (map, self) {
      addButton(map, self, (paper) => print(map, self, options, paper));
      // The browser's own command prints the sheet, too, though it cannot wait for tiles that are not here yet.
      window.addEventListener("beforeprint", () => {
        if (!self.sheet) lay(map, self, options, PAPERS[0]);
      });
      window.addEventListener("afterprint", () => clear(map, self));
    });
  };

  function addButton(map, self, chosen) {
    const bar = map.getContainer().querySelector(".wangge-zoom");
    const menu = wangge.element("div", "wangge-papers", null, map.getContainer());
    menu.hidden = true;
    menu.setAttribute("role", "group");
    menu.setAttribute("aria-label", self.say("print.choose"));
    wangge.shield(menu);
    const button = wangge.button("wangge-zoom-button wangge-print", null, bar, () => {
      menu.hidden = !menu.hidden;
      button.setAttribute("aria-expanded", String(!menu.hidden));
      if (!menu.hidden) menu.querySelector("button").focus();
    });
    button.append(drawing("0 0 24 24", "M7 9V4h10v5M7 17H4.5V9h15v8H17M7 14h10v6H7z"));
    button.title = self.say("print");
    button.setAttribute("aria-label", self.say("print"));
    button.setAttribute("aria-expanded", "false");
    const close = () => {
      menu.hidden = true;
      button.setAttribute("aria-expanded", "false");
    };
    wangge.element("h3", "", self.say("print.choose"), menu);
    for (const paper of PAPERS) {
      const text = `${paper[0]} ${self.say("print." + paper[1])}`;
      wangge.button("wangge-link", text, menu, () => {
        close();
        chosen(paper);
      }).dataset.paper = paper.join("-");
    }
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
      button.focus();
    });
    map.on("click", close);
  }

  function drawing(viewBox, d) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", viewBox);
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
    return svg;
  }

  async function print(map, self, options, paper) {
    lay(map, self, options, paper);
    await drawn(map);
    window.print();
  }

  /** Lay the sheet out: the map takes the paper's size and shows at least what it showed. */
  function lay(map, self, options, paper) {
    const container = map.getContainer();
    const view = clearView(map, self);
    wangge.theme.show("day"); // before the legend is copied: its colours are those of the sheet
    const look = `wangge-paper-${paper.join("-").toLowerCase()}`;
    document.documentElement.classList.add("wangge-on-paper", look);
    const size = new CSSStyleSheet();
    size.replaceSync(`@page { size: ${paper.join(" ")}; margin: 8mm; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, size];
    self.sheet = {
      look,
      size,
      back: { centre: map.getCenter(), zoom: map.getZoom(), snap: map.options.zoomSnap },
      parts: [head(self, options, container), side(map, self, container), foot(self, options, container), north(self, container)],
    };
    map.options.zoomSnap = 0.1;
    map.invalidateSize({ animate: false, pan: false });
    const fit = () => {
      const clear = padding(container, self.sheet.parts);
      container.style.setProperty("--sheet-below", `${clear.paddingBottomRight[1]}px`); // where the scale stands
      map.fitBounds(view, { ...clear, animate: false });
    };
    fit();
    if (self.gaps) {
      wangge.gapKinds(map, self, self.sheet.parts[1]); // their symbols show from a scale on: that of the sheet
      fit();
    }
    shrink(self.sheet.parts[1]);
    map.fire("wangge:symbols");
    map.fire("wangge:sheet");
  }

  /** The part of the map panels leave free; the zone without the margins round it where all of it is in there. */
  function clearView(map, self) {
    const { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] } = self.room();
    const { x, y } = map.getSize();
    const free = L.latLngBounds(map.containerPointToLatLng([left, y - bottom]), map.containerPointToLatLng([x - right, top]));
    return free.pad(0.02).contains(self.bounds) ? self.bounds : free;
  }

  /** How much of the sheet title, legend and imprint take. */
  function padding(container, [head, side, foot]) {
    const beside = side.offsetHeight > container.offsetHeight / 2;
    return {
      paddingTopLeft: [8, head.offsetHeight + 8],
      paddingBottomRight: [beside ? side.offsetWidth + 8 : 8, foot.offsetHeight + (beside ? 0 : side.offsetHeight) + 8],
    };
  }

  function head(self, options, container) {
    const box = wangge.element("header", "wangge-sheet-head", null, container);
    const measure = self.say(self.state.measure);
    const level = self.grids.byLevel.get(self.state.level);
    wangge.element("h1", "", [options.zone, self.title].filter(Boolean).join(" · "), box);
    wangge.element("p", "wangge-sheet-measure", [measure, level && level.label].filter(Boolean).join(" · "), box);
    wangge.element("p", "wangge-sheet-moment", options.moment && self.say("print.as_of", { when: options.moment }), box);
    return box;
  }

  /** An arrow that points north, as maps on paper have it. */
  function north(self, container) {
    const box = wangge.element("p", "wangge-sheet-north", self.say("print.north"), container);
    box.prepend(drawing("0 0 20 30", "M10 1 19 29 10 22 1 29z"));
    return box;
  }

  /** Legends that are longer than the sheet is high become smaller. */
  function shrink(side) {
    const room = side.clientHeight / side.scrollHeight;
    if (room < 1) for (const part of side.children) part.style.zoom = Math.max(0.6, 0.97 * room);
  }

  /** The legends as they stand in the panel. */
  function side(map, self, container) {
    const box = wangge.element("section", "wangge-sheet-side", null, container);
    for (const part of [self.panel.legend, self.panel.kinds, self.panel.heat]) {
      if (part && !part.hidden) box.append(part.cloneNode(true));
    }
    return box;
  }

  function foot(self, options, container) {
    const box = wangge.element("footer", "wangge-sheet-foot", null, container);
    const now = new Intl.DateTimeFormat(self.lang === "zh" ? "zh-CN" : "en", { dateStyle: "long", timeStyle: "short" });
    const words = [options.notice, options.source, self.say("print.printed", { when: now.format(new Date()) })];
    for (const text of words) if (text) wangge.element("span", "", text, box);
    return box;
  }

  /** Wait until every tile is there and labels are placed. */
  async function drawn(map) {
    const until = Date.now() + LONGEST_WAIT;
    const loading = () => {
      let busy = false;
      map.eachLayer((layer) => (busy = busy || Boolean(layer.isLoading && layer.isLoading())));
      return busy;
    };
    do await new Promise((done) => setTimeout(done, 150));
    while (loading() && Date.now() < until);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }

  function clear(map, self) {
    const { sheet } = self;
    if (!sheet) return;
    self.sheet = null;
    document.documentElement.classList.remove("wangge-on-paper", sheet.look);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet.size);
    for (const part of sheet.parts) part.remove();
    wangge.theme.follow();
    map.options.zoomSnap = sheet.back.snap;
    map.invalidateSize({ animate: false, pan: false });
    map.setView(sheet.back.centre, sheet.back.zoom, { animate: false });
  }
})();

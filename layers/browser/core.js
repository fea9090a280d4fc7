/* The map, its state and small helpers. Text only ever reaches the page as text nodes. */
(function () {
  "use strict";
  const wangge = (window.wangge = window.wangge || {});
  if (wangge.map) return;

  /** Make an element; text is never markup. */
  wangge.element = function (tag, className, text, parent) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined && text !== null) made.textContent = String(text);
    if (parent) parent.appendChild(made);
    return made;
  };

  wangge.button = function (className, text, parent, onClick) {
    const made = wangge.element("button", className, text, parent);
    made.type = "button";
    made.addEventListener("click", onClick);
    return made;
  };

  /** Keep what happens on a panel from the map below; also when the panel redraws under the pointer. */
  wangge.shield = function (element) {
    L.DomEvent.disableClickPropagation(element);
    L.DomEvent.disableScrollPropagation(element);
    element.addEventListener("click", (event) => event.stopPropagation());
  };

  /** A layer or control that only needs to know its map. */
  wangge.part = function (onAdd) {
    return {
      addTo(map) {
        onAdd(map, map.wangge);
        return this;
      },
    };
  };

  /** A switch that shows or hides a layer. */
  wangge.toggle = function (map, key, label, layer) {
    return {
      key,
      label,
      get: () => map.hasLayer(layer),
      set: (on) => (on ? map.addLayer(layer) : map.removeLayer(layer)),
    };
  };

  /** The name of a kind in the zone's own list. */
  wangge.kindName = (self, list, kind) => (self.kindNames[list] || {})[kind] || kind;

  const PANES = {
    "wangge-pictures": 150,
    "wangge-land": 200,
    "wangge-fill": 300,
    "wangge-lines": 320,
    "wangge-buildings": 340,
    "wangge-veil": 350,
    "wangge-heat": 360,
    "wangge-border-3": 410,
    "wangge-border-2": 420,
    "wangge-border-1": 430,
    "wangge-chosen": 440,
    "wangge-names": 450,
    "wangge-labels": 500,
  };

  wangge.map = function (id, options) {
    const map = L.map(id, {
      zoomControl: false,
      attributionControl: false,
      zoomSnap: 0.5,
      zoomDelta: 1,
      wheelPxPerZoomLevel: 90,
      minZoom: 3,
      maxZoom: 19,
    });
    for (const [name, zIndex] of Object.entries(PANES)) {
      map.createPane(name).style.zIndex = zIndex;
    }
    const self = (map.wangge = {
      lang: options.lang,
      words: options.words,
      kindNames: options.names, // the zone's own names of kinds, by list and code
      title: options.title,
      bounds: L.latLngBounds(options.bounds),
      state: { ...options.state, chosen: null, at: null }, // chosen: code of a grid; at: place clicked
      grids: null, // set by grids.js
      classes: null, // set by choropleth.js
      toggles: [], // {key, label, get, set}: what can be shown or hidden
    });
    self.say = (key, values) =>
      (self.words[key] || key).replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));
    self.number = function (value, decimals) {
      if (value === null || value === undefined) return "–";
      const places = { minimumFractionDigits: decimals || 0, maximumFractionDigits: decimals || 0 };
      return new Intl.NumberFormat(self.lang === "zh" ? "zh-CN" : "en", places).format(value);
    };
    /** Change the state; whoever shows it listens to "wangge:state". */
    self.set = function (change) {
      Object.assign(self.state, change);
      map.fire("wangge:state", { change });
    };
    self.panel = makePanel(map, self);
    self.room = () => room(map, self);
    self.whole = function (animate) {
      map.fitBounds(self.bounds, { ...self.room(), animate: animate === true });
    };
    self.whole(false);
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    L.control.attribution({ prefix: false, position: "bottomright" }).addTo(map);
    addZoom(map, self);
    if (options.keepState) keepStateInAddress(map, self);
    fadeByZoom(map);
    map.getContainer().wanggeMap = map;
    return map;
  };

  // The closer the view, the more of the ground shows through the grids' colours.
  const FILL = [[13.5, 0.84], [14.5, 0.72], [15.5, 0.55], [16.5, 0.4], [Infinity, 0.28]];
  const LINES = [[13.5, 0.45], [14.5, 0.55], [15.5, 0.8], [Infinity, 1]];

  function fadeByZoom(map) {
    const at = (steps) => steps.find(([zoom]) => map.getZoom() <= zoom)[1];
    const fade = () => {
      map.getPane("wangge-fill").style.opacity = at(FILL);
      map.getPane("wangge-lines").style.opacity = at(LINES);
    };
    map.on("zoomend", fade);
    fade();
  }

  /** How much of the map the panel covers, so that what is framed stands beside or above it. */
  function room(map, self) {
    const size = map.getSize();
    const card = map.getContainer().querySelector(".wangge-card:not([hidden])");
    if (size.x < 700) return { paddingTopLeft: [16, 70], paddingBottomRight: [16, card ? card.offsetHeight + 24 : 70] };
    return {
      paddingTopLeft: [self.panel.root.offsetWidth + 32, 20],
      paddingBottomRight: [card ? card.offsetWidth + 40 : 24, 20],
    };
  }

  function makePanel(map, self) {
    const root = wangge.element("aside", "wangge-panel", null, map.getContainer());
    wangge.shield(root);
    const search = wangge.element("div", "wangge-panel-search", null, map.getContainer());
    wangge.shield(search);
    const handle = wangge.button("wangge-panel-handle", self.say("panel"), root, () => {
      const open = root.classList.toggle("wangge-open");
      handle.setAttribute("aria-expanded", String(open));
    });
    handle.setAttribute("aria-expanded", "false");
    const body = wangge.element("div", "wangge-panel-body", null, root);
    wangge.element("h2", "wangge-title", self.title, body);
    const section = (name) => wangge.element("section", "wangge-" + name, null, body);
    return {
      root,
      search,
      choices: section("choices"),
      legend: section("legend"),
      heat: section("heat"),
      toggles: section("toggles"),
    };
  }

  function addZoom(map, self) {
    const bar = wangge.element("div", "wangge-zoom", null, map.getContainer());
    wangge.shield(bar);
    const add = (text, key, act) => {
      const made = wangge.button("wangge-zoom-button", text, bar, act);
      made.title = self.say(key);
      made.setAttribute("aria-label", self.say(key));
    };
    add("+", "zoom_in", () => map.zoomIn());
    add("−", "zoom_out", () => map.zoomOut());
    add("⤢", "whole_zone", () => self.whole(true));
  }

  function keepStateInAddress(map, self) {
    map.on("wangge:state", () => {
      const address = new URL(window.location.href);
      address.searchParams.set("level", self.state.level);
      address.searchParams.set("measure", self.state.measure);
      window.history.replaceState(null, "", address);
      document.dispatchEvent(new CustomEvent("wangge:state", { detail: { ...self.state } }));
    });
  }
})();

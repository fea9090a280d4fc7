/* Polygons of every level: borders crisp by level, hover, choice by click. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.grids) return;

  // Heavier borders for coarser levels; a casing in the colour of the ground lifts them off any fill. Colours: map.css.
  const BORDERS = {
    1: { weight: 3.2, casing: 7 },
    2: { weight: 1.8, casing: 4 },
    3: { weight: 0.9, casing: 1 },
  };
  // Borders grow with the zoom: below which zoom, by which factor. On a phone the whole zone is some 300 pixels wide.
  const NEAR = [[11, 0.5], [12, 0.7], [14.5, 1], [16, 1.4], [Infinity, 1.9]];
  const shape = { smoothFactor: 0, noClip: true, bubblingMouseEvents: false };

  wangge.grids = function (options) {
    return wangge.part(function (map, self) {
      const store = (self.grids = read(options));
      self.measures = options.measures;
      self.facts = options.facts;
      self.decimals = Object.fromEntries([...options.facts, ...options.measures].map((m) => [m.key, m.decimals]));
      if (store.levels.length && !store.byLevel.has(self.state.level)) self.state.level = store.levels.at(-1).level;
      if (store.levels.length) addVeil(map, store.levels[0]);
      for (const level of store.levels) addBorders(map, self, level);
      const fill = addFill(map, self);
      const chosen = addChosen(map, self);
      self.choose = function (code, fly, at) {
        self.set({ chosen: code, at: (self.asksPlaces && at) || null });
        if (code && fly) flyTo(map, self, store.byCode.get(code));
        else if (self.state.at) map.panInside(at, self.room()); // the card must not hide what was clicked
      };
      map.on("click", ({ latlng }) => self.choose(null, false, latlng));
      map.on("wangge:state", ({ change }) => {
        if ("level" in change) fill.rebuild();
        if ("level" in change || "measure" in change) fill.paint();
        if ("chosen" in change) chosen.show(change.chosen);
      });
      self.repaint = fill.paint;
      self.labels = wangge.labels(map, self);
    });
  };

  function read(options) {
    wangge.unpack(options);
    const byCode = new Map();
    const byLevel = new Map();
    for (const level of options.levels) {
      byLevel.set(level.level, level);
      for (const feature of level.features.features) {
        byCode.set(feature.id, { ...feature.properties, code: feature.id, level: level.level, feature, children: [] });
      }
    }
    for (const grid of byCode.values()) {
      const parent = byCode.get(grid.parent);
      if (parent) parent.children.push(grid.code);
    }
    return { levels: options.levels, byCode, byLevel };
  }

  function flyTo(map, self, grid) {
    const snap = map.options.zoomSnap;
    map.options.zoomSnap = 1; // names of buildings are sharp at whole zooms
    map.flyToBounds(L.geoJSON(grid.feature).getBounds(), { ...self.room(), maxZoom: 17, duration: 0.6 });
    map.options.zoomSnap = snap;
  }

  /** What lies outside steps back: all the world but the coarsest grids, by the even-odd rule. */
  function addVeil(map, { features }) {
    const rings = features.features.flatMap(({ geometry: { type, coordinates } }) => (type === "MultiPolygon" ? coordinates.flat() : coordinates));
    const world = [[-85, -360], [85, -360], [85, 360], [-85, 360]];
    const holes = rings.map((ring) => ring.map(([lng, lat]) => [lat, lng]));
    const look = { ...shape, pane: "wangge-veil", interactive: false, stroke: false, fillOpacity: 1, className: "wangge-veil" };
    L.polygon([world, ...holes], look).addTo(map);
  }

  function addBorders(map, self, { level, label, features }) {
    const look = BORDERS[Math.min(level, 3)];
    const line = (part) =>
      L.geoJSON(features, {
        pane: "wangge-border-" + Math.min(level, 3),
        interactive: false,
        style: { ...shape, fill: false, lineJoin: "round", className: `wangge-border-${part} wangge-border-level-${Math.min(level, 3)}` },
      });
    const [casing, border] = [line("casing"), line("line")];
    const scale = () => {
      const near = NEAR.find(([zoom]) => map.getZoom() < zoom)[1];
      const cased = near > 1 || look.casing > 1;
      border.setStyle({ weight: look.weight * near });
      casing.setStyle({ weight: cased ? Math.max(look.casing, 2.2) * near : 0, stroke: cased });
    };
    map.on("zoomend", scale);
    scale();
    const group = L.layerGroup([casing, border]).addTo(map);
    self.toggles.push(wangge.toggle(map, "border-" + level, self.say("borders", { level: label }), group));
  }

  function addFill(map, self) {
    let layer = null;
    const tip = L.tooltip({ sticky: true, direction: "top", offset: [0, -8], className: "wangge-tip", opacity: 1 });
    const colored = { on: true };
    const style = (grid) => ({
      ...shape,
      stroke: false,
      fillColor: self.colorOf ? self.colorOf(grid) : wangge.theme.color("--plain-fill"),
      fillOpacity: colored.on ? 1 : 0,
      className: "wangge-grid",
    });
    function rebuild() {
      if (layer) map.removeLayer(layer);
      const level = self.grids.byLevel.get(self.state.level);
      if (!level) return;
      layer = L.geoJSON(level.features, {
        pane: "wangge-fill",
        style: (feature) => style(self.grids.byCode.get(feature.id)),
        onEachFeature: (feature, polygon) => {
          polygon.on("click", ({ latlng }) => self.choose(feature.id, false, latlng));
          polygon.on("add", () => polygon.getElement().setAttribute("data-code", feature.id));
        },
      });
      if (!L.Browser.mobile) layer.bindTooltip((polygon) => hint(self, self.grids.byCode.get(polygon.feature.id)), tip.options);
      layer.on("mouseover", ({ layer: polygon }) => polygon.setStyle({ stroke: true, color: wangge.theme.color("--over"), weight: 3 }).bringToFront());
      layer.on("mouseout", ({ layer: polygon }) => polygon.setStyle({ stroke: false }));
      layer.addTo(map);
    }
    function paint() {
      if (layer) layer.setStyle((feature) => style(self.grids.byCode.get(feature.id)));
    }
    rebuild();
    wangge.theme.watch(paint);
    self.toggles.push({
      key: "fill",
      label: self.say("fill"),
      get: () => colored.on,
      set: (on) => {
        colored.on = on;
        paint();
        map.fire("wangge:fill");
      },
    });
    return { rebuild, paint };
  }

  function hint(self, grid) {
    const box = wangge.element("div", "wangge-hint");
    wangge.element("strong", "", grid.name, box);
    const key = self.state.measure;
    const line = wangge.element("div", "", null, box);
    wangge.element("span", "wangge-hint-value", self.number(grid.values[key], self.decimals[key]), line);
    wangge.element("span", "wangge-hint-unit", " " + self.say(key + ".unit"), line);
    return box;
  }

  function addChosen(map, self) {
    const group = L.layerGroup().addTo(map);
    const line = (feature, part, weight) =>
      L.geoJSON(feature, {
        pane: "wangge-chosen",
        interactive: false,
        style: { ...shape, fill: false, weight, opacity: 1, className: "wangge-chosen-" + part },
      });
    return {
      show(code) {
        group.clearLayers();
        const grid = code && self.grids.byCode.get(code);
        if (!grid) return;
        group.addLayer(line(grid.feature, "casing", 8)).addLayer(line(grid.feature, "line", 4));
      },
    };
  }
})();

/* Ground and buildings from vector tiles, and picture tiles below them. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.tiles) return;

  wangge.tiles = function (options) {
    return wangge.part(function (map, self) {
      const P = window.protomapsL;
      const shared = {
        attribution: "",
        lang: self.lang,
        devicePixelRatio: Math.max(2, window.devicePixelRatio || 1),
        updateWhenZooming: false,
      };
      const layers = new Map();
      if (options.ground) layers.set("ground", addGround(map, options, P, shared));
      layers.set("buildings", addBuildings(map, options, P, shared));
      const names = addNames(map, self, P, shared, layers);
      for (const [key, { layer }] of layers) {
        const toggle = wangge.toggle(map, key, self.say("layer." + key), layer);
        const set = (on) => {
          toggle.set(on);
          names.show(key, on);
        };
        self.toggles.push({ ...toggle, set });
      }
      wangge.theme.watch(() => {
        for (const { painted } of layers.values()) painted.forEach(repaint);
        names.again();
      });
      // A font of ours comes when its letters are first drawn; boxes stand in their place until then.
      document.fonts.addEventListener("loadingdone", names.again);
    });
  };

  /** Paint anew what is in view, from the data that is there. */
  function repaint(layer) {
    if (layer._map) layer.rerenderTiles();
  }

  /** Land below the grids' colours, water and roads above them: both from the same tiles, fetched once. */
  function addGround(map, options, P, shared) {
    const source = { ...shared, url: options.ground, maxDataZoom: options.groundMaxZoom, labelRules: [] };
    const land = P.leafletLayer({ ...source, pane: "wangge-land", paintRules: wangge.ground.land(P) });
    const lines = P.leafletLayer({ ...source, pane: "wangge-lines", paintRules: wangge.ground.lines(P) });
    lines.views = land.views;
    return {
      layer: L.layerGroup([land, lines]).addTo(map),
      painted: [land, lines],
      view: land.views.get(""),
      labels: wangge.ground.groundNames(P),
    };
  }

  function addBuildings(map, options, P, shared) {
    const layer = P.leafletLayer({
      ...shared,
      pane: "wangge-buildings",
      url: options.buildings,
      maxDataZoom: options.buildingsMaxZoom,
      minZoom: 14,
      paintRules: wangge.ground.buildings(P),
      labelRules: [],
    }).addTo(map);
    return { layer, painted: [layer], view: layer.views.get(""), labels: wangge.ground.buildingNames(P) };
  }

  /** All names of the ground and of buildings in one layer above the borders, so that none touches another. */
  function addNames(map, self, P, shared, layers) {
    const obstacles = wangge.obstacles(map, self);
    const rules = [...layers].flatMap(([key, { labels }]) =>
      labels.map((rule) => ({ ...rule, dataSource: key, symbolizer: beside(rule.symbolizer, obstacles) })),
    );
    const names = P.leafletLayer({
      ...shared, pane: "wangge-names", minZoom: 14, sources: {}, paintRules: [], labelRules: rules,
    });
    // Leaflet's own redraw takes the map's zoom as it is; in flight and at half zooms there are no such tiles.
    names.redraw = function () {
      if (this._map) {
        this._removeAllTiles();
        this._resetView();
      }
      return this;
    };
    names.views = new Map([...layers].map(([key, { view }]) => [key, view]));
    names.addTo(map);
    const again = () => {
      names.clearLayout();
      names.redraw();
    };
    obstacles.onChange(again);
    return {
      again,
      show(key, on) {
        for (const rule of rules) if (rule.dataSource === key) rule.visible = on;
        again();
      },
    };
  }

  /** A symbolizer that leaves room for the grids' own labels. */
  function beside(symbolizer, obstacles) {
    return {
      place(layout, geometry, feature) {
        const placed = symbolizer.place(layout, geometry, feature);
        return placed && placed.filter((label) => !label.bboxes.some((box) => obstacles.hit(box, layout.zoom)));
      },
    };
  }

  wangge.pictures = function (options) {
    return wangge.part(function (map, self) {
      const layer = L.tileLayer(options.url, {
        pane: "wangge-pictures",
        attribution: options.attribution,
        maxNativeZoom: options.maxZoom,
        maxZoom: 19,
      }).addTo(map);
      self.toggles.push(wangge.toggle(map, "basemap", self.say("basemap"), layer));
    });
  };
})();

/* Ground and buildings from vector tiles, and picture tiles below them. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.tiles) return;

  const FONT = '"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif';
  const LAND = {
    residential: "#f1ede5", commercial: "#f5eae2", industrial: "#ebe7ee", education: "#f5edd6", public: "#efe9e0",
    park: "#d5e9cf", forest: "#d3e5cd", farmland: "#eff3de", orchard: "#e2edcd", other: "#f0eee8",
  };
  // Kind of road: colour, casing, widths in pixels at zooms 11, 14 and 17.
  const ROADS = {
    expressway: ["#f0b95e", "#bd8222", [1.8, 4.5, 16]],
    trunk: ["#f6d08a", "#cb9a43", [1.5, 4, 15]],
    primary: ["#fae2ad", "#cfb069", [1.2, 3.4, 13]],
    secondary: ["#ffffff", "#bcc3ca", [0.8, 2.6, 11]],
    residential: ["#ffffff", "#ccd1d7", [0, 1.3, 7]],
    other: ["#ffffff", "#d3d7dc", [0, 1, 5]],
    track: ["#f8f3e8", "#d5cdb9", [0, 0.6, 3]],
  };
  const RAILWAY = "#8b8f96";
  const WATER = "#b3d4ea";
  // Kind of building: fill, outline.
  const BUILDINGS = {
    residential: ["#dccfba", "#a39277"], house: ["#e2d7c5", "#ab9c83"], factory: ["#cbc8d6", "#8d89a0"],
    warehouse: ["#d3d0dc", "#9793a8"], school: ["#ecdaa9", "#b0964e"], hospital: ["#efcac7", "#b97c77"],
    office: ["#c8d6e0", "#8096a7"], shop: ["#eccdb5", "#b5855f"], public: ["#c8d6e0", "#8096a7"],
    other: ["#d9d4ca", "#a49d8e"],
  };

  const kindIn = (list) => (feature) => (feature.props.kind in list ? feature.props.kind : "other");
  const roadKind = kindIn(ROADS);
  const buildingKind = kindIn(BUILDINGS);
  const landKind = kindIn(LAND);

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
    });
  };

  /** Land below the grids' colours, water and roads above them: both from the same tiles, fetched once. */
  function addGround(map, options, P, shared) {
    const source = { ...shared, url: options.ground, maxDataZoom: options.groundMaxZoom, labelRules: [] };
    const land = P.leafletLayer({ ...source, pane: "wangge-land", paintRules: landRules(P) });
    const lines = P.leafletLayer({ ...source, pane: "wangge-lines", paintRules: [...waterRules(P), ...roadRules(P)] });
    lines.views = land.views;
    return { layer: L.layerGroup([land, lines]).addTo(map), view: land.views.get(""), labels: groundLabels(P) };
  }

  function addBuildings(map, options, P, shared) {
    const layer = P.leafletLayer({
      ...shared,
      pane: "wangge-buildings",
      url: options.buildings,
      maxDataZoom: options.buildingsMaxZoom,
      minZoom: 14,
      paintRules: buildingRules(P),
      labelRules: [],
    }).addTo(map);
    return { layer, view: layer.views.get(""), labels: buildingLabels(P) };
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

  function landRules(P) {
    const fill = (zoom, feature) => LAND[landKind(feature)];
    return [{ dataLayer: "land_use", symbolizer: new P.PolygonSymbolizer({ fill, perFeature: true }) }];
  }

  function waterRules(P) {
    const width = P.exp(1.4, [[11, 1], [14, 3], [17, 9]]);
    return [
      { dataLayer: "water", symbolizer: new P.PolygonSymbolizer({ fill: WATER }), filter: (z, f) => f.geomType === 3 },
      { dataLayer: "water", symbolizer: new P.LineSymbolizer({ color: WATER, width }), filter: (z, f) => f.geomType === 2 },
    ];
  }

  function roadRules(P) {
    const is = (name) => (zoom, feature) => feature.props.kind !== "railway" && roadKind(feature) === name;
    const width = ([a, b, c], extra) => {
      const inner = P.exp(1.5, [[11, a], [14, b], [17, c]]);
      return (zoom) => inner(zoom) + (inner(zoom) > 0.3 ? extra : 0);
    };
    const rules = railwayRules(P);
    for (const part of ["casing", "inner"]) {
      for (const name of Object.keys(ROADS).reverse()) {
        const [color, casing, widths] = ROADS[name];
        rules.push({
          dataLayer: "roads",
          minzoom: widths[0] ? 0 : 15,
          filter: is(name),
          symbolizer: new P.LineSymbolizer({
            color: part === "casing" ? casing : color,
            width: width(widths, part === "casing" ? 1.4 : 0),
            lineCap: "round",
            lineJoin: "round",
          }),
        });
      }
    }
    return rules;
  }

  function railwayRules(P) {
    const filter = (zoom, feature) => feature.props.kind === "railway";
    const width = P.exp(1.4, [[11, 1.2], [14, 2.4], [17, 5]]);
    const inner = (zoom) => width(zoom) * 0.6;
    return [
      { dataLayer: "roads", filter, symbolizer: new P.LineSymbolizer({ color: RAILWAY, width }) },
      {
        dataLayer: "roads",
        filter,
        symbolizer: new P.LineSymbolizer({
          color: RAILWAY, width: 0, dash: [8, 8], dashColor: "#ffffff", dashWidth: inner, skip: false,
        }),
      },
    ];
  }

  const halo = { stroke: "#ffffff", width: 3 };

  function groundLabels(P) {
    return [
      {
        dataLayer: "water_labels",
        minzoom: 14,
        symbolizer: new P.CenteredTextSymbolizer({ font: `italic 500 13px ${FONT}`, fill: "#2f6f9f", ...halo }),
      },
      {
        dataLayer: "roads",
        minzoom: 15,
        symbolizer: new P.LineLabelSymbolizer({
          font: `500 12px ${FONT}`, fill: "#5b5340", ...halo, position: 2, repeatDistance: 400,
        }),
      },
      {
        dataLayer: "land_use_labels",
        minzoom: 15,
        symbolizer: new P.CenteredTextSymbolizer({ font: `400 12px ${FONT}`, fill: "#5f7355", ...halo }),
      },
    ];
  }

  function buildingRules(P) {
    const pick = (place) => (zoom, feature) => BUILDINGS[buildingKind(feature)][place];
    return [
      {
        dataLayer: "buildings",
        minzoom: 14,
        symbolizer: new P.PolygonSymbolizer({
          fill: pick(0), stroke: pick(1), width: (zoom) => (zoom >= 16 ? 1 : 0.4), opacity: 0.92, perFeature: true,
        }),
      },
    ];
  }

  function buildingLabels(P) {
    return [
      {
        dataLayer: "building_labels",
        minzoom: 17,
        // 3栋 says enough from afar; what has a longer name waits for room.
        filter: (zoom, feature) => zoom >= 18 || feature.props.name.length <= 5,
        symbolizer: new P.CenteredTextSymbolizer({
          labelProps: ["name"], font: (zoom) => `500 ${zoom >= 18 ? 13 : 11}px ${FONT}`, fill: "#3f382c", ...halo,
        }),
      },
    ];
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

/* Ground and buildings from vector tiles, and picture tiles below them. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.tiles) return;

  const FONT = '"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif';
  const LAND = {
    residential: "#f0ece4", industrial: "#e9e4ec", commercial: "#f5e9e2", farmland: "#eef2dc", forest: "#d6e6cf",
    wood: "#d6e6cf", hill: "#dce8d3", park: "#d3e8cd", grass: "#e0edd4", orchard: "#dfebc9", school: "#f3ead3",
    hospital: "#f5e0e0",
  };
  // Road class: [colour, casing, width at zoom 11, 14, 17]
  const ROADS = {
    motorway: ["#f2c572", "#c98f2c", [1.6, 4.5, 16]],
    trunk: ["#f6d48f", "#cfa04a", [1.4, 4, 15]],
    primary: ["#fae3ad", "#d2b46c", [1.1, 3.4, 13]],
    secondary: ["#ffffff", "#bfc5cc", [0.8, 2.6, 11]],
    tertiary: ["#ffffff", "#c9ced4", [0.4, 1.9, 9]],
    residential: ["#ffffff", "#d3d7dc", [0, 1.2, 7]],
    service: ["#ffffff", "#dadde1", [0, 0.7, 4]],
    track: ["#f6f1e7", "#d8d2c4", [0, 0.6, 3]],
  };
  const WATER = "#b5d5ea";
  const BUILDINGS = {
    residential: ["#d9cdbb", "#a89880"], house: ["#ddd2c0", "#ac9c84"], factory: ["#c9c6d4", "#918da3"],
    school: ["#ecd9a6", "#b59a52"], hospital: ["#eec7c4", "#bb7f7a"], commercial: ["#ecc9b0", "#b98762"],
    office: ["#c6d4de", "#8399a9"], public: ["#c6d4de", "#8399a9"],
  };

  const classOf = (feature) => feature.props.class || feature.props.kind;

  wangge.tiles = function (options) {
    return wangge.part(function (map, self) {
      const P = window.protomapsL;
      const dense = Math.max(2, window.devicePixelRatio || 1);
      if (options.ground) addGround(map, self, options, P, dense);
      addBuildings(map, self, options, P, dense);
    });
  };

  function addGround(map, self, options, P, dense) {
    const layer = P.leafletLayer({
      pane: "wangge-ground",
      url: options.ground,
      maxDataZoom: options.groundMaxZoom,
      paintRules: [...landRules(P), ...waterRules(P), ...roadRules(P)],
      labelRules: groundLabels(P),
      backgroundColor: "#f6f4ef",
      attribution: "",
      devicePixelRatio: dense,
      lang: self.lang,
    }).addTo(map);
    self.toggles.push(wangge.toggle ? wangge.toggle(map, "ground", self.say("ground"), layer) : simple(map, self, "ground", layer));
  }

  function addBuildings(map, self, options, P, dense) {
    const layer = P.leafletLayer({
      pane: "wangge-buildings",
      url: options.buildings,
      maxDataZoom: options.buildingsMaxZoom,
      minZoom: 14,
      paintRules: buildingRules(P),
      labelRules: buildingLabels(P),
      attribution: "",
      devicePixelRatio: dense,
      lang: self.lang,
    }).addTo(map);
    self.toggles.push(simple(map, self, "buildings_layer", layer));
  }

  function simple(map, self, key, layer) {
    return {
      key,
      label: self.say(key),
      get: () => map.hasLayer(layer),
      set: (on) => (on ? map.addLayer(layer) : map.removeLayer(layer)),
    };
  }

  function landRules(P) {
    const fill = (zoom, feature) => LAND[classOf(feature)] || "#f0eee8";
    return [{ dataLayer: "land_use", symbolizer: new P.PolygonSymbolizer({ fill, perFeature: true }) }];
  }

  function waterRules(P) {
    const width = P.linear ? P.linear([[11, 1], [14, 3], [17, 9]]) : 2;
    return [
      { dataLayer: "water", symbolizer: new P.PolygonSymbolizer({ fill: WATER }), filter: (z, f) => f.geomType === 3 },
      { dataLayer: "water", symbolizer: new P.LineSymbolizer({ color: WATER, width }), filter: (z, f) => f.geomType === 2 },
    ];
  }

  function roadRules(P) {
    const is = (name) => (zoom, feature) => (classOf(feature) in ROADS ? classOf(feature) : "residential") === name;
    const width = ([a, b, c], extra) => {
      const inner = P.exp(1.5, [[11, a], [14, b], [17, c]]);
      return (zoom) => inner(zoom) + (inner(zoom) > 0.3 ? extra : 0);
    };
    const rules = [];
    for (const part of ["casing", "inner"]) {
      for (const name of Object.keys(ROADS).reverse()) {
        const [color, casing, widths] = ROADS[name];
        rules.push({
          dataLayer: "roads",
          minzoom: widths[0] ? 0 : 13,
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

  const halo = { stroke: "#ffffff", width: 3 };

  function groundLabels(P) {
    return [
      {
        dataLayer: "water_labels",
        minzoom: 12,
        symbolizer: new P.CenteredTextSymbolizer({ font: `italic 500 13px ${FONT}`, fill: "#2f6f9f", ...halo }),
      },
      {
        dataLayer: "roads",
        minzoom: 14,
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
    const pick = (place) => (zoom, feature) => (BUILDINGS[classOf(feature)] || ["#d8d2c8", "#a69e90"])[place];
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
      self.toggles.push(simple(map, self, "basemap", layer));
    });
  };
})();

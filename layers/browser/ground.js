/* What the ground looks like and what is written on it: colours from theme.css, detail by zoom. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.ground) return;

  const LAND = ["residential", "commercial", "industrial", "education", "public", "park", "forest", "farmland", "orchard", "other"];
  const BUILDINGS = ["residential", "house", "factory", "warehouse", "school", "hospital", "office", "shop", "public", "other"];
  // Kind of road, the most important last, so that it lies on top: widths in pixels at zooms 11, 14 and 17; drawn from
  // and named from which zoom. Small roads would only be noise on a map of the whole zone.
  const ROADS = {
    track: { widths: [0, 0.3, 3], from: 15, named: 17 },
    other: { widths: [0, 0.5, 5], from: 15, named: 17 },
    residential: { widths: [0, 0.7, 7], from: 14, named: 16 },
    secondary: { widths: [0.5, 2.4, 11], from: 13, named: 15 },
    primary: { widths: [1.1, 3.4, 13], from: 0, named: 14 },
    trunk: { widths: [1.4, 4, 15], from: 0, named: 14 },
    expressway: { widths: [1.7, 4.5, 16], from: 0, named: 14 },
  };

  /** A colour of theme.css, looked up when something is painted. */
  const color = (name) => () => wangge.theme.color("--" + name);
  const byKind = (prefix, kinds, suffix) => (zoom, { props }) =>
    wangge.theme.color(`--${prefix}-${kinds.includes(props.kind) ? props.kind : "other"}${suffix || ""}`);
  const isRoad = (name) => (zoom, { props }) =>
    props.kind === name || (name === "other" && !(props.kind in ROADS) && props.kind !== "railway");

  /** Paint rules of protomaps-leaflet by what they paint, and label rules of the ground and of buildings. */
  wangge.ground = {
    land: (P) => [
      { dataLayer: "land_use", symbolizer: new P.PolygonSymbolizer({ fill: byKind("land", LAND), perFeature: true }) },
    ],
    lines: (P) => [...water(P), ...railways(P), ...roads(P, "edge", 1.4), ...roads(P, "", 0)],
    buildings: (P) => [
      {
        dataLayer: "buildings",
        minzoom: 14,
        symbolizer: new P.PolygonSymbolizer({
          fill: byKind("building", BUILDINGS),
          stroke: byKind("building", BUILDINGS, "-edge"),
          width: (zoom) => (zoom >= 17 ? 1 : zoom >= 16 ? 0.8 : 0.4),
          opacity: (zoom) => (zoom >= 16 ? 0.95 : 0.8),
          perFeature: true,
        }),
      },
    ],
    groundNames,
    buildingNames,
  };

  function water(P) {
    const width = P.exp(1.4, [[11, 1], [14, 3], [17, 9]]);
    const fill = color("water");
    return [
      { dataLayer: "water", symbolizer: new P.PolygonSymbolizer({ fill }), filter: (z, f) => f.geomType === 3 },
      { dataLayer: "water", symbolizer: new P.LineSymbolizer({ color: fill, width }), filter: (z, f) => f.geomType === 2 },
    ];
  }

  /** The same line twice, the edges of all roads first, so that crossings are open. */
  function roads(P, part, extra) {
    return Object.entries(ROADS).map(([name, { widths: [far, middle, near], from }]) => {
      const inner = P.exp(1.5, [[11, far], [14, middle], [17, near]]);
      return {
        dataLayer: "roads",
        minzoom: from,
        filter: isRoad(name),
        symbolizer: new P.LineSymbolizer({
          color: color(`road-${name}${part && "-" + part}`),
          width: (zoom) => inner(zoom) + Math.min(extra, inner(zoom)),
          lineCap: "round",
          lineJoin: "round",
        }),
      };
    });
  }

  /** Dark and light in turn, as on paper maps. */
  function railways(P) {
    const filter = (zoom, { props }) => props.kind === "railway";
    const width = P.exp(1.4, [[11, 1.4], [14, 2.6], [17, 5]]);
    const rule = (look) => ({ dataLayer: "roads", filter, symbolizer: new P.LineSymbolizer(look) });
    return [
      rule({ color: color("railway"), width }),
      rule({ color: color("railway-gap"), width: (zoom) => width(zoom) * 0.55, dash: [7, 7] }),
    ];
  }

  /** Letters with a halo in the colour of the ground. */
  const letters = (ink, weight, size, { style, halo } = {}) => ({
    font: (zoom) => `${style || ""} ${weight} ${typeof size === "function" ? size(zoom) : size}px ${wangge.theme.color("--font")}`.trim(),
    fill: color("name-" + ink),
    stroke: color("halo"),
    width: halo || 3,
  });

  /** Important names first: what is placed first keeps its place. */
  function groundNames(P) {
    const road = ([name, { named }]) => ({
      dataLayer: "roads",
      minzoom: named,
      filter: isRoad(name),
      symbolizer: new P.LineLabelSymbolizer({
        ...letters("road", named <= 14 ? 600 : 500, (zoom) => (zoom >= 17 || named <= 14 ? 12.5 : 11.5), { halo: 4 }), position: 2, repeatDistance: 420,
      }),
    });
    return [
      { dataLayer: "water_labels", minzoom: 14, symbolizer: new P.CenteredTextSymbolizer(letters("water", 500, 13, { style: "italic" })) },
      ...Object.entries(ROADS).reverse().map(road),
      { dataLayer: "land_use_labels", minzoom: 15, symbolizer: new P.CenteredTextSymbolizer(letters("land", 500, 12)) },
    ];
  }

  function buildingNames(P) {
    return [
      {
        dataLayer: "building_labels",
        minzoom: 17,
        // 3栋 says enough from afar; what has a longer name waits for room.
        filter: (zoom, { props }) => zoom >= 18 || props.name.length <= 5,
        symbolizer: new P.CenteredTextSymbolizer({
          labelProps: ["name"], ...letters("building", 500, (zoom) => (zoom >= 18 ? 13 : 11), { halo: 2.2 }),
        }),
      },
    ];
  }
})();

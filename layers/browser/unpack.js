/* Grids as the page carries them, made into GeoJSON: whole numbers and steps weigh a third of it. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.unpack) return;

  /** Give every feature of every level its geometry, and its figures by name. */
  wangge.unpack = function ({ levels, keys, precision }) {
    for (const { features } of levels) {
      for (const feature of features.features) {
        const { values } = feature.properties;
        feature.properties.values = Object.fromEntries(keys.map((key, place) => [key, values[place]]));
        feature.geometry = { type: "MultiPolygon", coordinates: feature.packed.map((part) => part.map((ring) => walk(ring, precision))) };
        delete feature.packed;
      }
    }
  };

  /** Steps from vertex to vertex into a closed ring of longitude and latitude. */
  function walk(steps, precision) {
    const ring = [];
    let [x, y] = [0, 0];
    for (let place = 0; place < steps.length; place += 2) {
      x += steps[place];
      y += steps[place + 1];
      ring.push([x / precision, y / precision]);
    }
    ring.push(ring[0]);
    return ring;
  }
})();

/* Service sites, teams, party organisations and cameras: symbols, gathered where they would lie on one another. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.places) return;

  const NAMES_FROM_ZOOM = 16;
  const CAMERA_NAMES_FROM_ZOOM = 17.5; // there are many, and they are called after what they look at
  const SIZE = 26;
  const MARGIN = 48;
  const RADIUS = 60; // pixels within which symbols are gathered into one

  /**
   * options.layers: {key, family, url | features, shown}. Features are asked for when a layer is first shown.
   */
  wangge.places = function (options) {
    return wangge.part(function (map, self) {
      map.createPane("wangge-views").style.zIndex = 380;
      map.createPane("wangge-places").style.zIndex = 560;
      self.spot = null; // {layer, feature} of the symbol whose card is open
      const layers = options.layers.map((layer) => (layer.key === "views" ? views(map, self, layer) : points(map, self, layer)));
      for (const layer of layers) self.toggles.push(toggle(map, self, layer));
      const redraw = () => {
        for (const layer of layers) if (layer.on && layer.draw) layer.draw();
        label(map, self, layers);
      };
      self.redrawPlaces = redraw;
      map.on("moveend zoomend resize wangge:gaps", redraw);
      map.on("wangge:state", ({ change }) => {
        if ("chosen" in change && self.spot) openSpot(map, self, null);
        else label(map, self, layers);
      });
      map.on("wangge:toggles", () => wangge.kinds(self, layers));
      map.whenReady(() => layers.filter(({ shown }) => shown).forEach((layer) => show(map, self, layer, true)));
    });
  };

  /** Open the card of a symbol; null closes it. */
  function openSpot(map, self, spot) {
    self.spot = spot;
    self.redrawPlaces();
    map.fire("wangge:place");
    if (spot) map.panInside(at(spot.feature), withMargin(self.room()));
  }

  /** A symbol at the very edge is hard to see. */
  const withMargin = ({ paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] }) => ({
    paddingTopLeft: [left + MARGIN, top + MARGIN],
    paddingBottomRight: [right + MARGIN, bottom + MARGIN],
  });
  wangge.openSpot = openSpot;

  const at = ({ geometry: { coordinates } }) => [coordinates[1], coordinates[0]];

  function toggle(map, self, layer) {
    return {
      key: layer.key,
      label: self.say("places." + layer.key),
      get: () => layer.on,
      set: (on) => show(map, self, layer, on),
      symbol: () => wangge.symbol(layer.family + (layer.key === "views" ? ".panoramic" : "."), { size: 20, direction_deg: 45 }),
    };
  }

  async function show(map, self, layer, on) {
    layer.on = on;
    if (on && !layer.features) {
      wangge.note(map, self, layer.key, self.say("places.loading"));
      try {
        const { features } = await wangge.ask(layer.url);
        layer.features = features.filter(({ geometry }) => geometry);
        layer.unplaced = features.length - layer.features.length;
        wangge.note(map, self, layer.key, null);
      } catch (error) {
        layer.on = false;
        wangge.note(map, self, layer.key, failed(self, layer));
        console.warn(error.message);
      }
    }
    if (layer.features) layer.show(layer.on);
    self.redrawPlaces();
    map.fire("wangge:toggles");
  }

  /** The ground cameras see; that of the camera whose card is open is drawn while the others are hidden, too. */
  function views(map, self, layer) {
    let drawn = null;
    let own = null;
    const draw = (features, extra) => {
      const style = ({ properties: { state } }) => ({
        stroke: true,
        weight: 1,
        className: ["wangge-view", state && state !== "online" && "wangge-view-dark", extra].filter(Boolean).join(" "),
      });
      return L.geoJSON(features, { pane: "wangge-views", interactive: false, style }).addTo(map);
    };
    layer.show = (on) => {
      if (drawn) drawn.remove();
      drawn = on ? draw(layer.features) : null;
    };
    map.on("wangge:place", async () => {
      const { spot } = self;
      if (own) own.remove();
      own = null;
      if (!spot || spot.layer !== "cameras") return;
      try {
        const seen = layer.features || (await askNear(layer.url, spot.feature));
        if (self.spot === spot) own = draw(seen.filter(({ id, geometry }) => id === spot.feature.id && geometry), "wangge-view-chosen");
      } catch (error) {
        wangge.note(map, self, layer.key, failed(self, layer));
        console.warn(error.message);
      }
    });
    return layer;
  }

  /** The ground seen by the cameras of the same grid: a hundredth of them all. */
  async function askNear(url, { properties: { grid_code: grid } }) {
    return (await wangge.ask(url, grid ? { grid } : {})).features;
  }

  const failed = (self, { key }) => self.say("places.failed", { what: self.say("places." + key) });

  /** A layer of points, gathered by zoom. */
  function points(map, self, layer) {
    const markers = new Map();
    let index = null;
    layer.markers = markers;
    layer.show = (on) => {
      if (on && !index) {
        index = new window.Supercluster({ radius: RADIUS, maxZoom: 16, minPoints: 2 });
        index.load(layer.features);
      }
      if (!on) for (const key of [...markers.keys()]) drop(key);
    };
    const drop = (key) => {
      markers.get(key).remove();
      markers.delete(key);
    };
    layer.draw = () => {
      if (!index) return;
      const view = map.getBounds().pad(0.1);
      const box = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
      const found = new Map(index.getClusters(box, Math.floor(map.getZoom())).map((each) => [keyOf(each, self), each]));
      for (const key of [...markers.keys()]) if (!found.has(key)) drop(key);
      for (const [key, each] of found) if (!markers.has(key)) markers.set(key, marker(map, self, layer, index, each));
    };
    return layer;
  }

  /** The same as long as a symbol need not be drawn anew. */
  const keyOf = ({ id, properties }, self) =>
    properties.cluster ? `${properties.cluster_id}/${properties.point_count}` : `${id}${self.spot && self.spot.feature.id === id ? "*" : ""}`;

  function marker(map, self, layer, index, each) {
    const { cluster, point_count: count, cluster_id: id } = each.properties;
    const words = cluster
      ? self.say("places.several", { n: count, name: self.say("places." + layer.key) })
      : self.say("places.titled", { name: each.properties.name, kind: wangge.kindName(self, layer.key, each.properties.kind) });
    const box = wangge.element("div", "wangge-spot");
    const look = cluster ? { count } : each.properties;
    box.append(wangge.symbol(`${layer.family}.${cluster ? "" : each.properties.kind}`, { ...symbolLook(look), size: SIZE }));
    if (!cluster) box.append(wangge.element("span", "wangge-spot-name", each.properties.name));
    box.classList.toggle("wangge-spot-closed", each.properties.open_now === false);
    box.classList.toggle("wangge-spot-chosen", Boolean(self.spot && self.spot.feature.id === each.id));
    const made = L.marker(at(each), {
      pane: "wangge-places",
      icon: L.divIcon({ html: box, className: "wangge-spot-icon", iconSize: [SIZE, SIZE] }),
      bubblingMouseEvents: false,
      riseOnHover: true,
    }).addTo(map);
    made.getElement().title = words;
    made.getElement().setAttribute("aria-label", words);
    made.getElement().dataset.place = cluster ? "" : each.id;
    made.on("click keypress", ({ originalEvent }) => {
      if (originalEvent.type === "keypress" && originalEvent.key !== "Enter") return;
      if (cluster) map.flyTo(at(each), Math.min(index.getClusterExpansionZoom(id), 18), { duration: 0.4 });
      else choose(map, self, layer, each);
    });
    return made;
  }

  const symbolLook = ({ count, direction_deg, angle_deg, state }) => ({ count, direction_deg, angle_deg, state });

  function choose(map, self, layer, feature) {
    self.choose(null);
    openSpot(map, self, { layer: layer.key, family: layer.family, feature });
  }


  /** Names beside symbols where they are near, touch nothing and leave the grids' own names where they stand. */
  function label(map, self, layers) {
    const frame = map.getContainer().getBoundingClientRect();
    const symbols = [...map.getContainer().querySelectorAll(".wangge-spot svg")].map((one) => one.getBoundingClientRect());
    self.symbolFrames = symbols.map((one) => [one.left - frame.left, one.top - frame.top, one.right - frame.left, one.bottom - frame.top]);
    map.fire("wangge:symbols"); // the grids' names are placed anew in the next frame, and these after them
    requestAnimationFrame(() => {
      const grids = [...map.getContainer().querySelectorAll(".wangge-label")].map((one) => one.getBoundingClientRect());
      const taken = [...grids, ...symbols];
      for (const layer of layers.filter(({ on, markers }) => on && markers)) {
        const near = map.getZoom() >= (layer.key === "cameras" ? CAMERA_NAMES_FROM_ZOOM : NAMES_FROM_ZOOM);
        for (const made of layer.markers.values()) name(made.getElement().querySelector(".wangge-spot-name"), near, taken);
      }
    });
  }

  function name(box, near, taken) {
    if (!box) return;
    box.hidden = !near;
    if (!near) return;
    const own = box.getBoundingClientRect();
    box.hidden = taken.some((other) => touches(own, other));
    if (!box.hidden) taken.push(own);
  }

  const touches = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  /** A line below the switches about something that is on its way or went wrong. */
  wangge.note = function (map, self, key, text) {
    self.notes = self.notes || wangge.element("div", "wangge-notes", null, self.panel.toggles.parentElement);
    self.notes.setAttribute("aria-live", "polite");
    const old = self.notes.querySelector(`[data-note="${key}"]`);
    if (old) old.remove();
    if (text) wangge.element("p", "wangge-note", text, self.notes).dataset.note = key;
  };
})();

/* What lies at a place that was clicked: asked of the server, shown by the card, marked on the map. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.place) return;

  wangge.place = function (options) {
    return wangge.part(function (map, self) {
      const pin = L.layerGroup().addTo(map);
      let asked = null;
      self.place = null; // {at, answer, failed} of the place clicked
      self.asksPlaces = true;
      map.on("wangge:state", ({ change }) => {
        if (!("at" in change)) return;
        if (asked) asked.abort();
        pin.clearLayers();
        self.place = change.at ? { at: change.at, answer: null, failed: false } : null;
        if (!change.at) return;
        mark(pin, change.at);
        asked = new AbortController();
        const place = self.place;
        ask(options.url, place, asked.signal).then(() => {
          if (self.place !== place) return;
          map.fire("wangge:place");
          map.panInside(place.at, self.room()); // the card has grown
        });
      });
    });
  };

  function mark(pin, at) {
    const ring = (radius, look) => L.circleMarker(at, { pane: "wangge-chosen", interactive: false, radius, ...look });
    pin.addLayer(ring(9, { weight: 3, fillOpacity: 1, className: "wangge-pin" }));
  }

  async function ask(url, place, signal) {
    try {
      place.answer = await wangge.ask(url, { lon: place.at.lng.toFixed(7), lat: place.at.lat.toFixed(7) }, signal);
    } catch {
      place.failed = !signal.aborted;
    }
  }

  /** The part of a card about the place itself. */
  wangge.describePlace = function (self, card, addLink) {
    const { at, answer, failed } = self.place;
    const list = wangge.element("dl", "wangge-place", null, card);
    list.setAttribute("aria-busy", String(!answer && !failed));
    const row = (key) => {
      const box = wangge.element("div", "wangge-place-row", null, list);
      box.dataset.place = key;
      wangge.element("dt", "", self.say("place." + key), box);
      return wangge.element("dd", "", null, box);
    };
    if (failed) wangge.element("p", "wangge-note", self.say("place.failed"), card);
    else if (!answer) wangge.element("p", "wangge-note", self.say("place.asking"), card);
    else addAnswer(self, answer, row, addLink);
    wangge.element("span", "wangge-place-code", `${at.lng.toFixed(5)}, ${at.lat.toFixed(5)}`, row("coordinates"));
  };

  function addAnswer(self, answer, row, addLink) {
    if (answer.building) addBuilding(row("building"), answer.building);
    else if (answer.nearest_building) {
      addBuilding(row("nearest_building"), answer.nearest_building, away(self, answer.nearest_building));
    } else wangge.element("span", "", self.say("place.no_building"), row("building"));
    if (answer.neighbourhood) wangge.element("strong", "", answer.neighbourhood.name, row("neighbourhood"));
    if (answer.nearest) {
      const cell = row("nearest_grid");
      const grid = self.grids.byCode.get(answer.nearest.code);
      if (grid) addLink(self, cell, grid);
      else wangge.element("strong", "", answer.nearest.name, cell);
      wangge.element("span", "wangge-place-away", away(self, answer.nearest), cell);
    }
  }

  function addBuilding(cell, building, distance) {
    wangge.element("strong", "", building.name || building.address || building.code, cell);
    if (distance) wangge.element("span", "wangge-place-away", distance, cell);
    if (building.name && building.address) wangge.element("div", "wangge-place-address", building.address, cell);
    wangge.element("div", "wangge-place-code", building.code, cell);
  }

  const away = (self, { distance_m: distance }) =>
    distance < 1000
      ? self.say("place.away", { n: self.number(Math.max(1, distance)) })
      : self.say("place.far", { n: self.number(distance / 1000, 1) });
})();

/* Gaps on the map: the first of the list as symbols, gathered where they would lie on one another. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.gapMarks) return;

  const SIZE = 26;
  const FROM_ZOOM = 13.5; // from afar the grids' colours say it better

  wangge.gapMarks = function (map, self) {
    map.createPane("wangge-gaps").style.zIndex = 570;
    const { gaps } = self;
    const drawn = [];
    const state = { on: true };
    let index = null;
    const draw = () => {
      drawn.splice(0).forEach((marker) => marker.remove());
      if (!state.on || !index) {
        map.fire("wangge:gaps");
        return;
      }
      const view = map.getBounds().pad(0.1);
      const box = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
      const near = map.getZoom() >= FROM_ZOOM;
      for (const each of near ? index.getClusters(box, Math.floor(map.getZoom())) : []) {
        if (each.properties.cluster || each.properties.place !== gaps.chosen) drawn.push(mark(map, self, index, each));
      }
      if (gaps.chosen !== null) drawn.push(mark(map, self, index, feature(gaps.found[gaps.chosen], gaps.chosen)));
      map.fire("wangge:gaps");
    };
    map.on("moveend zoomend resize", draw);
    self.toggles.push({
      key: "gaps",
      label: self.say("gaps"),
      get: () => state.on,
      set: (on) => {
        state.on = on;
        draw();
      },
      symbol: () => wangge.symbol("gap.other", { size: 20 }),
    });
    return {
      draw,
      load() {
        index = new window.Supercluster({ radius: 44, maxZoom: 17, minPoints: 2 });
        index.load(gaps.found.map(feature).filter(({ geometry }) => geometry.coordinates[0] !== null));
        draw();
      },
    };
  };

  /** The legend of the gaps' symbols, for paper, where no list stands beside them. */
  wangge.gapKinds = function (map, self, box) {
    const toggle = self.toggles.find(({ key }) => key === "gaps");
    if (!self.gaps || !toggle.get() || map.getZoom() < FROM_ZOOM) return;
    wangge.element("h3", "", self.say("gaps"), box);
    const list = wangge.element("ul", "wangge-kind-list", null, box);
    for (const kind of new Set(self.gaps.found.map((gap) => gap.kind))) {
      const row = wangge.element("li", "wangge-kind", null, list);
      row.append(wangge.symbol("gap." + kind, { size: 20 }));
      wangge.element("span", "", self.say("gap." + kind), row);
    }
  };

  const feature = (gap, place) => ({
    type: "Feature",
    properties: { place },
    geometry: { type: "Point", coordinates: [gap.lon, gap.lat] },
  });

  function mark(map, self, index, each) {
    const { gaps } = self;
    const { cluster, cluster_id: id, point_count: count, place } = each.properties;
    const gap = cluster ? null : gaps.found[place];
    const [lon, lat] = each.geometry.coordinates;
    const box = wangge.element("div", "wangge-spot");
    box.append(wangge.symbol(`gap.${gap ? gap.kind : "other"}`, { size: SIZE, count }));
    box.classList.toggle("wangge-spot-chosen", !cluster && place === gaps.chosen);
    const icon = L.divIcon({ html: box, className: "wangge-spot-icon", iconSize: [SIZE, SIZE] });
    const made = L.marker([lat, lon], { pane: "wangge-gaps", icon, bubblingMouseEvents: false, riseOnHover: true }).addTo(map);
    const words = gap
      ? self.say("gaps.titled", { title: wangge.gapTitle(self, gap), size: self.say("gaps.people", { n: self.number(gap.people) }) })
      : self.say("places.several", { n: count, name: self.say("gaps") });
    made.getElement().title = words;
    made.getElement().setAttribute("aria-label", words);
    made.getElement().dataset.gap = cluster ? "" : place;
    made.on("click keypress", ({ originalEvent }) => {
      if (originalEvent.type === "keypress" && originalEvent.key !== "Enter") return;
      if (!cluster) gaps.go(place);
      else map.flyTo([lat, lon], Math.min(Math.max(index.getClusterExpansionZoom(id), map.getZoom() + 1), 18), { duration: 0.4 });
    });
    return made;
  }
})();

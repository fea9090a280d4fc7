/* The legend: classes in words and numbers, and how many grids have each. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.legend) return;

  wangge.legend = function () {
    return wangge.part(function (map, self) {
      const draw = () => show(self, self.panel.legend);
      map.on("wangge:state wangge:fill", draw);
      wangge.theme.watch(draw);
      draw();
    });
  };

  function show(self, box) {
    box.replaceChildren();
    const classes = self.classesNow && self.classesNow();
    const level = self.grids.byLevel.get(self.state.level);
    const fill = self.toggles.find(({ key }) => key === "fill");
    box.hidden = Boolean(fill && !fill.get()); // colours that are not on the map explain nothing
    if (!classes || !level) {
      wangge.element("p", "wangge-note", self.say("empty"), box);
      return;
    }
    const key = self.state.measure;
    const head = wangge.element("div", "wangge-legend-head", null, box);
    wangge.element("h3", "", self.say(key), head);
    wangge.element("span", "wangge-unit", self.say(key + ".unit"), head);
    const table = wangge.element("table", "wangge-classes", null, box);
    for (const row of [...classes.rows].reverse()) {
      addRow(table, row.color, range(self, row, self.decimals[key]), row.words, self.say("grids_counted", { n: row.count }));
    }
    if (classes.missing) {
      const counted = self.say("grids_counted", { n: classes.missing });
      addRow(table, self.noData, "–", self.say("no_data"), counted).classList.add("wangge-swatch-hatched");
    }
    const total = self.say("grids_total", { n: level.features.features.length });
    wangge.element("p", "wangge-note", `${level.label} · ${total} · ${self.say("scheme")}: ${classes.scheme}`, box);
  }

  function range(self, row, decimals) {
    const low = self.number(row.low, decimals);
    const high = self.number(row.high, decimals);
    return low === high ? low : `${low} – ${high}`;
  }

  function addRow(table, color, numbers, words, count) {
    const row = wangge.element("tr", "", null, table);
    const cell = wangge.element("td", "wangge-swatch-cell", null, row);
    const swatch = wangge.element("span", "wangge-swatch", null, cell);
    swatch.style.backgroundColor = color;
    wangge.element("td", "wangge-class-numbers", numbers, row);
    wangge.element("td", "wangge-class-words", words, row);
    wangge.element("td", "wangge-class-count", count, row);
    return swatch;
  }
})();

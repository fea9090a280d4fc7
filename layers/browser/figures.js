/* The figures of a grid on its card: facts in large, every measure in a list by what it is about. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.figures) return;

  wangge.figures = function (self, card, grid) {
    const known = (key) => grid.values[key] !== null && grid.values[key] !== undefined;
    const large = new Set([self.state.measure, ...self.facts.map(({ key }) => key)].filter((key) => key in grid.values));
    const grouped = self.measures.some(({ group }) => group);
    if (!grouped) for (const { key } of self.measures) large.add(key);
    const list = wangge.element("dl", "wangge-figures", null, card);
    for (const key of large) if (known(key) || key === self.state.measure) addFigure(self, list, grid, key);
    if (grouped) addMeasures(self, card, grid, large);
  };

  const COUNTS = { households: "households", residents: "population", buildings: "buildings", cases: "incidents" };

  /** What a building or neighbourhood holds, asked of the server: nothing is shown to those who may not know. */
  wangge.counts = async function (self, card, address) {
    const list = wangge.element("dl", "wangge-figures", null, card);
    list.setAttribute("aria-busy", "true");
    const answer = await wangge.ask(address).catch(() => null);
    list.setAttribute("aria-busy", "false");
    for (const [name, key] of Object.entries(answer ? COUNTS : {})) {
      if (answer[name] !== null) addFigure(self, list, { values: { [key]: answer[name] } }, key);
    }
  };

  function addFigure(self, list, grid, key) {
    const row = wangge.element("div", "wangge-figure" + (key === self.state.measure ? " wangge-now" : ""), null, list);
    row.dataset.key = key;
    wangge.element("dt", "", self.say(key), row);
    addValue(self, wangge.element("dd", "", null, row), grid, key);
  }

  function addValue(self, cell, grid, key) {
    wangge.element("span", "wangge-figure-value", self.number(grid.values[key], self.decimals[key]), cell);
    wangge.element("span", "wangge-figure-unit", self.say(key + ".unit"), cell);
  }

  /** All other measures, in groups, folded until asked for. */
  function addMeasures(self, card, grid, shown) {
    const more = wangge.element("details", "wangge-more", null, card);
    more.open = self.moreFigures === true;
    more.addEventListener("toggle", () => {
      self.moreFigures = more.open;
    });
    wangge.element("summary", "", self.say("figures.more"), more);
    const lists = new Map();
    for (const { key, group } of self.measures) {
      if (shown.has(key)) continue;
      if (!lists.has(group)) {
        wangge.element("h3", "", self.say("group." + group), more);
        lists.set(group, wangge.element("dl", "wangge-measure-list", null, more));
      }
      const row = wangge.element("div", "wangge-measure", null, lists.get(group));
      row.dataset.key = key;
      wangge.element("dt", "", self.say(key), row);
      addValue(self, wangge.element("dd", "", null, row), grid, key);
    }
  }
})();

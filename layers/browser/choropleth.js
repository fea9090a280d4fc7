/* Fill colours by class. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.choropleth) return;

  wangge.choropleth = function (options) {
    return wangge.part(function (map, self) {
      self.noData = options.noData;
      self.classesNow = () => (options.classes[self.state.level] || {})[self.state.measure];
      self.colorOf = function (grid) {
        const value = grid.values[self.state.measure];
        const classes = self.classesNow();
        if (value === null || value === undefined || !classes) return options.noData;
        return classes.rows.find((row) => value <= row.high).color;
      };
      self.repaint();
    });
  };
})();

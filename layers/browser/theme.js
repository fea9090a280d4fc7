/* Day or night: as chosen and remembered here, else as the system has it. Loaded before anything is drawn. */
(function () {
  "use strict";
  const wangge = (window.wangge = window.wangge || {});
  if (wangge.theme) return;

  const KEY = "wangge-theme";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  let colors = new Map();

  /** "day" or "night" if the reader chose, null if not or if the browser keeps nothing. */
  function chosen() {
    try {
      const kept = window.localStorage.getItem(KEY);
      return kept === "day" || kept === "night" ? kept : null;
    } catch {
      return null; // a sandboxed notebook has no storage
    }
  }

  function keep(theme) {
    try {
      window.localStorage.setItem(KEY, theme);
    } catch (error) {
      console.info("the choice of day or night lasts for this page only:", error.name);
    }
  }

  function show(theme) {
    if (root.dataset.theme === theme) return;
    root.dataset.theme = theme;
    colors = new Map();
    document.dispatchEvent(new CustomEvent("wangge:theme", { detail: theme }));
  }

  const follow = () => show(chosen() || (system.matches ? "night" : "day"));

  wangge.theme = {
    now: () => root.dataset.theme,
    set(theme) {
      keep(theme);
      show(theme);
    },
    /** The value of a custom property of theme.css in the theme in use, as "--water". */
    color(name) {
      if (!colors.has(name)) colors.set(name, getComputedStyle(root).getPropertyValue(name).trim());
      return colors.get(name);
    },
    /** Show a theme without keeping it, as on paper; follow() goes back to what was chosen. */
    show,
    follow,
    /** Call whenever the theme changes; gives back what ends it. */
    watch(listener) {
      const heard = () => listener(root.dataset.theme);
      document.addEventListener("wangge:theme", heard);
      return () => document.removeEventListener("wangge:theme", heard);
    },
  };

  follow();
  system.addEventListener("change", follow);
  window.addEventListener("storage", ({ key }) => key === KEY && follow()); // chosen in another tab
  document.addEventListener("click", ({ target }) => {
    const button = target.closest && target.closest("[data-theme-switch]");
    if (button) wangge.theme.set(root.dataset.theme === "night" ? "day" : "night");
  });
})();

/* Forms and links of a map page follow what is chosen on the map. */
(function () {
  "use strict";
  const KEPT = ["level", "measure"];

  document.addEventListener("wangge:state", ({ detail }) => {
    for (const form of document.querySelectorAll("[data-state-form]")) {
      for (const key of KEPT) field(form, key).value = detail[key];
    }
    for (const link of document.querySelectorAll("a[data-keep]")) {
      const address = new URL(link.href);
      for (const key of KEPT) address.searchParams.set(key, detail[key]);
      link.href = address.pathname + address.search;
    }
  });

  function field(form, name) {
    const found = form.elements.namedItem(name);
    if (found) return found;
    const made = document.createElement("input");
    made.type = "hidden";
    made.name = name;
    form.appendChild(made);
    return made;
  }

  // Days given win over a preset, and nothing empty goes into the address.
  for (const form of document.querySelectorAll("[data-state-form]")) {
    form.addEventListener("submit", () => {
      for (const input of form.querySelectorAll("input, select")) if (!input.value) input.disabled = true;
    });
  }
  const filters = document.getElementById("filters");
  if (filters && window.innerWidth >= 700) filters.open = true;
})();

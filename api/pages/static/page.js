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

  // Days given win over a preset; nothing empty goes into the address, nor the present moment, which moves on.
  for (const form of document.querySelectorAll("[data-state-form]")) {
    form.addEventListener("submit", () => {
      const inputs = [...form.querySelectorAll("input, select")];
      const now = inputs.filter(({ dataset }) => dataset.now);
      const unmoved = now.every(({ value, dataset }) => value === dataset.now) ? now : [];
      for (const input of inputs) if (!input.value || unmoved.includes(input)) input.disabled = true;
    });
  }
  const filters = document.getElementById("filters");
  if (filters && window.innerWidth >= 700) filters.open = true;
})();

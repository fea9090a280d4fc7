/* Tables that sort and are copied by a click; forms that put nothing empty into the address. */
(function () {
  "use strict";

  for (const table of document.querySelectorAll("table[data-sortable]")) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      head.tabIndex = 0;
      head.classList.add("sorts");
      head.setAttribute("aria-sort", "none");
      if (!head.title) head.title = table.dataset.hint;
      head.addEventListener("click", () => sort(table, column));
      head.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        sort(table, column);
      });
    });
    [...table.tBodies[0].rows].forEach((row, number) => { row.dataset.place = number; });
  }

  // Numbers begin with the largest, names with the first; a third click restores the first order.
  function sort(table, column) {
    const heads = [...table.tHead.rows[0].cells];
    const first = column === 0 ? "ascending" : "descending";
    const second = column === 0 ? "descending" : "ascending";
    const next = { none: first, [first]: second, [second]: "none" }[heads[column].getAttribute("aria-sort")];
    for (const head of heads) head.setAttribute("aria-sort", head === heads[column] ? next : "none");
    const rows = [...table.tBodies[0].rows];
    rows.sort((one, other) => (next === "none" ? one.dataset.place - other.dataset.place : compare(one, other, column, next)));
    table.tBodies[0].append(...rows);
  }

  function compare(one, other, column, order) {
    const sign = order === "ascending" ? 1 : -1;
    if (column === 0) return sign * one.cells[0].textContent.localeCompare(other.cells[0].textContent, document.documentElement.lang);
    const [a, b] = [one, other].map((row) => row.cells[column].dataset.sort);
    // What is not known stands last, whichever way.
    if (a === undefined || b === undefined) return (a === undefined) - (b === undefined) || one.dataset.place - other.dataset.place;
    return sign * (a - b) || one.dataset.place - other.dataset.place;
  }

  for (const button of document.querySelectorAll("[data-select]")) {
    button.hidden = false;
    const says = button.textContent;
    button.addEventListener("click", () => {
      getSelection().selectAllChildren(document.getElementById(button.dataset.select));
      // The clipboard's own interface is for https only; this copies on an office network by http, too.
      button.textContent = document.execCommand("copy") ? button.dataset.copied : button.dataset.said;
      setTimeout(() => { button.textContent = says; }, 4000);
    });
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  for (const form of document.querySelectorAll("form[data-tidy]")) {
    form.addEventListener("submit", () => {
      for (const input of form.querySelectorAll("input, select")) if (!input.value) input.disabled = true;
    });
    addEventListener("pageshow", () => {
      for (const input of form.querySelectorAll("input, select")) input.disabled = false;
    });
  }

  if (innerWidth >= 700) for (const each of document.querySelectorAll("details[data-wide-open]")) each.open = true;
})();

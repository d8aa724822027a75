// Electrolytes against electrodes: colour is a reaction energy, the number an interphase class.

const MAP_ROWS = 25;
// Where lightness of the cell makes black or white text the more legible one, in either theme.
const DARK_TURNS = 0.59;
const LIGHT_TURNS = 0.765;

function shortState(state) {
  return { discharged: "disch.", charged: "ch.", "as given": "given" }[state] ?? state;
}

class HeatMap {
  constructor(results, open) {
    this.results = results;
    this.open = open;
    this.page = 0;
    this.rows = [];
    this.sort = { cell: null, descending: false };
    this.menu = byId("map-energy");
    const energies = results.columns.filter((column) => /reaction_energy/.test(column.key));
    this.there = results.kind === "pair" && energies.length > 0 && results.rows > 0;
    byId("map").hidden = !this.there;
    if (!this.there) return;
    const ranked = (column) => (column.key.includes("mutual") ? 0 : 1);
    for (const column of energies.sort((a, b) => ranked(a) - ranked(b))) {
      this.menu.append(element("option", { value: column.key }, `${column.label}, ${column.unit}`));
    }
    this.menu.addEventListener("change", () => this.draw());
    byId("map-body").addEventListener("keydown", (event) => this.move(event));
    this.electrodes = this.allElectrodes();
  }

  state(row) {
    return this.results.value("electrode_state", row) ?? "";
  }

  // Columns never depend on the filters, so that a cell stays where it was.
  allElectrodes() {
    const found = new Map();
    for (let row = 0; row < this.results.rows; row += 1) {
      const name = this.results.text("electrode", row);
      if (!found.has(name)) found.set(name, new Set());
      if (this.state(row)) found.get(name).add(this.state(row));
    }
    for (const states of found.values()) if (!states.size) states.add("");
    return found;
  }

  accept(rows) {
    this.rows = rows;
    this.page = 0;
    if (this.there) this.draw();
  }

  // Strong enough for all but the worst fiftieth; those share the darkest colour.
  scale(key) {
    const energies = this.results.column.get(key).values.filter((value) => value !== null);
    energies.sort((a, b) => a - b);
    const strong = energies[Math.floor(energies.length / 50)] ?? 0;
    const worst = energies[0] ?? 0;
    const unit = 10 ** Math.floor(Math.log10(Math.max(-strong, 0.01)));
    const end = -Math.ceil(Math.max(-strong, 0.01) / unit / 0.5) * unit * 0.5;
    return { end, beyond: worst < end };
  }

  groups() {
    const groups = new Map();
    for (const row of this.rows) {
      const name = this.results.text("electrolyte", row);
      if (!groups.has(name)) groups.set(name, new Map());
      const electrode = this.results.text("electrode", row);
      // A pair that failed before the electrode was looked at failed in all its states.
      for (const state of this.state(row) ? [this.state(row)] : this.electrodes.get(electrode)) {
        const cell = `${electrode}\n${state}`;
        if (!groups.get(name).has(cell)) groups.get(name).set(cell, []);
        groups.get(name).get(cell).push(row);
      }
    }
    return groups;
  }

  // Electrolytes in the order of the table, or by the energies of one column, the worst first.
  lines() {
    const groups = [...this.groups()];
    const { cell, descending } = this.sort;
    if (cell === null) return groups;
    const worst = (cells) => {
      const energies = (cells.get(cell) ?? []).map((row) => this.results.value(this.menu.value, row))
        .filter((value) => value !== null);
      return energies.length ? Math.min(...energies) : null;
    };
    const value = new Map(groups.map(([name, cells]) => [name, worst(cells)]));
    return groups.sort(([a], [b]) => {
      const [x, y] = [value.get(a), value.get(b)];
      if (x === null || y === null) return (x === null) - (y === null);
      return descending ? y - x : x - y;
    });
  }

  sortBy(cell) {
    if (this.sort.cell !== cell) this.sort = { cell, descending: false };
    else if (!this.sort.descending) this.sort = { cell, descending: true };
    else this.sort = { cell: null, descending: false };
    this.page = 0;
    this.draw();
    byId("map-body").querySelector(`th[data-cell="${CSS.escape(cell)}"] button`)?.focus();
  }

  // A heading that sorts.
  sorter(cell, content, attributes) {
    const sorted = this.sort.cell === cell;
    const order = sorted ? (this.sort.descending ? "descending" : "ascending") : "none";
    return element("th", { ...attributes, "aria-sort": order, "data-cell": cell }, element(
      "button",
      { type: "button", class: "sort", click: () => this.sortBy(cell) },
      content,
      element("span", { class: "arrow", "aria-hidden": "true" },
        sorted ? (this.sort.descending ? " \u25bc" : " \u25b2") : ""),
    ));
  }

  draw() {
    const key = this.menu.value;
    const scale = this.scale(key);
    const groups = this.lines();
    const start = this.page * MAP_ROWS;
    const lines = groups.slice(start, start + MAP_ROWS).map(
      ([name, cells]) => this.line(name, cells, key, scale),
    );
    const table = element("table", { class: "map" }, this.head(), element("tbody", {}, lines));
    byId("map-body").replaceChildren(groups.length
      ? table
      : element("p", { class: "notice" }, "No pair passes the filters."));
    const first = table.querySelector("button");
    if (first) first.tabIndex = 0;
    this.drawLegend(key, scale);
    drawPager(byId("map-pager"), {
      page: this.page,
      size: MAP_ROWS,
      count: groups.length,
      noun: "electrolyte",
      turn: (page) => {
        this.page = page;
        this.draw();
      },
    });
  }

  head() {
    const several = [...this.electrodes.values()].some((states) => states.size > 1);
    const heading = (name, states) => {
      const content = formula(name, this.results.elementSymbols);
      const attributes = { colspan: states.size, scope: "colgroup", class: "group" };
      return several
        ? element("th", attributes, content)
        : this.sorter(`${name}\n${[...states][0]}`, content, { ...attributes, scope: "col" });
    };
    const names = element("tr", {},
      element("th", { class: "corner", rowspan: several ? 2 : 1, scope: "col" }, "Electrolyte"),
      [...this.electrodes].map(([name, states]) => heading(name, states)));
    const states = element("tr", {}, [...this.electrodes].flatMap(([name, found]) => (
      [...found].map((state, place) => this.sorter(
        `${name}\n${state}`, shortState(state),
        { scope: "col", class: place ? "state" : "state group", title: `${state}: sort` },
      )))));
    return element("thead", {}, names, several ? states : null);
  }

  line(name, cells, key, scale) {
    const line = element("tr", {}, element("th", { scope: "row" },
      formula(name, this.results.elementSymbols)));
    for (const [electrode, states] of this.electrodes) {
      [...states].forEach((state, place) => {
        const rows = cells.get(`${electrode}\n${state}`);
        const box = element("td", { class: place ? null : "group" });
        if (rows) box.append(this.cell(rows, key, scale));
        line.append(box);
      });
    }
    return line;
  }

  cell(rows, key, scale) {
    const { results } = this;
    // Of rows that share a cell the one with the most negative energy stands for all.
    const energy = (row) => results.value(key, row) ?? Infinity;
    const row = rows.reduce((a, b) => (energy(b) < energy(a) ? b : a));
    const value = results.value(key, row);
    const failure = results.failure(row);
    const grade = results.value("interphase_class", row);
    const { label, unit } = results.column.get(key);
    const said = [
      results.name(row),
      failure !== null ? `failed: ${failure}` : `${label}: ${results.text(key, row)} ${value === null ? "" : unit}`,
      failure === null && results.has("interphase_class")
        ? `class ${grade ?? "unknown"}: ${results.value("interphase_label", row) ?? CLASSES.get(grade) ?? "unknown"}` : null,
      rows.length > 1 ? `${rows.length} rows; the most negative is shown` : null,
    ].filter(Boolean).join("\n");
    const strength = value === null ? 0 : Math.max(0, Math.min(1, value / scale.end));
    const button = element(
      "button",
      {
        type: "button",
        tabindex: -1,
        class: [
          "heat",
          value === null && "unknown",
          strength >= DARK_TURNS && "over-dark",
          strength >= LIGHT_TURNS && "over-light",
        ].filter(Boolean).join(" "),
        title: said,
        "aria-label": said.replaceAll("\n", ", "),
        "data-row": row,
        click: () => this.open(row),
      },
      failure !== null ? "!" : results.has("interphase_class") ? String(grade ?? "?") : number(value ?? 0, 2),
    );
    button.style.setProperty("--strength", `${100 * strength}%`);
    return button;
  }

  drawLegend(key, scale) {
    const bar = element("span", { class: "heat-bar", "aria-hidden": "true" });
    const end = `${scale.beyond ? "\u2264 " : ""}${number(scale.end, 2)}`;
    const { unit } = this.results.column.get(key);
    const classes = this.results.has("interphase_class")
      ? [...CLASSES].filter(([value]) => this.results.column.get("interphase_class").values.includes(value))
        .map(([value, label]) => element("span", { class: "key" }, classMark(value), label))
      : [];
    byId("map-legend").replaceChildren(
      element("span", { class: "key" }, "0", bar, `${end} ${unit}`),
      ...classes,
    );
  }

  // Arrow keys go from cell to cell; Tab leaves the map.
  move(event) {
    const steps = {
      ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0],
    };
    const cell = event.target.closest("td");
    if (!cell || !steps[event.key]) return;
    event.preventDefault();
    const [down, right] = steps[event.key];
    let line = cell.parentElement;
    let place = cell.cellIndex;
    for (;;) {
      place += right;
      line = down > 0 ? line.nextElementSibling : down < 0 ? line.previousElementSibling : line;
      const next = line?.cells[place];
      if (!next || next.tagName !== "TD") return;
      const button = next.querySelector("button");
      if (button) {
        event.target.tabIndex = -1;
        button.tabIndex = 0;
        button.focus();
        return;
      }
    }
  }
}

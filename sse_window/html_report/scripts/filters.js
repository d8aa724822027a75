// Which rows pass, and the controls that say so.

class Filters {
  constructor(results, changed) {
    this.results = results;
    this.changed = changed;
    this.ranges = new Map();
    this.classes = new Set();
    this.lowered = new Map();
    this.search = byId("search");
    this.covers = byId("covers");
    this.status = byId("status");
    this.connect();
  }

  connect() {
    const later = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.apply(), 90);
    };
    this.search.addEventListener("input", later);
    byId("ranges").addEventListener("input", later);
    this.covers.addEventListener("change", () => this.apply());
    this.status.addEventListener("change", () => this.apply());
    byId("reset").addEventListener("click", () => this.reset());
    this.offerElectrodes();
    this.offerStatus();
    this.offerClasses();
    this.offerRanges();
    if (matchMedia("(max-width: 720px)").matches) byId("filters").open = false;
  }

  offerElectrodes() {
    if (!this.results.windows) {
      byId("covers-field").hidden = true;
      return;
    }
    this.covers.append(element("option", { value: "" }, "any electrode"));
    if (this.results.has("voltage_low_V")) {
      this.covers.append(element("option", { value: "own" }, "the electrode of its pair"));
    }
    this.results.electrodes.forEach((electrode, place) => {
      const ion = this.results.ions.length > 1 ? ` (${electrode.ion})` : "";
      const span = electrode.low === electrode.high
        ? `${electrode.low} V`
        : `${electrode.low}\u2013${electrode.high} V`;
      this.covers.append(
        element("option", { value: place }, `${electrode.name}${ion}, ${span}`),
      );
    });
  }

  offerStatus() {
    const failed = this.results.failed();
    byId("status-field").hidden = failed === 0;
    for (const [value, label] of [
      ["", "all rows"],
      ["ok", `computed (${(this.results.rows - failed).toLocaleString("en")})`],
      ["failed", `failed (${failed.toLocaleString("en")})`],
    ]) {
      this.status.append(element("option", { value }, label));
    }
  }

  offerClasses() {
    const column = this.results.column.get("interphase_class");
    byId("classes").hidden = !column;
    if (!column) return;
    const counts = new Map();
    for (const value of column.values) counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const [value, label] of CLASSES) {
      if (!counts.has(value)) continue;
      const box = element("input", {
        type: "checkbox",
        value: String(value),
        change: (event) => {
          if (event.target.checked) this.classes.add(value);
          else this.classes.delete(value);
          this.apply();
        },
      });
      byId("classes").querySelector(".chips").append(element(
        "label",
        { class: "chip" },
        box,
        classMark(value),
        element("span", {}, label),
        element("span", { class: "muted" }, counts.get(value).toLocaleString("en")),
      ));
    }
  }

  offerRanges() {
    const menu = byId("add-range");
    menu.append(element("option", { value: "" }, "Add a range \u2026"));
    for (const column of this.results.columns) {
      if (column.kind !== "number" || column.key === "interphase_class") continue;
      const unit = column.unit ? `, ${column.unit}` : "";
      menu.append(element("option", { value: column.key }, column.label + unit));
    }
    menu.addEventListener("change", () => {
      if (menu.value) this.addRange(menu.value).querySelector("input").focus();
      menu.value = "";
    });
    for (const key of [
      "reduction_potential_V",
      "oxidation_potential_V",
      "e_above_hull_eV_per_atom",
      "chemical_mutual_reaction_energy_eV_per_atom",
      "electrochemical_worst_mutual_reaction_energy_eV_per_nonion_atom",
    ]) {
      if (this.results.has(key) && this.ranges.size < 4) this.addRange(key);
    }
  }

  addRange(key) {
    const there = this.ranges.get(key);
    if (there) return there.node;
    const column = this.results.column.get(key);
    const unit = column.unit ? ` (${column.unit})` : "";
    const bound = (side) => element("input", {
      type: "number",
      step: "any",
      inputmode: "decimal",
      placeholder: side,
      "aria-label": `${column.label}${unit}, ${side}`,
      "data-key": key,
      "data-side": side,
    });
    const range = { column, from: bound("from"), to: bound("to") };
    range.node = element(
      "div",
      { class: "range", role: "group", "aria-label": column.label },
      element("span", { class: "range-name" }, column.label,
        element("span", { class: "muted" }, column.unit ? ` ${column.unit}` : "")),
      range.from,
      element("span", { "aria-hidden": "true" }, "\u2013"),
      range.to,
    );
    this.ranges.set(key, range);
    byId("ranges").append(range.node);
    return range.node;
  }

  reset() {
    this.search.value = this.covers.value = this.status.value = "";
    this.classes.clear();
    for (const box of byId("classes").querySelectorAll("input")) box.checked = false;
    for (const range of this.ranges.values()) range.from.value = range.to.value = "";
    this.apply();
  }

  // The texts of a column in lower case; those that repeat only once.
  texts(column) {
    if (!this.lowered.has(column.key)) {
      const texts = (column.words || column.values).map((text) => (text ?? "").toLowerCase());
      this.lowered.set(column.key, texts);
    }
    return this.lowered.get(column.key);
  }

  holds(word) {
    const found = new Uint8Array(this.results.rows);
    for (const column of this.results.columns) {
      if (!column.searched) continue;
      const hits = this.texts(column).map((text) => text.includes(word));
      for (let row = 0; row < found.length; row += 1) {
        if (column.codes ? hits[column.codes[row]] : hits[row]) found[row] = 1;
      }
    }
    return found;
  }

  tests() {
    const results = this.results;
    const tests = [];
    for (const word of this.search.value.toLowerCase().split(/\s+/).filter(Boolean)) {
      const without = word.length > 1 && word.startsWith("-");
      const found = this.holds(without ? word.slice(1) : word);
      tests.push((row) => Boolean(found[row]) !== without);
    }
    for (const { column, from, to } of this.ranges.values()) {
      const low = from.value === "" ? -Infinity : Number(from.value);
      const high = to.value === "" ? Infinity : Number(to.value);
      if (from.value === "" && to.value === "") continue;
      tests.push((row) => {
        const value = results.comparable(column, row);
        return value !== null && value >= low && value <= high;
      });
    }
    if (this.classes.size) {
      tests.push((row) => this.classes.has(results.value("interphase_class", row)));
    }
    if (this.covers.value !== "") {
      const own = (row) => ({
        ion: results.ion(row),
        low: results.value("voltage_low_V", row) ?? NaN,
        high: results.value("voltage_high_V", row) ?? NaN,
      });
      const chosen = results.electrodes[Number(this.covers.value)];
      const electrodeOf = this.covers.value === "own" ? own : () => chosen;
      tests.push((row) => {
        const window = results.window(row);
        const electrode = electrodeOf(row);
        return window !== null && results.ion(row) === electrode.ion
          && window.low <= electrode.low && window.high >= electrode.high;
      });
    }
    if (this.status.value) {
      const failed = this.status.value === "failed";
      tests.push((row) => (results.failure(row) !== null) === failed);
    }
    return tests;
  }

  apply() {
    const tests = this.tests();
    const passing = [];
    for (let row = 0; row < this.results.rows; row += 1) {
      if (tests.every((test) => test(row))) passing.push(row);
    }
    byId("active-filters").textContent = tests.length ? counted(tests.length, "filter") : "";
    this.changed(passing);
  }
}

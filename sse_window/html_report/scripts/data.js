// The rows, column by column, as they stand in the page.

class Results {
  constructor(data) {
    Object.assign(this, data);
    this.elementSymbols = new Set(data.elements.split(" "));
    this.column = new Map(data.columns.map((column) => [column.key, column]));
    this.windows = this.has("reduction_potential_V") && this.has("oxidation_potential_V");
    this.ions = this.has("working_ion")
      ? [...new Set(this.column.get("working_ion").words || this.column.get("working_ion").values)]
      : ["Li"];
    this.identity = ({
      pair: ["electrolyte", "electrode", "electrode_state"],
      coating: ["coating"],
      stack: ["a", "b", "electrode_state"],
    }[this.kind] ?? ["formula"]).filter((key) => this.has(key));
  }

  has(key) {
    return this.column.has(key);
  }

  value(key, row) {
    const column = this.column.get(key);
    if (!column) return null;
    if (!column.codes) return column.values[row];
    const code = column.codes[row];
    return code < 0 ? null : column.words[code];
  }

  failure(row) {
    return this.failures[row] ?? null;
  }

  failed() {
    return Object.keys(this.failures).length;
  }

  // Null says something: no limit, none, or not known. In a failed row nothing is known.
  missing(column, row) {
    if (this.failure(row) === null) return column.missing;
    return column.key === "message" || column.key === "notes" ? "none" : "unknown";
  }

  // What sorting and ranges compare; a limit that is not there lies beyond all others.
  comparable(column, row) {
    const value = this.value(column.key, row);
    if (value === null && this.missing(column, row) === "no limit") return Infinity;
    return value;
  }

  text(key, row) {
    const column = this.column.get(key);
    const value = this.value(key, row);
    if (value === null) return this.missing(column, row);
    if (column.kind === "number") return number(value, column.digits);
    if (column.kind === "truth") return value ? "yes" : "no";
    return value;
  }

  // Formulas and reactions with subscripts, everything else as it is.
  node(key, row) {
    const column = this.column.get(key);
    const value = this.value(key, row);
    if (value === null) return element("span", { class: "missing" }, this.missing(column, row));
    if (column.kind !== "text") return document.createTextNode(this.text(key, row));
    if (column.chemistry === "formulas") return reaction(value, this.elementSymbols);
    if (column.chemistry === "formula") return formula(value, this.elementSymbols);
    return document.createTextNode(value);
  }

  window(row) {
    const low = this.value("reduction_potential_V", row);
    if (low === null || this.failure(row) !== null) return null;
    const high = this.value("oxidation_potential_V", row);
    return { low, high: high === null ? Infinity : high };
  }

  ion(row) {
    return this.value("working_ion", row) ?? "Li";
  }

  voltageUnit() {
    return this.ions.length === 1
      ? `V vs ${ionLabel(this.ions[0], this.charges)}`
      : "V vs the ion\u2019s metal";
  }

  stepsOf(row) {
    const found = this.steps.sets[this.steps.of_row[row]];
    return typeof found === "string"
      ? { steps: null, reason: found }
      : { steps: found, reason: null };
  }

  name(row) {
    return this.identity.map((key) => this.text(key, row)).join(" | ");
  }
}

const CLASSES = new Map([
  [0, "no reaction"],
  [1, "ion-conducting, electronically insulating"],
  [2, "insulating for ions and electrons"],
  [3, "electronically conducting"],
  [4, "redox-active"],
  [null, "unknown"],
]);

function classMark(value) {
  const known = value !== null && CLASSES.has(value);
  return element(
    "span",
    { class: `class-mark class-${known ? value : "unknown"}`, title: CLASSES.get(known ? value : null) },
    value === null ? "?" : String(value),
  );
}

// Everything about one row: limits, steps, reactions, interphase, provenance.

const BESIDE = "(min-width: 1200px)";

class Panel {
  constructor(results, bars, table) {
    this.results = results;
    this.bars = bars;
    this.table = table;
    this.dialog = byId("panel");
    this.row = null;
    byId("panel-close").addEventListener("click", () => this.close());
    byId("panel-previous").addEventListener("click", () => this.step(-1));
    byId("panel-next").addEventListener("click", () => this.step(1));
    this.dialog.addEventListener("close", () => this.closed());
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog && this.dialog.matches(":modal")) this.close();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.dialog.open && !event.defaultPrevented) this.close();
    });
  }

  open(row) {
    this.row = row;
    this.opener ??= document.activeElement;
    this.draw();
    this.table.select(row);
    if (this.dialog.open) return;
    // Beside the table where there is room, over it where there is not.
    if (matchMedia(BESIDE).matches) {
      document.body.classList.add("beside");
      this.dialog.show();
    } else {
      this.dialog.showModal();
    }
    byId("panel-title").focus();
  }

  close() {
    this.dialog.close();
  }

  closed() {
    document.body.classList.remove("beside");
    const line = byId("table").querySelector(`tr[data-row="${this.row}"] button`);
    (this.opener?.isConnected && this.opener !== document.body ? this.opener : line)?.focus();
    this.opener = null;
    this.table.select(null);
  }

  step(by) {
    const place = this.table.rows.indexOf(this.row) + by;
    if (place < 0 || place >= this.table.rows.length) return;
    this.open(this.table.rows[place]);
    this.table.show(this.row);
  }

  draw() {
    const { results, row } = this;
    byId("panel-title").replaceChildren(...results.identity.flatMap((key, place) => {
      const state = key === "electrode_state";
      const node = state
        ? element("span", { class: "muted" }, ` ${results.text(key, row)}`)
        : results.node(key, row);
      return place && !state ? [" | ", node] : [node];
    }));
    const said = [
      results.kind === "pair" ? this.compositions() : results.value("reduced_formula", row),
      results.kind === "coating" ? `${results.text("electrolyte", row)} | ${results.text("electrode", row)}` : null,
      `ion ${results.ion(row)}`,
      results.value("window_basis", row),
    ].filter(Boolean).join(" \u00b7 ");
    byId("panel-subtitle").replaceChildren(reaction(said, results.elementSymbols));
    const place = this.table.rows.indexOf(row);
    byId("panel-previous").disabled = place <= 0;
    byId("panel-next").disabled = place < 0 || place >= this.table.rows.length - 1;
    byId("panel-body").replaceChildren(...this.sections().filter(Boolean));
    this.dialog.scrollTop = 0;
  }

  compositions() {
    const keys = ["electrolyte_composition", "electrode_composition"];
    return keys.map((key) => this.results.value(key, this.row)).filter(Boolean).join(" | ");
  }

  sections() {
    const failure = this.results.failure(this.row);
    if (failure !== null) {
      return [
        element("p", { class: "notice bad" }, element("strong", {}, "Failed: "), failure),
        this.fields(),
      ];
    }
    return [
      this.figures(),
      this.interphase(),
      this.pairReactions(),
      this.windowReactions(),
      this.steps(),
      this.fields(),
    ];
  }

  figures() {
    const { results, row } = this;
    const keys = [
      "reduction_potential_V",
      "oxidation_potential_V",
      "window_width_V",
      "tolerance_low_V",
      "tolerance_high_V",
      "decomposition_energy_0V_eV_per_atom",
      "e_above_hull_eV_per_atom",
    ].filter((key) => results.has(key));
    const figure = (label, unit, value) => element("div", {},
      element("dt", {}, `${label}, ${unit}`), element("dd", {}, value));
    const figures = keys.map((key) => {
      const { label, unit } = results.column.get(key);
      return figure(label, unit, results.node(key, row));
    });
    const span = this.range();
    if (span) {
      figures.push(figure("Range", "V", `${number(span.low, 2)}\u2013${number(span.high, 2)}`));
    }
    return figures.length ? element("dl", { class: "figures" }, figures) : null;
  }

  // Operating range of the electrode of a pair.
  range() {
    const low = this.results.value("voltage_low_V", this.row);
    const high = this.results.value("voltage_high_V", this.row);
    return low === null || high === null ? null : { low, high };
  }

  section(title, ...content) {
    return element("section", {}, element("h3", {}, title), ...content);
  }

  interphase() {
    const { results, row } = this;
    if (!results.has("interphase_class")) return null;
    const grade = results.value("interphase_class", row);
    const label = results.value("interphase_label", row) ?? CLASSES.get(grade) ?? "unknown";
    const flags = (results.value("interphase_flags", row) ?? "").split("; ").filter(Boolean);
    const formed = results.value("interphase_reaction", row);
    const conditions = ["contact", "low", "high"]
      .map((at) => results.has(`interphase_${at}`) ? results.value(`interphase_${at}`, row) : null)
      .filter(Boolean);
    const products = results.products[row];
    return this.section(
      "Interphase",
      element("p", { class: "verdict" }, classMark(grade), element("strong", {}, label)),
      element("p", {}, results.value("interphase_reason", row) === null
        ? "The row gives no reason."
        : results.node("interphase_reason", row)),
      conditions.length ? element("ul", { class: "flags" }, conditions.map(
        (text) => element("li", {}, reaction(text, results.elementSymbols)),
      )) : null,
      formed ? element("p", { class: "reaction" }, reaction(formed, results.elementSymbols)) : null,
      flags.length ? element("ul", { class: "flags" }, flags.map(
        (flag) => element("li", {}, reaction(flag, results.elementSymbols)),
      )) : null,
      products ? this.productTable(products) : null,
    );
  }

  productTable(products) {
    const text = (value) => (value === null || value === undefined ? "unknown" : String(value));
    const share = (value) => (typeof value === "number" ? `${number(100 * value, 1)} %` : "unknown");
    return this.grid(
      ["Product", "Electrons", "Ions", "Volume", "Why"],
      products.map((product) => [
        formula(text(product.formula), this.results.elementSymbols),
        text(product.electronic),
        text(product.ionic),
        share(product.volume_fraction),
        text(product.reason),
      ]),
    );
  }

  grid(heads, lines, marked = () => null) {
    return element("div", { class: "scroll" }, element(
      "table",
      { class: `plain of-${heads.length}`, role: "table" },
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, heads.map(
        (head) => element("th", { scope: "col", role: "columnheader" }, head),
      ))),
      element("tbody", { role: "rowgroup" }, lines.map((line, place) => element(
        "tr", { class: marked(place), role: "row" },
        line.map((cell) => element("td", { role: "cell" }, cell)),
      ))),
    ));
  }

  pairReactions() {
    const { results, row } = this;
    const conditions = [
      ["Chemical", "chemical", "reaction_energy_eV_per_atom"],
      ["Electrochemical, worst over the range", "electrochemical_worst", "reaction_energy_eV_per_nonion_atom"],
      ["Electrochemical, at the low end", "electrochemical_low", "reaction_energy_eV_per_nonion_atom"],
      ["Electrochemical, at the high end", "electrochemical_high", "reaction_energy_eV_per_nonion_atom"],
    ];
    const blocks = conditions.flatMap(([title, prefix, energy]) => {
      const kinds = ["mutual", "total"].filter((kind) => results.has(`${prefix}_${kind}_${energy}`));
      if (!kinds.length) return [];
      const unit = results.column.get(`${prefix}_${kinds[0]}_${energy}`).unit;
      return [element("div", { class: "condition" }, element("h4", {}, title), kinds.map((kind) => {
        const head = `${prefix}_${kind}`;
        const said = results.value(`${head}_reaction`, row);
        const known = results.value(`${head}_${energy}`, row) !== null;
        const beside = [
          [`${head}_voltage_V`, (text) => `at ${text}\u00a0V`],
          [`${head}_x_electrolyte`, (text) => `x\u00a0=\u00a0${text}`],
        ].filter(([key]) => results.value(key, row) !== null)
          .map(([key, say]) => say(results.text(key, row)));
        return element("div", { class: "reaction-block" },
          element("p", {},
            element("span", { class: "kind" }, kind),
            element("strong", {}, results.text(`${head}_${energy}`, row), known ? ` ${unit}` : ""),
            element("span", { class: "muted" }, beside.length ? ` ${beside.join(", ")}` : "")),
          said ? element("p", { class: "reaction" }, reaction(said, results.elementSymbols)) : null);
      }))];
    });
    if (!blocks.length) return null;
    return this.section("Reactions with the electrode", ...blocks);
  }

  windowReactions() {
    const { results, row } = this;
    const sides = ["reduction", "oxidation"].filter((side) => results.has(`${side}_reaction`));
    if (!sides.length) return null;
    return this.section("Beyond the window", ...sides.map((side) => {
      const limit = results.has(`${side}_potential_V`) ? results.text(`${side}_potential_V`, row) : "";
      const unit = results.value(`${side}_potential_V`, row) === null ? "" : " V";
      const where = side === "reduction" ? "below" : "above";
      const gases = results.value(`${side}_gases`, row);
      const said = results.value(`${side}_reaction`, row);
      const title = said === null
        ? `${side[0].toUpperCase()}${side.slice(1)}: none`
        : `${side[0].toUpperCase()}${side.slice(1)} ${where} ${limit}${unit}`;
      return element("div", { class: "reaction-block" },
        element("p", {}, element("strong", {}, title),
          gases ? element("span", { class: "gas" }, ` releases ${gases}`) : null),
        said === null ? null : element("p", { class: "reaction" }, results.node(`${side}_reaction`, row)));
    }));
  }

  steps() {
    const { results, row } = this;
    if (results.kind === "stack") return null; // a contact has none
    const { steps, reason } = results.stepsOf(row);
    const title = results.kind === "pair" ? "Steps of the electrolyte alone" : "Steps";
    if (steps === null) {
      return this.section(title, element("p", { class: "muted" }, `No steps: ${reason}.`));
    }
    const lines = steps.map(([low, high, exchange, said, energyLow, energyHigh, gases]) => [
      `${number(low, 3)} \u2013 ${high === null ? "no end" : number(high, 3)}`,
      exchange === 0 ? "0" : (exchange > 0 ? "+" : "") + number(exchange, 2),
      [energyLow, energyHigh].map((e) => (e === null ? "no end" : number(e, 3))).join(" to "),
      [reaction(said, results.elementSymbols), gases ? element("span", { class: "gas" }, ` releases ${gases}`) : null],
    ]);
    return this.section(
      title,
      this.profile(steps),
      this.grid(
        ["V", `\u0394n ${results.ion(row)}`, "E_D, eV/atom", "Phase equilibria"],
        lines.map((line) => line.map((cell) => (Array.isArray(cell) ? element("span", {}, cell) : cell))),
        (place) => (steps[place][2] === 0 ? "in-window" : null),
      ),
    );
  }

  // Decomposition energy over voltage; within a step it is a straight line.
  profile(steps) {
    const [width, height, left, right, top, bottom] = [440, 170, 46, 10, 10, 30];
    const end = this.bars.high;
    const slope = this.slope(steps);
    const points = [];
    for (const [low, high, exchange, , energy] of steps) {
      if (energy === null || low > end) continue;
      const until = Math.min(high ?? end, end);
      points.push([low, energy]);
      // The last step has no end; it goes on with the slope of its ion exchange.
      if (exchange === 0 || slope !== null) points.push([until, energy + (slope ?? 0) * exchange * (until - low)]);
    }
    if (points.length < 2) return null;
    const unit = niceStep(Math.max(...points.map(([, energy]) => -energy), 0.05));
    const deepest = -unit * Math.ceil(Math.max(...points.map(([, energy]) => -energy), 0.05) / unit - 1e-9);
    const x = (volt) => left + ((width - left - right) * volt) / end;
    const y = (energy) => top + ((height - top - bottom) * energy) / deepest;
    const picture = drawn("svg", {
      class: "profile",
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": "Decomposition energy over voltage; its numbers are in the table below",
    });
    const window = this.results.window(this.row)
      ?? this.windowOf(steps);
    const span = this.range();
    if (span) {
      picture.append(drawn("rect", {
        class: "band cathode", x: x(span.low), width: Math.max(x(Math.min(span.high, end)) - x(span.low), 2), y: top, height: height - top - bottom,
      }));
    }
    if (window) {
      const until = Math.min(window.high, end);
      picture.append(drawn("rect", {
        class: "profile-window", x: x(window.low), width: Math.max(x(until) - x(window.low), 1), y: top, height: height - top - bottom,
      }));
    }
    for (let volt = 0; volt <= end; volt += 1) {
      picture.append(
        drawn("line", { class: "grid", x1: x(volt), x2: x(volt), y1: top, y2: height - bottom }),
        drawn("text", { class: "tick", x: x(volt), y: height - bottom + 13, "text-anchor": "middle" }, String(volt)),
      );
    }
    for (let energy = 0; energy > deepest - unit / 2; energy -= unit) {
      picture.append(
        drawn("line", { class: "grid", x1: left, x2: width - right, y1: y(energy), y2: y(energy) }),
        drawn("text", { class: "tick", x: left - 5, y: y(energy) + 4, "text-anchor": "end" }, number(energy, unit < 0.1 ? 2 : 1)),
      );
    }
    picture.append(
      drawn("polyline", { class: "profile-line", points: points.map(([v, e]) => `${x(v)},${y(e)}`).join(" ") }),
      drawn("text", { class: "tick", x: (left + width - right) / 2, y: height - 3, "text-anchor": "middle" },
        `Voltage, V vs ${ionLabel(this.results.ion(this.row), this.results.charges)}`),
    );
    return element("figure", {}, picture,
      element("figcaption", { class: "muted" }, 
        `Decomposition energy E_D, eV per atom; blue: the window${span ? ", amber: the electrode\u2019s range" : ""}`));
  }

  // dE_D/dV = z dn / atoms: z / atoms from any step with two ends, in the decimals that are there.
  slope(steps) {
    let best = null;
    for (const [low, high, exchange, , energyLow, energyHigh] of steps) {
      if (high === null || energyLow === null || energyHigh === null) continue;
      const lever = Math.abs((high - low) * exchange);
      if (lever > (best?.lever ?? 1e-4)) {
        best = { lever, slope: (energyHigh - energyLow) / ((high - low) * exchange) };
      }
    }
    return best?.slope ?? null;
  }

  windowOf(steps) {
    const inside = steps.find((step) => step[2] === 0);
    return inside ? { low: inside[0], high: inside[1] ?? Infinity } : null;
  }

  // Every column of the row, those of its origin last.
  fields() {
    const { results, row } = this;
    const list = (columns) => element("dl", { class: "fields" }, columns.map((column) => element(
      "div", {},
      element("dt", { title: column.key }, column.label,
        column.unit ? element("span", { class: "unit" }, ` ${column.unit}`) : null),
      element("dd", {}, results.node(column.key, row)),
    )));
    const origin = (column) => /^dataset_|^program_version$/.test(column.key);
    const told = /^(reduction|oxidation|(electro)?chemical_\w+)_reaction|^interphase_|_x_electrolyte$|_(mutual|total)_voltage_V$/;
    const others = results.columns.filter((column) => !origin(column) && !told.test(column.key));
    const origins = results.columns.filter(origin);
    return element("div", {},
      element("section", {}, element("h3", {}, "All fields"), list(others)),
      origins.length ? element("section", {}, element("h3", {}, "Provenance"), list(origins)) : null);
  }
}

// A step of 1, 2 or 5 times a power of ten that divides a length into two to five parts.
function niceStep(length) {
  const power = 10 ** Math.floor(Math.log10(length / 2));
  return [5, 2, 1].find((digit) => length / (digit * power) >= 2) * power;
}

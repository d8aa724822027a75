// Stability windows as bars on one voltage axis, with the ranges of electrodes behind them.

class Bars {
  constructor(results) {
    this.results = results;
    this.shown = new Set(results.electrodes.filter((electrode) => electrode.shown));
    this.high = this.axisEnd();
  }

  // Far enough for all but the highest fiftieth of the limits; those end in an arrow.
  axisEnd() {
    const column = this.results.column.get("oxidation_potential_V");
    const limits = (column?.values ?? []).filter((value) => value !== null).sort((a, b) => a - b);
    const high = limits[Math.floor(0.98 * (limits.length - 1))] ?? 0;
    return Math.min(Math.max(Math.ceil(high * 2) / 2, 5), 8);
  }

  percent(voltage) {
    return Math.max(0, Math.min(100, (100 * voltage) / this.high));
  }

  ticks() {
    return Array.from({ length: Math.floor(this.high) + 1 }, (_, volt) => volt);
  }

  electrodesOf(ion) {
    return [...this.shown].filter((electrode) => electrode.ion === ion);
  }

  bands(electrodes, height) {
    return electrodes.map((electrode) => {
      const low = this.percent(electrode.low);
      const width = this.percent(electrode.high) - low;
      return drawn("rect", {
        class: `band ${electrode.kind}`,
        x: `${low}%`,
        width: width ? `${width}%` : "2",
        y: "0",
        height,
      });
    });
  }

  grid(height) {
    return this.ticks().map((volt) => drawn("line", {
      class: "grid", x1: `${this.percent(volt)}%`, x2: `${this.percent(volt)}%`, y1: 0, y2: height,
    }));
  }

  // One row: its window in front of the electrodes, or of the electrode of its own pair.
  bar(row) {
    const { results } = this;
    const window = results.window(row);
    const picture = drawn("svg", { class: "bar", role: "img" }, drawn("title", {}, this.spoken(row)));
    const low = results.value("voltage_low_V", row);
    const own = results.kind === "pair" && low !== null
      ? [{ low, high: results.value("voltage_high_V", row) ?? low, kind: "cathode" }]
      : this.electrodesOf(results.ion(row));
    picture.append(...this.bands(own, "100%"), ...this.grid("100%"));
    if (window === null) return picture;
    const from = this.percent(window.low);
    const width = this.percent(window.high) - from;
    const kind = this.kindOf(row);
    const middle = drawn("svg", { y: "50%", overflow: "visible" });
    picture.append(middle);
    if (width < 0.3) {
      middle.append(drawn("rect", { class: "no-width", x: `${from}%`, width: 3, y: -10, height: 20 }));
      return picture;
    }
    middle.append(drawn("rect", {
      class: `window ${kind}`, x: `${from}%`, width: `${width}%`, y: -8, height: 16, rx: 2,
    }));
    for (const side of ["reduction", "oxidation"]) middle.append(...this.whisker(side, row));
    // A bar that goes on beyond the axis ends in an arrow.
    if (window.high > this.high) {
      middle.append(drawn(
        "svg",
        { x: "100%", width: 1, height: 1, overflow: "visible" },
        drawn("path", { class: `beyond ${kind}`, d: "M-2 -11 L9 0 L-2 11 Z" }),
      ));
    }
    return picture;
  }

  // What the window is the window of: what the row says, else how far its phase lies above the hull.
  kindOf(row) {
    if (this.results.has("window_basis")) {
      const basis = this.results.value("window_basis", row) ?? "";
      return basis.startsWith("stable") ? "stable" : basis.startsWith("meta") ? "metastable" : "absent";
    }
    const above = this.results.value("e_above_hull_eV_per_atom", row);
    return above === null ? "absent" : above > 0 ? "metastable" : "stable";
  }

  // The middle 68 % of the draws, where the rows hold an uncertainty.
  whisker(side, row) {
    const low = this.results.value(`${side}_percentile_16_V`, row);
    const high = this.results.value(`${side}_percentile_84_V`, row);
    if (low === null || high === null) return [];
    const [from, to] = [`${this.percent(low)}%`, `${this.percent(high)}%`];
    const line = (x1, x2, y1, y2) => drawn("line", { class: "whisker", x1, x2, y1, y2 });
    return [line(from, to, 0, 0), line(from, from, -4, 4), line(to, to, -4, 4)];
  }

  spoken(row) {
    const window = this.results.window(row);
    if (window === null) return "no window";
    const high = window.high === Infinity ? "no limit" : `${number(window.high, 2)} V`;
    const basis = this.results.value("window_basis", row);
    return `window from ${number(window.low, 2)} V to ${high}${basis ? `: ${basis}` : ""}`;
  }

  // Strips with names above the axis, as many lanes as the names need.
  axis() {
    const shown = this.results.ions.length > 1 ? [] : [...this.shown];
    const lanes = [];
    const placed = shown.map((electrode) => {
      const low = this.percent(electrode.low);
      const high = this.percent(electrode.high);
      const label = 3 + 2.6 * electrode.name.length;
      const right = high + label < 100;
      const span = right ? [low - 1, high + label] : [low - label, high + 1];
      let lane = lanes.findIndex((taken) => taken.every(([a, b]) => span[1] < a || span[0] > b));
      if (lane < 0) lane = lanes.push([]) - 1;
      lanes[lane].push(span);
      return { electrode, low, high, right, lane };
    });
    const step = 15;
    const top = lanes.length * step;
    const height = top + 18;
    const picture = drawn("svg", { class: "axis", height, "aria-hidden": "true" });
    for (const { electrode, low, high, right, lane } of placed) {
      const y = lane * step;
      picture.append(
        drawn("rect", {
          class: `strip ${electrode.kind}`,
          x: `${low}%`,
          width: high > low ? `${high - low}%` : "2",
          y: y + 4,
          height: 7,
          rx: 1.5,
        }, drawn("title", {}, `${electrode.name}: ${electrode.source}`)),
        drawn("text", {
          x: `${right ? high : low}%`,
          dx: right ? 5 : -5,
          y: y + 11,
          class: "strip-name",
          "text-anchor": right ? "start" : "end",
        }, electrode.name),
      );
    }
    for (const volt of this.ticks()) {
      const end = volt === 0 ? "start" : this.percent(volt) === 100 ? "end" : "middle";
      picture.append(drawn("text", {
        x: `${this.percent(volt)}%`, y: height - 4, class: "tick", "text-anchor": end,
      }, String(volt)));
    }
    return picture;
  }

  legend() {
    const key = (kind, text) => element(
      "span",
      { class: "key" },
      drawn("svg", { width: 26, height: 12, "aria-hidden": "true" },
        drawn("rect", { class: `window ${kind}`, x: 1, y: 1, width: 24, height: 10, rx: 2 })),
      text,
    );
    const band = (kind, text) => element(
      "span",
      { class: "key" },
      drawn("svg", { width: 26, height: 12, "aria-hidden": "true" },
        drawn("rect", { class: `band ${kind}`, width: 26, height: 12 })),
      text,
    );
    const electrodes = this.results.kind === "pair"
      ? [band("cathode", "operating range of the pair\u2019s electrode")]
      : [band("anode", "anode range"), band("cathode", "cathode range")];
    return [
      key("stable", "on the hull"),
      key("metastable", "metastable, put on the hull"),
      key("absent", "not in the dataset: phase equilibria"),
      ...(this.results.has("oxidation_percentile_84_V") ? ["line: 68 % of the draws"] : []),
      ...electrodes,
    ];
  }
}

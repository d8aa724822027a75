// The table: one page of the rows that pass, in the order asked for.

const BAR = "window bar";
const PAGE_SIZES = [25, 50, 100, 250];

class Table {
  constructor(results, bars, open) {
    this.results = results;
    this.bars = bars;
    this.open = open;
    this.rows = [];
    this.sort = { key: null, descending: false };
    this.page = 0;
    this.pageSize = 50;
    this.selected = null;
    this.collator = new Intl.Collator("en", { numeric: true });
    this.shown = this.firstColumns();
    this.offerColumns();
    this.offerSorting();
    byId("save").addEventListener("click", () => this.save());
  }

  firstColumns() {
    const { results } = this;
    const wanted = results.columns.filter((column) => {
      if (results.kind === "pair") {
        // The pair is the subject; its window is drawn, the formula is the electrolyte's.
        return column.shown && column.key !== "formula";
      }
      return column.shown;
    });
    return new Set(wanted.map((column) => column.key));
  }

  columns() {
    const { results } = this;
    const listed = results.columns.filter((column) => this.shown.has(column.key)).map((c) => c.key);
    const lead = results.identity.filter((key) => this.shown.has(key));
    // Of a pair the reaction comes first, then the window.
    if (results.kind === "pair") {
      lead.push(...listed.filter((key) => /^interphase_class$|reaction_energy/.test(key)));
    }
    const rest = listed.filter((key) => !lead.includes(key));
    return [...lead, ...(results.windows ? [BAR] : []), ...rest];
  }

  offerColumns() {
    const boxes = this.results.columns.map((column) => element(
      "label",
      { class: "tick-box" },
      element("input", {
        type: "checkbox",
        checked: this.shown.has(column.key),
        disabled: column.key === this.results.identity[0],
        change: (event) => {
          if (event.target.checked) this.shown.add(column.key);
          else this.shown.delete(column.key);
          this.draw();
        },
      }),
      column.label,
      element("span", { class: "muted" }, column.unit ? ` ${column.unit}` : ""),
    ));
    byId("columns").append(...boxes);
  }

  offerSorting() {
    const menu = byId("sort-by");
    menu.append(element("option", { value: "" }, "as in the file"));
    for (const key of this.columns()) {
      if (key === BAR) continue;
      const { label } = this.results.column.get(key);
      menu.append(
        element("option", { value: `+${key}` }, `${label} \u2191`),
        element("option", { value: `-${key}` }, `${label} \u2193`),
      );
    }
    menu.addEventListener("change", () => {
      this.sort = { key: menu.value.slice(1) || null, descending: menu.value[0] === "-" };
      this.arrange();
    });
  }

  accept(rows) {
    this.passing = rows;
    this.arrange();
  }

  arrange() {
    this.rows = this.passing.slice();
    const { key, descending } = this.sort;
    if (key !== null) {
      const column = this.results.column.get(key);
      const values = new Map(this.rows.map((row) => [row, this.results.comparable(column, row)]));
      const sign = descending ? -1 : 1;
      const text = column.kind === "text";
      this.rows.sort((a, b) => {
        const [x, y] = [values.get(a), values.get(b)];
        // What is not known comes last either way; equal rows keep the order of the file.
        if (x === null || y === null) return (x === null) - (y === null) || a - b;
        const order = text ? this.collator.compare(x, y) : (x > y) - (x < y);
        return sign * order || a - b;
      });
    }
    this.page = 0;
    this.draw();
    this.arranged?.(this.rows);
  }

  sortBy(key) {
    const { sort } = this;
    if (sort.key !== key) this.sort = { key, descending: false };
    else if (!sort.descending) this.sort = { key, descending: true };
    else this.sort = { key: null, descending: false };
    this.arrange();
    byId("table").querySelector(`th[data-key="${CSS.escape(key)}"] button`)?.focus();
  }

  draw() {
    const columns = this.columns();
    const start = this.page * this.pageSize;
    const rows = this.rows.slice(start, start + this.pageSize);
    byId("table").tHead.replaceChildren(this.head(columns));
    byId("table").tBodies[0].replaceChildren(...rows.map((row) => this.row(row, columns)));
    byId("nothing").hidden = this.rows.length > 0;
    const all = this.results.rows;
    byId("count").textContent = this.rows.length === all
      ? counted(all, "row")
      : `${this.rows.length.toLocaleString("en")} of ${counted(all, "row")}`;
    const { key, descending } = this.sort;
    byId("sort-by").value = key === null ? "" : (descending ? "-" : "+") + key;
    byId("phone-axis").hidden = !this.results.windows;
    byId("phone-axis").replaceChildren(this.bars.axis());
    drawPager(byId("pager"), {
      page: this.page,
      size: this.pageSize,
      count: this.rows.length,
      noun: "row",
      turn: (page) => {
        this.page = page;
        this.draw();
        byId("rows").scrollIntoView({ block: "start" });
      },
      resize: (size) => {
        this.pageSize = size;
        this.page = 0;
        this.draw();
      },
    });
  }

  head(columns) {
    return element("tr", { role: "row" }, columns.map((key) => {
      if (key === BAR) {
        return element(
          "th",
          { scope: "col", role: "columnheader", class: "bar-cell" },
          element("div", { class: "bar-title" }, "Stability window, ",
            element("span", { class: "unit" }, this.results.voltageUnit())),
          this.bars.axis(),
        );
      }
      const column = this.results.column.get(key);
      const sorted = this.sort.key === key;
      const order = sorted ? (this.sort.descending ? "descending" : "ascending") : "none";
      return element(
        "th",
        {
          scope: "col",
          role: "columnheader",
          class: column.kind === "number" ? "numeric" : null,
          "aria-sort": order,
          "data-key": key,
          title: key,
        },
        element(
          "button",
          { type: "button", class: "sort", click: () => this.sortBy(key) },
          element("span", { class: "label" }, column.label),
          element("span", { class: "arrow", "aria-hidden": "true" },
            sorted ? (this.sort.descending ? "\u25bc" : "\u25b2") : "\u2195"),
          column.unit ? element("span", { class: "unit" }, column.unit) : null,
        ),
      );
    }));
  }

  row(row, columns) {
    const { results } = this;
    const failure = results.failure(row);
    const line = element("tr", {
      role: "row",
      "data-row": row,
      class: [failure !== null && "failed", row === this.selected && "selected"]
        .filter(Boolean).join(" ") || null,
      click: (event) => {
        if (!event.target.closest("button, a") && String(getSelection()) === "") this.open(row);
      },
    });
    if (failure === null) {
      line.append(...columns.map((key, place) => this.cell(key, row, place === 0)));
      return line;
    }
    const named = columns.filter((key) => results.identity.includes(key));
    line.append(...named.map((key, place) => this.cell(key, row, place === 0)));
    line.append(element(
      "td",
      { role: "cell", colspan: Math.max(columns.length - named.length, 1), class: "failure" },
      element("strong", {}, "Failed: "),
      failure,
    ));
    return line;
  }

  cell(key, row, first) {
    const { results } = this;
    if (key === BAR) {
      return element("td", { role: "cell", class: "bar-cell" }, this.bars.bar(row));
    }
    const column = results.column.get(key);
    const content = key === "interphase_class"
      ? classMark(results.value(key, row))
      : results.node(key, row);
    if (first) {
      const name = results.value(key, row) === null ? "unnamed" : null;
      return element(
        "th",
        { role: "rowheader", scope: "row", class: "name" },
        element("button", { type: "button", class: "open", click: () => this.open(row) },
          name ?? content),
      );
    }
    const kind = column.kind === "number" ? "numeric" : column.kind;
    return element(
      "td",
      { role: "cell", class: kind, "data-label": column.label, "data-unit": column.unit || null },
      element("span", { class: "cell-value" }, content),
    );
  }

  select(row) {
    this.selected = row;
    for (const line of byId("table").tBodies[0].rows) {
      line.classList.toggle("selected", Number(line.dataset.row) === row);
    }
  }

  // Turns to the page of a row, so that stepping through the panel keeps it in sight.
  show(row) {
    const place = this.rows.indexOf(row);
    if (place < 0) return;
    const page = Math.floor(place / this.pageSize);
    if (page !== this.page) {
      this.page = page;
      this.draw();
    }
    this.select(row);
    byId("table").querySelector("tr.selected")?.scrollIntoView({ block: "nearest" });
  }

  save() {
    const quoted = (value) => {
      let text = value === null ? "" : String(value);
      // A text that a spreadsheet would run.
      if (typeof value === "string" && /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text))) text = `'${text}`;
      return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const keys = this.results.columns.map((column) => column.key);
    const lines = this.rows.map(
      (row) => keys.map((key) => quoted(this.results.value(key, row))).join(","),
    );
    const text = [keys.map(quoted).join(","), ...lines].join("\n") + "\n";
    const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    const name = this.results.source.name.replace(/\.[^.]*$/, "");
    element("a", { href: address, download: `${name}-filtered.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }
}

function drawPager(place, { page, size, count, noun, turn, resize }) {
  const last = Math.max(Math.ceil(count / size) - 1, 0);
  const turned = (label, to, text) => element(
    "button",
    {
      type: "button",
      class: "quiet",
      "aria-label": label,
      disabled: to < 0 || to > last || to === page,
      click: () => {
        turn(to);
        place.querySelector(`button[aria-label="${label}"]:not([disabled])`)?.focus();
      },
    },
    text,
  );
  const from = count ? page * size + 1 : 0;
  const to = Math.min((page + 1) * size, count);
  const span = `${from.toLocaleString("en")}\u2013${to.toLocaleString("en")} of ${counted(count, noun)}`;
  place.replaceChildren(
    turned("First page", page > 0 ? 0 : -1, "\u00ab"),
    turned("Previous page", page - 1, "\u2039"),
    element("span", { class: "pager-span" }, span),
    turned("Next page", page + 1, "\u203a"),
    turned("Last page", page < last ? last : -1, "\u00bb"),
  );
  if (resize) {
    const sizes = element("select", {
      "aria-label": "Rows on a page",
      change: (event) => resize(Number(event.target.value)),
    }, PAGE_SIZES.map((n) => element("option", { value: n, selected: n === size }, `${n} a page`)));
    place.append(sizes);
  }
  place.hidden = count <= PAGE_SIZES[0] && !page;
}

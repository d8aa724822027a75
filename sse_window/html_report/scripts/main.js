// The page comes up: theme first, so that it does not flash, then the parts.

const THEME_KEY = "sse-window-theme";

// Storage may be refused to a file; the choice then lasts as long as the page.
function remembered() {
  try {
    return localStorage.getItem(THEME_KEY);
  } catch {
    return null;
  }
}

function remember(theme) {
  try {
    localStorage.setItem(THEME_KEY, theme);
  } catch {
    // Nothing depends on it.
  }
}

const darkWanted = matchMedia("(prefers-color-scheme: dark)");
let chosenTheme = remembered();

function applyTheme() {
  const theme = chosenTheme ?? (darkWanted.matches ? "dark" : "light");
  document.documentElement.dataset.theme = theme;
  const button = byId("theme");
  if (button) button.textContent = theme === "dark" ? "Light theme" : "Dark theme";
}

applyTheme();
darkWanted.addEventListener("change", applyTheme);

function drawHead(results) {
  const { rows, provenance } = results;
  document.title = results.title;
  byId("title").textContent = results.title;
  const datasets = [...new Set(provenance.map((found) => [
    found.dataset_name, found.dataset_date && `(${found.dataset_date})`,
  ].filter(Boolean).join(" ")))].filter(Boolean);
  byId("subtitle").textContent = [
    results.source.name,
    datasets.length ? `dataset ${datasets.join(", ")}` : "dataset unknown",
    `ion ${results.ions.map((ion) => ion ?? "unknown").join(", ")}`,
  ].join(" \u00b7 ");
  const tile = (label, value, kind) => element("div", { class: kind ?? null },
    element("dt", {}, label), element("dd", {}, value.toLocaleString("en")));
  const count = (key, wanted) => {
    const column = results.column.get(key);
    if (!column) return null;
    let found = 0;
    for (let row = 0; row < rows; row += 1) if (wanted(results.value(key, row))) found += 1;
    return found;
  };
  const tiles = [["Rows", rows], ["Failed", results.failed(), results.failed() ? "bad" : null]];
  if (results.kind === "pair") {
    tiles.push(["Electrolytes", new Set(range(rows).map((row) => results.text("electrolyte", row))).size]);
    tiles.push(["Electrodes", new Set(range(rows).map((row) => results.text("electrode", row))).size]);
    tiles.push(["No reaction", count("interphase_class", (value) => value === 0)]);
    tiles.push(["Class 1", count("interphase_class", (value) => value === 1)]);
  } else {
    tiles.push(["Stable phases", count("window_basis", (value) => value === "stable phase")]);
    tiles.push(["Not in the dataset", count("in_dataset", (value) => value === false)]);
    tiles.push(["Stable against the metal", count("stable_against_metal", (value) => value === true)]);
  }
  byId("tiles").append(...tiles.filter(([, value]) => value !== null).map((entry) => tile(...entry)));
}

function range(count) {
  return Array.from({ length: count }, (_, place) => place);
}

function drawProvenance(results) {
  const labels = [
    ["dataset_name", "Dataset"],
    ["dataset_date", "Date"],
    ["dataset_corrections", "Corrections"],
    ["dataset_sha256", "SHA-256 of the dataset"],
    ["dataset_additions", "Additions"],
    ["program_version", "Computed by sse-window"],
    ["rows", "Rows"],
  ];
  const origin = (found) => element("dl", { class: "fields" }, labels.map(([key, label]) => element(
    "div", {}, element("dt", {}, label),
    element("dd", {}, found[key] === null
      ? element("span", { class: "missing" }, key === "dataset_additions" ? "none" : "unknown")
      : found[key].toLocaleString("en")),
  )));
  const said = (given) => Object.entries(given).map(
    ([key, value]) => `${key} = ${typeof value === "string" ? value : JSON.stringify(value)}`,
  ).join(", ");
  const file = [
    ["Results file", results.source.name],
    ["SHA-256 of the file", results.source.sha256],
    ["Options", results.options.length ? results.options.map(said).join("; ") : "not said in the file"],
    ["Failed rows", results.failed().toLocaleString("en")],
    ["Report by sse-window", results.report_version],
  ];
  byId("provenance-body").append(
    element("dl", { class: "fields" }, file.map(([label, value]) => element(
      "div", {}, element("dt", {}, label), element("dd", {}, value),
    ))),
    ...results.provenance.map(origin),
  );
}

function drawGuide(results) {
  const points = [
    "The stability window is the voltage interval in which the composition neither takes up nor gives off ions. Its lower end is the reduction potential, its upper end the oxidation potential.",
    "\u201cno limit\u201d: no voltage oxidises it by taking ions out. \u201cunknown\u201d is not zero.",
    "A metastable phase has the window of the phase put on the hull: read it together with the energy above hull.",
    "Limits of two databases differ by more than the random error: do not rank on less than 0.05 V.",
  ];
  if (results.kind === "pair") {
    points.push(
      "\u201cmutual\u201d counts from each side\u2019s own equilibrium: what the contact adds. \u201ctotal\u201d counts from the two phases as they are.",
      "Chemical energies are per atom of the mixture, electrochemical ones per atom that is not the working ion: do not compare the two.",
      "Classes: 0 no reaction, 1 ion-conducting and electronically insulating, 2 insulating for both, 3 electronically conducting, 4 redox-active, ? unknown.",
    );
  }
  byId("guide-body").append(element("ul", {}, points.map((point) => element("li", {}, point))));
}

function offerElectrodes(results, bars, redraw) {
  const menu = byId("electrodes-menu");
  menu.hidden = !results.windows || results.kind === "pair" || results.electrodes.length === 0;
  byId("electrodes").append(...results.electrodes.map((electrode) => element(
    "label",
    { class: "tick-box", title: electrode.source },
    element("input", {
      type: "checkbox",
      checked: electrode.shown,
      change: (event) => {
        if (event.target.checked) bars.shown.add(electrode);
        else bars.shown.delete(electrode);
        redraw();
      },
    }),
    results.ions.length > 1 ? `${electrode.name} (${electrode.ion})` : electrode.name,
    element("span", { class: "muted" }, ` ${electrode.low}\u2013${electrode.high} V`),
  )));
}

function start() {
  applyTheme();
  byId("theme").addEventListener("click", () => {
    chosenTheme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    remember(chosenTheme);
    applyTheme();
  });
  const results = new Results(JSON.parse(byId("data").textContent));
  drawHead(results);
  drawProvenance(results);
  drawGuide(results);
  const bars = new Bars(results);
  if (results.windows) byId("window-legend").append(...bars.legend());
  const parts = {};
  const open = (row) => parts.panel.open(row);
  const table = new Table(results, bars, open);
  const map = new HeatMap(results, open);
  parts.panel = new Panel(results, bars, table);
  table.arranged = (rows) => map.accept(rows);
  if (map.there) offerPictures("map-tools", results, "map", () => mapPicture(map));
  if (results.windows) offerPictures("window-tools", results, "windows", () => windowsPicture(table));
  offerElectrodes(results, bars, () => table.draw());
  new Filters(results, (rows) => table.accept(rows)).apply();
  // A menu closes when something else is clicked.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  byId("foot").textContent = `Written by sse-window ${results.report_version}. `
    + "This file is complete: it asks nothing of the network.";
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();

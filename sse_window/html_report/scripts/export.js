// The pair map and the windows as pictures of their own: SVG, or PNG at three times its size.

const PICTURE_FONT = "12px system-ui, Arial, sans-serif";
const PICTURE_LINE = 26;

// A formula with subscripts, as SVG text; the width is measured as it will be drawn.
function picturedText(text, attributes, elements) {
  const node = drawn("text", { "font-size": 12, "font-family": "system-ui, Arial, sans-serif", ...attributes });
  const parts = looksLikeFormula(text, elements)
    ? text.split(/(?<=[A-Za-z)\]])(\d+(?:\.\d+)?)/)
    : [text];
  let lowered = false;
  parts.forEach((part, place) => {
    const low = place % 2 === 1;
    if (!part) return;
    node.append(drawn("tspan", {
      "font-size": low ? 9 : null, dy: low === lowered ? null : low ? 3 : -3,
    }, part));
    lowered = low;
  });
  return node;
}

function textWidth(text) {
  const context = textWidth.context ??= document.createElement("canvas").getContext("2d");
  context.font = PICTURE_FONT;
  return context.measureText(text).width;
}

function colourOf(selector, property) {
  const node = document.querySelector(selector);
  return node ? getComputedStyle(node)[property] : "#888888";
}

function blankPicture(width, height) {
  const ink = getComputedStyle(document.body).color;
  const ground = getComputedStyle(document.documentElement).getPropertyValue("--surface").trim();
  return drawn("svg", {
    xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, fill: ink,
  }, drawn("rect", { width, height, fill: ground }));
}

function mapPicture(map) {
  const { results } = map;
  const symbols = results.elementSymbols;
  const groups = map.lines();
  const left = Math.max(80, ...groups.map(([name]) => textWidth(name))) + 16;
  const columns = [...map.electrodes].flatMap(([name, states]) => [...states].map((state) => ({ name, state })));
  const wide = 58;
  const width = Math.max(left + wide * columns.length + 16, 470);
  const height = 74 + PICTURE_LINE * groups.length + 16;
  const picture = blankPicture(width, height);
  const { label, unit } = results.column.get(map.menu.value);
  const { end, beyond } = map.scale(map.menu.value);
  const classes = results.has("interphase_class") ? "; number: interphase class" : "";
  picture.append(picturedText(
    `${label}: 0 (pale) to ${beyond ? "\u2264 " : ""}${number(end, 2)} ${unit} (strong)${classes}`, { x: 8, y: 18 }, symbols));
  columns.forEach(({ name, state }, place) => {
    const x = left + wide * (place + 0.5);
    const first = place === 0 || columns[place - 1].name !== name;
    if (first) {
      const count = columns.filter((column) => column.name === name).length;
      picture.append(picturedText(name, {
        x: left + wide * (place + count / 2), y: 44, "text-anchor": "middle", "font-weight": 600,
      }, symbols));
    }
    picture.append(picturedText(shortState(state), {
      x, y: 62, "text-anchor": "middle", "font-size": 10,
    }, symbols));
  });
  groups.forEach(([name, cells], line) => {
    const y = 70 + PICTURE_LINE * line;
    picture.append(picturedText(name, { x: left - 10, y: y + 17, "text-anchor": "end" }, symbols));
    columns.forEach(({ name: electrode, state }, place) => {
      const rows = cells.get(`${electrode}\n${state}`);
      if (!rows) return;
      const button = map.cell(rows, map.menu.value, map.scale(map.menu.value));
      byId("map-body").append(button); // styled as it is on the page, to be asked for its colours
      const { backgroundColor, color } = getComputedStyle(button);
      button.remove();
      picture.append(
        drawn("rect", {
          x: left + wide * place + 1, y: y + 1, width: wide - 2, height: PICTURE_LINE - 2, rx: 3, fill: backgroundColor,
        }),
        picturedText(button.textContent, {
          x: left + wide * (place + 0.5), y: y + 17, "text-anchor": "middle", fill: color,
        }, symbols),
      );
    });
  });
  return picture;
}

function windowsPicture(table) {
  const { results, bars } = table;
  const symbols = results.elementSymbols;
  const start = table.page * table.pageSize;
  const rows = table.rows.slice(start, start + table.pageSize).filter((row) => results.window(row));
  const names = rows.map((row) => results.name(row));
  const left = Math.max(80, ...names.map(textWidth)) + 16;
  const span = 520;
  const width = left + span + 40;
  const top = 42;
  const height = top + PICTURE_LINE * rows.length + 44;
  const at = (voltage) => left + (span * bars.percent(voltage)) / 100;
  const picture = blankPicture(width, height);
  const bottom = top + PICTURE_LINE * rows.length;
  const bands = results.kind === "pair" || results.ions.length > 1 ? [] : bars.electrodesOf(results.ions[0]);
  bands.forEach((electrode, lane) => {
    const fill = colourOf(`.band.${electrode.kind}`, "fill");
    picture.append(
      drawn("rect", {
        x: at(electrode.low), y: top, height: bottom - top, fill, opacity: 0.18,
        width: Math.max(at(electrode.high) - at(electrode.low), 2),
      }),
      picturedText(electrode.name, {
        x: (at(electrode.low) + at(electrode.high)) / 2, y: top - (lane % 2 ? 22 : 8), "text-anchor": "middle", "font-size": 10, fill,
      }, symbols),
    );
  });
  for (const volt of bars.ticks()) {
    picture.append(
      drawn("line", { x1: at(volt), x2: at(volt), y1: top, y2: bottom, stroke: "#8884", "stroke-width": 1 }),
      picturedText(String(volt), { x: at(volt), y: bottom + 16, "text-anchor": "middle" }, symbols),
    );
  }
  picture.append(picturedText(results.voltageUnit(), {
    x: left + span / 2, y: bottom + 34, "text-anchor": "middle",
  }, symbols));
  rows.forEach((row, line) => {
    const y = top + PICTURE_LINE * line;
    const { low, high } = results.window(row);
    const kind = bars.kindOf(row);
    const strong = colourOf("rect.window.stable", "fill");
    const fill = colourOf(`rect.window.${kind}`, "fill");
    picture.append(
      picturedText(names[line], { x: left - 10, y: y + 17, "text-anchor": "end" }, symbols),
      drawn("rect", {
        x: at(low), y: y + 5, height: PICTURE_LINE - 10, rx: 2, fill, stroke: strong,
        "stroke-dasharray": kind === "absent" ? "4 2.5" : null,
        width: Math.max(at(Math.min(high, bars.high)) - at(low), 2),
      }),
    );
    if (high > bars.high) {
      const x = at(bars.high);
      picture.append(drawn("path", { d: `M${x} ${y + 3} l9 10 l-9 10 Z`, fill: strong }));
    }
  });
  return picture;
}

function saveBlob(blob, name) {
  const address = URL.createObjectURL(blob);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function savePicture(picture, kind, name) {
  const text = new XMLSerializer().serializeToString(picture);
  if (kind === "svg") {
    saveBlob(new Blob([text], { type: "image/svg+xml" }), `${name}.svg`);
    return;
  }
  const image = element("img", {
    load: () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [3 * image.width, 3 * image.height];
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => saveBlob(blob, `${name}.png`), "image/png");
    },
    src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`,
  });
}

// Buttons for both kinds, beside what they save.
function offerPictures(place, results, what, make) {
  const name = `${results.source.name.replace(/\.[^.]*$/, "")}-${what}`;
  byId(place).append(...["svg", "png"].map((kind) => element("button", {
    type: "button",
    class: "quiet",
    "data-picture": `${what}-${kind}`,
    click: () => savePicture(make(), kind, name),
  }, kind.toUpperCase())));
}

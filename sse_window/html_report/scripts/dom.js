// Nodes, numbers and formulas as text. Nothing here, or anywhere else, parses markup.

const SVG = "http://www.w3.org/2000/svg";

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

function element(tag, attributes = {}, ...children) {
  return build(document.createElement(tag), attributes, children);
}

function drawn(tag, attributes = {}, ...children) {
  return build(document.createElementNS(SVG, tag), attributes, children);
}

function byId(id) {
  return document.getElementById(id);
}

function number(value, digits) {
  const text = digits === null || digits === undefined
    ? shortest(Number(value.toPrecision(6)))
    : value.toFixed(digits);
  // What rounds to zero has no sign.
  return Number(text) === 0 ? text.replace("-", "") : text.replaceAll("-", "\u2212");
}

function shortest(value) {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}

function counted(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

function ionLabel(ion, charges) {
  const charge = charges[ion] || 1;
  return `${ion}/${ion}${["", "", "\u00b2", "\u00b3"][charge]}\u207a`;
}

// Element symbols decide: NMC811 is a name, TiS2 a formula.
const PIECES = /([A-Z][a-z]?)|([()[\]])|(\d+(?:\.\d+)?)/y;

function looksLikeFormula(text, elements) {
  PIECES.lastIndex = 0;
  let seen = false;
  while (PIECES.lastIndex < text.length) {
    const found = PIECES.exec(text);
    if (!found || (found[1] && !elements.has(found[1])) || (found[3] && !seen)) return false;
    seen = true;
  }
  return seen;
}

// A line never ends inside a formula, unless the formula alone is longer than a line.
const LONGEST_UNBROKEN = 40;

function formula(text, elements) {
  if (!looksLikeFormula(text, elements)) return document.createTextNode(text);
  const parts = text.split(/(?<=[A-Za-z)\]])(\d+(?:\.\d+)?)/);
  return element("span", { class: text.length <= LONGEST_UNBROKEN ? "formula" : null },
    parts.map((part, place) => (part ? (place % 2 ? element("sub", {}, part) : part) : null)));
}

// The same where only text can stand, as in a list to choose from.
function formulaText(text, elements) {
  if (!looksLikeFormula(text, elements)) return text;
  return text.replace(/(?<=[A-Za-z)\]])\d+(?![\d.])/g,
    (digits) => [...digits].map((digit) => String.fromCodePoint(0x2080 + Number(digit))).join(""));
}

// A reaction, or a sentence that names phases.
function reaction(text, elements) {
  const fragment = document.createDocumentFragment();
  const words = text.split(/( )/);
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place];
    const next = words[place + 2] ?? "";
    if (word === "->") fragment.append("\u2192");
    else if (/^\d+(\.\d+)?$/.test(word) && looksLikeFormula(bare(next)[1], elements)) {
      // An amount stays on the line of its formula.
      fragment.append(element("span", { class: "formula" }, `${word} `, named(next, elements)));
      place += 2;
    } else fragment.append(named(word, elements));
  }
  return fragment;
}

// What stands before and after the name of a phase in a sentence.
function bare(word) {
  const end = word.match(/[,;:.]*$/)[0];
  let inner = word.slice(0, word.length - end.length);
  let [before, after] = ["", end];
  const count = (sign) => inner.split(sign).length - 1;
  if (inner.startsWith("(") && count("(") > count(")")) [before, inner] = ["(", inner.slice(1)];
  else if (inner.endsWith(")") && count(")") > count("(")) {
    [after, inner] = [`)${end}`, inner.slice(0, -1)];
  }
  return [before, inner, after];
}

function named(word, elements) {
  const [before, inner, after] = bare(word);
  if (!inner || (!before && !after)) return formula(word, elements);
  return element("span", {}, before, formula(inner, elements), after);
}

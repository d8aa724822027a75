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

function formula(text, elements) {
  if (!looksLikeFormula(text, elements)) return document.createTextNode(text);
  const parts = text.split(/(?<=[A-Za-z)\]])(\d+(?:\.\d+)?)/);
  const fragment = document.createDocumentFragment();
  parts.forEach((part, place) => {
    if (part) fragment.append(place % 2 ? element("sub", {}, part) : part);
  });
  return fragment;
}

// A reaction, or a sentence that names phases.
function reaction(text, elements) {
  const fragment = document.createDocumentFragment();
  text.split(/( )/).forEach((word) => {
    fragment.append(word === "->" ? "\u2192" : formula(word, elements));
  });
  return fragment;
}

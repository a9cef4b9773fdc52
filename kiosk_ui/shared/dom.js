// Builds elements. Rule: text only ever becomes text nodes and attributes, so a name with markup shows as text.
const SVG = "http://www.w3.org/2000/svg";

/** A form that is on its way to the hub is not sent a second time. */
function onceAtATime(send) {
  let busy = false;
  return async (event) => {
    if (busy) return void event.preventDefault();
    busy = true;
    try {
      await send(event);
    } finally {
      busy = false;
    }
  };
}

function listen(el, kind, fn) {
  el.addEventListener(kind, kind === "submit" ? onceAtATime(fn) : fn);
}

function dress(el, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") listen(el, name.replace(/^on/, "").toLowerCase(), value);
    else if (name === "style") for (const [k, v] of Object.entries(value)) el.style.setProperty(k, v);
    else if (name === "value") el.value = value;
    else el.setAttribute(name, value === true ? "" : String(value));
  }
}

function fill(el, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    el.append(child instanceof Node ? child : String(child));
  }
}

function make(el, classes, props, children) {
  if (props instanceof Node || typeof props !== "object" || props === null || Array.isArray(props)) {
    children = [props, ...children];
    props = {};
  }
  if (classes.length) el.setAttribute("class", classes.join(" "));
  const { class: more, ...rest } = props;
  if (more) el.setAttribute("class", [...classes, more].join(" "));
  fill(el, children);
  dress(el, rest);
  return el;
}

/** h("button.btn.primary", {onclick: fn, "aria-label": "x"}, "text", otherNode, [more]) */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  return make(document.createElement(name || "div"), classes, props, children);
}

/** The same for drawings: svg("svg", {viewBox: "0 0 24 24"}, svg("path", {d: "..."})) */
export function svg(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  return make(document.createElementNS(SVG, name), classes, props, children);
}

/** Puts these children in the place of all that `el` had. */
export function put(el, ...children) {
  el.replaceChildren();
  fill(el, children);
  return el;
}

/** Sets text only where it differs, so that live regions speak once. */
export function say(el, text) {
  const value = text === null || text === undefined ? "" : String(text);
  if (el.textContent !== value) el.textContent = value;
  return el;
}

// One panel: axes, a legend and the frame that marks (marks.js) are drawn into. Sizes are CSS pixels, so that
// text keeps its size when the picture is narrow: the axes are laid out again instead of being scaled.

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { right: 16, top: 12, bottom: 48 };
const EDGE = 3; // around a sheet: half of the thickest outline
const RIM = 10; // over the edge, for symbols that stand on it
const LARGEST = 64; // a unit of a sheet, so that a small matrix is not blown up
const LETTER = 7.2; // pixels, about; room for the tick labels on the left

function svg(tag, attributes = {}, parent = null) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  parent?.append(node);
  return node;
}

function html(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// What stands there already is not written again: the browser would style, lay out and paint it once more.
function set(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

function tell(node, text) {
  if (node.textContent === text) return;
  if (node.firstChild) node.firstChild.data = text; // cheaper than another text node
  else node.textContent = text;
}

// From a number on an axis to its pixel. On a log axis, 0 lies far below the bottom instead of nowhere.
function scale({ low, high, log }, start, stop) {
  const place = log ? (value) => Math.log10(Math.max(value, 1e-300)) : (value) => value;
  const per = (stop - start) / (place(high) - place(low));
  return (value) => start + (place(value) - place(low)) * per;
}

const color = (name) => `var(--byhand-${name})`;
const DASHES = { solid: "none", dash: "7 5", dot: "2 4" };

// A symbol around (0, 0). Two kinds of points differ in shape as well as in colour.
const SYMBOLS = {
  disc: (r) => `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`,
  ring: (r) => SYMBOLS.disc(r),
  square: (r) => `M${-0.9 * r},${-0.9 * r}h${1.8 * r}v${1.8 * r}h${-1.8 * r}Z`,
  triangle: (r) => `M0,${-1.15 * r}L${1.05 * r},${0.8 * r}H${-1.05 * r}Z`,
  cross: (r) => `M${-r},${-r}L${r},${r}M${-r},${r}L${r},${-r}`,
};

// What a mark looks like in the legend: the same colour, dash and symbol, on 26 × 14 pixels.
function swatch(mark) {
  const picture = svg("svg", { width: 26, height: 14, "aria-hidden": "true" });
  const style = { stroke: color(mark.color), "stroke-width": mark.width ?? 2, fill: "none" };
  if (mark.kind === "points") {
    const drawn = svg("path", { d: SYMBOLS[mark.shape](5), transform: "translate(13 7)" }, picture);
    drawn.setAttribute("class", `byhand-${mark.shape}`);
    drawn.style.setProperty("--color", color(mark.color));
  } else if (mark.kind === "box") {
    svg("rect", { x: 5, y: 1, width: 16, height: 12, "stroke-dasharray": DASHES[mark.dash], ...style }, picture);
  } else if (mark.kind === "handle") {
    svg("circle", { cx: 13, cy: 7, r: 5, ...style, "stroke-width": 3 }, picture);
  } else if (["band", "bars"].includes(mark.kind)) {
    const strength = mark.kind === "bars" ? 0.9 : 0.25;
    svg("rect", { x: 3, y: 1, width: 20, height: 12, fill: color(mark.color), "fill-opacity": strength }, picture);
  } else {
    const path = mark.kind === "arrow" ? "M1,7H24M18,2L24,7L18,12" : "M1,7H25";
    svg("path", { d: path, "stroke-dasharray": DASHES[mark.dash ?? "solid"], ...style }, picture);
  }
  return picture;
}

class Panel {
  constructor(panel, values, id, act) {
    Object.assign(this, { panel, values, id, act });
    this.root = html("figure", { class: panel.wide ? "byhand-panel byhand-wide" : "byhand-panel" });
    const legend = html("div", { class: "byhand-legend" });
    for (const mark of panel.marks.filter((each) => each.label)) {
      legend.append(html("span", {}, swatch(mark), mark.label));
    }
    this.plot = html("div", { class: "byhand-plot" });
    this.root.append(html("figcaption", {}, panel.title), legend, this.plot);
    this.name = svg("title", { id: `${id}-title` });
    this.name.textContent = panel.title;
    this.description = svg("desc", { id: `${id}-desc` });
    this.width = 0;
  }

  // Lay the panel out for a size, from nothing.
  layOut(width, height) {
    this.width = width;
    this.box = this.panel.bare ? this.sheet(width) : this.frame(width, height);
    this.height = this.panel.bare ? this.box.bottom + EDGE : height;
    this.x = scale(this.panel.x, this.box.left, this.box.right);
    this.y = scale(this.panel.y, this.box.bottom, this.box.top);
    const needed = Math.max(width, this.panel.bare ? this.box.right + EDGE : 0);
    this.scrolls(needed > width);
    this.picture = svg("svg", {
      width: needed, height: this.height, role: "img", "aria-labelledby": `${this.id}-title ${this.id}-desc`,
    });
    this.picture.append(this.name, this.description);
    const defs = svg("defs", {}, this.picture);
    const clips = { frame: this.panel.bare ? EDGE : 0, rim: RIM }; // and how far each reaches over the edge
    for (const [name, margin] of Object.entries(clips)) {
      this.rectangle(svg("clipPath", { id: `${this.id}-${name}` }, defs), margin);
    }
    this.plot.replaceChildren(this.picture);
    if (!this.panel.bare) this.drawAxes();
    const inside = svg("g", {}, this.picture), above = svg("g", {}, this.picture);
    let group, reach;
    this.drawings = this.panel.marks.map((mark) => {
      // Everything ends at the frame, except symbols: one that stands on the frame is drawn whole.
      const far = mark.kind === "points" ? "rim" : "frame";
      if (far !== reach) {
        reach = far;
        group = svg("g", { "clip-path": `url(#${this.id}-${reach})` }, inside);
      }
      const draw = MARKS[mark.kind](mark, this, mark.kind === "text" ? above : group);
      const follows = new Set(this.nodesOf(mark).flatMap((node) => [...this.values.follows[node]]));
      return { draw, follows };
    });
    this.draw(null);
  }

  // Where the axes of a panel of this size leave room.
  frame(width, height) {
    const { right, top, bottom } = MARGIN;
    const left = 36 + LETTER * Math.max(...this.panel.y.ticks.map((tick) => tick.text.length));
    const box = { left, top, right: width - right, bottom: height - bottom };
    if (!this.panel.square) return box;
    const side = Math.min(box.right - left, box.bottom - top);
    return { left, top, right: left + side, bottom: top + side };
  }

  // Without axes: units are squares of whole pixels (where there is room), so that a matrix has even cells.
  sheet(width) {
    const rows = this.panel.y.low, columns = this.panel.x.high;
    const unit = Math.max(Math.min((width - 2 * EDGE) / columns, 440 / rows, LARGEST), this.panel.unit);
    const side = unit > 4 ? Math.floor(unit) : unit;
    return { left: EDGE, top: EDGE, right: EDGE + side * columns, bottom: EDGE + side * rows };
  }

  // A sheet whose units must not get smaller is scrolled on a narrow page, with the arrow keys too.
  scrolls(does) {
    this.plot.classList.toggle("byhand-scrolls", does);
    for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", this.panel.title]]) {
      if (does) this.plot.setAttribute(name, value); else this.plot.removeAttribute(name);
    }
  }

  nodesOf(mark) {
    const said = mark.texts ? [mark.texts.pick, ...Object.values(mark.texts.values)] : [];
    return [...Object.values(mark.values), ...said].filter((node) => node !== null);
  }

  // Draw again what follows one of these controls; everything if null.
  draw(names) {
    for (const { draw, follows } of this.drawings) {
      if (names === null || names.some((name) => follows.has(name))) draw();
    }
  }

  // Whether a pixel lies inside the frame or on it.
  holds(x, y) {
    const { left, right, top, bottom } = this.box;
    return x > left - 0.5 && x < right + 0.5 && y > top - 0.5 && y < bottom + 0.5;
  }

  // The value of a mark's part, always as an array.
  list(mark, part) {
    const value = this.values.read(mark.values[part]);
    return typeof value === "number" ? [value] : value;
  }

  rectangle(parent, margin) {
    const { left, top, right, bottom } = this.box;
    return svg("rect", {
      x: left - margin, y: top - margin, width: right - left + 2 * margin, height: bottom - top + 2 * margin,
    }, parent);
  }

  drawAxes() {
    const { left, top, right, bottom } = this.box;
    const axes = svg("g", { class: "byhand-axes" }, this.picture);
    this.rectangle(axes, 0).setAttribute("class", "byhand-paper");
    const label = (x, y, text, more) => { svg("text", { x, y, ...more }, axes).textContent = text; };
    for (const tick of this.panel.x.ticks) {
      const at = this.x(tick.at);
      svg("path", { d: `M${at},${bottom}V${top}` }, axes);
      label(at, bottom + 18, tick.text, { "text-anchor": "middle" });
    }
    for (const tick of this.panel.y.ticks) {
      const at = this.y(tick.at);
      svg("path", { d: `M${left},${at}H${right}` }, axes);
      label(left - 8, at + 4.5, tick.text, { "text-anchor": "end" });
    }
    label((left + right) / 2, bottom + 40, this.panel.x.label, { "text-anchor": "middle", class: "byhand-axis" });
    const middle = (top + bottom) / 2;
    label(14, middle, this.panel.y.label, {
      "text-anchor": "middle", class: "byhand-axis", transform: `rotate(-90 14 ${middle})`,
    });
  }
}

// Matrices, the boxes around parts of them, and points that are dragged: more marks (see marks.js).

// A number's colour as red, green, blue and strength over the paper (0 … 255). The strength needs no change when
// the theme does. What is no number has none.
const PALETTES = {
  plain: () => [0, 0, 0, 0],
  grey: (value, { low, high }) => {
    const grey = 255 * Math.min(Math.max((value - low) / (high - low), 0), 1);
    return Number.isNaN(value) ? [0, 0, 0, 0] : [grey, grey, grey, 255];
  },
  // Okabe and Ito's vermillion and blue; under numbers only so strong that these can be read.
  diverging: (value, { low, high }, most) => (value >= 0
    ? [213, 94, 0, most * Math.min(value / high, 1)]
    : [0, 114, 178, most * Math.min(value / low, 1) || 0]),
};

// Where a matrix lies in its panel, in pixels. Its first row is on top, whichever way y goes.
function extent(mark, panel) {
  const [x, y] = ["x", "y"].map((part) => panel.list(mark, part)[0]);
  const [wide, high] = ["x", "y"].map((axis, i) => Math.abs(panel[axis](mark.cell[i]) - panel[axis](0)));
  return { left: panel.x(x), top: panel.y(y), wide, high };
}

Object.assign(MARKS, {
  image(mark, panel) {
    const canvas = html("canvas", {
      width: mark.columns, height: mark.rows, class: "byhand-pixels", "aria-hidden": "true",
    });
    panel.picture.before(canvas);
    const context = canvas.getContext("2d");
    const pixels = context.createImageData(mark.columns, mark.rows);
    return () => {
      const { left, top, wide, high } = extent(mark, panel);
      const there = Number.isFinite(left + top);
      Object.assign(canvas.style, {
        display: there ? "block" : "none", left: `${left}px`, top: `${top}px`,
        width: `${wide * mark.columns}px`, height: `${high * mark.rows}px`,
      });
      panel.list(mark, "z").forEach((value, i) => pixels.data.set(PALETTES[mark.palette](value, mark, 230), 4 * i));
      context.putImageData(pixels, 0, 0);
    };
  },

  cells(mark, panel, parent) {
    const group = svg("g", {}, parent);
    const size = extent(mark, panel);
    const cells = Array.from({ length: mark.rows * mark.columns }, (_, i) => {
      const x = (i % mark.columns) * size.wide, y = Math.floor(i / mark.columns) * size.high;
      const square = svg("rect", { x, y, width: size.wide, height: size.high, class: "byhand-square-cell" }, group);
      const number = svg("text", { x: x + size.wide / 2, y: y + size.high / 2 + 4.5, "text-anchor": "middle" }, group);
      return { square, number };
    });
    return () => {
      const { left, top } = extent(mark, panel);
      const there = Number.isFinite(left + top);
      set(group, "display", there ? "inline" : "none");
      if (there) set(group, "transform", `translate(${left} ${top})`);
      const values = panel.list(mark, "z");
      const texts = Array.from(values, (value) => (Number.isNaN(value) ? "" : write(value, mark.format)));
      const fits = Math.max(...texts.map((text) => text.length)) * LETTER + 3 <= size.wide && size.high >= 15;
      cells.forEach(({ square, number }, i) => {
        const [red, green, blue, strength] = PALETTES[mark.palette](values[i], mark, 140);
        set(square, "fill", `rgb(${red} ${green} ${blue} / ${(strength / 255).toFixed(3)})`);
        tell(number, fits ? texts[i] : "");
        const on = mark.palette !== "grey" ? "paper" : red < 128 ? "dark" : "light";
        set(number, "class", `byhand-number byhand-on-${on}`);
      });
    };
  },

  box(mark, panel, parent) {
    const group = svg("g", {}, parent);
    const rim = svg("path", { class: mark.paper ? "byhand-sheet" : "byhand-rim" }, group);
    const line = stroked(mark, group);
    return () => {
      const [xs, ys, widths, heights] = ["x", "y", "width", "height"].map((part) => panel.list(mark, part));
      const path = Array.from(xs, (x, i) => {
        const at = (list) => list[list.length === 1 ? 0 : i];
        const left = panel.x(x), right = panel.x(x + at(widths));
        const top = panel.y(at(ys)), bottom = panel.y(at(ys) + at(heights));
        return Number.isFinite(left + right + top + bottom) ? `M${left},${top}H${right}V${bottom}H${left}Z` : "";
      }).join("");
      for (const each of [rim, line]) set(each, "d", path);
    };
  },

  // A button over the picture, so that it can have the focus and a name.
  handle(mark, panel) {
    const button = html("button", {
      type: "button", class: "byhand-handle", "aria-label": `${mark.label}: drag it, or use the arrow keys`, ...OWN_KEYS,
    });
    button.style.setProperty("--color", color(mark.color));
    panel.plot.append(button);
    const { values, act } = panel;
    const moved = Object.entries(mark.moves).map(([axis, name]) => {
      const { values: numbers } = values.controls[name];
      const pixels = Array.from(numbers, (number) => panel[axis](number));
      return { axis, name, pixels, grows: Math.sign(pixels.at(-1) - pixels[0]) };
    });
    // To the steps of the sliders that are nearest to a place in the picture.
    const to = (place) => act.move(Object.fromEntries(moved.map(({ axis, name, pixels }) => {
      const far = pixels.map((pixel) => Math.abs(pixel - place[axis]));
      return [name, far.indexOf(Math.min(...far))];
    })));
    let from = null; // where in the handle it was taken
    button.addEventListener("pointerdown", (event) => {
      const box = button.getBoundingClientRect();
      from = { x: event.clientX - box.x - box.width / 2, y: event.clientY - box.y - box.height / 2 };
      button.setPointerCapture(event.pointerId);
    });
    button.addEventListener("pointermove", (event) => {
      if (from === null) return;
      const plot = panel.plot.getBoundingClientRect();
      to({ x: event.clientX - plot.x - from.x, y: event.clientY - plot.y - from.y });
    });
    const end = () => { if (from !== null) act.release(); from = null; };
    button.addEventListener("pointerup", end);
    button.addEventListener("pointercancel", end);
    const keys = { ArrowRight: ["x", 1], ArrowLeft: ["x", -1], ArrowDown: ["y", 1], ArrowUp: ["y", -1] };
    button.addEventListener("keydown", (event) => {
      const [axis, way] = keys[event.key] ?? [];
      const held = moved.find((each) => each.axis === axis);
      if (!held) return;
      event.preventDefault();
      const next = Math.round(values.position[held.name]) + way * held.grows;
      act.move({ [held.name]: Math.min(Math.max(next, 0), held.pixels.length - 1) });
    });
    button.addEventListener("keyup", (event) => { if (keys[event.key]) act.release(); });
    return () => {
      const [x, y] = ["x", "y"].map((part) => panel[part](panel.list(mark, part)[0]));
      button.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
    };
  },
});

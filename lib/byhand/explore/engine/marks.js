// What can be drawn into a panel. Each function makes the SVG nodes of one mark and returns how to move them:
// while a slider is dragged, nodes are moved, never made anew.

// A line as an SVG path; a point that is no number makes a gap. What lies outside the frame is left out: a browser
// works long on dashes that nobody sees.
function pathOf(panel, xs, ys) {
  let path = "", last = null; // the last point, unless the pen has to be lifted after it
  for (let i = 0, from = null; i < xs.length; i++) {
    const to = at(panel, xs[i], ys[i]);
    const piece = from && to && within(panel.box, from, to);
    if (piece) path += `${piece[0] === last ? "" : `M${coordinates(piece[0])}`}L${coordinates(piece[1])}`;
    last = piece && piece[1];
    from = to;
  }
  return path;
}

// Where a point is drawn; null if it is no number. Even one at infinity has a number of pixels.
function at(panel, x, y) {
  const place = [clamp(panel.x(x), 1e6), clamp(panel.y(y), 1e6)];
  return place.some(Number.isNaN) ? null : place;
}

const clamp = (value, limit) => Math.min(Math.max(value, -limit), limit);
const coordinates = ([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`;

// The part of a straight piece that lies in the frame or a little outside: its two ends, or null if it has none.
// (Liang and Barsky's way: at which shares of its length it crosses the four edges.)
function within({ left, right, top, bottom }, from, to) {
  const [x, y] = from, across = to[0] - x, down = to[1] - y;
  let start = 0, stop = 1;
  for (const [step, room] of [
    [across, right + RIM - x], [-across, x - left + RIM], [down, bottom + RIM - y], [-down, y - top + RIM],
  ]) {
    if (step > 0) stop = Math.min(stop, room / step);
    else if (step < 0) start = Math.max(start, room / step);
    else if (room < 0) return null;
  }
  if (start > stop) return null;
  return [start > 0 ? [x + start * across, y + start * down] : from, stop < 1 ? [x + stop * across, y + stop * down] : to];
}

function stroked(mark, parent) {
  return svg("path", {
    fill: "none", stroke: color(mark.color), "stroke-width": mark.width ?? 2, "stroke-linejoin": "round",
    "stroke-dasharray": DASHES[mark.dash ?? "solid"],
  }, parent);
}

function filled(mark, strength, parent) {
  return svg("path", { fill: color(mark.color), "fill-opacity": strength }, parent);
}

const MARKS = {
  line(mark, panel, parent) {
    const path = stroked(mark, parent);
    return () => set(path, "d", pathOf(panel, panel.list(mark, "x"), panel.list(mark, "y")));
  },

  // One line that nobody sees, with a symbol at each of its points: the browser moves it in a fraction of the time
  // that it needs for as many nodes.
  points(mark, panel, parent) {
    const id = `${panel.id}-${panel.panel.marks.indexOf(mark)}`;
    const marker = svg("marker", { id, class: `byhand-${mark.shape}`, markerUnits: "userSpaceOnUse", overflow: "visible" }, parent);
    marker.style.setProperty("--color", color(mark.color));
    svg("path", { d: SYMBOLS[mark.shape](mark.size) }, marker);
    const line = svg("polyline", { fill: "none", "marker-start": `url(#${id})`, "marker-mid": `url(#${id})` }, parent);
    return () => {
      const xs = panel.list(mark, "x"), ys = panel.list(mark, "y");
      const places = Array.from(xs, (x, i) => [panel.x(x), panel.y(ys[i])]).filter(([x, y]) => panel.holds(x, y)).map(coordinates);
      // The last place stands there twice: its symbol is drawn in the middle, and a single one only at the start.
      set(line, "points", [...places, ...places.slice(-1)].join(" "));
    };
  },

  arrow(mark, panel, parent) {
    const path = stroked(mark, parent);
    path.setAttribute("stroke-linecap", "round");
    return () => {
      const [x, y, toX, toY] = ["x", "y", "to_x", "to_y"].map((part) => panel.list(mark, part)[0]);
      const [x1, y1, x2, y2] = [panel.x(x), panel.y(y), panel.x(toX), panel.y(toY)];
      const angle = Math.atan2(y2 - y1, x2 - x1);
      const head = Math.min(9, Math.hypot(x2 - x1, y2 - y1)); // a short arrow has a small head
      const wing = (turn) => `M${x2},${y2}L${x2 - head * Math.cos(angle + turn)},${y2 - head * Math.sin(angle + turn)}`;
      set(path, "d", `M${x1},${y1}L${x2},${y2}${wing(0.5)}${wing(-0.5)}`);
    };
  },

  bars(mark, panel, parent) {
    const path = filled(mark, 0.9, parent);
    return () => {
      const xs = panel.list(mark, "x"), heights = panel.list(mark, "height");
      const half = (panel.x(mark.width) - panel.x(0)) / 2, zero = panel.y(0);
      set(path, "d", Array.from(xs, (x, i) => {
        const top = panel.y(heights[i]);
        return Number.isFinite(top) ? `M${panel.x(x) - half},${zero}V${top}h${2 * half}V${zero}Z` : "";
      }).join(""));
    };
  },

  band(mark, panel, parent) {
    const path = filled(mark, 0.16, parent);
    return () => {
      const starts = panel.list(mark, "start"), stops = panel.list(mark, "stop");
      const { left, right, top, bottom } = panel.box;
      set(path, "d", Array.from(starts, (start, i) => {
        const from = Math.max(panel.x(start), left), to = Math.min(panel.x(stops[i]), right);
        return to > from ? `M${from},${top}H${to}V${bottom}H${from}Z` : "";
      }).join(""));
    };
  },

  rule(mark, panel, parent) {
    const path = stroked(mark, parent);
    const { left, right, top, bottom } = panel.box;
    return () => set(path, "d", "x" in mark.values
      ? `M${panel.x(panel.list(mark, "x")[0])},${top}V${bottom}`
      : `M${left},${panel.y(panel.list(mark, "y")[0])}H${right}`);
  },

  text(mark, panel, parent) {
    const node = svg("text", { class: "byhand-text", "text-anchor": mark.anchor }, parent);
    return () => {
      set(node, "x", panel.x(panel.list(mark, "x")[0]));
      set(node, "y", clamp(panel.y(panel.list(mark, "y")[0]), 1e4) + 4.5);
      tell(node, panel.values.say(mark.texts));
    };
  },

  contour(mark, panel, parent) {
    const path = stroked(mark, parent);
    const edge = { // from a place in the grid to the panel, whose whole it covers
      x: (share) => panel.box.left + share * (panel.box.right - panel.box.left),
      y: (share) => panel.box.bottom + share * (panel.box.top - panel.box.bottom),
    };
    return () => set(path, "d", crossings(panel.list(mark, "z"), mark.level, edge));
  },

  // Colours as pixels on a canvas behind the lines. A colour is a strength of blue or vermillion over the paper,
  // so that it needs no change when the theme does.
  heat(mark, panel) {
    const { left, top, right, bottom } = panel.box;
    const side = 128;
    const canvas = html("canvas", { width: side, height: side, "aria-hidden": "true" });
    Object.assign(canvas.style, {
      left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px`,
    });
    panel.picture.before(canvas);
    const context = canvas.getContext("2d");
    const pixels = context.createImageData(side, side);
    const curved = "through_x" in mark.values;
    return () => {
      const grid = panel.list(mark, "z"), size = Math.sqrt(grid.length);
      const xs = curved && panel.list(mark, "through_x"), ys = curved && panel.list(mark, "through_y");
      for (let row = 0, at = 0; row < side; row++) {
        const down = (1 - (row + 0.5) / side) * (size - 1), below = Math.floor(down), v = down - below;
        for (let column = 0; column < side; column++, at += 4) {
          const across = ((column + 0.5) / side) * (size - 1), before = Math.floor(across), u = across - before;
          const corner = below * size + before; // a pixel's middle is never on the grid's last row or column
          const z = (1 - v) * ((1 - u) * grid[corner] + u * grid[corner + 1])
            + v * ((1 - u) * grid[corner + size] + u * grid[corner + size + 1]);
          const value = curved ? interpolate(z, xs, ys) : z;
          const above = value >= mark.middle;
          const strength = (value - mark.middle) / ((above ? mark.high : mark.low) - mark.middle);
          pixels.data[at] = above ? 213 : 0; // Okabe and Ito's vermillion and blue
          pixels.data[at + 1] = above ? 94 : 114;
          pixels.data[at + 2] = above ? 0 : 178;
          pixels.data[at + 3] = 110 * Math.min(Math.max(strength, 0), 1) || 0;
        }
      }
      context.putImageData(pixels, 0, 0);
    };
  },
};

// Where a square grid crosses a level, cell by cell, as straight pieces: exact where the values are a plane.
function crossings(grid, level, edge) {
  const size = Math.sqrt(grid.length);
  const pieces = [];
  for (let row = 0; row < size - 1; row++) {
    for (let column = 0; column < size - 1; column++) {
      const corner = row * size + column;
      // The cell's corners in a ring, as [column, row, height over the level].
      const ring = [[0, 0, corner], [1, 0, corner + 1], [1, 1, corner + size + 1], [0, 1, corner + size]]
        .map(([across, up, i]) => [column + across, row + up, grid[i] - level]);
      const found = [];
      ring.forEach(([x, y, height], i) => {
        const [nextX, nextY, next] = ring[(i + 1) % 4];
        if (height >= 0 === next >= 0) return;
        const share = height / (height - next);
        found.push([x + share * (nextX - x), y + share * (nextY - y)]);
      });
      for (let i = 0; i + 1 < found.length; i += 2) {
        const [from, to] = [found[i], found[i + 1]].map(([x, y]) =>
          `${edge.x(x / (size - 1)).toFixed(2)},${edge.y(y / (size - 1)).toFixed(2)}`);
        pieces.push(`M${from}L${to}`);
      }
    }
  }
  return pieces.join("");
}

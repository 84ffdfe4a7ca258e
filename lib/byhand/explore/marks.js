// What can be drawn into a panel. Each function makes the SVG nodes of one mark and returns how to move them:
// while a slider is dragged, nodes are moved, never made anew.

// A line as an SVG path; a point that is no number makes a gap.
function pathOf(panel, xs, ys) {
  let path = "", pen = "M";
  for (let i = 0; i < xs.length; i++) {
    const x = panel.x(xs[i]), y = panel.y(ys[i]);
    if (Number.isNaN(x + y)) { pen = "M"; continue; }
    // Far outside, a line still leaves in the right direction, but the number stays small.
    path += `${pen}${clamp(x, 1e4).toFixed(2)},${clamp(y, 1e4).toFixed(2)}`;
    pen = "L";
  }
  return path;
}

const clamp = (value, limit) => Math.min(Math.max(value, -limit), limit);

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

  points(mark, panel, parent) {
    const group = svg("g", { class: `byhand-${mark.shape}` }, parent);
    group.style.setProperty("--color", color(mark.color));
    const symbol = SYMBOLS[mark.shape](mark.size);
    return () => {
      const xs = panel.list(mark, "x"), ys = panel.list(mark, "y");
      while (group.childNodes.length < xs.length) svg("path", { d: symbol }, group);
      group.childNodes.forEach((node, i) => {
        const x = panel.x(xs[i]), y = panel.y(ys[i]);
        const shown = i < xs.length && panel.holds(x, y);
        set(node, "display", shown ? "inline" : "none");
        if (shown) set(node, "transform", `translate(${x.toFixed(2)} ${y.toFixed(2)})`);
      });
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

  area(mark, panel, parent) {
    const path = filled(mark, 0.25, parent);
    return () => {
      const xs = Array.from(panel.list(mark, "x"));
      const there = pathOf(panel, xs, panel.list(mark, "high"));
      const back = pathOf(panel, xs.toReversed(), Array.from(panel.list(mark, "low")).toReversed());
      set(path, "d", `${there}${back.replace("M", "L")}Z`);
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

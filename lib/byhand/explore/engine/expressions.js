// Numbers that follow the controls: the browser's half of values.py, and how numbers are written (text.py).
//
// Python sends every array once. A "frames" node selects a part of one: its leading axes are controls.
// The other nodes do a little arithmetic on the parts. Nothing here knows what a neuron is.

// Entry by entry; a plain number goes with every entry of an array.
function combine(operation, a, b) {
  if (typeof a === "number" && typeof b === "number") return operation(a, b);
  const answer = new Float64Array(a.length ?? b.length);
  for (let i = 0; i < answer.length; i++) {
    answer[i] = operation(typeof a === "number" ? a : a[i], typeof b === "number" ? b : b[i]);
  }
  return answer;
}

// The curve through the points (xs, ys), xs ascending, read off at x: the same as np.interp.
function interpolate(x, xs, ys) {
  let low = 0, high = xs.length - 1;
  if (Number.isNaN(x)) return NaN;
  if (x <= xs[low]) return ys[low];
  if (x >= xs[high]) return ys[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle; else high = middle;
  }
  return ys[low] + ((ys[high] - ys[low]) * (x - xs[low])) / (xs[high] - xs[low]);
}

const OPERATIONS = {
  "+": (a, b) => combine((x, y) => x + y, a, b),
  "-": (a, b) => combine((x, y) => x - y, a, b),
  "*": (a, b) => combine((x, y) => x * y, a, b),
  ">=": (a, b) => combine((x, y) => (x >= y ? 1 : 0), a, b),
  only: (a, b) => combine((x, shown) => (shown ? x : NaN), a, b),
  sum: (a) => (typeof a === "number" ? a : a.reduce((total, x) => total + x, 0)),
  interp: (x, xs, ys) =>
    typeof x === "number" ? interpolate(x, xs, ys) : Float64Array.from(x, (one) => interpolate(one, xs, ys)),
};

class Values {
  constructor(scene, data) {
    this.nodes = scene.nodes;
    this.data = data;
    this.controls = Object.fromEntries(scene.controls.map((control) => [control.name, control]));
    this.position = Object.fromEntries(scene.controls.map((control) => [control.name, control.start]));
    this.known = new Array(this.nodes.length);
    // Which controls each node depends on. A node's parts come before it in the list.
    this.follows = [];
    for (const node of this.nodes) {
      const names = new Set(node.is === "control" ? [node.name] : node.by);
      for (const part of node.of ?? []) this.follows[part].forEach((name) => names.add(name));
      this.follows.push(names);
    }
  }

  move(name, position) {
    this.position[name] = position;
    this.follows.forEach((names, i) => { if (names.has(name)) this.known[i] = undefined; });
  }

  // What a node is now: a number or an array. Computed when first asked for, kept until a control moves it.
  read(i) {
    this.known[i] ??= this.compute(this.nodes[i]);
    return this.known[i];
  }

  compute(node) {
    if (node.is === "frames") return this.frame(node);
    if (node.is === "control") return this.standing(this.controls[node.name]);
    return OPERATIONS[node.is](...node.of.map((part) => this.read(part)));
  }

  // The number that a control stands for.
  standing(control) {
    const position = this.position[control.name];
    if (control.options) return position;
    const low = Math.min(Math.floor(position), control.values.length - 1);
    const share = position - low;
    return share === 0 ? control.values[low] : (1 - share) * control.values[low] + share * control.values[low + 1];
  }

  frame({ at, shape, by }) {
    const size = shape.slice(by.length).reduce((product, n) => product * n, 1);
    let stride = shape.reduce((product, n) => product * n, 1);
    let blend = [[at, 1]]; // where in the buffer, and with which share
    by.forEach((name, axis) => {
      stride /= shape[axis];
      const low = Math.floor(this.position[name]);
      const share = this.position[name] - low;
      blend = blend.flatMap(([start, part]) =>
        share === 0
          ? [[start + low * stride, part]]
          : [[start + low * stride, part * (1 - share)], [start + (low + 1) * stride, part * share]]);
    });
    const single = by.length === shape.length;
    if (blend.length === 1) {
      const start = blend[0][0];
      return single ? this.data[start] : this.data.subarray(start, start + size);
    }
    const mixed = new Float64Array(size);
    for (const [start, part] of blend) for (let i = 0; i < size; i++) mixed[i] += part * this.data[start + i];
    return single ? mixed[0] : mixed;
  }

  // What a control says of itself: "3.0", "Sigmoid".
  spoken(control) {
    if (control.options) return control.options[this.position[control.name]];
    const number = write(this.standing(control), control.format);
    return control.unit ? `${number} ${control.unit}` : number;
  }

  // A sentence with its numbers in place. With `pick`, a value chooses among several sentences.
  say({ texts, pick, values }) {
    const text = texts[pick === null ? 0 : Math.round(this.read(pick))];
    return text.replace(/\{(\w+)(?::(\.\d+[fg]))?\}/g, (_, name, format) => {
      const node = this.nodes[values[name]];
      const control = node.is === "control" && this.controls[node.name];
      return control && control.options ? this.spoken(control) : write(this.read(values[name]), format);
    });
  }
}

const LEAST = 1e-30; // float32, in which numbers arrive, ends a little below this
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = (power) => String(power).replace("-", "⁻").replace(/\d/g, (digit) => RAISED[digit]);
const trimmed = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

// A number as a reader wants it: ".2f" two decimals, ".3g" three digits, large and small as powers of ten.
function write(number, format = ".3g") {
  const digits = Number(format.slice(1, -1));
  if (Number.isNaN(number)) return "not a number";
  if (!Number.isFinite(number)) return number > 0 ? "∞" : "−∞";
  if (format.endsWith("f")) {
    const text = number.toFixed(digits);
    return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
  }
  if (number === 0) return "0";
  if (Math.abs(number) < LEAST) return `less than 10${raised(-30)}`;
  const [mantissa, exponent] = number.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 5) {
    return trimmed(Number(`${mantissa}e${power}`).toFixed(Math.max(digits - 1 - power, 0))).replace("-", "−");
  }
  // No-break spaces: a number is not broken over two lines.
  return `${trimmed(mantissa).replace("-", "−")}\u00a0×\u00a010${raised(power)}`;
}

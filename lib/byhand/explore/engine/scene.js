// An explorable: a question, controls, a picture that follows them, and words that say what it shows.
//
// host.py joins expressions.js, picture.js, marks.js, pixels.js, controls.js and this file into ONE ES module, in this order.
// There is no bundler: the files are one text. The module has two hosts, both at the end of this file: a plain
// page, and a live notebook (an anywidget).

// Draw a scene into an element. `data` holds all its numbers (Float32Array); `released(value)` is called when the
// learner lets a control go.
function mount(root, scene, data, released) {
  const values = new Values(scene, data);
  const id = `byhand-${Math.random().toString(36).slice(2, 10)}`;
  const act = {
    // `typing` is a control that the learner writes into: nothing is put there while they do.
    move(positions, typing) {
      const names = Object.keys(positions);
      for (const name of names) values.move(name, positions[name]);
      for (const panel of panels) panel.draw(names);
      moved.show(names, typing);
      words ??= setTimeout(say, 50); // the picture first: nobody reads faster
    },
    release() {
      released({ ...settings(scene, values), ...(predicted === null ? {} : { prediction: predicted }) });
    },
  };
  const panels = scene.panels.map((panel, i) => new Panel(panel, values, `${id}-${i}`, act));
  const moved = controls(scene, id, values, act);
  const sentence = html("p", { class: "byhand-sentence", "aria-live": "polite", "aria-atomic": "true" });
  const readings = scene.readings.map((reading) => ({ reading, number: html("dd") }));
  const table = valueTable(scene, values);
  let predicted = null, words = null; // `words`: the timer after which they follow the picture

  const say = () => {
    words = null;
    tell(sentence, scene.sentences.map((part) => values.say(part)).join(" "));
    for (const panel of panels) tell(panel.description, sentence.textContent);
    for (const { reading, number } of readings) tell(number, values.say(reading));
    table.fill();
  };
  const guess = scene.prediction && prediction(scene.prediction, (text) => { predicted = text; act.release(); });
  const picture = html("div", { class: "byhand-panels" }, ...panels.map((panel) => panel.root));
  const numbers = html("dl", { class: "byhand-readings" },
    ...readings.map(({ reading, number }) => html("div", {}, html("dt", {}, reading.label), number)));

  root.classList.add("byhand");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", scene.title);
  root.replaceChildren(
    html("p", { class: "byhand-title", role: "heading", "aria-level": "3" }, scene.title),
    html("p", { class: "byhand-question" }, scene.question),
    ...(guess ? [guess.root] : []),
    ...scene.notes.map((note) => html("p", { class: "byhand-note", role: "note" }, note)),
    picture, moved.root,
    ...(readings.length ? [numbers] : []),
    sentence,
    ...(guess || scene.notice.length ? [notice(scene, guess)] : []),
    ...(scene.columns.length ? [table.root] : []));
  leaveOnEscape(root);
  passSavingOn(root);

  // Panels stand side by side where there is room for two, else one below the other.
  const layOut = () => {
    const room = picture.clientWidth || 760;
    const narrow = panels.filter(({ panel }) => !panel.wide).length;
    const columns = Math.max(1, Math.min(narrow, Math.floor((room + 16) / 316))); // at least 300 pixels, and a gap
    picture.style.setProperty("--columns", columns);
    const column = Math.floor((room - (columns - 1) * 16) / columns);
    for (const panel of panels) {
      const width = panel.panel.wide ? room : column;
      // As tall as wide if one of them is square; else a little flatter.
      const height = scene.panels.some(({ square }) => square)
        ? Math.min(column, 350) : Math.min(Math.max(width * 0.72, 260), 330);
      if (Math.abs(panel.width - width) > 1) panel.layOut(width, height);
    }
  };
  layOut();
  say();
  new ResizeObserver(layOut).observe(picture);
}

// Where the learner left the controls.
function settings(scene, values) {
  return Object.fromEntries(scene.controls.map((control) => {
    const number = values.standing(control);
    return [control.name, { choice: control.options?.[number], toggle: number === 1 }[control.kind] ?? number];
  }));
}

// What to notice: folded away, so that the learner looks first.
function notice(scene, guess) {
  return html("details", {}, html("summary", OWN_KEYS, "What to notice"),
    ...(guess ? [guess.comparison] : []), ...scene.notice.map((text) => html("p", {}, text)));
}

// The same numbers without a picture. Written only while it is open: nobody waits for a table that nobody sees.
function valueTable(scene, values) {
  const body = html("tbody");
  const head = html("tr", {}, ...scene.columns.map(({ label }) => html("th", { scope: "col" }, label)));
  const scroller = html("div", { class: "byhand-scroller", tabindex: "0", role: "group", "aria-label": "Values" },
    html("table", {}, html("thead", {}, head), body));
  const root = html("details", {}, html("summary", OWN_KEYS, "Table of values"), scroller);
  const fill = () => {
    if (!root.open) return;
    const columns = scene.columns.map(({ value }) =>
      [values.read(value)].flatMap((part) => (typeof part === "number" ? [part] : [...part])));
    // A row without a single number is not there: a table may have fewer rows where the controls stand now.
    const rows = columns[0].map((_, row) => columns.map((column) => column[row]))
      .filter((row) => row.some((number) => !Number.isNaN(number ?? NaN)));
    const cell = (number, i) => (number === undefined ? "" : write(number, scene.columns[i].format));
    body.replaceChildren(...rows.map((row) => html("tr", {}, ...row.map((number, i) => html("td", {}, cell(number, i))))));
  };
  root.addEventListener("toggle", fill);
  return { root, fill };
}

// ---- The two hosts ----

const RELEASED = "byhand-released";

// A plain page: a saved or exported notebook, or the output of a live one. `text` is the buffer in base64.
function show(id, scene, text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const data = new Float32Array(bytes.buffer);
  // JupyterLab can show one output twice ("Create New View for Cell Output").
  for (const root of document.querySelectorAll(`[data-byhand="${id}"]:not([data-byhand-shown])`)) {
    root.setAttribute("data-byhand-shown", "");
    mount(root, scene, data, (value) => {
      root.dispatchEvent(new CustomEvent(RELEASED, { bubbles: true, detail: { id, value } }));
    });
  }
}

// A live notebook, as an anywidget. `initialize` runs once the kernel has made the widget, with or without a view
// of it: it carries what is released in the plain output above to the kernel. `render` draws a view of its own,
// where the widget itself is shown (inside an ipywidgets layout, for example).
function initialize({ model }) {
  const carry = ({ detail }) => {
    if (detail.id !== model.get("scene_id")) return;
    model.set("value", detail.value);
    model.save_changes();
  };
  document.addEventListener(RELEASED, carry);
  return () => document.removeEventListener(RELEASED, carry);
}

function render({ model, el }) {
  const view = model.get("data");
  const data = new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
  mount(el, JSON.parse(model.get("scene")), data, (value) => {
    model.set("value", value);
    model.save_changes();
  });
}

export default { initialize, render };

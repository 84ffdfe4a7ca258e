// What the learner moves. All of it is native: a real <input> with a real <label>, so that keyboard, screen
// reader and touch work as everywhere else.
//
// A control is made with the learner's `act`: act.move({name: position}) while something is moved, act.release()
// when it is let go. It returns its element, and show(), which puts it where its value is: others may move it.

// JupyterLab takes the arrow keys, Enter and letters for itself, unless this stands on the very element that has
// the focus.
const SUPPRESSED = "data-lm-suppress-shortcuts";
const OWN_KEYS = { [SUPPRESSED]: "true" };

// Ctrl+S, or Command+S, is passed on to JupyterLab, which would not save otherwise. It listens on the document, so
// the attribute goes before that, on the window, and is back when the event is over.
function passSavingOn(root) {
  const passOn = ({ key, ctrlKey, metaKey, target }) => {
    if (key?.toLowerCase() !== "s" || !(ctrlKey || metaKey) || !target.hasAttribute(SUPPRESSED)) return;
    target.removeAttribute(SUPPRESSED);
    setTimeout(() => target.setAttribute(SUPPRESSED, "true"));
  };
  root.addEventListener("focusin", () => window.addEventListener("keydown", passOn, true));
  root.addEventListener("focusout", () => window.removeEventListener("keydown", passOn, true));
}

// Escape leaves: the focus goes back to the notebook's cell (or wherever one can be around the picture).
function leaveOnEscape(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.target.blur();
    root.parentElement?.closest("[tabindex]")?.focus();
    event.stopPropagation();
  });
}

function slider(control, id, values, act) {
  const last = control.values.length - 1;
  const input = html("input", { type: "range", id, min: 0, max: last, step: 1, value: control.start, ...OWN_KEYS });
  const done = html("div", { class: "byhand-done" }); // the part of its bar that lies behind the thumb
  const shown = html("output", { for: id, "aria-live": "off" }); // the slider itself says its value
  const show = () => {
    const spoken = values.spoken(control);
    input.value = values.position[control.name];
    set(input, "aria-valuetext", spoken);
    done.style.clipPath = `inset(-1px ${100 - (100 * values.position[control.name]) / last}% -1px 0)`;
    tell(shown, spoken);
  };
  const to = (position) => act.move({ [control.name]: Math.min(Math.max(position, 0), last) });
  // A key that is held sends many changes. They count as one move, which ends when the key comes up.
  let keyIsDown = false, moved = false;
  const end = () => {
    keyIsDown = false;
    if (moved) act.release();
    moved = false;
  };
  input.addEventListener("input", () => { moved = true; to(Number(input.value)); });
  input.addEventListener("change", () => { if (!keyIsDown) end(); });
  input.addEventListener("keydown", () => { keyIsDown = true; });
  input.addEventListener("keyup", end);
  input.addEventListener("blur", end);
  const step = (by, sign, word) => {
    const button = html("button", { type: "button", "aria-label": `${word} ${control.label}`, ...OWN_KEYS }, sign);
    button.addEventListener("click", () => { to(Math.round(values.position[control.name]) + by); act.release(); });
    return button;
  };
  const root = html("div", { class: "byhand-slider" },
    html("label", { for: id }, control.label), step(-1, "−", "Decrease"), html("div", { class: "byhand-bar" }, done, input),
    step(1, "+", "Increase"), html("div", {}, shown));
  if (control.play) root.append(play(control, values, to, act));
  return { root, show };
}

// A button that runs a slider from here to its end, a step at a time. Not offered to those who ask their system
// for reduced motion: they have the step buttons.
function play(control, values, to, act) {
  const button = html("button", { type: "button", class: "byhand-play", ...OWN_KEYS });
  const last = control.values.length - 1;
  let timer = null;
  const show = () => {
    button.textContent = timer === null ? "▶" : "❚❚";
    button.setAttribute("aria-label", `${timer === null ? "Play" : "Pause"} ${control.label}`);
  };
  const stop = () => { clearInterval(timer); timer = null; show(); act.release(); };
  button.addEventListener("click", () => {
    if (timer !== null) return stop();
    if (values.position[control.name] >= last) to(0);
    timer = setInterval(() => {
      // The output may have been cleared while it ran.
      if (values.position[control.name] >= last || !button.isConnected) return stop();
      to(Math.floor(values.position[control.name]) + 1);
    }, Math.min(Math.max(40, 4000 / last), 600));
    show();
  });
  show();
  return button;
}

// One of a few. Radio buttons: arrow keys walk through them, a screen reader counts them.
function choice(control, id, values, act) {
  const inputs = control.options.map((_, i) => {
    const input = html("input", { type: "radio", name: id, value: i, ...OWN_KEYS });
    input.addEventListener("change", () => { act.move({ [control.name]: i }); act.release(); });
    return input;
  });
  const options = control.options.map((text, i) => html("label", {}, inputs[i], html("span", {}, text)));
  const root = html("fieldset", { class: "byhand-choice" }, html("legend", {}, control.label), ...options);
  return { root, show: () => inputs.forEach((input, i) => { input.checked = i === values.position[control.name]; }) };
}

function toggle(control, id, values, act) {
  const input = html("input", { type: "checkbox", id, ...OWN_KEYS });
  input.addEventListener("change", () => { act.move({ [control.name]: Number(input.checked) }); act.release(); });
  const root = html("label", { class: "byhand-toggle" }, input, control.label);
  return { root, show: () => { input.checked = values.position[control.name] === 1; } };
}

// One number of a small matrix; what is typed becomes the nearest number that there is.
function entry(control, id, values, act) {
  const { values: numbers, name } = control;
  const step = numbers.length > 1 ? numbers[1] - numbers[0] : 1;
  const input = html("input", {
    type: "number", id, min: numbers[0], max: numbers.at(-1), step, "aria-label": control.label, ...OWN_KEYS,
  });
  const show = () => { input.value = Number(values.standing(control).toPrecision(6)); };
  input.addEventListener("input", () => {
    const typed = input.valueAsNumber;
    if (Number.isNaN(typed)) return; // a minus sign that waits for its number
    const far = numbers.map((number) => Math.abs(number - typed));
    act.move({ [name]: far.indexOf(Math.min(...far)) }, control);
  });
  input.addEventListener("change", () => { show(); act.release(); });
  return { root: input, show };
}

// The entries of one matrix, in their rows.
function matrix(label, columns, entries) {
  const grid = html("div", { class: "byhand-matrix" }, ...entries);
  grid.style.setProperty("--columns", columns);
  return html("fieldset", { class: "byhand-entries" }, html("legend", {}, label), grid);
}

// Buttons that put several controls at once where they say.
function presets(scene, act) {
  const buttons = scene.presets.map(({ label, positions }) => {
    const button = html("button", { type: "button", ...OWN_KEYS }, label);
    button.addEventListener("click", () => { act.move(positions); act.release(); });
    return button;
  });
  return buttons.length ? [html("div", { class: "byhand-presets", role: "group", "aria-label": "Examples" }, ...buttons)] : [];
}

// All controls of a scene: what is chosen first, then matrices, then sliders.
function controls(scene, id, values, act) {
  const makers = { slider, choice, toggle, entry };
  const made = scene.controls.map((control) => ({
    control, ...makers[control.kind](control, `${id}-${control.name}`, values, act),
  }));
  const of = (...kinds) => made.filter(({ control }) => kinds.includes(control.kind));
  const roots = (list) => list.map(({ root }) => root);
  const groups = Map.groupBy(of("entry"), ({ control }) => control.group);
  const matrices = [...groups].map(([label, list]) => matrix(label, list[0].control.columns, roots(list)));
  const root = html("div", { class: "byhand-controls" },
    html("div", { class: "byhand-choices" }, ...roots(of("choice", "toggle")), ...presets(scene, act)),
    ...matrices, ...roots(of("slider")));
  // Put these where their values are; all of them if null.
  const show = (names, except = null) => {
    for (const each of made) {
      if (each.control !== except && (names === null || names.includes(each.control.name))) each.show();
    }
  };
  show(null);
  return { root, show };
}

// The learner commits to an answer before moving anything. The first answer stays.
function prediction({ options, answer, because }, committed) {
  const verdict = html("p", { class: "byhand-verdict", "aria-live": "polite" });
  const comparison = html("p"); // stands in the explanation: what was predicted, and what is right
  const buttons = options.map((text, i) => {
    const button = html("button", { type: "button", "aria-pressed": "false", ...OWN_KEYS }, text);
    button.addEventListener("click", () => {
      if (root.classList.contains("byhand-committed")) return;
      root.classList.add("byhand-committed");
      button.setAttribute("aria-pressed", "true");
      buttons.forEach((each) => each.setAttribute("aria-disabled", "true"));
      verdict.textContent = `You said: ${text}. Now find out with the controls.`;
      compare(i);
      committed(text);
    });
    return button;
  });
  const root = html("div", { class: "byhand-prediction", role: "group", "aria-label": "Your prediction" },
    ...buttons, verdict);
  const compare = (said) => {
    const opening = said === answer ? "You predicted it: " : said === null ? "The answer: " : `You said ${options[said]}. It is: `;
    comparison.textContent = `${opening}${options[answer]}. ${because}`;
  };
  compare(null);
  return { root, comparison };
}

// What the learner moves. All of it is native: a real <input> with a real <label>, so that keyboard, screen
// reader and touch work as everywhere else.

// JupyterLab takes the arrow keys, Enter and letters for itself, unless this stands on the very element that has
// the focus.
const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };

// Escape leaves: the focus goes back to the notebook's cell (or wherever one can be around the picture).
function leaveOnEscape(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.target.blur();
    root.parentElement?.closest("[tabindex]")?.focus();
    event.stopPropagation();
  });
}

// Each control calls move(name, position) while it is moved, and release() when it is let go.
function slider(control, id, values, move, release) {
  const last = control.values.length - 1;
  const input = html("input", { type: "range", id, min: 0, max: last, step: 1, value: control.start, ...OWN_KEYS });
  const shown = html("output", { for: id, "aria-live": "off" }); // the slider itself says its value
  const show = () => {
    const spoken = values.spoken(control);
    input.value = values.position[control.name];
    input.setAttribute("aria-valuetext", spoken);
    input.style.setProperty("--done", `${(100 * values.position[control.name]) / last}%`);
    shown.textContent = spoken;
  };
  const to = (position) => {
    move(control.name, Math.min(Math.max(position, 0), last));
    show();
  };
  // A key that is held sends many changes. They count as one move, which ends when the key comes up.
  let keyIsDown = false, moved = false;
  const end = () => {
    keyIsDown = false;
    if (moved) release();
    moved = false;
  };
  input.addEventListener("input", () => { moved = true; to(Number(input.value)); });
  input.addEventListener("change", () => { if (!keyIsDown) end(); });
  input.addEventListener("keydown", () => { keyIsDown = true; });
  input.addEventListener("keyup", end);
  input.addEventListener("blur", end);
  const step = (by, sign, word) => {
    const button = html("button", { type: "button", "aria-label": `${word} ${control.label}`, ...OWN_KEYS }, sign);
    button.addEventListener("click", () => { to(Math.round(values.position[control.name]) + by); release(); });
    return button;
  };
  const row = html("div", { class: "byhand-slider" },
    html("label", { for: id }, control.label), step(-1, "−", "Decrease"), input, step(1, "+", "Increase"), shown);
  if (control.play) row.append(play(control, values, to, release));
  show();
  return row;
}

// A button that runs a slider from here to its end, a step at a time. Not offered to those who ask their system
// for reduced motion: they have the step buttons.
function play(control, values, to, release) {
  const button = html("button", { type: "button", class: "byhand-play", ...OWN_KEYS });
  const last = control.values.length - 1;
  let timer = null;
  const show = () => {
    button.textContent = timer === null ? "▶" : "❚❚";
    button.setAttribute("aria-label", `${timer === null ? "Play" : "Pause"} ${control.label}`);
  };
  const stop = () => { clearInterval(timer); timer = null; show(); release(); };
  button.addEventListener("click", () => {
    if (timer !== null) return stop();
    if (values.position[control.name] >= last) to(0);
    timer = setInterval(() => {
      // The output may have been cleared while it ran.
      if (values.position[control.name] >= last || !button.isConnected) return stop();
      to(Math.floor(values.position[control.name]) + 1);
    }, Math.max(40, 4000 / last));
    show();
  });
  show();
  return button;
}

// One of a few. Radio buttons: arrow keys walk through them, a screen reader counts them.
function choice(control, id, values, move, release) {
  const options = control.options.map((text, i) => {
    const input = html("input", { type: "radio", name: id, value: i, ...OWN_KEYS });
    input.checked = i === control.start;
    input.addEventListener("change", () => { move(control.name, i); release(); });
    return html("label", {}, input, html("span", {}, text));
  });
  return html("fieldset", { class: "byhand-choice" }, html("legend", {}, control.label), ...options);
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
    const opening = said === answer ? "You predicted it: " : said === null ? "" : `You said ${options[said]}. It is: `;
    comparison.textContent = `${opening}${options[answer]}. ${because}`;
  };
  compare(null);
  return { root, comparison };
}

// What a page does between a key press and the picture that it changes: when keys come, when pictures are painted.
// explorables.py puts this into every page before the page's own scripts. All times are performance.now().

window.bench = { pressed: [], painted: [], replied: [] };

addEventListener("keydown", (event) => bench.pressed.push(event.timeStamp), true);

// A picture changed just now: note when the frame that shows it has been painted (once a frame).
let waiting = false;
bench.changed = () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    const channel = new MessageChannel(); // its message comes right after the frame
    channel.port1.onmessage = () => { waiting = false; bench.painted.push(performance.now()); };
    channel.port2.postMessage(null);
  });
};

const observe = (root, options, found) => new MutationObserver(found).observe(root, { subtree: true, ...options });

// Three ways in which a picture changes; each is watched where it happens.
bench.watch = {
  // ours: attributes of an SVG
  svg: (output) => observe(output.querySelector(".byhand-panels"), { attributes: true }, bench.changed),
  // interact with inline figures: another <img>, whose pixels are there once it is decoded
  img(output) {
    let last = output.querySelector("img")?.src;
    observe(output, { attributes: true, childList: true }, () => {
      const image = output.querySelector("img");
      if (!image || image.src === last) return;
      last = image.src;
      image.decode().then(bench.changed, () => {});
    });
  },
  // ipympl: something is drawn on its visible canvas
  canvas(output) {
    const draw = CanvasRenderingContext2D.prototype.drawImage;
    CanvasRenderingContext2D.prototype.drawImage = function (...args) {
      if (output.contains(this.canvas)) bench.changed();
      return draw.apply(this, args);
    };
  },
};

// The first paint of an explorable, and the moment at which JupyterLab shows that a cell has run: its number.
document.addEventListener("DOMContentLoaded", () => {
  observe(document.body, { attributes: true, attributeFilter: ["data-byhand-shown"] }, bench.changed);
  observe(document.body, { childList: true, characterData: true }, (changes) => {
    const prompts = changes.map(({ target }) => (target.closest ? target : target.parentElement)?.closest(".jp-InputPrompt"));
    if (prompts.some((prompt) => /^\[\d+\]:$/.test(prompt?.textContent))) bench.replied.push(performance.now());
  });
});

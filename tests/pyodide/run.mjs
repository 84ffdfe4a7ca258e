// Run a Python file in Pyodide under Node: node run.mjs RUNTIME REPOSITORY SITE_PACKAGES FILE
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";

const [runtime, repository, packages, file] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${runtime}/pyodide.mjs`));
const pyodide = await loadPyodide({ indexURL: `${runtime}/`, env: { HOME: "/learner", MPLBACKEND: "agg" } });
await pyodide.loadPackage(["numpy", "matplotlib"], { messageCallback: () => {} });
for (const [inside, outside] of [["/repository", repository], ["/packages", packages]]) {
  pyodide.FS.mkdirTree(inside);
  pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: outside }, inside);
}
try {
  process.exitCode = await pyodide.runPythonAsync(readFileSync(file, "utf8"));
} catch (error) {
  console.error(error.message); // without it Node prints the line of the runtime that threw: half a megabyte
  process.exitCode = 1;
}

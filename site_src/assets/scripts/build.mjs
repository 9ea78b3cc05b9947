// Bundles the scripts of the site: `node build.mjs <modules> <output>`. Same input, same bytes.

import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [modules, output] = process.argv.slice(2).map((path) => resolve(path));
const { build } = createRequire(join(modules, "node_modules", "x.js"))("esbuild");
const here = dirname(fileURLToPath(import.meta.url));

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["catalogue.js", "explorer.js", "parquet.js", "search.js"],
  outdir: output,
  nodePaths: [join(modules, "node_modules")],
  bundle: true,
  external: ["./parquet.js"],
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  logLevel: "error",
});

const used = new Set();
for (const path of Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs))) {
  const [, name] = /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/](?!.*node_modules)/.exec(path) ?? [];
  if (name) used.add(name);
}

const texts = [];
for (const name of [...used].sort()) {
  const folder = join(modules, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} brings no licence`);
  texts.push(`${name} ${version} (${license})\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`);
}
await mkdir(output, { recursive: true });
await writeFile(join(output, "licences.txt"), texts.join(`\n${"-".repeat(72)}\n\n`));

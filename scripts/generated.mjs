/**
 * Writes the committed files that are made from code; with --check it only says which differ, and
 * fails. Works on what `npm run build` made.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** File, and who makes its text. */
const GENERATED = [
  {
    file: 'gateway/config/config.schema.json',
    module: 'dist/gateway/config/json-schema.js',
    text: ({ configJsonSchemaText }) => configJsonSchemaText(),
  },
  { file: 'docs/errors.md', module: 'dist/schemas/errors-doc.js', text: ({ errorsDocument }) => errorsDocument() },
  {
    file: 'docs/services.md',
    module: 'dist/gateway/compose/services-doc.js',
    text: ({ servicesDocument }) => servicesDocument(root),
  },
];

const isCheck = process.argv.includes('--check');
for (const { file, module, text } of GENERATED) {
  const made = await text(await import(pathToFileURL(resolve(root, module)).href));
  const path = resolve(root, file);
  if (existsSync(path) && readFileSync(path, 'utf8') === made) continue;
  if (isCheck) {
    process.stderr.write(`${file} is not what the code makes: run node scripts/generated.mjs\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, made);
    process.stdout.write(`${file} written\n`);
  }
}

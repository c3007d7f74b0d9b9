/**
 * Writes the committed files that are made from code (`npm run generate`). With `--check` it writes nothing, and fails
 * if one of them is not what the code makes. Runs on the sources, through tsx: a build may be older than they are.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Each file, and the module that makes its text. */
const GENERATED = [
  {
    file: 'gateway/config/config.schema.json',
    module: 'gateway/config/json-schema.ts',
    text: ({ configJsonSchemaText }) => configJsonSchemaText(),
  },
  { file: 'docs/errors.md', module: 'schemas/errors-doc.ts', text: ({ errorsDocument }) => errorsDocument() },
  {
    file: 'docs/register-failures.md',
    module: 'schemas/failures/register-failures-doc.ts',
    text: ({ registerFailuresDocument }) => registerFailuresDocument(),
  },
  {
    file: 'docs/audit-events.md',
    module: 'monitoring/audit/audit-events-doc.ts',
    text: ({ auditEventsDocument }) => auditEventsDocument(),
  },
  {
    file: 'gateway/web/assets/page.css',
    module: 'scripts/building/page-assets.mjs',
    text: ({ pageStyle }) => pageStyle(),
  },
  {
    file: 'gateway/web/assets/verify.js',
    module: 'scripts/building/page-assets.mjs',
    text: ({ verifyScript }) => verifyScript(),
  },
  {
    file: 'docs/source-yaml.md',
    module: 'adapters/source-doc.ts',
    text: ({ sourceDocument }) => sourceDocument(),
  },
  {
    file: 'docs/services.md',
    module: 'gateway/compose/services-doc.ts',
    text: ({ servicesDocument }) => servicesDocument(root),
  },
];

const isCheck = process.argv.includes('--check');
for (const { file, module, text } of GENERATED) {
  const made = await text(await import(pathToFileURL(resolve(root, module)).href));
  const path = resolve(root, file);
  if (existsSync(path) && readFileSync(path, 'utf8') === made) continue;
  if (isCheck) {
    process.stderr.write(`${file} is not what the code makes: run npm run generate\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, made);
    process.stdout.write(`${file} written\n`);
  }
}

/**
 * Builds dist/ from the TypeScript sources, and removes from it what has no source any more.
 *
 * Incremental, and every file is replaced by rename: npm runs this again at the first `npx` in a
 * clone, possibly beside a gateway that is running from the same dist/ and still loads modules.
 */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { build } from './building/build.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const diagnostics = build(root);
if (diagnostics.length > 0) {
  process.stderr.write(
    ts.formatDiagnosticsWithColorAndContext(diagnostics, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => '\n',
    }),
  );
  process.exit(1);
}

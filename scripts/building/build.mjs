import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

function replaceFile(path, text) {
  const fresh = `${path}.${process.pid}.new`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(fresh, text);
  renameSync(fresh, path);
}

function readConfig(root) {
  const path = resolve(root, 'tsconfig.json');
  const { config, error } = ts.readConfigFile(path, ts.sys.readFile);
  if (error) return { errors: [error], fileNames: [], options: {} };
  return ts.parseJsonConfigFileContent(config, ts.sys, root);
}

/** What was made from a source that is gone would still be found by the tests, and loaded. */
function removeOrphans({ outDir, rootDir }, fileNames) {
  const made = new Set(fileNames.map((file) => relative(rootDir, file).replace(/\.ts$/, '.js')));
  for (const entry of readdirSync(outDir, { recursive: true })) {
    if (/\.js(\.map)?$/.test(entry) && !made.has(entry.replace(/\.map$/, ''))) rmSync(join(outDir, entry));
  }
}

/** Returns a hash of everything that decides what a build makes: sources, compiler options, versions of packages. */
function fingerprintOf(root, fileNames) {
  const hash = createHash('sha256');
  for (const path of ['tsconfig.json', 'package-lock.json', ...fileNames].map((file) => resolve(root, file)))
    if (existsSync(path)) hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

/** Builds the `dist/` of this folder. Returns what the compiler found: nothing, if all is well. */
export function build(root) {
  const { fileNames, options, errors } = readConfig(root);
  const stamp = join(options.outDir ?? root, '.sources');
  const fingerprint = fingerprintOf(root, fileNames);
  // Checking all types takes seconds, also where nothing has changed since the last build without errors.
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return [];
  const host = ts.createIncrementalCompilerHost(options);
  const program = ts.createIncrementalProgram({
    rootNames: fileNames,
    options,
    host,
    configFileParsingDiagnostics: errors,
  });
  const found = [
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ];
  const emitted = program.emit(undefined, replaceFile);
  removeOrphans(options, fileNames);
  const diagnostics = [...found, ...emitted.diagnostics];
  if (diagnostics.length === 0) replaceFile(stamp, fingerprint);
  else rmSync(stamp, { force: true });
  return diagnostics;
}

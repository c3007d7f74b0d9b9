import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { packageRoot } from '../state/package-root.js';
import { ConfigError, type ConfigProblem } from './config-error.js';
import { addEnvironmentValues } from './environment-values.js';
import { expandValues, type EnvironmentVariables } from './expand.js';
import type { ConfigForm } from './forms/form.js';
import { GOVERNED } from './forms/governed.js';
import { jsonSchemaOf } from './json-schema.js';
import { withDocument } from './located-config.js';
import { LocatedDocument } from './located-document.js';
import { missingFiles } from './missing-files.js';
import { resolvePaths } from './resolve-paths.js';
import type { RuleBreach } from './rules/rule.js';
import type { Config } from './schema.js';
import { shapeProblems } from './shape-problems.js';

/**
 * Reads a configuration file (YAML).
 *
 * @param file path of the file; relative paths in it count from its folder.
 * @param variables the environment, for `${NAME}` and for keys that the file leaves to it.
 * @throws ConfigError with file, line and key of every problem: a file that cannot be read, YAML that
 * does not parse, keys given twice or unknown, values of another shape, rules across keys, files named that are not there.
 */
export async function readConfig(file: string, variables: EnvironmentVariables): Promise<Config> {
  return readConfigAs(GOVERNED, file, variables);
}

/** The same for a configuration of another form. */
export async function readConfigAs<Read extends object>(
  form: ConfigForm<Read>,
  file: string,
  variables: EnvironmentVariables,
): Promise<Read> {
  const text = await readText(file);
  const config = parseConfigAs(form, file, text, variables);
  refuseIf(missingFiles(config, form.pathKeys, new LocatedDocument(file, text)));
  return config;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem =
      code === 'ENOENT'
        ? 'there is no such file; name the configuration with --config FILE'
        : `cannot be read (${code ?? 'unknown reason'})`;
    throw new ConfigError([{ file, key: '', problem }]);
  }
}

/** The same for a text, without a look at the files that it names. `file` names the text in problems; relative paths count from its folder. */
export function parseConfig(file: string, text: string, variables: EnvironmentVariables): Config {
  return parseConfigAs(GOVERNED, file, text, variables);
}

/** The same for a configuration of another form. */
export function parseConfigAs<Read extends object>(
  form: ConfigForm<Read>,
  file: string,
  text: string,
  variables: EnvironmentVariables,
): Read {
  const document = new LocatedDocument(file, text);
  refuseIf(document.syntaxProblems());
  const folder = dirname(resolve(file));
  refuseIf(expandValues(document, folder, variables));
  const written = document.values();
  refuseIf(located(form.refusals(written), document));
  const { values, fromEnvironment } = addEnvironmentValues(written, form.environment, variables);
  const parsed = form.schema.safeParse(values);
  if (!parsed.success)
    throw new ConfigError(
      inOrder(shapeProblems(parsed.error, { document, values, fromEnvironment, schema: jsonSchemaOf(form.schema) })),
    );
  refuseIf(
    located(
      form.rules.flatMap((rule) => rule(parsed.data)),
      document,
    ),
  );
  const resolved = resolvePaths(parsed.data, written, form.pathKeys, {
    configuration: folder,
    installation: packageRoot(),
  });
  return withDocument(resolved, document);
}

function located(breaches: readonly RuleBreach[], document: LocatedDocument): readonly ConfigProblem[] {
  return breaches.map(({ path, problem }) => ({
    file: document.file,
    line: document.lineOf(path),
    key: path.join('.'),
    problem,
  }));
}

function refuseIf(problems: readonly ConfigProblem[]): void {
  if (problems.length > 0) throw new ConfigError(inOrder(problems));
}

function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

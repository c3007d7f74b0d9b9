import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Scalar } from 'yaml';
import type { ConfigProblem } from './config-error.js';
import type { LocatedDocument } from './located-document.js';

/** The environment of the process, or a stand-in. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

const MAX_SECRET_BYTES = 65_536;

/** `$${` is a literal `${`; `${file:path}`; `${NAME}`; `${NAME:-default}`. */
const EXPANSION = /\$(?:(\$\{)|\{file:([^}]+)\}|\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\{)/g;

/**
 * Replaces `${NAME}`, `${NAME:-default}` and `${file:path}` in the values of a document.
 *
 * An unset or empty variable takes its default; without a default, it is a problem. The text of a file
 * is taken without its last line break; its path counts from the configuration's folder. As in YAML, a
 * plain value becomes a number or a boolean if it looks like one. A quoted value and the text of a file
 * stay text. Inserted text is never expanded or parsed again.
 */
export function expandValues(
  document: LocatedDocument,
  folder: string,
  variables: EnvironmentVariables,
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  document.changeValues((scalar, line) => {
    if (typeof scalar.value !== 'string' || !scalar.value.includes('${')) return scalar.value;
    const refuse = (problem: string): void => void problems.push({ file: document.file, line, key: '', problem });
    const expanded = expandText(scalar.value, folder, variables, refuse);
    return scalar.type === 'PLAIN' && !scalar.value.includes('${file:') ? readPlain(expanded) : expanded;
  });
  return problems;
}

function expandText(
  text: string,
  folder: string,
  variables: EnvironmentVariables,
  refuse: (problem: string) => void,
): string {
  return text.replace(EXPANSION, (whole: string, literal?: string, file?: string, name?: string, fallback?: string) => {
    if (literal !== undefined) return literal;
    if (file !== undefined) return readSecret(resolve(folder, file), file, refuse);
    if (name === undefined) {
      refuse(
        '"${" begins neither ${NAME}, ${NAME:-default} nor ${file:path}; write "$${" for the characters themselves',
      );
      return whole;
    }
    const value = variables[name] || fallback;
    if (value === undefined)
      refuse(`the environment variable ${name} is not set, and there is no default (write \${${name}:-default})`);
    return value ?? '';
  });
}

function readSecret(path: string, named: string, refuse: (problem: string) => void): string {
  try {
    if (statSync(path).size > MAX_SECRET_BYTES) refuse(`the file ${named} is too large for a value`);
    else return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    refuse(`the file ${named} cannot be read`);
  }
  return '';
}

function readPlain(text: string): Scalar['value'] {
  if (/^-?(?:0|[1-9][0-9]*)$/.test(text)) return Number(text);
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

import { ConfigError } from './config-error.js';
import type { LocatedDocument } from './located-document.js';
import type { RuleBreach } from './rules/rule.js';

const DOCUMENT = Symbol('the text of a configuration');

/** Returns the configuration together with the text that it was read from. Copies keep it. No print shows it. */
export function withDocument<Read extends object>(config: Read, document: LocatedDocument): Read {
  return Object.assign(config, { [DOCUMENT]: document });
}

/**
 * Returns the error for rules of a configuration that show only when the files that it names are loaded.
 * Names file and line if the configuration was read from a text.
 */
export function breachesIn(config: object, breaches: readonly RuleBreach[]): ConfigError {
  const { [DOCUMENT]: document } = config as { readonly [DOCUMENT]?: LocatedDocument };
  return new ConfigError(
    breaches.map(({ path, problem }) => ({
      file: document?.file ?? 'configuration',
      line: document?.lineOf(path),
      key: path.join('.'),
      problem,
    })),
  );
}

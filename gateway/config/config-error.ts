/** One thing that is wrong with a configuration. Never holds a secret's value. */
export interface ConfigProblem {
  /** File as it was named. */
  readonly file: string;
  /** From 1; absent when the fault is in no line of its own. */
  readonly line?: number | undefined;
  /** Dotted key, `authentication.issuers.0.jwks_uri`; empty for the file as a whole. */
  readonly key: string;
  /** What is wrong, and what would be right. */
  readonly problem: string;
}

/** A configuration cannot be used. Lists every problem that was found, in the order of lines. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** `tereze.yaml:12: server.prot: unknown key; did you mean "port"?` */
export function describeProblem({ file, line, key, problem }: ConfigProblem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return key === '' ? `${place}: ${problem}` : `${place}: ${key}: ${problem}`;
}

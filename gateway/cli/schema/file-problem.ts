/** Something wrong in a file beside a register's schema. */
export interface FileProblem {
  readonly rule: 'mapping' | 'contract';
  readonly file: string;
  /** Absent if the file cannot be read at all. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** Returns a problem as one line of text. */
export function fileProblemText({ file, line, column, message }: FileProblem): string {
  return line === undefined ? message : `${file}:${line}:${column ?? 1}: ${message}`;
}

/** A file of the policies room cannot be used. Names the file and, where it can, the line. Quotes only the file. */
export class PolicyFileInvalid extends Error {
  readonly file: string;
  /** From 1. Undefined when the fault has no line of its own. */
  readonly line: number | undefined;

  constructor(fault: {
    readonly file: string;
    readonly line?: number | undefined;
    readonly problem: string;
    readonly cause?: unknown;
  }) {
    super(`${fault.file}${fault.line === undefined ? '' : `:${fault.line}`}: ${fault.problem}`, { cause: fault.cause });
    this.name = 'PolicyFileInvalid';
    this.file = fault.file;
    this.line = fault.line;
  }
}

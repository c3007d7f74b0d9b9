/** Exit codes of every command. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** A command ended without doing what was asked; `hint` says what to do about it. */
export class CommandFailure extends Error {
  readonly kind: 'failed' | 'usage';
  readonly hint: string | undefined;
  constructor(kind: 'failed' | 'usage', message: string, hint?: string) {
    super(message);
    this.name = 'CommandFailure';
    this.kind = kind;
    this.hint = hint;
  }
}

/**
 * How a register can be told to misbehave.
 *
 * off: not at all. slow: answers two seconds late. hang: takes the question, never answers.
 * 500: says that it failed. garbage: answers what is not its protocol. half: breaks off in the
 * middle of the answer. refuse: closes the connection. flood: says that it is asked too much.
 */
export const FAULT_MODES = ['off', 'slow', 'hang', '500', 'garbage', 'half', 'refuse', 'flood'] as const;
export type FaultMode = (typeof FAULT_MODES)[number];

export const SLOW_MS = 2000;
/** For how long a register that is asked too much wants to be left alone. */
export const FLOOD_RETRY_AFTER_SECONDS = 2;

/** What a register says when it fails: the kind of text that must never reach a caller. */
export const INTERNAL_ERROR_TEXT = 'ORA-00600: internal error at /opt/register/core.pkb:1187, user REG_OWNER';

/** The present mode of one register. */
export class Fault {
  mode: FaultMode = 'off';
  #held: Promise<void> | undefined;

  /** Holds the next answer back until the returned function is called. */
  holdNext(): () => void {
    let letGo: () => void = () => undefined;
    this.#held = new Promise((resolve) => (letGo = resolve));
    return letGo;
  }

  /** Called once for each answer: returns what it has to wait for, or undefined if it may go. */
  takeHold(): Promise<void> | undefined {
    const held = this.#held;
    this.#held = undefined;
    return held;
  }
}

export function isFaultMode(value: unknown): value is FaultMode {
  return FAULT_MODES.some((mode) => mode === value);
}

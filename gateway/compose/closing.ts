/** Ends one thing that was opened. */
export type Close = () => Promise<void>;

/** Collects what must be closed, in the order in which it was opened. */
export interface Opened {
  /** Adds what `close` must end. */
  add(close: Close): void;
  /** Ends everything, last first. */
  readonly close: Close;
}

/**
 * Opens something in steps. Each step adds what must be closed. If a later step fails, everything that
 * was opened is closed, last first, and the error is thrown.
 */
export async function closingOnFailure<T>(open: (opened: Opened) => Promise<T>): Promise<T> {
  const closes: Close[] = [];
  const close = async (): Promise<void> => {
    for (const one of closes.splice(0).reverse()) await one();
  };
  try {
    return await open({ add: (one) => void closes.push(one), close });
  } catch (error) {
    await close();
    throw error;
  }
}

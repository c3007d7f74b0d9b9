/** Subscribes `interrupt` to a later event that ends the wait early. Returns what ends the subscription. */
export type OnInterrupt = (interrupt: (reason: unknown) => void) => () => void;

/**
 * Settles as `work` does, but after this many milliseconds at the latest: then with what `onDeadline`
 * returns or throws. An interruption rejects with its reason. Whichever comes first decides; then the
 * timer and the subscription are gone.
 *
 * The deadline does not stop the work, because a promise cannot be stopped: `onDeadline` stops it where
 * that is possible. What the work brings later, also an error, is ignored.
 */
export function withDeadline<T>(
  work: Promise<T>,
  milliseconds: number,
  onDeadline: () => T,
  onInterrupt?: OnInterrupt,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      unsubscribe?.();
      try {
        resolve(onDeadline());
      } catch (error) {
        reject(error);
      }
    }, milliseconds);
    const unsubscribe = onInterrupt?.((reason) => {
      end();
      reject(reason);
    });
    const end = (): void => {
      clearTimeout(timer);
      unsubscribe?.();
    };
    work.then(
      (value) => {
        end();
        resolve(value);
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
  });
}

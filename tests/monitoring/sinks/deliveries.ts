import type { OcsfEvent } from '../../../monitoring/audit/formats/ocsf/events-of-entry.js';
import { NotDelivered, type DeliveryFault, type SinkTarget } from '../../../monitoring/sinks/target.js';

/** A receiver in memory that can be told to fail, before or after it has taken a batch. */
export class Deliveries implements SinkTarget {
  /** Ids of the events of each batch that it took. */
  readonly batches: string[][] = [];
  readonly #faults: { readonly fault: DeliveryFault; readonly isTaken: boolean }[] = [];
  tries = 0;

  fail(fault: DeliveryFault, { isTaken = false, times = 1 } = {}): void {
    for (let nth = 0; nth < times; nth += 1) this.#faults.push({ fault, isTaken });
  }

  get ids(): readonly string[] {
    return this.batches.flat();
  }

  async deliver(events: readonly OcsfEvent[]): Promise<void> {
    this.tries += 1;
    const fault = this.#faults.shift();
    if (fault === undefined || fault.isTaken) this.batches.push(events.map(({ metadata }) => metadata.uid));
    if (fault !== undefined) throw new NotDelivered(fault.fault);
  }

  async close(): Promise<void> {
    // Holds nothing.
  }
}

/** Returns the indexes of one log in ids of events, in order. */
export function indexesOf(ids: readonly string[], log = 'tereze/0'): readonly number[] {
  return ids.filter((id) => id.startsWith(`${log}/`)).map((id) => Number(id.slice(log.length + 1)));
}

/** Returns ids without those that came before: a receiver that knows ids keeps these. */
export function firstOf(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}

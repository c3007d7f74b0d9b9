import type { OcsfEvent } from '../audit/formats/ocsf/event.js';

/**
 * Where the events of a sink go.
 *
 * Contract
 * - `deliver` resolves once the receiver has all events, in their order. If it rejects, the receiver may have some of them:
 *   they are delivered again.
 * - It settles within the time limit of the sink, and keeps nothing of the events afterwards.
 * - Rejects with {@link NotDelivered}. No error holds anything of an event or of what the receiver said.
 */
export interface SinkTarget {
  deliver(events: readonly OcsfEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** Why events were not delivered. */
export type DeliveryFault =
  | 'unreachable' // no connection, or it broke off
  | 'timeout'
  | 'refused' // the receiver answered, and did not take them
  | 'file'; // a file of the sink cannot be read or written

/** Events were not delivered, or it is not known whether they were. */
export class NotDelivered extends Error {
  readonly fault: DeliveryFault;
  constructor(fault: DeliveryFault) {
    super(`not delivered: ${fault}`);
    this.name = 'NotDelivered';
    this.fault = fault;
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodyLimits } from '../http/body.js';
import type { Connections } from '../http/connections/connections.js';
import type { InFlight } from '../http/in-flight.js';
import type { Slots } from '../admission/slots.js';

/** What pages share with the interface on the same address: its connections, budgets and places. */
export interface PageAdmission {
  readonly connections: Pick<Connections, 'known' | 'answerInTurn' | 'countRefused' | 'sourceOf'>;
  readonly inFlight: InFlight;
  readonly slots: Slots;
  readonly bodyLimits: BodyLimits;
  /** Counts a refusal of an officer who is known. Nothing waits for it. */
  readonly countRefused: (refusal: {
    readonly code: string;
    readonly source: string;
    readonly agency?: string;
    readonly system?: string;
  }) => void;
}

/** Pages for browsers on the officers' address. They read the log only by the routes of the interface. */
export interface OfficersPages {
  /** Returns whether this request is for a page. */
  takes(request: Pick<IncomingMessage, 'url'>): boolean;
  answer(request: IncomingMessage, response: ServerResponse, admission: PageAdmission): void;
}

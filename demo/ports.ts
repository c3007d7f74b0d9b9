/** The demo's servers, each on a port of its own: the base and what is added to it. */
export const PORT_OFFSETS = {
  population: 0,
  populationControl: 1,
  address: 2,
  addressControl: 3,
  property: 4,
  propertyControl: 5,
  agencies: 6,
  agenciesControl: 7,
  issuer: 8,
  /** The gateway's second address: health, metrics. */
  operations: 9,
  'civil-acts': 10,
  'civil-actsControl': 11,
  business: 14,
  businessControl: 15,
  graphiql: 16,
  /** The gateway's address for its audit log. */
  log: 24,
  /** The gateway's address for officers. */
  officers: 25,
  tax: 12,
  taxControl: 13,
  /** The time-stamp authority and the witness. */
  outside: 20,
} as const;

export type PortName = keyof typeof PORT_OFFSETS;

/** A base, or `free`: whichever ports the system has. */
export type PortChoice = number | 'free';

export function portOf(choice: PortChoice, name: PortName): number {
  return choice === 'free' ? 0 : choice + PORT_OFFSETS[name];
}

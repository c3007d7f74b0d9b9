import type { FaultMode } from '../../../demo/registers/fault.js';
import { REGISTERS } from '../../system/running-system.js';
import type { Ended, Trouble } from './every-ending.js';

export interface TroubleChoice {
  /** Distance of the awaits at which the client goes away; 1 is every await. */
  readonly stride: number;
  readonly faults: readonly FaultMode[];
}

/** Returns everything that may go wrong during a question that ends like this when nothing does. */
export function troublesOf(
  { awaits, messages, decisions, completion }: Ended,
  choice: TroubleChoice,
): readonly Trouble[] {
  const used = REGISTERS.filter((register) => completion.registers.some((one) => one.register === register));
  const numbers = (through: number, step = 1): readonly number[] =>
    Array.from({ length: Math.ceil(through / step) }, (_, place) => 1 + place * step);
  return [
    ...numbers(awaits, choice.stride).map((abortAtAwait) => ({ abortAtAwait })),
    ...numbers(messages).flatMap((message) =>
      (['not sent', 'reply lost'] as const).map((form) => ({ message: [message, form] as const })),
    ),
    ...numbers(decisions).map((gate) => ({ gate })),
    ...used.flatMap((register) => choice.faults.map((mode) => ({ fault: [register, mode] as const }))),
  ];
}

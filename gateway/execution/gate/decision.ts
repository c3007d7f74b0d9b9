import type { Gate, Grant, SubjectRef, Withheld } from '../../../schemas/ports/gate.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Access } from '../../../schemas/vocabulary.js';
import type { Fault } from '../data/fault.js';
import { addAccess } from '../reads/categories.js';
import type { Denied } from '../reads/read-field.js';

/** The people that the gate decides on in one call, and the categories of each. A category that is both read and disclosed counts as disclosed. */
export class DecisionBatch {
  readonly #bySubject = new Map<SubjectRef, Map<string, Access>>();

  add(subject: SubjectRef, categories: ReadonlyMap<string, Access>): void {
    let wanted = this.#bySubject.get(subject);
    if (!wanted) this.#bySubject.set(subject, (wanted = new Map()));
    for (const [category, access] of categories) addAccess(wanted, category, access);
  }

  get all(): ReadonlyMap<SubjectRef, ReadonlyMap<string, Access>> {
    return this.#bySubject;
  }
}

/** The gate's decision on one person, for the categories of one fetch. */
export interface Decision {
  readonly subject: SubjectRef | undefined;
  readonly granted: ReadonlyMap<string, { readonly access: Access; readonly grant: Grant }>;
  readonly withheld: ReadonlyMap<string, Withheld>;
  readonly denied: Denied;
  /** Equal keys, equal denied categories. */
  readonly deniedKey: string;
  /** Whether the person is treated as one that no register has, except for categories that are withheld. */
  readonly absent: boolean;
}

/** The decision where nothing is governed. */
export const UNGOVERNED_DECISION: Decision = {
  subject: undefined,
  granted: new Map(),
  withheld: new Map(),
  denied: new Set(),
  deniedKey: '',
  absent: false,
};

/** Returns the decision where there is no person to decide on: every category is denied. */
export function deniedDecision(categories: Iterable<string>): Decision {
  return decision(
    undefined,
    new Map(),
    new Map([...categories].map((category) => [category, { code: 'POLICY_DENIED' as const }])),
    false,
  );
}

/** Returns the gate's decision on each person of the batch, in one call. Rejects when the gate fails or does not answer every question. */
export async function decide(gate: Gate, batch: DecisionBatch): Promise<ReadonlyMap<SubjectRef, Decision>> {
  const wanted = [...batch.all].filter(([, categories]) => categories.size > 0);
  if (wanted.length === 0) return new Map();
  const answers = await gate.decide(
    wanted.map(([subject, categories]) => ({
      subject,
      categories: [...categories].map(([category, access]) => ({ category, access })),
    })),
  );
  if (answers.length !== wanted.length) throw new Refusal('INTERNAL_SERVER_ERROR', { reasons: ['gate'] });
  return new Map(
    wanted.map(([subject, categories], position) => [subject, readAnswer(subject, categories, answers[position])]),
  );
}

/**
 * Returns the gate's answer as a decision. A category that the answer does not grant is denied, also if the answer
 * does not name it. Nothing is granted of a person who is absent.
 */
function readAnswer(
  subject: SubjectRef,
  wanted: ReadonlyMap<string, Access>,
  answer: Awaited<ReturnType<Gate['decide']>>[number] | undefined,
): Decision {
  const granted = new Map<string, { access: Access; grant: Grant }>();
  const withheld = new Map<string, Withheld>();
  const absent = answer?.absent ?? new Set();
  for (const [category, access] of wanted) {
    const refused = answer?.withheld.get(category);
    const grant = answer?.granted.get(category);
    if (absent.has(category) && !refused) continue;
    if (grant && !refused && absent.size === 0) granted.set(category, { access, grant });
    else withheld.set(category, refused ?? { code: 'POLICY_DENIED' });
  }
  return decision(subject, granted, withheld, absent.size > 0);
}

function decision(
  subject: SubjectRef | undefined,
  granted: Decision['granted'],
  withheld: Decision['withheld'],
  absent: boolean,
): Decision {
  return {
    absent,
    subject,
    granted,
    withheld,
    denied: new Set(withheld.keys()),
    deniedKey: [...withheld.keys()].sort().join(' '),
  };
}

/** Returns the fault of a field whose category was not granted. */
export function withheldFault(category: string, { withheld }: Decision): Fault {
  const { code, consentRequest } = withheld.get(category) ?? { code: 'POLICY_DENIED', consentRequest: undefined };
  return { code, category, ...(consentRequest === undefined ? {} : { consentRequest }) };
}

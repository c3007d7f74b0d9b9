import type {
  CategoryAccess,
  Gate,
  GateAnswer,
  GateQuestion,
  Grant,
  SubjectRef,
  Withheld,
} from '../../../schemas/ports/gate.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Access } from '../../../schemas/vocabulary.js';
import type { Fault } from '../data/fault.js';
import { accessesOf, addAccess, type ReadLink } from '../reads/categories.js';
import { wholeWithheldFor, type Denied } from '../reads/read-field.js';

/** What is to be decided on one person. */
export interface Wanted {
  readonly categories: ReadonlyMap<string, Access>;
  /** Links that start at this person, by name. */
  readonly links: ReadonlyMap<string, ReadLink>;
  /** Codes of dwellings that records about this person tell. Undefined if none does. */
  readonly dwellings: ReadonlySet<string> | undefined;
}

/** A {@link Wanted} to which more may be added. What is empty, or the same for many people, is shared until then. */
interface Gathered extends Wanted {
  categories: ReadonlyMap<string, Access>;
  /** Set if no one else has the same map. */
  ownCategories: Map<string, Access> | undefined;
  links: ReadonlyMap<string, ReadLink>;
  dwellings: Set<string> | undefined;
}

const NO_CATEGORIES: ReadonlyMap<string, Access> = new Map();
const NO_LINKS: ReadonlyMap<string, ReadLink> = new Map();

/** The people that the gate decides on in one call, and the categories of each. A category that is both read and disclosed counts as disclosed. */
export class DecisionBatch {
  readonly #bySubject = new Map<SubjectRef, Gathered>();

  add(subject: SubjectRef, categories: ReadonlyMap<string, Access>, links: readonly ReadLink[] = []): void {
    const wanted = this.#of(subject);
    if (wanted.categories === NO_CATEGORIES) wanted.categories = categories;
    else if (wanted.categories !== categories) {
      const own = (wanted.ownCategories ??= new Map(wanted.categories));
      for (const [category, access] of categories) addAccess(own, category, access);
      wanted.categories = own;
    }
    if (links.length > 0)
      wanted.links = new Map([...wanted.links, ...links.map((link): [string, ReadLink] => [link.name, link])]);
  }

  /** Adds a dwelling that a record about this person tells. */
  addDwelling(subject: SubjectRef, code: string): void {
    const wanted = this.#of(subject);
    (wanted.dwellings ??= new Set()).add(code);
  }

  get hasDwellings(): boolean {
    for (const { dwellings } of this.#bySubject.values()) if (dwellings !== undefined) return true;
    return false;
  }

  #of(subject: SubjectRef): Gathered {
    let wanted = this.#bySubject.get(subject);
    if (!wanted) {
      wanted = { categories: NO_CATEGORIES, ownCategories: undefined, links: NO_LINKS, dwellings: undefined };
      this.#bySubject.set(subject, wanted);
    }
    return wanted;
  }

  get all(): ReadonlyMap<SubjectRef, Wanted> {
    return this.#bySubject;
  }
}

/** The gate's decision on one person, for the categories of one fetch. */
export interface Decision {
  readonly subject: SubjectRef | undefined;
  readonly granted: ReadonlyMap<string, { readonly access: Access; readonly grant: Grant }>;
  readonly withheld: ReadonlyMap<string, Withheld>;
  /** Denied categories, and links that lead to no one who can be named to the caller. */
  readonly denied: Denied;
  /** Equal keys, equal `denied`. */
  readonly deniedKey: string;
  /** Whether the person is treated as one that no register has, except for categories that are withheld. */
  readonly absent: boolean;
  /** The number that registers are asked about in the place of an absent person. Without it, none is asked. */
  readonly decoy: string | undefined;
  /** Codes of the dwellings that may be shown in records about this person. */
  readonly visibleDwellings: ReadonlySet<string>;
}

const NO_DWELLINGS: ReadonlySet<string> = new Set();

/** The decision where nothing is governed. */
export const UNGOVERNED_DECISION: Decision = {
  subject: undefined,
  granted: new Map(),
  withheld: new Map(),
  denied: new Set(),
  deniedKey: '',
  absent: false,
  decoy: undefined,
  visibleDwellings: NO_DWELLINGS,
};

/** Returns the decision where there is no person to decide on: every category is denied. */
export function deniedDecision(categories: Iterable<string>): Decision {
  return decision({
    subject: undefined,
    granted: new Map(),
    withheld: new Map([...categories].map((category) => [category, { code: 'POLICY_DENIED' as const }])),
    absent: false,
    decoy: undefined,
    visibleDwellings: NO_DWELLINGS,
  });
}

/**
 * Returns the decision on data about no person. Links from there to people stay closed: no one has a nexus through an
 * object that is about no one.
 */
export function decideWithoutPerson(
  gate: Gate,
  categories: ReadonlyMap<string, Access>,
  links: readonly ReadLink[],
): Decision {
  const { granted, withheld } = gate.decideWithoutPerson(accessesOf(categories));
  const open = new Map<string, { access: Access; grant: Grant }>();
  const closed = new Map<string, Withheld>();
  for (const [category, access] of categories) {
    const grant = granted.get(category);
    if (grant && !withheld.has(category)) open.set(category, { access, grant });
    else closed.set(category, withheld.get(category) ?? { code: 'POLICY_DENIED' });
  }
  return decision(
    {
      subject: undefined,
      granted: open,
      withheld: closed,
      absent: false,
      decoy: undefined,
      visibleDwellings: NO_DWELLINGS,
    },
    links.map(({ name }) => name),
  );
}

const NO_DECISIONS: ReadonlyMap<SubjectRef, Decision> = new Map();

/** Returns the gate's decision on each person of the batch, in one call. Rejects when the gate fails or does not answer every question. */
export async function decide(gate: Gate, batch: DecisionBatch): Promise<ReadonlyMap<SubjectRef, Decision>> {
  if (batch.all.size === 0) return NO_DECISIONS;
  const all = [...batch.all].filter(([, { categories, dwellings }]) => categories.size > 0 || dwellings !== undefined);
  if (all.length === 0) return new Map();
  // Most people of a batch want the same categories: they share one list of them.
  const lists = new Map<ReadonlyMap<string, Access>, readonly CategoryAccess[]>();
  const answers = await gate.decide(
    all.map(([subject, wanted]) => {
      let accesses = lists.get(wanted.categories);
      if (accesses === undefined) lists.set(wanted.categories, (accesses = accessesOf(wanted.categories)));
      return questionOn(subject, accesses, wanted);
    }),
  );
  if (answers.length !== all.length) throw new Refusal('INTERNAL_SERVER_ERROR', { reasons: ['gate'] });
  return new Map(all.map(([subject, wanted], position) => [subject, readAnswer(subject, wanted, answers[position])]));
}

function questionOn(
  subject: SubjectRef,
  categories: readonly CategoryAccess[],
  { links, dwellings }: Wanted,
): GateQuestion {
  if (links.size === 0 && dwellings === undefined) return { subject, categories };
  const beyond = [...links.values()].map(({ question }) => question);
  return {
    subject,
    categories,
    ...(beyond.length === 0 ? {} : { links: beyond }),
    ...(dwellings === undefined ? {} : { dwellings: [...dwellings] }),
  };
}

/**
 * Returns the names of the links that stay closed for every person: their category, or everything beyond them, can
 * be granted of no one. A register is not asked for them, so that the answer does not tell whether there are such people.
 */
function closedLinks(links: Wanted['links'], closed: GateAnswer['closedLinks']): readonly string[] {
  return [...links.values()].flatMap(({ name, field: { category, below } }, position) => {
    const categories = closed?.[position] ?? new Set();
    const isClosed =
      (category !== undefined && categories.has(category)) ||
      (below !== undefined && wholeWithheldFor(below, categories) !== undefined);
    return isClosed ? [name] : [];
  });
}

/**
 * Returns the gate's answer as a decision. A category that the answer does not grant is denied, also if the answer
 * does not name it. Nothing is granted of a person who is absent.
 */
function readAnswer(subject: SubjectRef, wanted: Wanted, answer: GateAnswer | undefined): Decision {
  const { granted: grants, withheld: refusals, absent = NONE_ABSENT, decoy, visibleDwellings } = answer ?? NO_ANSWER;
  const granted = new Map<string, { access: Access; grant: Grant }>();
  let withheld: Map<string, Withheld> | undefined;
  for (const [category, access] of wanted.categories) {
    const refused = refusals.get(category);
    const grant = grants.get(category);
    if (absent.has(category) && !refused) continue;
    if (grant && !refused && absent.size === 0) granted.set(category, { access, grant });
    else (withheld ??= new Map()).set(category, refused ?? { code: 'POLICY_DENIED' });
  }
  return decision(
    {
      subject,
      granted,
      withheld: withheld ?? NOTHING_WITHHELD,
      absent: absent.size > 0,
      decoy,
      visibleDwellings: visibleDwellings ?? NO_DWELLINGS,
    },
    wanted.links.size === 0 ? [] : closedLinks(wanted.links, answer?.closedLinks),
  );
}

const NONE_ABSENT: ReadonlySet<string> = new Set();
const NOTHING_WITHHELD: ReadonlyMap<string, Withheld> = new Map();
const NO_ANSWER: GateAnswer = { granted: new Map(), withheld: NOTHING_WITHHELD };
const NOTHING_DENIED: Denied = new Set();

function decision(answered: Omit<Decision, 'denied' | 'deniedKey'>, links: readonly string[] = []): Decision {
  const { subject, granted, withheld, absent, decoy, visibleDwellings } = answered;
  const denied = withheld.size === 0 && links.length === 0 ? [] : [...withheld.keys(), ...links];
  return {
    subject,
    granted,
    withheld,
    denied: denied.length === 0 ? NOTHING_DENIED : new Set(denied),
    deniedKey: denied.length === 0 ? '' : [...denied].sort().join(' '),
    absent,
    decoy,
    visibleDwellings,
  };
}

/** Returns the categories that all of these decisions grant. People who are absent do not count: nothing is read of them. */
export function grantedByAll(decisions: readonly Decision[]): ReadonlySet<string> {
  const [first, ...rest] = decisions.filter(({ absent }) => !absent);
  const granted = first === undefined ? [] : [...first.granted.keys()];
  return new Set(granted.filter((category) => rest.every((decision) => decision.granted.has(category))));
}

/** Returns the fault of a field whose category was not granted. */
export function withheldFault(category: string, { withheld }: Decision): Fault {
  const { code, consentRequest } = withheld.get(category) ?? { code: 'POLICY_DENIED', consentRequest: undefined };
  return { code, category, ...(consentRequest === undefined ? {} : { consentRequest }) };
}

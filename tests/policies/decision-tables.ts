import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { CedarEngineOptions } from '../../policies/decision/cedar-engine.js';
import { parseLocatedYaml } from '../../policies/decision/located-yaml.js';
import type { DecisionEngine, PolicyQuestion } from '../../policies/decision/port.js';
import { ASSURANCES, SENSITIVITIES, type Sensitivity } from '../../schemas/vocabulary.js';
import { engineWith } from './engine.js';
import { PARTIES, type PartyName } from './parties.js';
import { registerCategories } from './register-categories.js';

const FOLDER = 'policies/cases';

const oneOrMore = <T extends z.ZodType>(value: T) => z.union([value.transform((one) => [one]), z.array(value).min(1)]);
const partyName = z.enum(Object.keys(PARTIES) as [PartyName, ...PartyName[]]);

const table = z.array(
  z.strictObject({
    about: z.string(),
    caller: oneOrMore(partyName),
    action: oneOrMore(z.enum(['read', 'disclose', 'issue_handle'])),
    category: oneOrMore(z.string()),
    purpose: oneOrMore(z.string()),
    basis: oneOrMore(z.enum(['consent', 'legal_obligation', 'public_task', 'vital_interest', 'contract'])),
    nexus: oneOrMore(z.enum(['application', 'list', 'relation', 'self', 'none', 'no_subject'])),
    age: oneOrMore(z.enum(['minor', 'adult'])),
    assurance: oneOrMore(z.enum(ASSURANCES)).default(['none']),
    own_case: z.boolean().default(true),
    receiver: oneOrMore(z.string()).default([]),
    sensitivity: z.enum(SENSITIVITIES).optional(),
    decision: z.enum(['allow', 'deny']),
    policies: z.array(z.string()),
    near_miss: z.string().optional(),
  }),
);

/** One request of a decision table. */
export interface TableCase {
  readonly name: string;
  /** The party that asks, by its name in the tables. */
  readonly party: PartyName;
  readonly question: PolicyQuestion;
  readonly sensitivity: Sensitivity | undefined;
  readonly allowed: boolean;
  readonly policies: readonly string[];
  readonly nearMiss: string | undefined;
}

/** All requests of all decision tables. */
export function tableCases(): readonly TableCase[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
  return files.flatMap((name) =>
    parseLocatedYaml(`${FOLDER}/${name}`, readFileSync(`${FOLDER}/${name}`, 'utf8'), table).flatMap(expand),
  );
}

function expand(row: z.output<typeof table>[number]): readonly TableCase[] {
  const receivers = row.receiver.length === 0 ? [undefined] : row.receiver;
  return row.caller.flatMap((caller) =>
    row.action.flatMap((action) =>
      row.category.flatMap((category) =>
        row.purpose.flatMap((purpose) =>
          row.basis.flatMap((basis) =>
            row.nexus.flatMap((nexus) =>
              row.age.flatMap((age) =>
                row.assurance.flatMap((assurance) =>
                  receivers.map((receiver) => ({
                    name: `${row.about}: ${[caller, action, category, purpose, basis, nexus, age, assurance, receiver].filter(Boolean).join(' ')}`,
                    party: caller,
                    question: {
                      caller: { ...PARTIES[caller], assurance },
                      action,
                      category,
                      purpose,
                      basis,
                      nexus,
                      age,
                      ownCase: row.own_case,
                      ...(receiver === undefined ? {} : { receiver }),
                    },
                    sensitivity: row.sensitivity,
                    allowed: row.decision === 'allow',
                    policies: row.policies,
                    nearMiss: row.near_miss,
                  })),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/** Decides table cases, each on an engine whose catalogue declares what the case says. */
export function tableEngine(
  changed: Partial<CedarEngineOptions> = {},
): (one: TableCase) => ReturnType<DecisionEngine['decide']> {
  const engines = new Map<string, DecisionEngine>();
  return ({ question, sensitivity }) => {
    const key = sensitivity === undefined ? '' : `${question.category} ${sensitivity}`;
    const engine =
      engines.get(key) ??
      engineWith({
        ...changed,
        ...(sensitivity === undefined
          ? {}
          : { categories: registerCategories().set(question.category, { sensitivity }) }),
      });
    engines.set(key, engine);
    return engine.decide(question);
  };
}

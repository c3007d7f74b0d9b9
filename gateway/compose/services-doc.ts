import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CategoryDecision, Permission } from '../../policies/decision/port.js';
import { createCedarEngine } from '../../policies/decision/cedar-engine.js';
import { readPolicySet, type PolicyText } from '../../policies/decision/policy-set.js';
import { parsePurposes, type Purpose } from '../../policies/decision/purposes.js';
import { readRuleFiles } from '../../policies/decision/rule-files.js';
import { permissionsFor } from '../../policies/decision/permissions.js';
import { composeCatalogue } from '../../schemas/catalogue/compose.js';
import { buildPublicSchema } from '../../schemas/catalogue/public-schema.js';
import { loadRegisters } from '../../schemas/catalogue/register-schema.js';
import { loadDocuments, type RegisteredDocument } from '../../schemas/operations/load-documents.js';
import type { CategoryAccess } from '../../schemas/ports/gate.js';
import type { Caller } from '../../schemas/vocabulary.js';
import { QUERIES_ONLY } from '../planning/document/validate.js';
import { createPlanner } from '../planning/planner/planner.js';
import { createDocumentPreparer } from '../planning/prepare.js';
import { neededAccess } from '../stages/authorize/needed-access.js';

const INTRODUCTION = `# Services

The trusted documents of this installation: who may ask each, why, and which categories about
which people it opens, on which basis. Everything else is closed. Each category is decided for each person, before a
register is asked; \`read\` means that it is read
on the way (a key, the source of a derived field) and not shown.

This file is generated from \`schemas/operations/\`, \`policies/\` and the plans of the documents.
`;

/** What the page of one service shows. */
interface Service {
  readonly document: RegisteredDocument;
  readonly purpose: Purpose;
  readonly registers: readonly string[];
  readonly decisions: readonly CategoryDecision[];
}

/**
 * Returns the exact text of the committed `docs/services.md`: every trusted document, for each of its purposes.
 * Throws if a document needs a category that the rules leave closed: no caller could ask the document.
 *
 * @param root folder of the installation.
 */
export async function servicesDocument(root: string): Promise<string> {
  const rules = readRuleFiles(join(root, 'policies', 'rules'));
  const services = await readServices(root, rules);
  const policies = new Map(readPolicySet(rules.policies).map((policy) => [policy.id, policy]));
  const contents = services.map(
    ({ document, purpose }) => `- [${document.name}](#${document.name.toLowerCase()}): ${purpose.title}`,
  );
  return `${INTRODUCTION}\n${contents.join('\n')}\n\n${services.map((service) => page(service, policies)).join('\n')}`;
}

async function readServices(root: string, rules: ReturnType<typeof readRuleFiles>): Promise<readonly Service[]> {
  const catalogue = composeCatalogue(loadRegisters(join(root, 'schemas', 'registers')));
  const planner = createPlanner(catalogue.supergraphSdl, { deadlineMs: PLAN_DEADLINE_MS });
  const preparer = createDocumentPreparer({
    catalogue,
    publicSchema: buildPublicSchema(catalogue.publicSdl),
    planner,
    limits: UNLIMITED,
    maxDocuments: 1_000,
    maxPlanning: 1,
    allowedOperations: QUERIES_ONLY,
  });
  const purposesFile = join(root, 'policies', 'purposes.yaml');
  const purposes = parsePurposes(purposesFile, readFileSync(purposesFile, 'utf8'));
  const engine = createCedarEngine({ rules, purposes, categories: catalogue.governance.categories, observer: SILENT });
  const services: Service[] = [];
  for (const document of loadDocuments(join(root, 'schemas', 'operations')).all) {
    const { footprint } = await preparer.prepare(document.text, undefined, document);
    const registers = [...new Set(footprint.map(({ register }) => register))];
    for (const name of document.purposes) {
      const purpose = purposes.get(name);
      if (purpose === undefined) throw new Error(`${document.name} is for ${name}, which is no purpose`);
      const decide = (caller: Caller): readonly CategoryDecision[] =>
        neededAccess(footprint).map((needed) =>
          permissionsFor(engine, purposes, { caller, purpose: name, ownCase: true, ...needed }),
        );
      services.push({
        document,
        purpose,
        registers,
        decisions: openDecisions(document, neededAccess(footprint), decide),
      });
    }
  }
  return services;
}

const PLAN_DEADLINE_MS = 30_000;
const UNLIMITED = {
  maxBytes: 1e6,
  maxTokens: 1e5,
  maxDepth: 50,
  maxAliases: 1e4,
  maxRootFields: 1e3,
  maxFields: 1e5,
  maxFragments: 1e3,
};
const SILENT = { log: () => undefined, count: () => undefined, duration: () => undefined, gauge: () => undefined };

/** A document does not say of which kind its caller is: it is the kind that may have everything it needs. */
function openDecisions(
  { name, owner, allowed: [system = owner] }: RegisteredDocument,
  needed: readonly CategoryAccess[],
  decide: (caller: Caller) => readonly CategoryDecision[],
): readonly CategoryDecision[] {
  const agency = { id: owner, bin: '000000000000' };
  const callers: readonly Caller[] = [
    { agency, system, kind: 'system', assurance: 'high' },
    { agency, system, kind: 'ai', assurance: 'high' },
    { system, kind: 'citizen', assurance: 'high', person: '' },
  ];
  const open = callers.map(decide).find((decisions) => decisions.every(({ permissions }) => permissions.length > 0));
  if (open === undefined)
    throw new Error(
      `${name} needs what no rule opens to its callers: one of ${needed.map(({ category }) => category).join(', ')}`,
    );
  return open;
}

function page({ document, purpose, registers, decisions }: Service, policies: ReadonlyMap<string, PolicyText>): string {
  const used = [
    ...new Set(decisions.flatMap(({ permissions }) => permissions.flatMap(({ policies }) => policies))),
  ].flatMap((id) => policies.get(id) ?? []);
  return [
    `## ${document.name}`,
    '',
    descriptionOf(document.text),
    '',
    `- Who may ask: ${document.allowed.map((one) => `\`${one}\``).join(', ')} (owner: ${document.owner}).`,
    `- Why: \`${purpose.name}\`, ${purpose.title}. ${purpose.law}.`,
    `- Case: ${purpose.caseRequired ? 'required' : 'none'}. People in one question: ${purpose.maxSubjects} at most${purpose.relations.length === 0 ? '' : `, among them by relation: ${purpose.relations.join(', ')}`}.`,
    ...(purpose.assurance === 'none'
      ? []
      : [`- Assurance: a citizen or officer who asks has signed in with \`${purpose.assurance}\` or higher.`]),
    ...(document.atomic
      ? ['- All or nothing: while any basis is missing, nothing is released, and the answer lists who must agree.']
      : []),
    `- Registers: ${registers.join(', ')}.`,
    ...(document.example === undefined
      ? []
      : ['', 'Try it with the demo country:', '', `    npx tereze ask ${document.name} ${document.example}`]),
    '',
    '| category | | opened by |',
    '| --- | --- | --- |',
    ...decisions
      .filter((decision) => !isShownToo(decision, decisions))
      .map(
        ({ category, access, permissions }) =>
          `| \`${category}\` | ${access === 'read' ? 'read' : ''} | ${groundsOf(permissions)} |`,
      ),
    '',
    ...used.map(({ id, title, law }) => `- \`${id}\`: ${title}. ${law}.`),
    '',
  ].join('\n');
}

/** What is shown is read as well. */
function isShownToo({ category, access }: CategoryDecision, decisions: readonly CategoryDecision[]): boolean {
  return access === 'read' && decisions.some((other) => other.category === category && other.access === 'disclose');
}

const EVERY_AGE = 'every age';

/** Each rule once, with the kinds of nexus that it accepts and the ages for which it holds. */
function groundsOf(permissions: readonly Permission[]): string {
  const rules = new Map<string, { readonly basis: string; readonly nexus: Set<string>; readonly ages: Set<string> }>();
  for (const { basis, nexus, age, policies } of permissions) {
    const rule = rules.get(policies.join(' ')) ?? { basis, nexus: new Set<string>(), ages: new Set<string>() };
    if (nexus !== undefined) rule.nexus.add(nexus);
    else if (basis !== 'consent') rule.nexus.add('about no person');
    rule.ages.add(age ?? EVERY_AGE);
    rules.set(policies.join(' '), rule);
  }
  return [...rules]
    .map(
      ([id, { basis, nexus, ages }]) =>
        `\`${id}\` (${[basis, [...nexus].join(', '), ages.has(EVERY_AGE) ? '' : [...ages].map((age) => `${age}s`).join(', ')].filter(Boolean).join('; ')})`,
    )
    .join('<br>');
}

/** The comment that a document begins with. */
function descriptionOf(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^#\s?/, ''))
    .join('\n');
}

import { ASSURANCES, SENSITIVITIES } from '../../schemas/vocabulary.js';
import * as cedar from './cedar.js';
import { lineOf, messageOf } from './cedar-errors.js';
import { PolicyFileInvalid } from './policy-file-invalid.js';
import { assertTakesQuestions } from './question-context.js';
import type { RuleFile } from './rule-files.js';

/** The Cedar schema of one policy set, with the values of every enum in it. */
export interface RuleSchema {
  readonly file: string;
  readonly json: cedar.SchemaJson<string>;
}

type EntityTypes = cedar.SchemaJson<string>[string]['entityTypes'];

/**
 * Reads the Cedar schema and fills in the words that other files define: the purposes of the purposes
 * file, the values of the GraphQL enum `Sensitivity`, and the levels of assurance. The schema declares
 * the three entities without anything (`entity Purpose;`), so that a purpose is written in the purposes
 * file only.
 *
 * A schema may also list the values itself. Its purposes must then be those of the purposes file.
 *
 * @throws {@link PolicyFileInvalid} when the text is not a Cedar schema, lists other purposes, or does
 * not declare everything that each question states.
 */
export function readRuleSchema({ file, text }: RuleFile, purposes: readonly string[]): RuleSchema {
  const parsed = cedar.schemaToJson(text);
  if (parsed.type === 'failure')
    throw new PolicyFileInvalid({ file, line: lineOf(parsed.errors, text), problem: messageOf(parsed.errors) });
  const root = parsed.json[''] ?? { entityTypes: {}, actions: {} };
  const filled = fillAll(root.entityTypes, { Purpose: purposes, Sensitivity: SENSITIVITIES, Assurance: ASSURANCES });
  assertSamePurposes(file, valuesOf(filled, 'Purpose'), purposes);
  const schema = { file, json: { ...parsed.json, '': { ...root, entityTypes: filled } } };
  assertTakesQuestions(schema, text);
  return schema;
}

/** The values of this enum entity; none when the schema does not declare it as one. */
function valuesOf(types: EntityTypes, entity: string): readonly string[] {
  const declared = types[entity];
  return declared !== undefined && 'enum' in declared ? declared.enum : [];
}

function fillAll(types: EntityTypes, values: Readonly<Record<string, readonly string[]>>): EntityTypes {
  return Object.entries(values).reduce((filled, [entity, words]) => fill(filled, entity, words), types);
}

function fill(types: EntityTypes, entity: string, values: readonly string[]): EntityTypes {
  const declared = types[entity];
  const isBare = declared !== undefined && Object.keys(declared).length === 0;
  return isBare ? { ...types, [entity]: { enum: [...values] } } : types;
}

function assertSamePurposes(file: string, listed: readonly string[], purposes: readonly string[]): void {
  const missing = purposes.find((name) => !listed.includes(name));
  if (missing !== undefined) throw new PolicyFileInvalid({ file, problem: `Purpose lacks "${missing}"` });
  const surplus = listed.find((name) => !purposes.includes(name));
  if (surplus !== undefined)
    throw new PolicyFileInvalid({ file, problem: `Purpose "${surplus}" is not in the purposes file` });
}

import { z } from 'zod';
import { DEMANDED_ASSURANCES } from '../../schemas/assurance.js';
import type { Assurance, Basis } from '../../schemas/vocabulary.js';
import { parseLocatedYaml } from './located-yaml.js';

/** What a purpose says to the people that it is about. */
export interface PurposeText {
  readonly title: string;
  readonly law: string;
}

/** A coded reason for asking registers (`purposes.yaml`). */
export interface Purpose extends PurposeText {
  readonly name: string;
  /** Earlier wordings that mean the same. Consents that were given under them hold. */
  readonly earlierTexts: readonly PurposeText[];
  /** Bases on which this purpose may rest, in the order of the file. */
  readonly bases: readonly Basis[];
  readonly caseRequired: boolean;
  /** What a person must have been authenticated with to ask for this purpose as an officer or citizen, or to consent to it. */
  readonly assurance: Assurance;
  /** Roles of links that give the linked person the nexus `relation`, when the person at the start of the link has a nexus. */
  readonly relations: readonly string[];
  /** Ceiling on distinct people in one request, including people reached by links. */
  readonly maxSubjects: number;
}

/** All purposes. Immutable. */
export interface Purposes {
  readonly names: readonly string[];
  get(name: string): Purpose | undefined;
}

/** Every basis. */
export const BASES = [
  'consent',
  'legal_obligation',
  'public_task',
  'vital_interest',
  'contract',
] as const satisfies readonly Basis[];

const purposesFile = z.strictObject({
  version: z.literal(1),
  purposes: z.record(
    z.string().regex(/^[a-z][a-z0-9_]*$/),
    z.strictObject({
      title: z.string().min(1),
      law: z.string().min(1),
      earlier_texts: z.array(z.strictObject({ title: z.string().min(1), law: z.string().min(1) })).default([]),
      bases: z.array(z.enum(BASES)).min(1).refine(isWithoutRepeats, 'names a basis twice'),
      case: z.enum(['required', 'none']),
      assurance: z.enum(DEMANDED_ASSURANCES).optional(),
      relations: z.array(z.string().regex(/^[a-z][a-z0-9_]*$/)).refine(isWithoutRepeats, 'names a relation twice'),
      max_subjects: z.int().min(1),
    }),
  ),
});

/**
 * Reads the text of `purposes.yaml`.
 *
 * @throws PolicyFileInvalid with file and line, for an unknown key, basis or shape.
 */
export function parsePurposes(file: string, text: string): Purposes {
  const { purposes } = parseLocatedYaml(file, text, purposesFile);
  const byName = new Map<string, Purpose>();
  for (const [name, entry] of Object.entries(purposes)) {
    byName.set(name, {
      name,
      title: entry.title,
      law: entry.law,
      earlierTexts: entry.earlier_texts,
      bases: entry.bases,
      caseRequired: entry.case === 'required',
      assurance: entry.assurance ?? 'none',
      relations: entry.relations,
      maxSubjects: entry.max_subjects,
    });
  }
  return { names: [...byName.keys()], get: (name) => byName.get(name) };
}

function isWithoutRepeats(words: readonly string[]): boolean {
  return new Set(words).size === words.length;
}

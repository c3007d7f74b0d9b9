import { z } from 'zod';
import type { Described } from './describe.js';
import type { DocumentFile, XroadService } from './reader.js';
import type { TakenNames } from './write/plan.js';

/** What the command sends to the process that reads a document. */
export interface DescribeRequest {
  readonly kind: string;
  readonly register: string;
  readonly document: DocumentFile;
  /** The document's own folder, as an absolute path: files in it may be referenced. */
  readonly folder: string;
  readonly imports: readonly { readonly address: string; readonly file: DocumentFile }[];
  readonly examples: readonly { readonly operation: string; readonly file: DocumentFile }[];
  readonly operations: readonly string[];
  readonly personal: readonly string[];
  readonly constants: readonly { readonly name: string; readonly value: string }[];
  readonly reading: readonly string[];
  readonly xroad?: XroadService | undefined;
  readonly depth: number;
  readonly taken: TakenNames;
}

/** What the process answers: what it made, or what is wrong with the document. */
export type DescribeReply =
  | { readonly described: Described }
  | { readonly fault: { readonly place: string; readonly message: string } }
  /** The reader failed: a fault of its own, not of the document. */
  | { readonly broken: string };

const text = z.string();

const described = z.strictObject({
  title: text.optional(),
  settings: z.record(text, z.json()),
  operations: z.array(
    z.strictObject({
      name: text,
      aliases: z.array(text),
      of: text.optional(),
      title: text.optional(),
      place: text,
      state: z.enum(['ready', 'example', 'refused']),
      why: text.optional(),
    }),
  ),
  files: z.strictObject({ 'schema.graphql': text, 'contract.yaml': text, 'source.yaml': text }).optional(),
  said: z.array(z.strictObject({ place: text, message: text })),
});

/** Checks a reply: the process that sends it has read a document of another party. */
export const describeReply = z.union([
  z.strictObject({ described }),
  z.strictObject({ fault: z.strictObject({ place: text, message: text }) }),
  z.strictObject({ broken: text }),
]);

import { z } from 'zod';

/** Part `supergraph`: what the registers offer. */
export const supergraphConfig = z.strictObject({
  directory: z.string().min(1).default('schemas/registers').describe('Folder with one folder a register: schema.graphql, contract.yaml, source.yaml.'),
});

/** Part `documents`: operations registered beforehand. */
export const documentsConfig = z.strictObject({
  directory: z.string().min(1).default('schemas/operations').describe('Folder of the trusted documents, grouped by service.'),
});

/** Part `quality`: how records are judged. */
export const qualityConfig = z.strictObject({
  remembered_checks: z.int().min(1).max(100_000).default(1_000).describe('Compiled checks kept in memory, one for each type and set of fields.'),
});

/** Part `web`: pages. It has no keys as long as there are none. */
export const webConfig = z.strictObject({});

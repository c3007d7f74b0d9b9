import { z } from 'zod';

/** Part `supergraph`: what the registers offer. */
export const supergraphConfig = z.strictObject({
  directory: z
    .string()
    .min(1)
    .default('schemas/registers')
    .describe('Folder with one folder a register: schema.graphql, contract.yaml, source.yaml.'),
});

/** Part `documents`: the trusted documents. */
export const documentsConfig = z.strictObject({
  directory: z
    .string()
    .min(1)
    .default('schemas/operations')
    .describe('Folder of the trusted documents, grouped by service.'),
});

/** Part `quality`: how records are judged. The registers' contracts say it all; there is nothing to set. */
export const qualityConfig = z.strictObject({});

/** Part `web`: pages. It has no keys as long as there are none. */
export const webConfig = z.strictObject({});

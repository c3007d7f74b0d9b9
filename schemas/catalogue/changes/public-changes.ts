import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';
import { sortedChanges, type Criticality, type SchemaChange } from './change.js';

const CRITICALITY: Readonly<Record<CriticalityLevel, Criticality>> = {
  [CriticalityLevel.Breaking]: 'breaking',
  [CriticalityLevel.Dangerous]: 'dangerous',
  [CriticalityLevel.NonBreaking]: 'safe',
};

/** What changed between two public schemas, for those who ask. */
export async function publicChanges(oldPublicSdl: string, newPublicSdl: string): Promise<readonly SchemaChange[]> {
  const changes = await diff(
    buildSchema(oldPublicSdl, { assumeValidSDL: true }),
    buildSchema(newPublicSdl, { assumeValidSDL: true }),
  );
  return sortedChanges(
    changes.map(({ criticality, type, path, message }) => ({
      criticality: CRITICALITY[criticality.level],
      type: String(type),
      path: path ?? '',
      message,
    })),
  );
}

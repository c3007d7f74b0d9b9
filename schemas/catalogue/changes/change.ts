/**
 * The effect of a change on existing documents. `breaking`: a valid document becomes invalid, or an answer
 * has another shape. `dangerous`: a document stays valid and may be answered differently.
 */
export type Criticality = 'breaking' | 'dangerous' | 'safe';

export interface SchemaChange {
  readonly criticality: Criticality;
  /** What changed: the type of change of `@graphql-inspector/core`, or `CATEGORY_CHANGED` and the like for governance. */
  readonly type: string;
  /** Schema coordinate, or the category's name. */
  readonly path: string;
  readonly message: string;
}

const ORDER: readonly Criticality[] = ['breaking', 'dangerous', 'safe'];

/** The most severe first, then by path. */
export function sortedChanges(changes: readonly SchemaChange[]): readonly SchemaChange[] {
  return [...changes].sort(
    (one, other) =>
      ORDER.indexOf(one.criticality) - ORDER.indexOf(other.criticality) ||
      compared(one.path, other.path) ||
      compared(one.message, other.message),
  );
}

function compared(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

import type { ApiOperation } from './operations.js';
import { keywordsOf } from './schema.js';

/** Returns the names of the kinds of question that the body of an operation tells apart. */
export function kindNamesOf({ body }: Pick<ApiOperation, 'body'>): readonly string[] {
  const mapping = body?.schema && keywordsOf(body.schema).discriminator?.mapping;
  return mapping ? [...mapping.keys()] : [];
}

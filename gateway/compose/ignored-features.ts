import type { Catalogue } from '../../schemas/catalogue/governance.js';
import type { Observer } from '../../schemas/ports/observer.js';

/** Logs where the schemas declare a feature that Tereze does not know and ignores. */
export function logIgnoredFeatures({ ignoredFeatures }: Catalogue, observer: Observer): void {
  for (const { file, line } of ignoredFeatures) observer.log('warn', 'schema_feature_ignored', { file, line });
}

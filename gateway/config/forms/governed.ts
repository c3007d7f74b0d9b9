import type { Protocol } from '../../../adapters/protocol.js';
import { PROTOCOLS } from '../../../adapters/protocols.js';
import { DATABASE_VALUES, PORT_VALUE } from '../environment-values.js';
import { pathKeysOf } from '../resolve-paths.js';
import { configRules } from '../rules/all-rules.js';
import type { RuledConfig } from '../rules/rule.js';
import { configSchema, type Config } from '../schema.js';
import type { ConfigForm } from './form.js';

/** Returns the form of a gateway's configuration. `schema` is that of the same protocols. */
export function governedForm<Read extends RuledConfig>(
  schema: ConfigForm<Read>['schema'],
  protocols: readonly Protocol[],
): ConfigForm<Read> {
  return {
    schema,
    environment: [PORT_VALUE, ...DATABASE_VALUES],
    refusals: () => [],
    pathKeys: pathKeysOf(protocols),
    rules: configRules(protocols),
  };
}

/** The configuration of a gateway. */
export const GOVERNED: ConfigForm<Config> = governedForm(configSchema, PROTOCOLS);

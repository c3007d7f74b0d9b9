import { DATABASE_VALUES, PORT_VALUE } from '../environment-values.js';
import { CONFIG_RULES } from '../rules/all-rules.js';
import { configSchema, type Config } from '../schema.js';
import type { ConfigForm } from './form.js';

/** The configuration of a gateway. */
export const GOVERNED: ConfigForm<Config> = {
  schema: configSchema,
  environment: [PORT_VALUE, ...DATABASE_VALUES],
  refusals: () => [],
  rules: CONFIG_RULES,
};

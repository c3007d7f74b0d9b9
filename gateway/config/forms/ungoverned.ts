import { z } from 'zod';
import { anonymousRegistersConfig, credentialKeysOf } from '../../../adapters/config.js';
import { PROTOCOLS } from '../../../adapters/protocols.js';
import { telemetryConfig } from '../../../monitoring/config.js';
import { PORT_VALUE } from '../environment-values.js';
import { isLoopback } from '../loopback.js';
import { jurisdictionConfig } from '../parts/jurisdiction.js';
import { limitsConfig } from '../parts/limits.js';
import { documentsConfig, supergraphConfig } from '../parts/schemas.js';
import { serverConfig } from '../parts/server.js';
import { pathKeysOf } from '../resolve-paths.js';
import type { RuleBreach } from '../rules/rule.js';
import { separateOperations } from '../rules/separate-operations.js';
import type { ConfigForm } from './form.js';
import { isObject } from '../../../schemas/objects.js';

const ungovernedSchema = z.strictObject({
  version: z.literal(1).describe('Version of this form.'),
  environment: z.enum(['demo', 'test']).describe('`demo` or `test`; there is no default.'),
  jurisdiction: jurisdictionConfig.default(() => jurisdictionConfig.parse({})).describe('Civil time.'),
  server: serverConfig
    .omit({ log: true, audit: true })
    .extend({ public_url: serverConfig.shape.public_url.default('http://127.0.0.1') })
    .describe('Addresses, and limits on requests.'),
  supergraph: supergraphConfig.required().describe('What the registers offer.'),
  documents: documentsConfig.required().optional().describe('Trusted documents. Without this part there are none.'),
  registers: anonymousRegistersConfig.describe('How each register is reached, without any credential.'),
  limits: limitsConfig.default(() => limitsConfig.parse({})).describe('Limits on one question.'),
  telemetry: telemetryConfig.default(() => telemetryConfig.parse({})).describe('Log lines and metrics.'),
});

/** The configuration of a gateway without identity, policy, consent, audit and quality. */
export type UngovernedConfig = z.output<typeof ungovernedSchema>;

/** Parts of a governed gateway. One that names them is never served without them. */
const GOVERNING = [
  'authentication',
  'officers',
  'authorization',
  'policies',
  'consent',
  'audit',
  'database',
  'quality',
  'web',
];

/** Nothing of what protects people may be in a configuration that is served without protecting them. */
function refusals(written: unknown): readonly RuleBreach[] {
  const parts = GOVERNING.filter((part) => has(written, part)).map((part) => ({
    path: [part],
    problem: 'a gateway whose configuration names this is not served with --ungoverned',
  }));
  const registers = Object.entries(
    has(written, 'registers') && isObject(written['registers']) ? written['registers'] : {},
  );
  const credentials = registers.flatMap(([name, register]) =>
    credentialKeysOf(PROTOCOLS)
      .map((key) => key.split('.'))
      .filter((key) => isGiven(register, key))
      .map((key) => ({
        path: ['registers', name, ...key],
        problem: 'is a credential: with --ungoverned no register is asked in anyone’s name',
      })),
  );
  return [...parts, ...credentials];
}

function loopbackOnly({ server }: UngovernedConfig): readonly RuleBreach[] {
  const problem = 'must be a loopback address: with --ungoverned anyone who reaches it is answered';
  const places = [
    [server.host, ['server', 'host']],
    [server.operations.host, ['server', 'operations', 'host']],
  ] as const;
  return places.flatMap(([host, path]) => (isLoopback(host) ? [] : [{ path, problem }]));
}

function isGiven(value: unknown, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return true;
  return has(value, step) && isGiven(value[step], rest);
}

function has(value: unknown, key: string): value is Record<string, unknown> {
  return isObject(value) && Object.hasOwn(value, key);
}

/** The strict form of what is served with `--ungoverned`: it can say nothing of people, and it must say that it is no production. */
export const UNGOVERNED: ConfigForm<UngovernedConfig> = {
  schema: ungovernedSchema,
  environment: [PORT_VALUE],
  refusals,
  pathKeys: pathKeysOf(PROTOCOLS),
  rules: [loopbackOnly, separateOperations],
};

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createJsonClient } from '../../../adapters/http/post-json.js';
import type { Adapter, RegisterAnswer } from '../../../adapters/port.js';
import { resilient } from '../../../adapters/resilience/resilient.js';
import { createRestAdapter } from '../../../adapters/rest/rest-adapter.js';
import { readSource } from '../../../adapters/source-file.js';
import type { RestSourceFile } from '../../../adapters/rest/source.js';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY, UNKNOWN_NUMBER, OFFICIAL } from '../../../demo/country/people.js';
import { taxRegister } from '../../../demo/registers/tax/register.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { served } from '../../demo/registers/served.js';
import { runningClock, silentObserver } from '../../doubles.js';
import { describeAdapter } from '../../ports/adapter.js';
import { rejection } from '../../rejection.js';
import { citizens, entities, leaf, list } from '../selections.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { someCalls } from '../../recorded-calls.js';
import { createRestClient } from '../../../adapters/rest/rest-client.js';

const KEY = 'the key';
const registers = join(packageRoot(), 'schemas', 'registers', 'tax');
const source = readSource(join(registers, 'source.yaml')) as RestSourceFile;

function adapterTo(url: string, maxResponseBytes: number): Adapter {
  const client = createJsonClient({
    register: 'tax',
    headers: { [source.api_key_header ?? '']: KEY },
    clock: runningClock(),
    connections: createHttpClient().open({ maxConnections: 64 }),
    maxResponseBytes,
  });
  return createRestAdapter({
    register: 'tax',
    source,
    url,
    client: createRestClient(client, true),
    clock: runningClock(),
  });
}

describeAdapter(
  'the REST adapter, asking for lists in pages,',
  () => {
    const { taxes } = generateCountry();
    const lastYear = (iin: string): unknown =>
      taxes
        .find((taxpayer) => taxpayer.iin === iin)
        ?.incomes.filter(({ month }) => month >= '2025-03')
        .map(({ month, amount }) => ({ month, amount })) ?? [];
    return {
      narrow: entities('Citizen', [list('incomes', 'Income', [leaf('month'), leaf('amount')])]),
      other: entities('Citizen', [leaf('taxpayerStatus')]),
      persons: [HOUSING_FAMILY.wife.iin, OFFICIAL.iin],
      unknown: UNKNOWN_NUMBER,
      narrowOf: (iin) => ({ incomes: lastYear(iin) }),
      otherOf: () => ({ taxpayerStatus: 'ACTIVE' }),
      callsFor: { oneGroup: 1, twoGroups: 2 },
    };
  },
  async () => {
    const register = await served((meter) => taxRegister(generateCountry().taxes, { apiKey: KEY }, meter));
    const [adapter, tight] = [adapterTo(register.url, 1_000_000), adapterTo(register.url, 100)];
    return {
      adapter,
      tight,
      fault: (mode) => void (register.fault.mode = mode),
      calls: () => register.meter.stats().calls,
      close: async () => {
        await Promise.all([adapter.close(), tight.close(), register.listener.close()]);
      },
    };
  },
);

describe('the register of taxes, flooded,', () => {
  it('is asked once, and not again before the time that it named', async () => {
    const clock = runningClock();
    const register = await served((meter) => taxRegister([], { apiKey: KEY }, meter));
    const breaker = { volume: 10, failurePercent: 50, windowMs: 10_000, retryAfterMs: 5_000 };
    const adapter = resilient(adapterTo(register.url, 1_000), {
      clock,
      observer: silentObserver(),
      timeoutMs: 1_500,
      maxInFlight: 4,
      maxWaiting: 4,
      breaker,
    });
    const prepared = adapter.prepare(entities('Citizen', [leaf('taxpayerStatus')]));
    const read = (): Promise<RegisterAnswer> =>
      adapter.read({
        requestId: 'request-1',
        calls: someCalls(),
        groups: [{ prepared, variables: {}, keys: citizens(OFFICIAL.iin) }],
        deadline: clock.monotonic() + 1_500,
      });
    register.fault.mode = 'flood';
    expect(await rejection(read())).to.include({ kind: 'overloaded', retryAfterMs: 2_000 });
    register.fault.mode = 'off';
    for (const again of [read(), read()]) expect(await rejection(again)).to.include({ kind: 'overloaded' });
    expect(register.meter.stats().calls).to.equal(1);
    await Promise.all([adapter.close(), register.listener.close()]);
  });
});

describe('the mapping of the register of taxes', () => {
  it('has every field of the register’s schema that is not derived', () => {
    const sdl = readFileSync(join(registers, 'schema.graphql'), 'utf8');
    for (const [type, { fields }] of Object.entries(source.types)) {
      const body = new RegExp(`^type ${type} [^{]*\\{([\\s\\S]*?)^\\}`, 'm').exec(sdl)?.[1] ?? '';
      const declared = body
        .split('\n')
        .filter((line) => !line.includes('@derived'))
        .flatMap((line) => /^ {2}(\w+)\s*[:(]/.exec(line)?.[1] ?? []);
      expect(Object.keys(fields)).to.have.members(declared);
    }
  });

  it('has the default of the schema for every argument', () => {
    const sdl = readFileSync(join(registers, 'schema.graphql'), 'utf8');
    for (const [name, field] of Object.entries(source.types['Citizen']?.fields ?? {})) {
      if (typeof field === 'string' || !('list' in field)) continue;
      for (const [argument, { default: usual }] of Object.entries(field.arguments))
        expect(sdl).to.include(`${name}(${argument}: Int! = ${usual})`);
    }
  });
});

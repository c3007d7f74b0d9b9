import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@theguild/federation-composition';
import { expect } from 'chai';
import { parse } from 'graphql';
import { serverAudits, type Audit, type AuditResult } from 'graphql-http';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import type { Gateway } from '../../gateway/compose/app.js';
import type { Access } from '../../gateway/cli/client/access.js';
import { startUngoverned } from '../../gateway/compose/ungoverned.js';
import { startSystem, type RunningSystem } from './running-system.js';

/** One URL for all: where the gateway listens is known only once it runs. */
const NOWHERE = 'http://gateway.invalid/graphql';

/** Audits that ask with `__type`: a governed gateway tells no one what there is to ask. */
const ABOUT_THE_SCHEMA = ['BF61', '2EA1', '28B9'];

/** The audits of GraphQL over HTTP; a notice is about what a server may do. `refused`: those that are not answered. */
function describeAudits(
  name: string,
  { fetchFn, refused = [] }: { readonly fetchFn: typeof fetch; readonly refused?: readonly string[] },
): void {
  const audits: readonly Audit[] = serverAudits({ url: NOWHERE, fetchFn });

  it(`${name}: are 61`, () => {
    expect(audits).to.have.length(61);
  });

  for (const audit of audits) {
    const isRefused = refused.includes(audit.id);
    it(`${name}: ${audit.id} ${audit.name}${isRefused ? ': refused' : ''}`, async () => {
      const result = await audit.fn();
      if (isRefused) expect(await codeOf(result)).to.equal('GRAPHQL_VALIDATION_FAILED');
      else
        expect(audit.name.startsWith('MAY') ? ['ok', 'notice'] : ['ok']).to.include(
          result.status,
          'reason' in result ? result.reason : '',
        );
    });
  }
}

async function codeOf(result: AuditResult): Promise<unknown> {
  if (!('response' in result)) return undefined;
  const { errors = [] } = (await result.response.json()) as {
    readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
  };
  return errors[0]?.extensions.code;
}

describe('GraphQL over HTTP', () => {
  describe('ungoverned', () => {
    let folder: string;
    let gateway: Gateway;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'tereze-audits-'));
      // Audits ask for type names only: the service is never called.
      const { supergraphSdl = '' } = composeServices([
        { name: 'absent', url: 'http://127.0.0.1:9/', typeDefs: parse('type Query { nothing: Int }') },
      ]);
      writeFileSync(join(folder, 'supergraph.graphql'), supergraphSdl);
      gateway = await startUngoverned({ supergraph: join(folder, 'supergraph.graphql'), port: 0 });
    });
    after(async () => {
      await gateway.stop();
      rmSync(folder, { recursive: true });
    });

    describeAudits('audits', {
      fetchFn: (url, init) => fetch(String(url).replace(NOWHERE, `${gateway.url}/graphql`), init),
    });
  });

  describe('through identity', () => {
    let system: RunningSystem;
    let access: Access;

    before(async () => {
      system = await startSystem();
      access = await system.as('housing', 'housing_queue', HOUSING_FAMILY.caseNumber);
    });
    after(() => (system as RunningSystem | undefined)?.stop());

    describeAudits('audits', {
      refused: ABOUT_THE_SCHEMA,
      fetchFn: (url, { method = 'GET', headers, body } = {}) =>
        access.fetch(String(url).replace('http://gateway.invalid', ''), {
          method,
          headers: new Headers(headers),
          body: typeof body === 'string' ? body : undefined,
        }),
    });
  });
});

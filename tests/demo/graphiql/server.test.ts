import { expect } from 'chai';
import { buildClientSchema, getIntrospectionQuery, stripIgnoredCharacters, type IntrospectionQuery } from 'graphql';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { APPEAL_FAMILY } from '../../../demo/country/people.js';
import { startSystem, type RunningSystem } from '../../system/running-system.js';

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

describe('GraphiQL of the demo', function () {
  this.timeout(30_000);
  let system: RunningSystem;
  let page: Reply;

  before(async () => {
    system = await startSystem();
    page = await send('GET', '/');
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  const send = (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: unknown,
  ): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const asked = request(
        new URL(path, system.country.addresses.graphiql),
        { method, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      asked.on('error', reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const ask = async (
    headers: Readonly<Record<string, string>>,
    body: unknown,
  ): Promise<{
    status: number;
    body: {
      data?: { citizen?: unknown; person?: unknown } | null;
      errors?: { message: string; extensions: { code: string } }[];
    };
  }> => {
    const { status, text } = await send('POST', '/graphql', headers, body);
    return { status, body: JSON.parse(text) as Awaited<ReturnType<typeof ask>>['body'] };
  };
  interface Tab {
    readonly query: string;
    readonly variables: string;
    readonly headers: string;
  }
  const tabs = (): readonly Tab[] =>
    JSON.parse(/"defaultTabs":(\[.*?\]),"shouldPersistHeaders"/s.exec(page.text)?.[1] ?? '[]') as Tab[];

  it('loads nothing from other hosts, and may reach no one but its own server', () => {
    expect(page.status).to.equal(200);
    expect(page.text).to.not.match(/<(?:script|link|img|iframe)[^>]*(?:src|href)="(?:https?:)?\/\//);
    const policy = String(page.headers['content-security-policy']);
    expect(policy)
      .to.include("default-src 'none'")
      .and.include("connect-src 'self'")
      .and.not.match(/https?:|unsafe-eval|\*/);
    const script = /<script>([\s\S]*?)<\/script>/.exec(page.text)?.[1] ?? '';
    expect(policy).to.include(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(/script-src ([^;]*)/.exec(policy)?.[1]).to.not.include('unsafe-inline');
  });

  it('has a tab for each service, whose answer is that of its callers', async () => {
    const expected: Readonly<Record<string, string>> = {
      BirthAllowance: 'CONSENT_REQUIRED',
      HousingQueue: 'CONSENT_REQUIRED',
      AppealContext: 'BAD_USER_INPUT',
      Refused: 'GRAPHQL_VALIDATION_FAILED',
      FamilyCard: 'none',
      DeclarationCheck: 'none',
      PensionCard: 'none',
    };
    for (const { query, variables, headers } of tabs()) {
      const name = /query (\w+)/.exec(query)?.[1] ?? '';
      const { body } = await ask(JSON.parse(headers) as Record<string, string>, {
        query,
        variables: JSON.parse(variables) as unknown,
        operationName: name,
      });
      expect(body.errors?.[0]?.extensions.code ?? 'none', name).to.equal(expected[name]);
    }
    expect(tabs()).to.have.length(Object.keys(expected).length);
  });

  it('asks a trusted document by its name, however it is spaced, so that an AI service can be tried', async () => {
    const { applicant, caseNumber } = APPEAL_FAMILY;
    const issued = await system.ask(
      await system.as('appeals', 'appeal_review', caseNumber),
      { iin: applicant.iin, for: 'appeals-ai' },
      '/handles',
    );
    const query = tabs().find((tab) => tab.query.includes('query AppealContext'))?.query ?? '';
    const as = { 'x-demo-as': 'appeals-ai', 'x-demo-case': caseNumber };
    const answered = await ask(as, {
      query: stripIgnoredCharacters(query),
      variables: { person: issued.data?.['handle'] },
    });
    expect(answered.body.data?.person).to.include({ birthYear: 1979 });
    const own = await ask(as, {
      query: query.replace('birthYear', 'birthYear ageGroup'),
      variables: { person: issued.data?.['handle'] },
    });
    expect(own.body.errors?.[0]?.extensions.code).to.equal('DOCUMENT_ID_REQUIRED');
  });

  it('shows the schema', async () => {
    const { body } = await ask({}, { query: getIntrospectionQuery() });
    expect(buildClientSchema(body.data as unknown as IntrospectionQuery).getType('Citizen')).to.not.equal(undefined);
  });

  it('answers its own page only', async () => {
    const question = { query: '{ __typename }' };
    expect((await send('POST', '/graphql', { origin: 'https://evil.example' }, question)).status).to.equal(403);
    expect((await send('POST', '/graphql', { host: 'evil.example' }, question)).status).to.equal(403);
    expect((await send('GET', '/', { host: 'evil.example' })).status).to.equal(403);
    expect((await send('POST', '/graphql', { 'content-type': 'text/plain' }, question)).status).to.equal(415);
  });

  it('says when there is no such client', async () => {
    const { status, body } = await ask({ 'x-demo-as': 'unknown' }, { query: '{ __typename }' });
    expect([status, body.errors?.[0]?.extensions.code]).to.deep.equal([400, 'DEMO']);
  });
});

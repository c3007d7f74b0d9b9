import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseFacts } from '../../../policies/nexus/facts-answer.js';
import { createHttpNexus } from '../../../policies/nexus/http-nexus.js';
import type { HttpRequest } from '../../../schemas/ports/http-client.js';
import { packageRoot } from '../../../schemas/package-root.js';
import { standingClock } from '../../doubles.js';

const PATH = '/api/v1/cases/facts';

interface Content {
  readonly content: { readonly 'application/json': { readonly example: unknown } };
}
interface CaseFactsDocument {
  readonly paths: Record<string, { post: { requestBody: Content; responses: { '200': Content } } }>;
  readonly components: { readonly schemas: Record<'Question' | 'Answer', object> };
}

const document = parse(
  readFileSync(join(packageRoot(), 'docs', 'case-facts.openapi.yaml'), 'utf8'),
) as CaseFactsDocument;
const compiled = (name: 'Question' | 'Answer'): ValidateFunction =>
  new Ajv2020({ strict: false, logger: false }).compile(document.components.schemas[name]);
const { post } = document.paths[PATH] ?? expect.fail('the document has another path');

const isRead = (answer: unknown, subjects: number): boolean => {
  try {
    parseFacts(JSON.stringify(answer), subjects);
    return true;
  } catch {
    return false;
  }
};

describe('docs/case-facts.openapi.yaml', () => {
  it('describes the call that is made', async () => {
    const sent: HttpRequest[] = [];
    const answer = Buffer.from('{"facts":[]}');
    const nexus = createHttpNexus({
      sources: new Map([['housing', { url: 'http://127.0.0.1:9', token: 'secret' }]]),
      http: {
        open: () => ({
          send: async (request: HttpRequest) => {
            sent.push(request);
            return { status: 200, headers: [], body: answer } as never;
          },
          close: () => undefined,
        }),
      } as never,
      clock: standingClock(),
      timeoutMs: 500,
      maxResponseBytes: 1_000,
    });
    const isQuestion = compiled('Question');
    for (const subjects of [[], ['880514391012']])
      await nexus.facts({
        case: { agency: 'housing', number: 'HQ-1' },
        purpose: 'housing_queue',
        subjects,
        deadline: 10_000,
      });
    for (const { method, url, body } of sent) {
      expect([method, url.pathname]).to.deep.equal(['POST', PATH]);
      expect(isQuestion(JSON.parse(String(body))), JSON.stringify(isQuestion.errors)).to.equal(true);
    }
    expect(sent).to.have.length(2);
    expect(isQuestion(post.requestBody.content['application/json'].example)).to.equal(true);
  });

  it('accepts the answers that are accepted, and no other', () => {
    const isAnswer = compiled('Answer');
    expect(isRead(post.responses['200'].content['application/json'].example, 1)).to.equal(true);
    const fact = fc.record(
      {
        subject: fc.constantFrom<unknown>(0, 1, 0, -1, 0.5, '0', null),
        kind: fc.constantFrom<unknown>('application', 'list', 'relation', null),
        reference: fc.constantFrom<unknown>('a', 'r'.repeat(200), 'r'.repeat(201), '', 7),
        more: fc.constant('x'),
      },
      { requiredKeys: [] },
    );
    const matter = fc.constantFrom<unknown>(
      { status: 'open' },
      { status: 'closed' },
      { status: 'unknown' },
      { status: 'OPEN' },
      { status: 'open', more: 1 },
      {},
      null,
      'open',
    );
    const usual = { subject: 0, kind: 'list', reference: 'r' };
    const answer = fc.record(
      {
        case: matter,
        facts: fc.oneof(fc.array(fc.oneof(fc.constant(usual), fact), { maxLength: 3 }), fc.constant(null)),
        more: fc.constant(1),
      },
      { requiredKeys: [] },
    );
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(answer, (one) => {
        const accepted = isRead(one, 2);
        seen[accepted ? 'accepted' : 'refused'] += 1;
        expect(isAnswer(one)).to.equal(accepted);
      }),
      { numRuns: 2_000 },
    );
    expect(seen.accepted).to.be.greaterThan(100);
    expect(seen.refused).to.be.greaterThan(100);
  });
});

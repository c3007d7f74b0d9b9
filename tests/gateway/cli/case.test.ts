import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandFailure } from '../../../gateway/cli/command-failure.js';
import { createProgram } from '../../../gateway/cli/program.js';
import { packageRoot } from '../../../schemas/package-root.js';
import { LEAST_CONFIG } from '../config/example.js';
import { TestTerminal } from './test-terminal.js';

const PERSON = '880514391012';
const NUMBER = 'HQ-2026-000101';
const FACT = { subject: 0, kind: 'application', reference: 'housing/1' };

describe('tereze case probe', () => {
  let folder: string;
  let server: Server;
  let answer: (response: ServerResponse, question: { purpose: string; subjects: readonly string[] }) => void;

  beforeEach(async () => {
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => answer(response, JSON.parse(text) as never));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    folder = mkdtempSync(join(tmpdir(), 'case-'));
    writeFileSync(join(folder, 'secret'), 'x'.repeat(64), { mode: 0o600 });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const policies = join(packageRoot(), 'policies');
    writeFileSync(
      join(folder, 'tereze.yaml'),
      LEAST_CONFIG.replace(
        'policies:\n',
        `policies:\n  rules: ${policies}/rules\n  purposes: ${policies}/purposes.yaml\n  nexus: { timeout_ms: 1000, sources: { housing: { url: "${url}", token_file: secret } } }\n`,
      ),
    );
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  /** The steps with their results, and whether the command failed. What was printed holds no number. */
  const probed = async (
    ...options: string[]
  ): Promise<{ readonly steps: string; readonly reasons: readonly string[]; readonly failed: boolean }> => {
    const terminal = new TestTerminal();
    const words = ['case', 'probe', 'housing', '--case', NUMBER, '--person', PERSON, '--json', ...options];
    await createProgram(terminal).parseAsync(['node', 'tereze', ...words, '--config', join(folder, 'tereze.yaml')]);
    const { printed, warned, failed } = terminal;
    expect(printed + warned)
      .to.not.include(PERSON)
      .and.not.include(NUMBER);
    expect(warned).to.equal('');
    const { steps } = JSON.parse(printed) as {
      steps: readonly { step: string; result: string; reason?: string }[];
    };
    const reasons = steps.flatMap(({ step, reason }) => (reason === undefined ? [] : [`${step} ${reason}`]));
    return { steps: steps.map(({ step, result }) => `${step} ${result}`).join(', '), reasons, failed };
  };
  const replyWith =
    (body: unknown, status = 200): typeof answer =>
    (response) =>
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));

  const UNTRIED = 'case unknown, person unknown';
  for (const [what, reply, steps] of [
    ['names the person', replyWith({ case: { status: 'open' }, facts: [FACT] }), 'answer ok, case ok, person ok'],
    [
      'does not name the person',
      replyWith({ case: { status: 'open' }, facts: [] }),
      'answer ok, case ok, person failed',
    ],
    [
      'has closed the case',
      replyWith({ case: { status: 'closed' }, facts: [FACT] }),
      'answer ok, case failed, person unknown',
    ],
    ['does not know the case', replyWith({ facts: [] }), 'answer ok, case failed, person unknown'],
  ] as const) {
    it(`says which step holds where the case system ${what}`, async () => {
      answer = reply;
      const expected = `reach ok, authenticate ok, ${steps}`;
      expect(await probed()).to.include({ steps: expected, failed: expected.includes('failed') });
    });
  }

  for (const [what, reply, steps] of [
    ['refuses the token', replyWith('', 401), `reach ok, authenticate failed, answer unknown, ${UNTRIED}`],
    [
      `fails, which proves nothing`,
      replyWith(PERSON, 500),
      `reach ok, authenticate unknown, answer failed, ${UNTRIED}`,
    ],
    ['shows a page', replyWith(`<p>${PERSON}`), `reach ok, authenticate unknown, answer failed, ${UNTRIED}`],
    ['says nothing in time', (): void => undefined, `reach failed, authenticate unknown, answer unknown, ${UNTRIED}`],
  ] as const) {
    it(`says where it ends where the case system ${what}`, async () => {
      answer = reply;
      expect(await probed()).to.include({ steps, failed: true });
    });
  }

  for (const [what, reply, reason] of [
    ['a refused token', replyWith('', 401), 'authenticate credentials_refused'],
    ['no right to ask', replyWith('', 403), 'authenticate access_refused'],
    ['too many questions', replyWith('', 429), 'answer overloaded'],
    ['a redirect', replyWith('', 302), 'answer redirect_refused'],
    ['a fault', replyWith(PERSON, 500), 'answer status_unexpected'],
    ['a page', replyWith(`<p>${PERSON}`), 'answer json_invalid'],
    ['a name twice', replyWith('{"facts":[],"facts":[]}'), 'answer json_duplicate_name'],
    ['another form', replyWith({ facts: {} }), 'answer value_type'],
    ['a fact of another person', replyWith({ facts: [{ ...FACT, subject: 1 }] }), 'answer other_subject'],
    ['silence', (): void => undefined, 'reach deadline'],
    ['a cut connection', (response: ServerResponse) => void response.socket?.destroy(), 'reach connection_cut'],
  ] satisfies readonly (readonly [string, typeof answer, string])[]) {
    it(`says the reason of ${what}`, async () => {
      answer = reply;
      expect((await probed()).reasons).to.deep.equal([reason]);
    });
  }

  it('asks for each purpose that needs a case until one knows it, or for the given one only', async () => {
    const asked: string[] = [];
    answer = (response, { purpose, subjects }) => {
      asked.push(purpose);
      expect(subjects).to.deep.equal([PERSON]);
      replyWith(purpose === 'proactive_support' ? { case: { status: 'open' }, facts: [FACT] } : { facts: [] })(
        response,
        { purpose, subjects },
      );
    };
    expect((await probed()).failed).to.equal(false);
    expect(asked.at(-1)).to.equal('proactive_support');
    expect(asked).to.not.include('own_data');
    asked.length = 0;
    expect((await probed('--purpose', 'housing_queue')).failed).to.equal(true);
    expect(asked).to.deep.equal(['housing_queue']);
  });

  for (const [what, words, message] of [
    ['a number with a wrong check digit', ['--person', '880514391013'], '--person is no number of a person'],
    ['a purpose without a case', ['--purpose', 'own_data'], '--purpose needs no case'],
  ] as const) {
    it(`calls ${what} wrong use, without the number`, async () => {
      const failure = await probed(...words).then(
        () => expect.fail('it was asked'),
        (error: unknown) => error,
      );
      expect(failure).to.be.instanceOf(CommandFailure).with.property('kind', 'usage');
      expect((failure as CommandFailure).message)
        .to.include(message)
        .and.not.match(/\d{12}/);
    });
  }
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  Identifying,
  IdentifyRefused,
  MOST_PEOPLE,
  type IdentifyRefusal,
  type IdentifyQuestion,
  type PresentOfficer,
} from '../../../gateway/identity/identify.js';
import { RequestStore, type IdentifyRequest, type Write } from '../../../gateway/identity/request-store.js';
import { writeDurably } from '../../../gateway/state/durable-file.js';
import type { IdentifiedPerson, PersonPlace } from '../../../monitoring/identity/open-people.js';
import { AuditUnavailable } from '../../../monitoring/audit/port.js';
import { rejection } from '../../rejection.js';
import { listeningObserver, seededRandom, standingClock } from '../../doubles.js';

const START = Date.parse('2026-11-23T10:00:00.000Z');
const DAY = 86_400_000;
const ISSUER = 'https://id.example';

function officer(subject: string, agency: string, ...roles: string[]): PresentOfficer {
  const held = new Set(roles);
  return { issuer: ISSUER, subject, agency, client: 'audit-desk', roles: { has: (role) => held.has(role) } };
}

const ASKER = officer('asker', 'housing', 'search', 'identify', 'second');
const SECOND = officer('second', 'housing', 'second');
const NATIONAL = officer('national', 'security', 'second', 'national');
const ELSEWHERE = officer('elsewhere', 'social', 'second', 'identify');
const SEARCHER = officer('searcher', 'housing', 'search', 'national', 'export', 'entries', 'documents');

const places = (count: number): PersonPlace[] =>
  Array.from({ length: count }, (_, index) => ({ log: 'tereze/0', index, position: 0 }));
const QUESTION: IdentifyQuestion = {
  reason: 'a breach at the housing agency',
  case: { agency: 'housing', number: 'B-2026-1' },
  places: places(3),
};

describe('identifying people', () => {
  let directory: string;
  let store: RequestStore | undefined;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'tereze-identify-'));
  });
  afterEach(() => {
    store?.close();
    store = undefined;
    rmSync(directory, { recursive: true });
  });

  /** A process: its clock, what it opened, and how its disk fails. */
  function start(perDay = 50_000) {
    store?.close();
    const set = {
      now: START,
      fault: undefined as 'not_written' | 'reply_lost' | undefined,
      log: 'up' as 'up' | 'down' | 'lost',
    };
    const recorded: string[] = [];
    const opened: { places: readonly PersonPlace[]; onlyAgency: string | undefined }[] = [];
    const write: Write = (path, content) => {
      if (set.fault !== 'not_written') writeDurably(path, content);
      if (set.fault !== undefined) throw new Error('input/output error');
    };
    store = RequestStore.open(directory, write);
    const observer = listeningObserver();
    const identifying = new Identifying({
      store,
      clock: { ...standingClock(), now: () => new Date(set.now) },
      random: seededRandom(String(Math.floor(set.now))),
      observer,
      perDay,
      open: async (asked, onlyAgency) => {
        opened.push({ places: asked, onlyAgency });
        return asked.map((place): IdentifiedPerson => ({ ...place, number: `${place.index}`.padStart(12, '0') }));
      },
      record: async ({ subject }, { id }, read) => {
        if (set.log === 'down') throw new AuditUnavailable();
        recorded.push(`${subject} begins ${id}`);
        const people = await read();
        if (set.log === 'lost') throw new AuditUnavailable({ outcome: 'unknown' });
        recorded.push(`${subject} ends ${id}`);
        return people;
      },
    });
    return { identifying, set, opened, recorded, lines: observer.lines };
  }
  type Process = ReturnType<typeof start>;

  const asked = (process: Process, question = QUESTION): IdentifyRequest => process.identifying.ask(ASKER, question);
  function approved(process: Process, question = QUESTION): IdentifyRequest {
    const { id, hash } = asked(process, question);
    return process.identifying.approve(SECOND, id, hash);
  }
  async function refusalOf(step: () => unknown): Promise<IdentifyRefusal | 'done'> {
    try {
      await step();
      return 'done';
    } catch (error) {
      if (error instanceof IdentifyRefused) return error.reason;
      throw error;
    }
  }

  it('gives the numbers to the asker, once, after another officer approved', async () => {
    const process = start();
    const { id, hash } = approved(process);
    const people = await process.identifying.identify(ASKER, id, hash);
    expect(people).to.have.length(3);
    expect(process.opened).to.deep.equal([{ places: QUESTION.places, onlyAgency: 'housing' }]);
    expect(await refusalOf(() => process.identifying.identify(ASKER, id, hash))).to.equal('used');
    expect(process.opened).to.have.length(1);
  });

  it('looks at entries of the own agency, or at all for a national officer', async () => {
    const process = start();
    const asker = officer('n', 'housing', 'identify', 'national');
    const { id, hash } = process.identifying.ask(asker, QUESTION);
    process.identifying.approve(SECOND, id, hash);
    await process.identifying.identify(asker, id, hash);
    expect(process.opened[0]?.onlyAgency).to.equal(undefined);
  });

  /** Who takes which step at a request that the asker made: every one but the right ones is refused, and nothing is opened. */
  const STEPS: readonly {
    readonly who: string;
    readonly officer: PresentOfficer;
    readonly ask: string;
    readonly approve: string;
    readonly identify: string;
  }[] = [
    { who: 'the asker', officer: ASKER, ask: 'done', approve: 'same_officer', identify: 'done' },
    { who: 'a second officer', officer: SECOND, ask: 'role', approve: 'done', identify: 'role' },
    { who: 'a national second officer', officer: NATIONAL, ask: 'role', approve: 'done', identify: 'role' },
    {
      who: 'one of another agency',
      officer: ELSEWHERE,
      ask: 'done',
      approve: 'other_agency',
      identify: 'unknown_request',
    },
    { who: 'one with every other role', officer: SEARCHER, ask: 'role', approve: 'role', identify: 'role' },
    {
      who: 'a colleague who may ask and approve',
      officer: officer('colleague', 'housing', 'identify', 'second'),
      ...{ ask: 'done', approve: 'done', identify: 'unknown_request' },
    },
    {
      who: 'the same subject at another issuer',
      officer: { ...ASKER, issuer: 'https://other.example' },
      ...{ ask: 'done', approve: 'done', identify: 'unknown_request' },
    },
  ];
  for (const { who, officer: present, ask, approve, identify } of STEPS) {
    it(`takes ${who}: asking ${ask}, approving ${approve}, identifying ${identify}`, async () => {
      const process = start();
      const one = asked(process);
      const other = approved(process);
      expect(await refusalOf(() => process.identifying.ask(present, QUESTION))).to.equal(ask);
      expect(await refusalOf(() => process.identifying.approve(present, one.id, one.hash))).to.equal(approve);
      expect(await refusalOf(() => process.identifying.identify(present, other.id, other.hash))).to.equal(identify);
      expect(process.opened).to.have.length(identify === 'done' ? 1 : 0);
    });
  }

  it('needs an approval of that exact request', async () => {
    const process = start();
    const { identifying } = process;
    const one = asked(process);
    const other = approved(process, { ...QUESTION, reason: 'another reason' });
    expect(one.hash).not.to.equal(other.hash);
    expect(await refusalOf(() => identifying.identify(ASKER, one.id, one.hash))).to.equal('not_approved');
    expect(await refusalOf(() => identifying.identify(ASKER, one.id, other.hash))).to.equal('changed');
    expect(await refusalOf(() => identifying.identify(ASKER, other.id, one.hash))).to.equal('changed');
    expect(await refusalOf(() => identifying.approve(SECOND, one.id, other.hash))).to.equal('changed');
    expect(await refusalOf(() => identifying.approve(SECOND, other.id, other.hash))).to.equal('decided');
    expect(await refusalOf(() => identifying.approve(SECOND, 'nonsense', one.hash))).to.equal('unknown_request');
    expect(process.opened).to.deep.equal([]);
  });

  it('does not take a request whose file was changed after the approval', async () => {
    const first = start();
    const { id, hash } = approved(first);
    const file = join(directory, `${id}.json`);
    const changes: readonly ((request: IdentifyRequest) => IdentifyRequest)[] = [
      (request) => ({ ...request, places: places(4) }),
      (request) => ({ ...request, places: [...request.places].reverse() }),
      (request) => ({ ...request, reason: 'another reason' }),
      (request) => ({ ...request, case: { ...request.case, number: 'B-2' } }),
      (request) => ({ ...request, hash: 'a'.repeat(64) }),
      (request) => ({ ...request, approved: { at: request.askedAt, by: request.asker } }),
      (request) => ({ ...request, asker: { ...request.asker, subject: 'other' } }),
    ];
    const written = readFileSync(file, 'utf8');
    for (const change of changes) {
      writeFileSync(file, JSON.stringify(change(JSON.parse(written) as IdentifyRequest)));
      const process = start();
      expect(await refusalOf(() => process.identifying.identify(ASKER, id, hash))).not.to.equal('done');
      expect(process.opened).to.deep.equal([]);
    }
  });

  it('ends a request after 24 hours, and one from the future', async () => {
    const process = start();
    const { identifying, set } = process;
    const one = asked(process);
    const other = approved(process);
    for (const now of [START + DAY, START + 2 * DAY, START - 1]) {
      set.now = now;
      expect(await refusalOf(() => identifying.approve(SECOND, one.id, one.hash))).to.equal('expired');
      expect(await refusalOf(() => identifying.identify(ASKER, other.id, other.hash))).to.equal('expired');
    }
    set.now = START + DAY - 1;
    expect(await refusalOf(() => identifying.identify(ASKER, other.id, other.hash))).to.equal('done');
  });

  it('refuses for good what a second officer refused', async () => {
    const process = start();
    const { id, hash } = asked(process);
    process.identifying.refuse(SECOND, id, hash);
    expect(await refusalOf(() => process.identifying.approve(NATIONAL, id, hash))).to.equal('decided');
    expect(await refusalOf(() => process.identifying.identify(ASKER, id, hash))).to.equal('not_approved');
  });

  it('takes 1 to 10,000 people, each once', async () => {
    const { identifying } = start();
    const ask = (asked: readonly PersonPlace[]) =>
      refusalOf(() => identifying.ask(ASKER, { ...QUESTION, places: asked }));
    expect(await ask([])).to.equal('too_many_people');
    expect(await ask(places(MOST_PEOPLE + 1))).to.equal('too_many_people');
    expect(await ask([...places(2), ...places(1)])).to.equal('repeated_person');
    expect(await ask(places(MOST_PEOPLE))).to.equal('done');
  });

  it('counts people before they are identified, over 24 hours and across starts', async () => {
    let process = start(7);
    const one = approved(process);
    const two = approved(process);
    const three = approved(process);
    await process.identifying.identify(ASKER, one.id, one.hash);
    process = start(7);
    await process.identifying.identify(ASKER, two.id, two.hash);
    expect(await refusalOf(() => process.identifying.identify(ASKER, three.id, three.hash))).to.equal('budget');
    process = start(7);
    expect(await refusalOf(() => process.identifying.identify(ASKER, three.id, three.hash))).to.equal('budget');
    process.set.now = START + DAY + 1;
    const later = approved(process);
    expect(await refusalOf(() => process.identifying.identify(ASKER, later.id, later.hash))).to.equal('done');
  });

  it('is an entry before anyone is identified, and opens nothing if it cannot be', async () => {
    const process = start();
    const { id, hash } = approved(process);
    process.set.log = 'down';
    expect(await rejection(process.identifying.identify(ASKER, id, hash))).to.be.instanceOf(AuditUnavailable);
    expect(process.opened).to.deep.equal([]);
    // Nothing was opened, so the approval still holds.
    process.set.log = 'up';
    expect(await process.identifying.identify(ASKER, id, hash)).to.have.length(3);
    expect(process.recorded).to.deep.equal([`asker begins ${id}`, `asker ends ${id}`]);
  });

  it('is used, and says no number, if the end of its entry cannot be written', async () => {
    const process = start();
    const { id, hash } = approved(process);
    process.set.log = 'lost';
    expect(await rejection(process.identifying.identify(ASKER, id, hash))).to.be.instanceOf(AuditUnavailable);
    process.set.log = 'up';
    expect(await refusalOf(() => process.identifying.identify(ASKER, id, hash))).to.equal('used');
    expect(process.opened).to.have.length(1);
  });

  it('is used once, however many ask at the same moment', async () => {
    const process = start();
    const { id, hash } = approved(process);
    const ends = await Promise.all(
      Array.from({ length: 10 }, () => refusalOf(() => process.identifying.identify(ASKER, id, hash))),
    );
    expect(ends.filter((end) => end === 'done')).to.have.length(1);
    expect(process.opened).to.have.length(1);
  });

  it('is used for good when its people cannot be read', async () => {
    const process = start();
    const { id, hash } = approved(process);
    const failing = new Identifying({
      store: store ?? expect.fail('no store'),
      clock: { now: () => new Date(START) },
      random: seededRandom(),
      observer: listeningObserver(),
      perDay: 10,
      open: async () => {
        throw new Error('the database is down');
      },
      record: (_officer, _request, read) => read(),
    });
    await failing.identify(ASKER, id, hash).then(
      () => expect.fail('it resolved'),
      () => undefined,
    );
    expect(await refusalOf(() => failing.identify(ASKER, id, hash))).to.equal('used');
    expect(await refusalOf(() => start().identifying.identify(ASKER, id, hash))).to.equal('used');
  });

  for (const fault of ['not_written', 'reply_lost'] as const) {
    describe(`when the disk fails (${fault})`, () => {
      it('answers no question', async () => {
        const process = start();
        process.set.fault = fault;
        expect(await refusalOf(() => asked(process))).to.equal('store');
        expect(readdirSync(directory).filter((name) => /^[0-9a-f-]{36}/.test(name))).to.have.length(
          fault === 'not_written' ? 0 : 1,
        );
      });

      it('takes no approval, until it is given again', async () => {
        const process = start();
        const { id, hash } = asked(process);
        process.set.fault = fault;
        expect(await refusalOf(() => process.identifying.approve(SECOND, id, hash))).to.equal('store');
        expect(await refusalOf(() => process.identifying.identify(ASKER, id, hash))).to.equal('not_approved');
        process.set.fault = undefined;
        process.identifying.approve(SECOND, id, hash);
        expect(await refusalOf(() => process.identifying.identify(ASKER, id, hash))).to.equal('done');
      });

      it('identifies no one, and counts the people', async () => {
        const process = start(5);
        const { id, hash } = approved(process);
        const other = approved(process);
        process.set.fault = fault;
        expect(await refusalOf(() => process.identifying.identify(ASKER, id, hash))).to.equal('store');
        process.set.fault = undefined;
        expect(await refusalOf(() => process.identifying.identify(ASKER, id, hash))).to.equal('used');
        expect(await refusalOf(() => process.identifying.identify(ASKER, other.id, other.hash))).to.equal('budget');
        expect(process.opened).to.deep.equal([]);
        const again = start(5);
        expect(await refusalOf(() => again.identifying.identify(ASKER, id, hash))).to.equal(
          fault === 'not_written' ? 'done' : 'used',
        );
      });
    });
  }

  it('keeps everything over an end at any moment', async () => {
    const { id, hash } = asked(start());
    start().identifying.approve(SECOND, id, hash);
    await start().identifying.identify(ASKER, id, hash);
    expect(await refusalOf(() => start().identifying.identify(ASKER, id, hash))).to.equal('used');
  });

  it('shows a request to its asker and to those who may decide, and to no one else', async () => {
    const process = start();
    const { id } = asked(process);
    for (const present of [ASKER, SECOND, NATIONAL]) expect(process.identifying.show(present, id).id).to.equal(id);
    for (const present of [ELSEWHERE, SEARCHER])
      expect(await refusalOf(() => process.identifying.show(present, id))).to.equal('unknown_request');
  });

  it('lets no officer fill the store', async () => {
    const process = start();
    for (let number = 0; number < 10; number += 1) asked(process);
    expect(await refusalOf(() => asked(process))).to.equal('too_many_requests');
    process.set.now = START + DAY;
    expect(await refusalOf(() => asked(process))).to.equal('done');
  });

  it('forgets the people of requests that have ended, and the requests after 400 days', () => {
    const process = start();
    const { id } = asked(process);
    const kept = (): IdentifyRequest | undefined => store?.all().find((request) => request.id === id);
    process.set.now = START + DAY;
    asked(process);
    expect(kept()).to.include({ people: 3 }).and.to.have.property('places').that.has.length(0);
    process.set.now = START + 402 * DAY;
    asked(process);
    expect(kept()).to.equal(undefined);
  });

  it('logs each step with both officers, and no number', async () => {
    const process = start();
    const { id, hash } = approved(process);
    await process.identifying.identify(ASKER, id, hash);
    expect(process.lines.map(({ event, fields }) => [event, fields['officer'], fields['people']])).to.deep.equal([
      ['identify_asked', 'asker', 3],
      ['identify_approved', 'second', 3],
      ['identify_used', 'asker', 3],
    ]);
    expect(JSON.stringify(process.lines)).not.to.include('000000000000');
  });
});

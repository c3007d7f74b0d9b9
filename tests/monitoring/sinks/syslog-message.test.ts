import { expect } from 'chai';
import fc from 'fast-check';
import { ocsfEvents } from '../../../monitoring/audit/formats/ocsf/events-of-entry.js';
import { syslogFrame } from '../../../monitoring/sinks/syslog-message.js';
import { arbitraryEntry } from '../audit/arbitrary-entry.js';
import { completionDraft } from '../audit/drafts.js';
import { storedBody } from '../audit/formats/stored-entries.js';
import { eventsOf } from './events.js';

/** RFC 5424, section 6, with NILVALUE for the process and no structured data. */
const FRAME =
  /^(\d+) <(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\S{1,255}) tereze - ocsf-(600[35]) - (\{.*\})$/;
const OPTIONS = { hostname: 'log.example.kz', maxBytes: 65_536 };

describe('a message of syslog', () => {
  it('has its length, priority, time and host before the event', () => {
    const [event] = eventsOf(7, 8);
    if (event === undefined) return expect.fail('no event');
    const frame = syslogFrame(event, OPTIONS);
    const [, length, priority, time, host, id, json] = FRAME.exec(frame) ?? [];
    expect({ priority, time, host, id }).to.deep.equal({
      priority: '110',
      time: '2026-11-23T10:00:00.000Z',
      host: 'log.example.kz',
      id: '6003',
    });
    expect(Number(length)).to.equal(frame.length - `${length} `.length);
    expect(JSON.parse(json ?? '')).to.deep.equal(event);
  });

  it('is ASCII of the right length, and the event comes out of it as it was, for every entry', () => {
    fc.assert(
      fc.property(arbitraryEntry, (body) => {
        for (const event of ocsfEvents(storedBody(body), { cases: true })) {
          const frame = syslogFrame(event, OPTIONS);
          const [, length, , , , , json] = FRAME.exec(frame) ?? [];
          expect(frame).to.match(/^[\x20-\x7e]*$/);
          expect(Buffer.byteLength(frame)).to.equal(Number(length) + `${length} `.length);
          expect(JSON.parse(json ?? '')).to.deep.equal(JSON.parse(JSON.stringify(event)));
        }
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('is shortened where the receiver would cut it, and says so', () => {
    const withheld = Array.from({ length: 500 }, (_, nth) => ({
      category: `a.c${nth}`,
      code: 'POLICY_DENIED',
      count: 1,
    }));
    const [event] = ocsfEvents(storedBody(completionDraft('r1', { withheld }).body), { cases: false });
    if (event === undefined) return expect.fail('no event');
    const frame = syslogFrame(event, { ...OPTIONS, maxBytes: 2_048 });
    const [, length, , , , , json] = FRAME.exec(frame) ?? [];
    expect(Number(length)).to.be.lessThan(2_049);
    const shortened = JSON.parse(json ?? '') as typeof event;
    expect(shortened.unmapped).to.deep.equal({ shortened: true });
    expect(shortened.metadata).to.deep.equal({ ...event.metadata, is_truncated: true });
  });
});

import { expect } from 'chai';
import { createLog, guardFields } from '../../monitoring/log.js';
import type { LogLevel } from '../../schemas/ports/observer.js';

// Generated: serials 9000-9999 belong to no one.
const IIN = '900101390008';

describe('log', () => {
  function logAt(level: LogLevel) {
    const lines: string[] = [];
    return { lines, write: createLog(level, { write: (line) => void lines.push(line) }) };
  }

  it('writes one JSON line an event, with level and time', () => {
    const { lines, write } = logAt('info');
    write('warn', 'register_call_failed', { register: 'population', attempts: 2 });
    expect(lines).to.have.length(1);
    const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    expect(line).to.include({ level: 'warn', event: 'register_call_failed', register: 'population', attempts: 2 });
    expect(line['time']).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('writes nothing below its level', () => {
    const { lines, write } = logAt('warn');
    write('info', 'started', {});
    expect(lines).to.deep.equal([]);
  });

  for (const [where, fields] of Object.entries({
    'a text': { note: `person ${IIN} asked` },
    'a longer row of digits': { note: `0${IIN}0` },
    'what looks like hex': { note: `a${IIN}f` },
    'what looks like the end of a UUID': { note: `-${IIN}` },
    'a number': { subject: Number(IIN) },
    'a number that lost its zero': { subject: 50_101_590_008 },
    'a name': { [IIN]: true },
    'an event': { event: IIN },
  })) {
    it(`drops a person’s number in ${where}`, () => {
      const { lines, write } = logAt('info');
      write('info', 'event' in fields ? fields.event : 'tried', fields);
      expect(lines.join()).not.to.match(/\d{11,}/);
      expect(JSON.parse(lines[0] ?? '')).to.include({ dropped: true });
    });
  }

  it('keeps ids and hashes of Tereze’s own, though digits may stand in them', () => {
    const fields = {
      requestId: '11111111-1111-4111-8111-111111111111',
      documentHash: `sha256:${'1'.repeat(64)}`,
      count: 7,
      at: 1_780_000_000_000,
      isReady: true,
    };
    expect(guardFields(fields)).to.deep.equal(fields);
  });
});

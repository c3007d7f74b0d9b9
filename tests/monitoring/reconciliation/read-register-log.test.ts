import { expect } from 'chai';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { NoCallColumn } from '../../../monitoring/reconciliation/csv-lines.js';
import { MAX_LINE, type LogLine } from '../../../monitoring/reconciliation/log-line.js';
import { readRegisterLog, type RegisterLogFormat } from '../../../monitoring/reconciliation/read-register-log.js';
import { rejection } from '../../rejection.js';

const CLIENT = ['KZ', 'GOV', '1', 'tereze'];
const PROVIDER = ['KZ', 'GOV', '2', 'business'];
/** As much as an operating system hands over at once, in the worst case. */
const PIECES = [1, 7, 65_536];

async function read(format: RegisterLogFormat, text: string | Buffer, piece = 65_536): Promise<readonly LogLine[]> {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, nth) =>
    bytes.subarray(nth * piece, (nth + 1) * piece),
  );
  const lines: LogLine[] = [];
  const parties = { client: CLIENT, provider: PROVIDER };
  for await (const line of readRegisterLog(Readable.from(pieces), { format, parties })) lines.push(line);
  return lines;
}

/** `line id requestInTs responseOutTs` of a call, and of any other line what it is. */
function tale(lines: readonly LogLine[]): readonly string[] {
  return lines.map((one) => {
    if (one.kind === 'other') return `${one.line} other`;
    if (one.kind === 'broken') return `${one.line} ${one.fault}`;
    const { line, id, requestInTs, responseOutTs, server } = one;
    return [line, id, requestInTs, responseOutTs, ...(server === null ? [] : [server])].join(' ');
  });
}

/** A record of X-Road's operational monitoring, with the fields that a security server gives (PR-OPMON, annex B). */
function opmon(changes: Readonly<Record<string, unknown>> = {}): object {
  return {
    clientMemberClass: 'GOV',
    clientMemberCode: '1',
    clientSecurityServerAddress: 'ss1.example',
    clientSubsystemCode: 'tereze',
    clientXRoadInstance: 'KZ',
    messageId: 'c-1',
    messageIssue: 'a { of \\ "another" system }',
    messageProtocolVersion: '4.0',
    monitoringDataTs: 1_477_633_845,
    requestInTs: 1_477_633_844_973,
    requestOutTs: 1_477_633_844_986,
    requestSize: 1_629,
    responseInTs: 1_477_633_845_222,
    responseOutTs: 1_477_633_845_243,
    securityServerInternalIp: '192.0.2.1',
    securityServerType: 'Producer',
    serviceCode: 'persons',
    serviceMemberClass: 'GOV',
    serviceMemberCode: '2',
    serviceSubsystemCode: 'business',
    serviceType: 'REST',
    serviceVersion: 'v1',
    serviceXRoadInstance: 'KZ',
    succeeded: true,
    xRequestId: 'fd83f20e-bc19-4eb4-9602-e37f94c09fbe',
    ...changes,
  };
}
const CALL = 'c-1 1477633844973 1477633845243 Producer';

describe('readRegisterLog', () => {
  for (const piece of PIECES)
    describe(`in pieces of ${piece} bytes`, () => {
      it('reads JSON lines, with times in milliseconds or with a zone, and says which lines are broken', async () => {
        const text = [
          '\uFEFF{"callId":"c-1","requestInTs":1477633844973,"responseOutTs":"2016-10-28T05:50:45.243Z"}',
          '{"callId":"c-2","requestInTs":"2016-10-28T10:50:44.973+05:00"}\r',
          '',
          '{"callId":"c-3"}',
          '{"requestInTs":1477633844973}',
          '{"callId":"c-4","requestInTs":"2016-10-28T05:50:44"}',
          '{"callId":"c-5","requestInTs":1477633844}',
          '{"callId":6}',
          '["c-7"]',
          '{"callId":"c-8"',
          `{"callId":"${'c'.repeat(MAX_LINE)}"}`,
          '{"callId":"Түсіндірме"}',
          '{"callId":"c-9"}',
        ].join('\n');
        expect(tale(await read('jsonl', text, piece))).to.deep.equal([
          '1 c-1 1477633844973 1477633845243',
          '2 c-2 1477633844973 ',
          '4 c-3  ',
          '5  1477633844973 ',
          ...['6 time', '7 time', '8 id', '9 json', '10 json', '11 length'],
          '12 Түсіндірме  ',
          '13 c-9  ',
        ]);
      });

      it('reads tables, with quoted cells over several lines', async () => {
        const text =
          'note,callId,requestInTs,more\r\n"a ""b"", c",c-1,1477633844973,\r\n"two\r\nlines",c-2,,x\r\n,c-3,never,x\r\na,c-4\r\n"a"b,c-5,,\r\n\r\nx,"c,6",,\r\n"open,c-7,,\r\n';
        expect(tale(await read('csv', text, piece))).to.deep.equal([
          '2 c-1 1477633844973 ',
          '3 c-2  ',
          ...['5 time', '6 cells', '7 cells'],
          '9 c,6  ',
          '10 end',
        ]);
      });

      it('reads the records of security servers, as one document or a record a line', async () => {
        const records = [
          opmon(),
          opmon({ securityServerType: 'Client' }),
          opmon({ clientSubsystemCode: 'other' }),
          opmon({ serviceMemberCode: '3' }),
          opmon({ clientSubsystemCode: undefined }),
          opmon({ requestInTs: 'yesterday' }),
        ];
        const expected = (line: (nth: number) => number): readonly string[] =>
          [CALL, CALL.replace('Producer', 'Client'), 'other', 'other', 'other', 'time'].map(
            (text, nth) => `${line(nth)} ${text}`,
          );
        const length = JSON.stringify(records[0], undefined, 2).split('\n').length;
        const shorter = (nth: number): number => (nth > 4 ? 1 : 0);
        for (const [text, line] of [
          [JSON.stringify({ records }), () => 1],
          [records.map((record) => JSON.stringify(record)).join('\n'), (nth: number) => nth + 1],
          [JSON.stringify({ records }, undefined, 2), (nth: number) => 3 + nth * length - shorter(nth)],
          [JSON.stringify(records), () => 1],
        ] as const)
          expect(tale(await read('xroad-opmon', text, piece))).to.deep.equal(expected(line));
      });
    });

  it('goes on after a broken record of a security server', async () => {
    const good = JSON.stringify(opmon());
    const text = [
      '{"records":[',
      `${good.slice(0, 200)},`,
      `${good},`,
      '{"messageId": "never ends',
      `${good},`,
      `{"messageId": "${'x'.repeat(MAX_LINE)}"},`,
      good,
      '] } nonsense',
      good.slice(0, 100),
    ].join('\n');
    expect(tale(await read('xroad-opmon', text, 4_096))).to.deep.equal([
      ...['2 json', `3 ${CALL}`, '4 json', `5 ${CALL}`, '6 length', `7 ${CALL}`, '8 json', '9 end'],
    ]);
  });

  it('unpacks gzip, and says of one that is cut short', async () => {
    const packed = gzipSync('{"callId":"c-1"}\n{"callId":"c-2"}\n');
    expect(tale(await read('jsonl', packed, 5))).to.deep.equal(['1 c-1  ', '2 c-2  ']);
    expect(await rejection(read('jsonl', packed.subarray(0, -9)))).to.have.property('code', 'Z_BUF_ERROR');
  });

  it('names bytes that are not UTF-8', async () => {
    const text = Buffer.concat([Buffer.from('{"callId":"'), Buffer.from([0xff]), Buffer.from('"}\n{"callId":"c-1"}')]);
    expect(tale(await read('jsonl', text))).to.deep.equal(['1 encoding', '2 c-1  ']);
    expect(tale(await read('xroad-opmon', text))).to.deep.equal(['1 encoding']);
  });

  it('reads tables with semicolons, and refuses one without a column of ids', async () => {
    expect(tale(await read('csv', 'callId;responseOutTs\nc-1;1477633844973\n'))).to.deep.equal([
      '2 c-1  1477633844973',
    ]);
    for (const text of ['', 'id,time\nc-1,\n', '"open'])
      expect(await rejection(read('csv', text)), text).to.be.instanceOf(NoCallColumn);
  });

  it('has nothing of an empty file', async () => {
    for (const format of ['jsonl', 'xroad-opmon'] as const) expect(await read(format, '')).to.deep.equal([]);
  });
});

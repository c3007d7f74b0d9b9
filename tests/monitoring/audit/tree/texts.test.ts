import { expect } from 'chai';
import fc from 'fast-check';
import { fromBase64, toBase64 } from '../../../../monitoring/audit/tree/base64.js';
import { formatCheckpoint, parseCheckpoint } from '../../../../monitoring/audit/tree/checkpoint.js';
import { parseTilePath, tilePath, tilesOf, type TileCoordinate } from '../../../../monitoring/audit/tree/tiles.js';
import { formatTlogProof, parseTlogProof } from '../../../../monitoring/audit/tree/tlog-proof.js';

const ROOT = Uint8Array.from({ length: 32 }, (_, at) => at);
// The example of C2SP tlog-checkpoint.
const EXAMPLE = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';

describe('checkpoint', () => {
  it('of the specification is read, and written as it was', () => {
    const checkpoint = parseCheckpoint(EXAMPLE) ?? expect.fail('not read');
    expect(checkpoint).to.include({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(formatCheckpoint(checkpoint)).to.equal(EXAMPLE);
  });

  it('of an empty log has size 0', () => {
    expect(formatCheckpoint({ origin: 'log.example.kz/tereze/0', size: 0, root: ROOT })).to.match(
      /^log\.example\.kz\/tereze\/0\n0\n/,
    );
  });

  it('may have extension lines, which are not empty', () => {
    expect(parseCheckpoint(`${EXAMPLE}extension\n`)?.size).to.equal(20_852_163);
    expect(parseCheckpoint(`${EXAMPLE}\n`)).to.equal(undefined);
  });

  it('has a strict form', () => {
    const wrong = {
      'no origin': EXAMPLE.replace('example.com/behind-the-sofa', ''),
      'a leading zero': EXAMPLE.replace('20852163', '020852163'),
      'a sign': EXAMPLE.replace('20852163', '-1'),
      'a size above 2^53': EXAMPLE.replace('20852163', '9007199254740993'),
      'a short root': EXAMPLE.replace('CsUYapGG', ''),
      'base64 for the URL': EXAMPLE.replace('/Xaj', '_Xaj'),
      'a root with stray bits': EXAMPLE.replace('2I=', '2J='),
      'no last newline': EXAMPLE.slice(0, -1),
      'two lines': 'a\n1\n',
    };
    for (const [what, text] of Object.entries(wrong)) expect(parseCheckpoint(text), what).to.equal(undefined);
  });
});

describe('base64', () => {
  it('is that of Node, and read back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(toBase64(bytes)).to.equal(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(toBase64(bytes))).to.deep.equal(bytes);
      }),
    );
  });

  it('has one text for the same bytes', () => {
    for (const text of ['QQ', 'QQ=', 'QR==', 'QUJ=', 'QQ==\n', ' QQ==', 'Q-==', '====', 'QQ==QQ=='])
      expect(fromBase64(text), JSON.stringify(text)).to.equal(undefined);
  });
});

describe('tlog-proof', () => {
  const checkpoint = `${EXAMPLE}\n\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5\n`;

  it('is read as it is written, with and without extra', () => {
    for (const proof of [[], [ROOT], [ROOT, ROOT]])
      for (const extra of [undefined, Uint8Array.of(), Uint8Array.of(1, 2, 3)]) {
        const whole = { index: 73_894, proof, checkpoint, ...(extra === undefined ? {} : { extra }) };
        expect(parseTlogProof(formatTlogProof(whole))).to.deep.equal(whole);
      }
  });

  it('has the lines of the specification', () => {
    expect(formatTlogProof({ index: 5, proof: [ROOT], checkpoint, extra: Uint8Array.of(65) })).to.equal(
      `c2sp.org/tlog-proof@v1\nextra QQ==\nindex 5\n${toBase64(ROOT)}\n\n${checkpoint}`,
    );
  });

  it('has a strict form', () => {
    const good = formatTlogProof({ index: 5, proof: [ROOT], checkpoint });
    const wrong = {
      'another version': good.replace('@v1', '@v2'),
      'no index': good.replace('index 5\n', ''),
      'a leading zero': good.replace('index 5', 'index 05'),
      'a short hash': good.replace(toBase64(ROOT), 'QQ=='),
      'extra that is no base64': good.replace('index', 'extra ?\nindex'),
      'two lines of extra': good.replace('index', 'extra QQ==\nextra QQ==\nindex'),
      'no checkpoint': good.slice(0, good.indexOf('\n\n')),
    };
    for (const [what, text] of Object.entries(wrong)) expect(parseTlogProof(text), what).to.equal(undefined);
  });
});

describe('tile paths', () => {
  it('are those of the specification', () => {
    const paths: readonly (readonly [TileCoordinate, string])[] = [
      [{ level: 0, number: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
      [{ level: 0, number: 0, width: 1 }, 'tile/0/000.p/1'],
      [{ level: 63, number: 999, width: 255 }, 'tile/63/999.p/255'],
      [{ level: 1, number: 1_000, width: 17 }, 'tile/1/x001/000.p/17'],
      [{ level: 'entries', number: 273, width: 112 }, 'tile/entries/273.p/112'],
    ];
    for (const [tile, path] of paths) {
      expect(tilePath(tile)).to.equal(path);
      expect(parseTilePath(path)).to.deep.equal(tile);
    }
  });

  it('of no tile are refused', () => {
    for (const path of [
      'tile/64/000',
      'tile/00/000',
      'tile/0/0',
      'tile/0/0000',
      'tile/0/x000/000',
      'tile/0/001/000',
      'tile/0/000.p/0',
      'tile/0/000.p/256',
      'tile/0/000.p/01',
      'tile/0/000.p/',
      'tile/0/000/',
      'tile/data/000',
      'tile/0/../0/000',
      'tile/0/x999/x999/x999/x999/x999/999',
      '',
    ])
      expect(parseTilePath(path), path).to.equal(undefined);
  });

  it('of a tree of 70,000 leaves are those of the specification', () => {
    const tiles = tilesOf(70_000);
    expect(tiles.filter(({ level, width }) => level === 0 && width === 256)).to.have.length(273);
    expect(tiles.filter(({ level, width }) => level !== 0 || width !== 256)).to.deep.equal([
      { level: 0, number: 273, width: 112 },
      { level: 1, number: 0, width: 256 },
      { level: 1, number: 1, width: 17 },
      { level: 2, number: 0, width: 1 },
    ]);
    expect(tilesOf(256)).to.deep.equal([
      { level: 0, number: 0, width: 256 },
      { level: 1, number: 0, width: 1 },
    ]);
    expect(tilesOf(0)).to.deep.equal([]);
  });

  it('leave out full tiles of an earlier size', () => {
    expect(tilesOf(70_000, 69_900)).to.deep.equal([
      { level: 0, number: 273, width: 112 },
      { level: 1, number: 1, width: 17 },
      { level: 2, number: 0, width: 1 },
    ]);
    expect(tilesOf(512, 300)).to.deep.equal([
      { level: 0, number: 1, width: 256 },
      { level: 1, number: 0, width: 2 },
    ]);
  });
});

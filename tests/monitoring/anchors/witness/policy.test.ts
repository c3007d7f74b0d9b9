import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { AnchorFileFailure } from '../../../../monitoring/anchors/anchor.js';
import { createCosigner } from '../../../../monitoring/anchors/witness/cosignature.js';
import { parseWitnessPolicy } from '../../../../monitoring/anchors/witness/policy.js';
import { createNoteSigner } from '../../../../monitoring/audit/tree/note.js';

const key = (name: string): string => createCosigner(name, generateKeyPairSync('ed25519').privateKey).verifierKey;
const logKey = createNoteSigner('log.example/0', generateKeyPairSync('ed25519').privateKey).verifierKey;
const [x1, x2, x3, y1, y2, y3] = ['x1', 'x2', 'x3', 'y1', 'y2', 'y3'].map((name) => key(`${name}.example`));

/** The example of C2SP tlog-policy. */
const EXAMPLE = `# two organisations
log ${logKey} https://log.example/

witness X1 ${x1} https://x1.example/submit
 witness\tX2 ${x2}
witness X3 ${x3}
group X-witnesses 2 X1 X2 X3

witness Y1 ${y1}
witness Y2 ${y2}
witness Y3 ${y3}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`;
const NAMES = ['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3'];

describe('a witness policy', () => {
  it('names logs and witnesses, and says which of them are enough', () => {
    const policy = parseWitnessPolicy(EXAMPLE, 'witnesses.policy');
    expect(policy.logs.map(({ name }) => name)).to.deep.equal(['log.example/0']);
    expect(policy.witnesses.map(({ name }) => name)).to.deep.equal(NAMES);
    expect(policy.witnesses[0]?.url?.href).to.equal('https://x1.example/submit');
    expect(policy.witnesses[1]).to.have.property('url', undefined);
    for (let chosen = 0; chosen < 2 ** NAMES.length; chosen += 1) {
      const signed = new Set(NAMES.filter((_, at) => (chosen >> at) % 2 === 1));
      const of = (letter: string): number => [...signed].filter((name) => name.startsWith(letter)).length;
      expect(policy.isQuorum(signed), [...signed].join(' ')).to.equal(of('X') >= 2 && of('Y') >= 1);
    }
  });

  it('of one witness needs that one', () => {
    const { isQuorum } = parseWitnessPolicy(`witness W ${x1}\nwitness V ${x2}\nquorum W`, 'p');
    expect([isQuorum(new Set(['W'])), isQuorum(new Set(['V'])), isQuorum(new Set())]).to.deep.equal([
      true,
      false,
      false,
    ]);
  });

  for (const [text, problem] of [
    ['', 'p: there is no line `quorum NAME`, so that no witness is needed'],
    ['quorum none', 'p, line 1: demands no witness, so that it proves nothing; say `audit.anchor: none`'],
    ['quorum W', 'p, line 1: names `W`, which no line before defines'],
    [`quorum W\nwitness W ${x1}`, 'p, line 1: names `W`, which no line before defines'],
    [`witness W ${x1}\nquorum W\nquorum W`, 'p, line 3: is a second quorum'],
    [`witness W ${x1}\nquorum W W`, 'p, line 2: must be `quorum NAME`'],
    [`witness W ${x1}\nwitness W ${x2}`, 'p, line 2: defines `W` again'],
    [`witness W ${x1}\nwitness V ${x1}`, 'p, line 2: has the key of another witness'],
    [`log ${logKey}\nlog ${logKey}`, 'p, line 2: has the key of another log'],
    [`witness none ${x1}`, 'p, line 1: defines `none`, which is not a name'],
    ['witness W', 'p, line 1: must be `witness NAME VKEY [URL]`'],
    [`witness W ${x1} https://a.example more`, 'p, line 1: must be `witness NAME VKEY [URL]`'],
    [
      `witness W ${x1} ftp://a.example`,
      'p, line 1: has `ftp://a.example`, which is not the http or https address of a prefix',
    ],
    [
      `witness W ${x1} https://a.example?b`,
      'p, line 1: has `https://a.example?b`, which is not the http or https address of a prefix',
    ],
    [`witness W ${logKey}`, 'p, line 1: has no verifier key of an Ed25519 witness: name+id+base64, type 4'],
    [`log ${x1}`, 'p, line 1: has no verifier key of an Ed25519 log: name+id+base64, type 1'],
    [
      `witness W ${x1?.replace(/\+[0-9a-f]{8}\+/, '+00000000+')}`,
      'p, line 1: has no verifier key of an Ed25519 witness: name+id+base64, type 4',
    ],
    ['group G 1', 'p, line 1: must be `group NAME N|any|all MEMBER...`'],
    ['group G 1 W', 'p, line 1: names `W`, which no line before defines'],
    [`witness W ${x1}\ngroup G 2 W`, 'p, line 2: needs 2 of 1: a number from 1 to 1, any or all'],
    [`witness W ${x1}\ngroup G 0 W`, 'p, line 2: needs 0 of 1: a number from 1 to 1, any or all'],
    [`witness W ${x1}\ngroup G some W`, 'p, line 2: needs some of 1: a number from 1 to 1, any or all'],
    [`witness W ${x1}\ngroup G 1 W W`, 'p, line 2: names `W`, which is a member already'],
    [`witness W ${x1}\ngroup G any W\ngroup H any W`, 'p, line 3: names `W`, which is a member already'],
    [`witness W ${x1}\ngroup G any none`, 'p, line 2: names `none`, which no line before defines'],
    [`witness W ${x1}\r\nquorum W`, 'p, line 1: has a control character'],
    ['witnes W', 'p, line 1: begins with `witnes`, not with log, witness, group or quorum'],
  ] as const)
    it(`is refused by file and line: ${problem}`, () => {
      expect(() => parseWitnessPolicy(text, 'p')).to.throw(AnchorFileFailure, problem);
    });

  it('with any line left out, or two lines exchanged, is refused or still needs a witness', () => {
    const lines = EXAMPLE.split('\n');
    fc.assert(
      fc.property(
        fc.nat({ max: lines.length - 1 }),
        fc.nat({ max: lines.length - 1 }),
        fc.boolean(),
        (one, two, isSwap) => {
          const changed = [...lines];
          if (isSwap) [changed[one], changed[two]] = [lines[two] ?? '', lines[one] ?? ''];
          else changed.splice(one, 1);
          try {
            expect(parseWitnessPolicy(changed.join('\n'), 'p').isQuorum(new Set())).to.equal(false);
          } catch (error) {
            expect(error).to.be.instanceOf(AnchorFileFailure);
          }
        },
      ),
      { seed: 20261130, numRuns: 300 },
    );
  });
});

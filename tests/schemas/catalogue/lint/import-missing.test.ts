import { expect } from 'chai';
import { found, PERSON } from '../registers.js';

const head = (link: string): string => `extend schema ${link}\n`;
const FIELD = 'type Flat { area: Int @category(name: "r.a") }';

describe('catalogue rule: import-missing', () => {
  it('finds a governance directive without any import', () => {
    expect(
      found('import-missing', head('@link(url: "https://specs.apollo.dev/federation/v2.7")') + FIELD),
    ).to.deep.equal([
      '2: @category means nothing without its import: write @link(url: "https://tereze.kz/governance/v1.0", import: ["@category"]) on the schema',
    ]);
  });

  it('finds one that was left out of the import, and one in a namespace that is called otherwise', () => {
    expect(
      found('import-missing', head('@link(url: "https://tereze.kz/governance/v1.0", import: ["@subject"])') + FIELD),
    ).to.have.length(1);
    expect(
      found(
        'import-missing',
        head('@link(url: "https://tereze.kz/governance/v1.0", as: "gov")') +
          FIELD.replace('@category', '@governance__category'),
      ),
    ).to.have.length(1);
  });

  it('finds an import that does not exist, and a version that is not known', () => {
    expect(
      found('import-missing', head('@link(url: "https://tereze.kz/governance/v1.0", import: ["@categroy"])')),
    ).to.deep.equal([
      '1: @categroy is not a governance directive: there are @subject, @subjectArgument, @category, @derived, @listSize, @dwelling',
    ]);
    expect(
      found('import-missing', head('@link(url: "https://tereze.kz/governance/v2.0", import: ["@category"])')),
    ).to.have.length(1);
  });

  it('finds two directives under one name', () => {
    expect(
      found(
        'import-missing',
        head(
          '@link(url: "https://tereze.kz/governance/v1.0", import: ["@category", {name: "@derived", as: "@category"}])',
        ),
      ),
    ).to.have.length(1);
  });

  it('is content with imports, new names and the namespace', () => {
    expect(found('import-missing', PERSON)).to.deep.equal([]);
    expect(
      found(
        'import-missing',
        head('@link(url: "https://tereze.kz/governance/v1.0", as: "gov")') +
          FIELD.replace('@category', '@gov__category'),
      ),
    ).to.deep.equal([]);
  });
});

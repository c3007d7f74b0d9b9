import { expect } from 'chai';
import { parse } from 'graphql';
import { unenforcedFeatures, type DocumentForm } from '../../../schemas/catalogue/unenforced-features.js';

const FEDERATION = 'https://specs.apollo.dev/federation/v2.7';
const fed = (imports: string, more = ''): string =>
  `extend schema @link(url: "${FEDERATION}", import: [${imports}]${more})\n`;
const refused = (sdl: string, form: DocumentForm = 'register'): readonly number[] =>
  unenforcedFeatures(parse(sdl), form).refused.map(({ line }) => line);
const ignored = (sdl: string, form: DocumentForm = 'register'): readonly number[] =>
  unenforcedFeatures(parse(sdl), form).ignored.map(({ line }) => line);

/** Each directive, with the arguments that its specification demands. */
const ACCESS = { authenticated: '', requiresScopes: '(scopes: [["a"]])', policy: '(policies: [["a"]])' };

describe('unenforced features', () => {
  for (const [name, given] of Object.entries(ACCESS)) {
    describe(`@${name} of a register`, () => {
      const spellings: Readonly<Record<string, readonly [head: string, written: string]>> = {
        imported: [fed(`"@${name}"`), name],
        renamed: [fed(`{ name: "@${name}", as: "@rs" }`), 'rs'],
        'in the namespace': [fed('"@key"'), `federation__${name}`],
        'in a namespace of its own': [fed('"@key"', ', as: "fed"'), `fed__${name}`],
        'imported from its own specification': [
          `extend schema @link(url: "https://example.com/access/v1.0", import: [{ name: "@${name}", as: "@may" }])\n`,
          'may',
        ],
        'defined by hand': [
          `directive @${name}(scopes: [[String!]!], policies: [[String!]!]) on FIELD_DEFINITION\n`,
          name,
        ],
      };
      for (const [spelling, [head, written]] of Object.entries(spellings)) {
        it(`is found ${spelling}, wherever it stands`, () => {
          const use = `@${written}${given}`;
          for (const body of [
            `type T { id: ID ${use} }`,
            `type T ${use} { id: ID }`,
            `extend type T ${use}`,
            `extend type T { id: ID ${use} }`,
            `interface I ${use} { id: ID }`,
            `extend interface I { id: ID ${use} }`,
            `scalar S ${use}`,
            `extend scalar S ${use}`,
            `enum E ${use} { A }`,
            `enum E { A ${use} }`,
            `union U ${use} = T`,
            `input N { id: ID ${use} }`,
            `type T { id(a: ID ${use}): ID }`,
          ])
            expect(refused(head + body), body).to.deep.equal([2]);
        });
      }
      it('is content when it is imported and not used', () => {
        expect(refused(`${fed(`"@key", "@${name}"`)}type T { id: ID }`)).to.deep.equal([]);
      });
      it('is refused as a feature of its own, for any purpose', () => {
        for (const purpose of ['', ', for: SECURITY', ', for: EXECUTION'])
          for (const form of ['register', 'ungoverned-register', 'supergraph'] as const)
            expect(
              refused(`schema @link(url: "https://specs.apollo.dev/${name}/v0.1"${purpose}) { query: Q }`, form),
            ).to.deep.equal([1]);
      });
    });
  }

  it('names the directive as it is written and as it is called, and what to do', () => {
    const { refused: found } = unenforcedFeatures(
      parse(`${fed('{ name: "@requiresScopes", as: "@rs" }')}type T { id: ID @rs(scopes: [["a"]]) }`),
      'register',
    );
    expect(found[0]?.message).to.equal(
      'Tereze does not enforce @rs (@requiresScopes), so what it protects must not be served. Remove it, and say who may read by a category and the rules of access',
    );
  });

  it('leaves a name that governance has to governance', () => {
    const head =
      'extend schema @link(url: "https://tereze.kz/governance/v1.0", import: [{ name: "@category", as: "@policy" }])\n';
    expect(refused(`${head}type T { id: ID @policy(name: "a.b") }`)).to.deep.equal([]);
  });

  for (const [form, link] of [
    ['@link', '@link(url: "https://acme.kz/auth/v1.0", PURPOSE)'],
    ['@link with names of its own', '@link(url: "https://acme.kz/auth/v1.0", as: "a", import: ["@auth"], PURPOSE)'],
    ['@core', '@core(feature: "https://acme.kz/auth/v1.0", PURPOSE)'],
    ['a renamed @link', '@feature(url: "https://acme.kz/auth/v1.0", PURPOSE)'],
    [
      'a link that a composer moved',
      '@join__directive(graphs: [A], name: "link", args: { url: "https://acme.kz/auth/v1.0", PURPOSE })',
    ],
  ] as const) {
    it(`refuses ${form} for a purpose, and ignores it without`, () => {
      for (const document of [`extend schema ${link}`, `schema ${link} { query: Q }`])
        for (const of of ['register', 'ungoverned-register', 'supergraph'] as const) {
          for (const purpose of ['SECURITY', 'EXECUTION', '"SECURITY"', 'PRIVACY', '7'])
            expect(refused(document.replace('PURPOSE', `for: ${purpose}`), of), purpose).to.deep.equal([1]);
          const without = document.replace('PURPOSE', 'for: null');
          expect(refused(without, of)).to.deep.equal([]);
          expect(ignored(without, of)).to.deep.equal([1]);
        }
    });
  }

  it('knows other directives on a schema from links', () => {
    const sdl =
      'extend schema @contact(name: "A", url: "https://acme.kz/a") @link(url: "https://specs.apollo.dev/link/v1.0")';
    expect([...refused(sdl), ...ignored(sdl)]).to.deep.equal([]);
  });

  it('takes governance for SECURITY only where Tereze governs', () => {
    const sdl = 'extend schema @link(url: "https://tereze.kz/governance/v1.0", import: ["@category"], for: SECURITY)';
    expect(refused(sdl, 'register')).to.deep.equal([]);
    expect(refused(sdl, 'ungoverned-register')).to.deep.equal([1]);
    const plain = sdl.replace(', for: SECURITY', '');
    expect([...refused(plain, 'ungoverned-register'), ...ignored(plain, 'ungoverned-register')]).to.deep.equal([]);
  });

  describe('of a supergraph', () => {
    const supergraph = (links: string, field = ''): string =>
      `schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)\n ${links} { query: Query }\ntype Query { a: Int ${field} }`;

    it('are none in what the composer writes', () => {
      const sdl = supergraph(
        '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) @link(url: "https://specs.apollo.dev/tag/v0.3") @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost"])',
        '@inaccessible @tag(name: "x")',
      );
      expect([...refused(sdl, 'supergraph'), ...ignored(sdl, 'supergraph')]).to.deep.equal([]);
    });

    it('are versions of join that Tereze does not read', () => {
      expect(
        refused('schema @link(url: "https://specs.apollo.dev/join/v0.9", for: EXECUTION) { query: Q }', 'supergraph'),
      ).to.deep.equal([1]);
      expect(
        refused(
          'schema @core(feature: "https://specs.apollo.dev/join/v0.1", for: EXECUTION) { query: Q }',
          'supergraph',
        ),
      ).to.deep.equal([1]);
    });

    it('are access directives, also as the composer moves them', () => {
      for (const use of [
        '@authenticated',
        '@policy__policy',
        '@join__directive(graphs: [A], name: "requiresScopes", args: { scopes: [["a"]] })',
      ])
        expect(refused(supergraph('', use), 'supergraph'), use).to.deep.equal([3]);
    });

    it('are names of @inaccessible under which it hides nothing', () => {
      const link = (more: string): string =>
        `@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY${more})`;
      expect(refused(supergraph(link(', as: "hide"'), '@hide'), 'supergraph')).to.deep.equal([2]);
      expect(
        refused(supergraph(link(', import: [{ name: "@inaccessible", as: "@hide" }]'), ''), 'supergraph'),
      ).to.deep.equal([2]);
      expect(refused(supergraph(link(''), '@inaccessible__inaccessible'), 'supergraph')).to.deep.equal([3]);
    });

    it('are arguments that an object above would fill', () => {
      expect(
        refused(supergraph('@link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY)'), 'supergraph'),
      ).to.deep.equal([2]);
      expect(
        refused(
          supergraph(
            '',
            '@join__field(graph: A, contextArguments: [{ context: "A__c", name: "a", type: "Int", selection: "{ b }" }])',
          ),
          'supergraph',
        ),
      ).to.deep.equal([3]);
    });
  });

  it('finds @inaccessible that federation does not know, and arguments from a context', () => {
    expect(refused('type T { id: ID @inaccessible }')).to.deep.equal([]);
    expect(
      refused(`${fed('"@key"')}directive @inaccessible on FIELD_DEFINITION type T { id: ID @inaccessible }`),
    ).to.deep.equal([2]);
    expect(
      refused(
        `${fed('{ name: "@inaccessible", as: "@hide" }')}type T { id: ID @hide a: ID @federation__inaccessible }`,
      ),
    ).to.deep.equal([]);
    expect(refused(`${fed('"@fromContext"')}type T { id(a: ID @fromContext(field: "$c { b }")): ID }`)).to.deep.equal([
      2,
    ]);
    expect(
      refused(`${fed('"@key"')}directive @context(name: String) on OBJECT type T @context(name: "mine") { id: ID }`),
    ).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import {
  answerType,
  asksForPlainJson,
  assertJson,
  documentStatus,
  preferredLanguage,
} from '../../../gateway/http/negotiate.js';
import { Refusal } from '../../../schemas/refusal.js';

describe('answerType', () => {
  for (const [accept, type] of [
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['application/graphql-response+json', 'application/graphql-response+json'],
    ['application/json, Application/GraphQL-Response+JSON; charset=utf-8', 'application/graphql-response+json'],
    ['application/graphql-response+json;q=0, application/json', 'application/json'],
    ['application/graphql-response+json;q=0.1', 'application/graphql-response+json'],
  ] as const) {
    it(`answers ${accept ?? 'no wish'} with ${type}`, () => {
      expect(answerType(accept)).to.equal(type);
    });
  }
});

describe('answerType by RFC 9110, section 12.5.1', () => {
  const PLAIN = 'application/json';
  const GRAPHQL = 'application/graphql-response+json';
  const rows: readonly (readonly [rule: string, accept: string | undefined, type: string])[] = [
    ['no header: any type will do', undefined, PLAIN],
    ['an empty header', '', PLAIN],
    ['a header of commas and blanks', ' , ,\t,', PLAIN],
    ['the higher weight wins', `${GRAPHQL};q=0.5, ${PLAIN};q=0.9`, PLAIN],
    ['the higher weight wins, in any order', `${PLAIN};q=0.9, ${GRAPHQL};q=0.5`, PLAIN],
    ['the higher weight wins, the other way', `${PLAIN};q=0.5, ${GRAPHQL};q=0.9`, GRAPHQL],
    ['weights differ in the third digit', `${PLAIN};q=0.501, ${GRAPHQL};q=0.5`, PLAIN],
    ['no weight is 1', `${GRAPHQL};q=0.9, ${PLAIN}`, PLAIN],
    ['a weight of 1 is no weight', `${GRAPHQL};q=1.000, ${PLAIN}`, GRAPHQL],
    ['equal weights: the server chooses', `${PLAIN}, ${GRAPHQL}`, GRAPHQL],
    ['equal weights below 1', `${PLAIN};q=0.4,${GRAPHQL};q=0.4`, GRAPHQL],
    ['blanks around the weight, and capitals', `${GRAPHQL} ; Q=0.5 ,\t${PLAIN} ; q=0.9`, PLAIN],
    ['a low weight is acceptable', `${GRAPHQL};q=0.001`, GRAPHQL],
    ['q=0 is not acceptable', `${GRAPHQL};q=0`, PLAIN],
    ['q=0.000 is not acceptable', `${GRAPHQL};q=0.000, ${PLAIN};q=0.1`, PLAIN],
    ['q=0 excludes from a wildcard', `${PLAIN};q=0, */*`, GRAPHQL],
    ['q=0 excludes from a wildcard, the other way', `*/*, ${GRAPHQL};q=0`, PLAIN],
    ['neither is acceptable: plain JSON all the same', `${PLAIN};q=0, ${GRAPHQL};q=0`, PLAIN],
    ['nothing is acceptable: plain JSON all the same', '*/*;q=0', PLAIN],
    ['other types only: plain JSON all the same', 'text/html, application/xml', PLAIN],
    ['any type', '*/*', PLAIN],
    ['any subtype', 'application/*', PLAIN],
    ['any subtype of another type', 'text/*', PLAIN],
    ['a wildcard with a weight', '*/*;q=0.1', PLAIN],
    ['a wildcard beside the type', `${GRAPHQL}, */*`, GRAPHQL],
    ['a wildcard of a higher weight', `${GRAPHQL};q=0.2, */*`, PLAIN],
    ['a wildcard of a lower weight', `*/*;q=0.8, ${GRAPHQL}`, GRAPHQL],
    ['the more specific range has precedence', `${PLAIN};q=0.1, application/*;q=0.5`, GRAPHQL],
    ['a subtype wildcard precedes the full one', `${GRAPHQL};q=0.3, application/*;q=0.2, */*;q=0.9`, GRAPHQL],
    ['what browsers send', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', PLAIN],
    ['what the specification recommends to clients', `${GRAPHQL}, ${PLAIN};q=0.9`, GRAPHQL],
    ['parameters of a range do not matter', `${GRAPHQL};charset=utf-8;profile="x", ${PLAIN}`, GRAPHQL],
    ['a weight after parameters', `${GRAPHQL};profile=x;q=0.2, ${PLAIN};q=0.3`, PLAIN],
    ['parameters after a weight', `${GRAPHQL};q=0.2;extension=1, ${PLAIN};q=0.3`, PLAIN],
    ['types have no case', 'APPLICATION/GraphQL-Response+JSON;q=0.6, Application/Json;q=0.5', GRAPHQL],
    ['a weight that is no number is ignored', `${GRAPHQL};q=high`, GRAPHQL],
    ['a weight above 1 is ignored', `${GRAPHQL};q=7, ${PLAIN};q=0.9`, GRAPHQL],
    ['an empty weight is ignored', `${GRAPHQL};q=, ${PLAIN};q=0.9`, GRAPHQL],
    ['a range without a slash is ignored', `json, ${GRAPHQL}`, GRAPHQL],
    ['unclosed quotes', `"${GRAPHQL}`, PLAIN],
    ['a longer name is another type', `${GRAPHQL}2, ${PLAIN};q=0.1`, PLAIN],
  ];
  for (const [rule, accept, type] of rows) {
    it(`${rule}: ${accept ?? '(none)'}`, () => {
      expect(answerType(accept)).to.equal(type);
      expect(answerType(accept), 'asked again').to.equal(type);
    });
  }

  it('remembers no more than a bounded number of headers, and is right without', () => {
    for (let weight = 0; weight < 1_000; weight += 1) {
      const lower = `0.${String(weight).padStart(3, '0')}`;
      expect(answerType(`${GRAPHQL};q=${lower}, ${PLAIN}`)).to.equal(PLAIN);
      expect(answerType(`${PLAIN};q=${lower}, ${GRAPHQL}`)).to.equal(GRAPHQL);
    }
  });
});

describe('assertJson', () => {
  const rows: readonly (readonly [
    type: string | undefined,
    encoding: string | undefined,
    refused: string | undefined,
  ])[] = [
    ['application/json', undefined, undefined],
    ['Application/JSON ; Charset="UTF-8"', 'identity', undefined],
    ['application/json;', ' Identity ', undefined],
    ['application/json; charset=utf-8;', undefined, undefined],
    [undefined, undefined, 'content_type'],
    ['', undefined, 'content_type'],
    ['text/plain', undefined, 'content_type'],
    ['application/json+x', undefined, 'content_type'],
    ['application/json, application/json', undefined, 'content_type'],
    ['application/json; charset=latin1', undefined, 'charset'],
    ['application/json; charset=latin1; charset=utf-8', undefined, 'charset'],
    ['application/json; charset=utf-8; charset=latin1', undefined, 'charset'],
    ['application/json; charset', undefined, 'charset'],
    ['application/json; charset="utf-8', undefined, 'charset'],
    ['application/json; profile=x', undefined, 'charset'],
    ['application/json; charset=utf-8; profile=x', undefined, 'charset'],
    ['application/json', 'gzip', 'content_encoding'],
    ['application/json', '', 'content_encoding'],
  ];
  for (const [type, encoding, refused] of rows) {
    it(`${refused === undefined ? 'accepts' : `refuses for its ${refused}`}: ${type ?? '(none)'} ${encoding ?? ''}`, () => {
      const check = (): void => assertJson({ 'content-type': type, 'content-encoding': encoding });
      if (refused === undefined) expect(check).not.to.throw();
      else
        expect(check)
          .to.throw(Refusal)
          .that.deep.includes({ code: 'UNSUPPORTED_MEDIA_TYPE', reasons: [refused] });
    });
  }
});

describe('asksForPlainJson', () => {
  for (const [accept, asks] of [
    [undefined, false],
    ['*/*', false],
    ['application/json', true],
    ['Application/JSON; charset=utf-8', true],
    ['application/json, application/graphql-response+json', false],
    ['application/graphql-response+json;q=0, application/json', true],
    ['text/html, application/xhtml+xml', false],
    ['application/graphql-response+json;q=0.5, application/json;q=0.9', true],
    ['application/graphql-response+json;q=0.9, application/json;q=0.5', false],
  ] as const) {
    it(`is ${String(asks)} of ${accept ?? 'no wish'}`, () => {
      expect(asksForPlainJson(accept)).to.equal(asks);
    });
  }
});

describe('the status of a refused question', () => {
  const GRAPHQL = 'application/graphql-response+json';

  for (const code of [
    'GRAPHQL_PARSE_FAILED',
    'GRAPHQL_VALIDATION_FAILED',
    'OPERATION_RESOLUTION_FAILURE',
    'BAD_USER_INPUT',
  ] as const) {
    it(`is 200 of ${code} for a client that asks for plain JSON, and 400 for any other`, () => {
      const statuses = ['application/json', GRAPHQL, `${GRAPHQL}, application/json`, '*/*', undefined].map((accept) =>
        documentStatus(new Refusal(code), accept),
      );
      expect(statuses).to.deep.equal([200, 400, 400, 400, 400]);
    });
  }

  for (const [code, status] of [
    ['BAD_REQUEST', 400],
    ['UNAUTHENTICATED', 401],
    ['POLICY_DENIED', 403],
    ['AUDIT_UNAVAILABLE', 503],
  ] as const) {
    it(`is ${status} of ${code} for every client`, () => {
      expect(
        ['application/json', GRAPHQL, undefined].map((accept) => documentStatus(new Refusal(code), accept)),
      ).to.deep.equal([status, status, status]);
    });
  }
});

describe('preferredLanguage', () => {
  for (const [header, language] of [
    [undefined, 'en'],
    ['', 'en'],
    ['kk', 'kk'],
    ['ru-RU', 'ru'],
    ['KK-Cyrl-KZ', 'kk'],
    ['de, ru;q=0.5, kk;q=0.8', 'kk'],
    ['ru;q=0, kk;q=0.1', 'kk'],
    ['de', 'en'],
    ['rum', 'en'],
    ['*, ru;q=0.5', 'ru'],
    ['ru-RU, kk', 'ru'],
    ['kk;q=0.2, ru;q=0.2', 'kk'],
    ['ru; q=0.5, kk ;Q=0.7', 'kk'],
    ['ru;q=1.0000, kk;q=0.1', 'kk'],
    [' , ;, "', 'en'],
    ['ru;q=2, kk;q=x', 'en'],
    ['*', 'en'],
    [`${'de,'.repeat(1_000)}ru`, 'en'],
  ] as const) {
    it(`reads ${JSON.stringify(header?.slice(0, 40))} as ${language}`, () => {
      expect(preferredLanguage(header)).to.equal(language);
      expect(preferredLanguage(header), 'asked again').to.equal(language);
    });
  }
});

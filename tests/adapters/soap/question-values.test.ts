import { expect } from 'chai';
import { RegisterDeclined, type OnBehalfOf } from '../../../adapters/port.js';
import { rejection } from '../../rejection.js';
import { entities, leaf, list, root } from '../selections.js';
import { ask, envelope, NS, ONE, people, person, reasonOf, type Asked } from './asked-operation.js';
import { rawRegister, response } from './raw-register.js';

describe('questions of a SOAP register', () => {
  const behalf: OnBehalfOf = { system: 's', purpose: 'housing', case: { agency: 'akimat', number: 'H-1' } };

  it('name purpose, case, request, call, constants and the elements that are read', async () => {
    const { requests } = await ask({
      operations: `
    request:
      header: { context: { purpose: '{purpose}', case: '{case.agency}/{case.number}' } }
      body: { ask: { '@org': '{constant.org}', iin: '{iin}', request: '{request_id}', call: '{call_id}', field: '{select[]}' } }
    answer: { record: [people, person] }
`,
      more: 'constants: { org: 17 }',
      answer: people(person('1')),
      read: { keys: [{ __typename: 'Person', iin: '1' }], onBehalfOf: behalf },
    });
    const [{ head, body } = { head: '', body: '' }] = requests;
    expect(body).to.include(
      `<soap:Header><q:context xmlns:q="${NS}"><q:purpose>housing</q:purpose><q:case>akimat/H-1</q:case></q:context></soap:Header>`,
    );
    expect(body).to.include(
      `<q:ask xmlns:q="${NS}" org="17"><q:iin>1</q:iin><q:request>request-1</q:request><q:call>request-1-1</q:call><q:field>name</q:field></q:ask>`,
    );
    expect(head).to.match(/^Tereze-Call: request-1-1\r?$/m);
  });

  it('ask what is not in the record by operations of their own, for each record', async () => {
    const { answer, requests } = await ask({
      operations: `${ONE('record: [people, person]')}
  liens:
    request: { body: { liens: { iin: '{iin}', since: '{since}' } } }
    answer: { items: [liens, lien] }
`,
      types:
        '{ Person: { key: iin, read: ask, fields: { iin: iin, name: name, liens: { operation: liens, type: Lien, arguments: { since: from } } } }, Lien: { fields: { id: "@id" } } }',
      answer: ({ body }) =>
        body.includes('<q:liens')
          ? envelope(`<p:liens xmlns:p="${NS}"><p:lien id="L1"/><p:lien id="L2"/></p:liens>`)
          : people(person(/<q:iin>(\d)</.exec(body)?.[1] ?? '')),
      iins: ['1', '2'],
      selection: entities('Person', [
        leaf('name'),
        (parentType) => ({
          ...list('liens', 'Lien', [leaf('id')])(parentType),
          argumentsFrom: () => ({ from: '2020' }),
        }),
      ]),
    });
    expect(answer.groups[0]?.records).to.deep.equal(
      ['1', '2'].map(() => ({ name: 'A', liens: [{ id: 'L1' }, { id: 'L2' }] })),
    );
    expect(requests).to.have.length(4);
    expect(requests.some(({ body }) => body.includes('<q:iin>2</q:iin><q:since>2020</q:since>'))).to.equal(true);
  });

  it('hold a token of consent of each person, fetched in a body; without consent nothing is asked', async () => {
    const consents = await rawRegister(({ body }) => {
      const { person: iin } = JSON.parse(body) as { person: string };
      return iin === '2'
        ? response('{}', { status: '404 Not Found', type: 'application/json' })
        : response(JSON.stringify({ token: `t-${iin}`, key: 'k' }), { type: 'application/json' });
    });
    const asked = (iins: readonly string[]): Asked => ({
      operations: `
    request: { body: { ask: { iin: '{iin}', token: '{consent.token}', key: '{consent.key}' } } }
    answer: { record: [people, person] }
`,
      answer: people(person('1')),
      read: { keys: iins.map((iin) => ({ __typename: 'Person', iin })), onBehalfOf: behalf },
      settings: { consent_tokens: { url: consents.url } },
    });
    try {
      const { requests } = await ask(asked(['1']));
      expect(requests[0]?.body).to.include('<q:iin>1</q:iin><q:token>t-1</q:token><q:key>k</q:key>');
      expect(JSON.parse(consents.requests[0]?.body ?? '')).to.deep.equal({
        register: 'register',
        person: '1',
        purpose: 'housing',
        case: { agency: 'akimat', number: 'H-1' },
      });
      expect(await rejection(ask(asked(['2']))))
        .to.be.instanceOf(RegisterDeclined)
        .and.have.property('reason', 'access_refused');
      expect(await rejection(ask({ ...asked(['1']), settings: {} })))
        .to.be.instanceOf(Error)
        .and.have.property('message')
        .that.includes('consent_tokens');
    } finally {
      await consents.close();
    }
  });

  it('refuse an argument that is no text, number or boolean', async () => {
    expect(
      await reasonOf({
        operations: ONE('record: [people, person]'),
        roots: '{ find: { operation: ask } }',
        answer: people(person('1')),
        selection: root('find', 'iin', 'iin', 'Person', [leaf('name')]),
        read: { variables: { iin: { a: 1 } } },
      }),
    ).to.equal('key_type');
  });
});

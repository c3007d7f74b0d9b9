import { expect } from 'chai';
import { sendMessage } from '../send-message.js';
import { readQuestion } from '../../../../demo/registers/population/question.js';
import { SOURCE } from '../population.js';

describe('the profile shep-sync, of the short form', () => {
  const envelope = (keys: readonly string[], password = 'p<&>"'): string =>
    sendMessage(SOURCE, {
      messageId: 'm-1',
      at: new Date('2026-03-02T10:00:00Z'),
      sender: { id: 's', password },
      keys,
    });
  const bodyOf = (text: string): string =>
    text
      .replace(
        /^<soap:Envelope [^>]*><soap:Body>/,
        '<soap:Body xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">',
      )
      .replace('</soap:Envelope>', '');

  it('names the caller, the service and the person', () => {
    expect(readQuestion(bodyOf(envelope(['1', '2'])))).to.deep.equal({
      messageId: 'm-1',
      serviceId: 'GBDFL_PERSONS',
      senderId: 's',
      password: 'p<&>"',
      iins: ['1', '2'],
    });
    expect(envelope(['1'])).to.include('<messageDate>2026-03-02T10:00:00.000Z</messageDate>');
  });

  it('carries the id of the call as a property of the request, after the sender', () => {
    const at = new Date('2026-03-02T10:00:00Z');
    const asked = { messageId: 'm-1', at, sender: { id: 's', password: 'p' }, keys: ['1'] };
    const withId = sendMessage(SOURCE, { ...asked, callId: 'r-1-7' });
    expect(withId).to.include(
      '</sender><properties><key>Tereze-Call</key><value>r-1-7</value></properties></requestInfo>',
    );
    expect(readQuestion(bodyOf(withId))).to.deep.include({ messageId: 'm-1', iins: ['1'] });
    expect(sendMessage(SOURCE, asked)).to.not.include('properties');
  });

  it('lets no key be more than a key', () => {
    const { iins, serviceId } = readQuestion(bodyOf(envelope(['1</q:iin><q:iin>2', ']]></data>\u0000'])));
    expect(iins).to.deep.equal(['1</q:iin><q:iin>2', ']]></data>']);
    expect(serviceId).to.equal('GBDFL_PERSONS');
  });
});

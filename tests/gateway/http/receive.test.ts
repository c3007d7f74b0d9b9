import { createServer } from 'node:http';
import { expect } from 'chai';
import { listen } from '../../../gateway/http/server.js';
import { readHead } from '../../../gateway/http/receive.js';
import type { ReceivedHttp } from '../../../gateway/request.js';
import { raw } from './wire.js';

describe('readHead', () => {
  it('keeps every repetition of the headers that authenticate, and the path as it was asked', async () => {
    const heads: ReceivedHttp[] = [];
    const server = createServer((request, response) => {
      heads.push(readHead(request, { id: '7' }));
      response.end();
    });
    const { port } = new URL(await listen(server, { host: '127.0.0.1', port: 0 }, 'server.port'));
    const headers = [
      'Host: x',
      'Connection: close',
      'Authorization: DPoP a',
      'Authorization: DPoP b',
      'DPoP: p',
      'Accept-Language: ru-RU',
      'dpop: q',
      'Tereze-Purpose: one',
      'Tereze-Purpose: two',
    ];
    await raw(Number(port), `POST /a/../graphql%20?iin=1 HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
    await raw(Number(port), 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await new Promise((resolve) => server.close(resolve));
    expect(heads).to.deep.equal([
      {
        method: 'POST',
        path: '/a/../graphql%20',
        query: 'iin=1',
        parameters: { id: '7' },
        authorization: ['DPoP a', 'DPoP b'],
        dpop: ['p', 'q'],
        purpose: 'one, two',
        case: undefined,
        language: 'ru',
      },
      {
        method: 'GET',
        path: '/',
        parameters: { id: '7' },
        authorization: [],
        dpop: [],
        purpose: undefined,
        case: undefined,
        language: 'en',
      },
    ]);
  });
});

import { expect } from 'chai';
import { classifyError } from '../../../adapters/xroad/error-class.js';

describe('X-Road errors', () => {
  for (const [header, fault, kind] of [
    ['Client.BadRequest', 'client', 'failed'],
    ['Server.ClientProxy.UnknownMember', 'client_proxy', 'failed'],
    ['Server.ClientProxy.NetworkError', 'client_proxy', 'transport'],
    ['Server.ServerProxy.NetworkError', 'server_proxy', 'transport'],
    ['Server.ServerProxy.AccessDenied', 'server_proxy', 'denied'],
    ['Server.ServerProxy', 'server_proxy', 'failed'],
    ['Client.X, Server.ServerProxy.Y', 'client', 'failed'],
    ['ClientX', 'unknown', 'malformed'],
    ['server.serverproxy.NetworkError', 'unknown', 'malformed'],
    ['', 'unknown', 'malformed'],
  ] as const) {
    it(`"${header}" is of ${fault}: ${kind}`, () => {
      expect(classifyError(header)).to.deep.equal({ fault, kind });
    });
  }
});

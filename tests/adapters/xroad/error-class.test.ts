import { expect } from 'chai';
import { classifyError } from '../../../adapters/xroad/error-class.js';

describe('X-Road errors', () => {
  for (const [header, fault, reason] of [
    ['Client.BadRequest', 'client', 'xroad_error'],
    ['Server.ClientProxy.UnknownMember', 'client_proxy', 'xroad_error'],
    ['Server.ClientProxy.NetworkError', 'client_proxy', 'xroad_error'],
    ['Server.ServerProxy.NetworkError', 'server_proxy', 'xroad_error'],
    ['Server.ServerProxy.AccessDenied', 'server_proxy', 'access_refused'],
    ['Server.ServerProxy', 'server_proxy', 'xroad_error'],
    ['Client.X, Server.ServerProxy.Y', 'client', 'xroad_error'],
    ['ClientX', 'unknown', 'xroad_header'],
    ['server.serverproxy.NetworkError', 'unknown', 'xroad_header'],
    ['', 'unknown', 'xroad_header'],
  ] as const) {
    it(`"${header}" is of ${fault}: ${reason}`, () => {
      expect(classifyError(header)).to.deep.equal({ fault, reason });
    });
  }
});

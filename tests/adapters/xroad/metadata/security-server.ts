import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request that the security server got. */
export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly client: string | undefined;
  readonly body: string;
}

export interface SecurityServer {
  readonly url: string;
  readonly heard: readonly Heard[];
  close(): Promise<void>;
}

export type Answer = (heard: Heard, response: ServerResponse) => void;

const XRD = 'xmlns:xroad="http://x-road.eu/xsd/xroad.xsd" xmlns:id="http://x-road.eu/xsd/identifiers"';

/** Returns an envelope as PR-META, annex C, has them. */
export function envelope(body: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" ${XRD}><SOAP-ENV:Header><xroad:id>1</xroad:id></SOAP-ENV:Header><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;
}

const SERVICE = `<xroad:service id:objectType="SERVICE"><id:xRoadInstance>KZ</id:xRoadInstance><id:memberClass>GOV</id:memberClass><id:memberCode>1</id:memberCode><id:subsystemCode>people</id:subsystemCode><id:serviceCode>getPerson</id:serviceCode><id:serviceVersion>v1</id:serviceVersion></xroad:service>`;

export const WSDL = '<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"/>';

const MEMBER = { xroad_instance: 'KZ', member_class: 'GOV', member_code: '1' };
const REST_SERVICE = {
  ...{ ...MEMBER, object_type: 'SERVICE', subsystem_code: 'people', service_code: 'persons', service_type: 'OPENAPI' },
  endpoint_list: [{ method: 'GET', path: '/persons/*' }],
};

/** Answers as the examples of PR-META (annex C) and PR-MREST (annex B) do. */
export const asSpecified: Answer = ({ path, body }, response) => {
  const json = (value: unknown): void =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  const xml = (value: string): void =>
    void response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' }).end(envelope(value));
  if (path.startsWith('/listClients'))
    return json({
      member: [
        { id: { ...MEMBER, object_type: 'MEMBER' }, name: 'Министерство' },
        { id: { ...MEMBER, object_type: 'SUBSYSTEM', subsystem_code: 'people' }, name: 'Министерство' },
      ],
    });
  if (path.endsWith('/listMethods')) return json({ service: [REST_SERVICE] });
  if (path.endsWith('/allowedMethods')) return json({ service: [] });
  if (path.includes('/getOpenAPI?serviceCode=persons')) return void response.end('openapi: 3.0.0\n');
  if (body.includes('<xrd:listMethods>'))
    return xml(`<xroad:listMethodsResponse>${SERVICE}</xroad:listMethodsResponse>`);
  if (body.includes('<xrd:allowedMethods>'))
    return xml(`<xroad:allowedMethodsResponse>${SERVICE}</xroad:allowedMethodsResponse>`);
  if (body.includes('<xrd:getWsdl>')) {
    const parts = [
      `--b1\r\nContent-Type: text/xml; charset=UTF-8\r\n\r\n${envelope('<xroad:getWsdlResponse><xroad:serviceCode>getPerson</xroad:serviceCode></xroad:getWsdlResponse>')}`,
      `--b1\r\ncontent-type:text/xml\r\ncontent-id: <1>\r\n\r\n${WSDL}`,
      '--b1--\r\n',
    ];
    return void response
      .writeHead(200, { 'content-type': 'multipart/related; type="text/xml"; boundary="b1"' })
      .end(parts.join('\r\n'));
  }
  return void response.writeHead(404).end();
};

/** Starts a security server of a few lines, on loopback. */
export async function startSecurityServer(answer: Answer): Promise<SecurityServer> {
  const heard: Heard[] = [];
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one = {
      method: request.method ?? '',
      path: request.url ?? '',
      client: request.headers['x-road-client'] as string | undefined,
      body: await text(request),
    };
    heard.push(one);
    answer(one, response);
  };
  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

import { isObject } from '../../../schemas/objects.js';
import type { YamlObject } from '../description.js';
import type { Node, OpenApiDocument } from './document.js';

/** Returns what a document says of the register's part of the configuration: its address and how it is authenticated to. */
export function settingsOf({ root, version }: OpenApiDocument): YamlObject {
  const url = version === '2.0' ? swaggerAddress(root) : serverAddress(root);
  const schemes = schemesOf(root, version);
  // A certificate is no credential of a request. It may stand beside one.
  const hasCertificate = schemes.some(({ type }) => type === 'mutualTLS');
  return {
    protocol: 'rest',
    url: url ?? 'https://',
    auth: authOf(schemes.find(({ type }) => type !== 'mutualTLS')),
    ...(hasCertificate ? { tls: { cert_file: 'FILE', key_file: 'FILE' } } : {}),
  };
}

function schemesOf(root: Node, version: OpenApiDocument['version']): readonly Node[] {
  const components = isObject(root['components']) ? root['components'] : {};
  const schemes = version === '2.0' ? root['securityDefinitions'] : components['securitySchemes'];
  return isObject(schemes) ? Object.values(schemes).filter(isObject) : [];
}

function serverAddress({ servers }: Node): string | undefined {
  const server: unknown = Array.isArray(servers)
    ? servers.find((one) => isObject(one) && typeof one['url'] === 'string')
    : undefined;
  if (!isObject(server)) return undefined;
  const variables = isObject(server['variables']) ? server['variables'] : {};
  return String(server['url']).replace(/\{([^{}]*)\}/g, (whole, name: string) => {
    const variable = variables[name];
    return isObject(variable) && typeof variable['default'] === 'string' ? variable['default'] : whole;
  });
}

function swaggerAddress({ schemes, host, basePath }: Node): string | undefined {
  if (typeof host !== 'string') return undefined;
  const scheme = Array.isArray(schemes) && !schemes.includes('https') ? String(schemes[0]) : 'https';
  return `${scheme}://${host}${typeof basePath === 'string' ? basePath : ''}`;
}

function authOf(scheme: Node | undefined): YamlObject {
  if (scheme === undefined) return { type: 'none' };
  const { type, scheme: http, in: where, name } = scheme;
  if (type === 'apiKey' && typeof name === 'string')
    return { type: 'api_key', [where === 'query' ? 'query' : 'header']: name, key_file: 'FILE' };
  if (type === 'basic' || http === 'basic') return { type: 'basic', user: 'NAME', password_file: 'FILE' };
  if (type === 'http') return { type: 'bearer_file', token_file: 'FILE' };
  if (type === 'openIdConnect')
    return {
      type: 'oauth2',
      issuer: String(scheme['openIdConnectUrl']),
      client_id: 'NAME',
      client_auth: 'private_key_jwt',
      key_file: 'FILE',
    };
  if (type === 'oauth2') return oauth2(scheme);
  return { type: 'none' };
}

function oauth2(scheme: Node): YamlObject {
  const flows = isObject(scheme['flows']) ? scheme['flows'] : {};
  const flow = isObject(flows['clientCredentials']) ? flows['clientCredentials'] : scheme;
  const scopes = isObject(flow['scopes']) ? Object.keys(flow['scopes']).join(' ') : '';
  return {
    type: 'oauth2',
    token_url: typeof flow['tokenUrl'] === 'string' ? flow['tokenUrl'] : 'https://',
    client_id: 'NAME',
    client_auth: 'private_key_jwt',
    key_file: 'FILE',
    ...(scopes === '' ? {} : { scope: scopes }),
  };
}

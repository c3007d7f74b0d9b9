import { join } from 'node:path';
import type { AgencyTokens } from './agencies/case-systems.js';
import type { SecretFiles } from './gateway-config.js';
import { issuerKeys, type IssuerKeys } from './issuer/keys.js';
import { keepToken } from './secrets.js';

/** What one installation of the demo keeps to itself: random, made at the first start, each in a file of mode 0600. */
export interface Installation {
  readonly populationKey: string;
  readonly addressToken: string;
  readonly propertyPassword: string;
  readonly agencyTokens: AgencyTokens;
  readonly issuerKeys: IssuerKeys;
  /** Where the gateway finds its part of them. */
  readonly files: SecretFiles;
}

export async function openInstallation(directory: string): Promise<Installation> {
  const folder = join(directory, 'secrets');
  const files: SecretFiles = {
    populationKey: join(folder, 'population.key'),
    addressToken: join(folder, 'address.token'),
    propertyPassword: join(folder, 'property.password'),
    agencyTokens: { housing: join(folder, 'housing.token'), social: join(folder, 'social.token'), appeals: join(folder, 'appeals.token') },
    gatewaySecret: join(folder, 'gateway.secret'),
  };
  await keepToken(files.gatewaySecret);
  return {
    populationKey: await keepToken(files.populationKey),
    addressToken: await keepToken(files.addressToken),
    propertyPassword: await keepToken(files.propertyPassword),
    agencyTokens: {
      housing: await keepToken(files.agencyTokens.housing),
      social: await keepToken(files.agencyTokens.social),
      appeals: await keepToken(files.agencyTokens.appeals),
    },
    issuerKeys: await issuerKeys(join(folder, 'issuer-keys.json')),
    files,
  };
}

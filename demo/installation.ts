import { join } from 'node:path';
import type { AgencyTokens } from './agencies/case-systems.js';
import type { SecretFiles } from './gateway-config.js';
import { outsideKeys, type OutsideKeys } from './outside/outside-keys.js';
import { issuerKeys, type IssuerKeys } from './issuer/keys.js';
import { keepKeyPair, type KeyPair } from './registers/population/keys.js';
import { keepRecipientKey, keepSigningKey, keepToken, writePrivate } from './secrets.js';

/** What one installation of the demo keeps to itself: random, made at the first start, each in a file of mode 0600. */
export interface Installation {
  readonly populationPassword: string;
  readonly populationKeys: PopulationKeys;
  readonly civilActsKey: string;
  readonly addressToken: string;
  readonly propertyPassword: string;
  readonly taxKey: string;
  readonly agencyTokens: AgencyTokens;
  readonly protectionToken: string;
  readonly issuerKeys: IssuerKeys;
  /** Of those outside who prove the audit log. */
  readonly outsideKeys: OutsideKeys;
  /** Public key to which the gateway seals its data keys. */
  readonly identityRecipient: string;
  /** Where the gateway finds its part of them. */
  readonly files: SecretFiles;
}

export async function openInstallation(directory: string): Promise<Installation> {
  const folder = join(directory, 'secrets');
  const files: SecretFiles = {
    populationPassword: join(folder, 'population.password'),
    populationKey: join(folder, 'population-gateway.key.pem'),
    populationRegisterKey: join(folder, 'population-register.public.pem'),
    civilActsKey: join(folder, 'civil-acts.key'),
    addressToken: join(folder, 'address.token'),
    propertyPassword: join(folder, 'property.password'),
    taxKey: join(folder, 'tax.key'),
    agencyTokens: {
      housing: join(folder, 'housing.token'),
      social: join(folder, 'social.token'),
      appeals: join(folder, 'appeals.token'),
      integrity: join(folder, 'integrity.token'),
    },
    protectionToken: join(folder, 'protection.token'),
    gatewaySecret: join(folder, 'gateway.secret'),
    checkpointKey: join(folder, 'checkpoints.key.pem'),
    timeAuthority: join(folder, 'time-authority.pem'),
    witnessPolicy: join(folder, 'witnesses.policy'),
    identityKey: join(folder, 'identity.jwks'),
  };
  await keepSigningKey(files.checkpointKey);
  await keepToken(files.gatewaySecret);
  const outside = await outsideKeys(folder);
  await writePrivate(files.timeAuthority, outside.timeRoot);
  return {
    populationPassword: await keepToken(files.populationPassword),
    populationKeys: await populationKeys(folder, files),
    civilActsKey: await keepToken(files.civilActsKey),
    addressToken: await keepToken(files.addressToken),
    propertyPassword: await keepToken(files.propertyPassword),
    taxKey: await keepToken(files.taxKey),
    agencyTokens: {
      housing: await keepToken(files.agencyTokens.housing),
      social: await keepToken(files.agencyTokens.social),
      appeals: await keepToken(files.agencyTokens.appeals),
      integrity: await keepToken(files.agencyTokens.integrity),
    },
    protectionToken: await keepToken(files.protectionToken),
    issuerKeys: await issuerKeys(join(folder, 'issuer-keys.json')),
    outsideKeys: outside,
    identityRecipient: await keepRecipientKey(files.identityKey, 'demo-dpo'),
    files,
  };
}

/** The pairs by which the population register and the gateway know each other. */
export interface PopulationKeys {
  readonly gateway: KeyPair;
  readonly register: KeyPair;
}

async function populationKeys(folder: string, files: SecretFiles): Promise<PopulationKeys> {
  const [gateway, register] = await Promise.all([
    keepKeyPair(join(folder, 'population-gateway.keys.json')),
    keepKeyPair(join(folder, 'population-register.keys.json')),
  ]);
  await writePrivate(files.populationKey, gateway.privateKey);
  await writePrivate(files.populationRegisterKey, register.publicKey);
  return { gateway, register };
}

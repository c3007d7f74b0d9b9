import type { OfficerConfig } from '../parts/officers.js';
import type { ConfigRule, RuleBreach } from './rule.js';

/**
 * Every officer has a trusted issuer and a known agency, and is named once. Who approves trusted documents does nothing
 * else with the log: what a document may reach and who looks at its use are decided by different people.
 */
export const registeredOfficers: ConfigRule = ({ authentication: { issuers, agencies }, officers: { people } }) =>
  people.flatMap((officer, position) => {
    const breach = (key: keyof OfficerConfig, problem: string): RuleBreach => ({
      path: ['officers', 'people', position, key],
      problem,
    });
    const { issuer, subject, agency, roles } = officer;
    const first = people.findIndex((other) => other.issuer === issuer && other.subject === subject);
    return [
      ...(issuers.some((known) => known.issuer === issuer)
        ? []
        : [breach('issuer', 'names no issuer of authentication.issuers')]),
      ...(agencies.some(({ id }) => id === agency)
        ? []
        : [breach('agency', 'names no agency of authentication.agencies')]),
      ...(first === position ? [] : [breach('subject', 'is registered twice')]),
      ...(roles.includes('documents') && roles.length > 1
        ? [breach('roles', '`documents` goes with no other role: name another officer for the others')]
        : []),
    ];
  });

import type { ConfigRule } from './rule.js';

const PAGE = ['server', 'audit', 'page'];

/** The officers' page signs in through a registered client at a trusted issuer, and one process holds its sessions. */
export const officersPage: ConfigRule = ({ server: { audit, workers }, officers, authentication: { issuers } }) => {
  const page = audit?.page;
  if (page === undefined) return [];
  const isTrusted = page.issuer === undefined || issuers.some(({ issuer }) => issuer === page.issuer);
  return [
    ...(officers.clients.includes(page.client_id)
      ? []
      : [{ path: [...PAGE, 'client_id'], problem: 'is not one of officers.clients' }]),
    ...(isTrusted ? [] : [{ path: [...PAGE, 'issuer'], problem: 'is not one of authentication.issuers' }]),
    ...(page.issuer === undefined && issuers.length > 1
      ? [{ path: PAGE, problem: 'must name its issuer, because several are trusted' }]
      : []),
    ...(workers > 1
      ? [{ path: PAGE, problem: 'needs server.workers: 1, because one process holds its sessions' }]
      : []),
  ];
};

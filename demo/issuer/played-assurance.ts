/** How the demo's sign-in is called in a token (`acr`) when the application asks for nothing else: from a list. */
export const LIST_SIGN_IN = 'urn:tereze:demo:list';

/**
 * The sign-ins that the demo plays, by their `acr`, with the level of assurance that the gateway is configured to take
 * each for. Behind all of them is the same list, without any proof.
 */
export const PLAYED_ASSURANCE = {
  'urn:tereze:demo:name': 'low',
  [LIST_SIGN_IN]: 'substantial',
  'urn:tereze:demo:signature': 'high',
} as const;

/** Returns the sign-in to play for `acr_values` of an authorization request (OpenID Connect Core, section 3.1.2.1): the first one that the demo plays. */
export function playedSignIn(acrValues: unknown): string {
  const wanted = typeof acrValues === 'string' ? acrValues.split(' ') : [];
  return wanted.find((acr) => Object.hasOwn(PLAYED_ASSURANCE, acr)) ?? LIST_SIGN_IN;
}

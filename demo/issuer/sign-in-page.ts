import type { SignInList } from './sign-in-list.js';

/** The page on which a person of the demo says who they are; the form's body brings the choice to `action`. */
export function signInPage(action: string, { field, choices: listed }: SignInList, problem?: string): string {
  const choices = listed.map(
    ({ value, name }) =>
      `<p><label><input type="radio" name="${field}" value="${escapeHtml(value)}" required> ${escapeHtml(name)}</label></p>`,
  );
  return document(
    'Sign in: demo',
    `<h1>Who are you?</h1>
<p>This is a small, invented country. No one here is real, and no one needs a password.</p>
${problem === undefined ? '' : alert(problem)}
<form method="post" action="${escapeHtml(action)}" autocomplete="off">
${choices.join('\n')}
<button>Sign in</button>
</form>`,
  );
}

/** A page that only says why there is no sign-in. */
export function problemPage(problem: string): string {
  return document('Sign in: demo', alert(problem));
}

/** The page that asks whether to sign out; `form` is the issuer’s own, named `op.logoutForm`. */
export function signOutPage(form: string): string {
  return document(
    'Sign out: demo',
    `<h1>Sign out?</h1>
${form}
<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>
<button type="submit" form="op.logoutForm">Stay signed in</button>`,
  );
}

/** The page after a sign-out that no application asked to come back from. */
export function signedOutPage(): string {
  return document('Sign out: demo', '<h1>You are signed out</h1>');
}

function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title></head>
<body>
${body}
</body>
</html>
`;
}

function alert(problem: string): string {
  return `<p role="alert">${escapeHtml(problem)}</p>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

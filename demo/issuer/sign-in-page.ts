import type { ListedCitizen } from './citizens.js';

/** The page on which a citizen of the demo says who they are; the form's body brings the number to `action`. */
export function signInPage(action: string, citizens: readonly ListedCitizen[], problem?: string): string {
  const choices = citizens.map(
    ({ iin, name }) =>
      `<p><label><input type="radio" name="iin" value="${iin}" required> ${escapeHtml(name)}</label></p>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Sign in: demo</title></head>
<body>
<h1>Who are you?</h1>
<p>This is a small, invented country. No one here is real, and no one needs a password.</p>
${problem === undefined ? '' : `<p role="alert">${escapeHtml(problem)}</p>`}
<form method="post" action="${escapeHtml(action)}" autocomplete="off">
${choices.join('\n')}
<button>Sign in</button>
</form>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

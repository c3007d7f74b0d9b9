const MAX_STEPS = 12;

/** Walks through a sign-in as a browser does: follows redirects, keeps cookies, fills in the form. */
export class Browser {
  readonly visited: string[] = [];
  readonly pages: string[] = [];
  lastStatus = 0;
  readonly #cookies = new Map<string, string>();

  /**
   * The address to which the issuer sends the browser back, or undefined when it does not. Each form is sent with its
   * hidden fields and the choice.
   */
  async signIn(start: URL, redirect: string, choice: Readonly<Record<string, string>>): Promise<URL | undefined> {
    let response = await this.#go(start);
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const location = response.headers.get('location');
      if (location !== null) {
        const next = new URL(location, this.visited.at(-1));
        if (next.href.startsWith(redirect)) return next;
        response = await this.#go(next);
        continue;
      }
      const page = await response.text();
      this.pages.push(page);
      const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
      const hidden = [...page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
      const fields = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
      if (action === undefined || response.status !== 200) return undefined;
      response = await this.#go(new URL(action, this.visited.at(-1)), new URLSearchParams({ ...fields, ...choice }));
    }
    return undefined;
  }

  async #go(url: URL, form?: URLSearchParams): Promise<Response> {
    this.visited.push(url.href);
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) this.#cookies.set(name, value);
    }
    this.lastStatus = response.status;
    return response;
  }
}

type Headers = Readonly<Record<string, string>>;

/** Returns a function that merges headers. Those of most messages are the same objects, so the last result is kept. */
export function rememberingMerge(): (own: Headers, presented: Headers) => Headers {
  let last: { readonly own: Headers; readonly presented: Headers; readonly merged: Headers } | undefined;
  return (own, presented) => {
    if (last?.own !== own || last.presented !== presented) last = { own, presented, merged: { ...own, ...presented } };
    return last.merged;
  };
}

// Where a profile's answers differ from the library's and no setting of the library has it so.

export function answerAs(provider, { answersWithIss = true, framed = true }) {
  // Emitted before the answer is written. Without this, `web_message` would still bear it.
  if (!answersWithIss) provider.on('authorization.success', (ctx, response) => delete response.iss);
  return async (ctx, next) => {
    await next();
    if (!answersWithIss) withoutIss(ctx);
    if (!framed && ctx.response.is('html', 'text')) {
      ctx.set('x-frame-options', 'SAMEORIGIN');
      ctx.set('content-security-policy', "frame-src 'self'; frame-ancestors 'self'; object-src 'none';");
    }
  };
}

/** RFC 9207, in the metadata and in redirections: of errors the library has no event with the answer. */
function withoutIss(ctx) {
  if (ctx.path.startsWith('/.well-known/') && ctx.body) delete ctx.body.authorization_response_iss_parameter_supported;
  const location = ctx.response.get('location');
  if (!location) return;
  const url = URL.parse(location);
  if (!url) return;
  for (const part of ['search', 'hash']) {
    const parameters = new URLSearchParams(url[part].slice(1));
    if (!parameters.has('iss')) continue;
    parameters.delete('iss');
    url[part] = parameters.toString();
    ctx.set('location', url.href);
  }
}

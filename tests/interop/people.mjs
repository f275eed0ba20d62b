// Who can sign in, and the sign-in itself.

import { text } from 'node:stream/consumers';

import { loginPage } from './pages.mjs';

/** Two, so that a test can sign in as somebody else. */
export const PEOPLE = {
  grace: { password: 'hopper', name: 'Grace Hopper', email: 'grace@evertoken.test' },
  ada: { password: 'lovelace', name: 'Ada Lovelace', email: 'ada@evertoken.test' },
};

export const exists = (id) => Object.hasOwn(PEOPLE, id);

export function claimsOf(id) {
  const { name, email } = PEOPLE[id];
  return { sub: id, name, email, email_verified: true };
}

/** Answers the paths below `/interaction/`, to which the provider sends whoever must sign in. */
export function interactions(provider) {
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    const { prompt } = await provider.interactionDetails(ctx.req, ctx.res);
    const result = prompt.name === 'login' ? await signIn(ctx) : { consent: {} };
    if (!result) return undefined;
    ctx.status = 303;
    return ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
  };
}

/** The result for the provider, or nothing after answering with the form. */
async function signIn(ctx) {
  ctx.set('cache-control', 'no-store');
  ctx.body = loginPage();
  if (ctx.method !== 'POST') return undefined;
  const form = new URLSearchParams(await text(ctx.req));
  const [login, password] = [form.get('login'), form.get('password')];
  if (exists(login) && PEOPLE[login].password === password) return { login: { accountId: login } };
  ctx.status = 403;
  ctx.body = loginPage('This user name and password do not match.');
  return undefined;
}

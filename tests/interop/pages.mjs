// The pages are the operator's in oidc-provider. These load nothing: the library's development pages import a web font,
// and a test machine without the internet would wait for it.

const page = (title, content) => `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${title}</title>
    <style>
      body { font: 16px system-ui, sans-serif; margin: 15vh auto; width: 18rem; }
      label, button { display: block; width: 100%; margin-top: 1rem; }
      input { box-sizing: border-box; font: inherit; width: 100%; }
    </style>
  </head>
  <body>
    <h1>${title}</h1>
    ${content}
  </body>
</html>
`;

export const loginPage = (problem = '') =>
  page(
    'Sign in',
    `<p role="alert">${problem}</p>
    <form method="post" autocomplete="off">
      <label>User name <input name="login" required autofocus></label>
      <label>Password <input name="password" type="password" required></label>
      <button type="submit">Sign in</button>
    </form>`,
  );

/** Sends what was filled in as JSON to `endpoint`, with the page's own query, and goes where it is told. */
export const loginPageFor = (endpoint) =>
  page(
    'Sign in',
    `<form autocomplete="off">
      <label>E-mail address <input name="email" required autofocus></label>
      <label>Password <input name="password" type="password" required></label>
      <button type="submit">Sign in</button>
    </form>
    <script type="module">
      document.querySelector('form').addEventListener('submit', async (event) => {
        event.preventDefault();
        const filled = Object.fromEntries(new FormData(event.target));
        const body = JSON.stringify({ ...filled, oauth_query: location.search.slice(1) });
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch('${endpoint}', { method: 'POST', headers, body });
        location = (await answer.json()).url;
      });
    </script>`,
  );

/** `form` is the library's; the button's name and value are what its confirmation asks for. */
export const logoutPage = (form) =>
  page('Sign out', `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>`);

/** For a sign-out that names no page to return to. */
export const signedOutPage = () => page('Signed out', '');

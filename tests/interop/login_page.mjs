// The login page is the operator's in oidc-provider. This one loads nothing: the library's development page imports a
// web font, and a test machine without the internet would wait for it.

export const loginPage = (problem = '') => `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Sign in</title>
    <style>
      body { font: 16px system-ui, sans-serif; margin: 15vh auto; width: 18rem; }
      label, button { display: block; width: 100%; margin-top: 1rem; }
      input { box-sizing: border-box; font: inherit; width: 100%; }
    </style>
  </head>
  <body>
    <h1>Sign in</h1>
    <p role="alert">${problem}</p>
    <form method="post" autocomplete="off">
      <label>User name <input name="login" required autofocus></label>
      <label>Password <input name="password" type="password" required></label>
      <button type="submit">Sign in</button>
    </form>
  </body>
</html>
`;

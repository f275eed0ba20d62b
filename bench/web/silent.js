// The least that gets an id_token: the implicit flow in an iframe. For pages that only need one to be let in.
export function silentIdToken() {
  const { issuer, client_id, callback } = config;
  const random = () => crypto.randomUUID();
  const parameters = { client_id, redirect_uri: callback, response_type: "token id_token", scope: "openid", prompt: "none", nonce: random(), state: random() };
  const frame = document.createElement("iframe");
  frame.src = `${issuer}authorize?${new URLSearchParams(parameters)}`;
  return new Promise((resolve, reject) => {
    addEventListener("message", ({ source, data }) => {
      if (source !== frame.contentWindow) return;
      frame.remove();
      const answer = new URLSearchParams(new URL(data).hash.slice(1));
      if (answer.has("id_token")) resolve(answer.get("id_token"));
      else reject(new Error(answer.get("error")));
    });
    document.body.append(frame);
  });
}

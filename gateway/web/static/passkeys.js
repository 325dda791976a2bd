// Asks the browser for a passkey, new or known, and sends its answer with the form. What is asked for, and where its
// parts go, stands in the page; bytes are base64url in both directions.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (credentials) => (credentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function make(asked) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: named(asked.excludeCredentials),
    },
  });
  const key = made.response.getPublicKey();
  if (key === null) throw new Error("a kind of key that is not known here");
  return {
    credential: text(made.rawId),
    client_data: text(made.response.clientDataJSON),
    attestation_object: text(made.response.attestationObject),
    public_key: text(key),
  };
}

async function sign(asked) {
  const signed = await navigator.credentials.get({
    publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: named(asked.allowCredentials) },
  });
  return {
    credential: text(signed.rawId),
    client_data: text(signed.response.clientDataJSON),
    authenticator_data: text(signed.response.authenticatorData),
    signature: text(signed.response.signature),
  };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const told = (name) => form.querySelector(`[data-told=${name}]`);
  told("still").hidden = true;
  const hindered = form.dataset.origin !== window.location.origin ? "elsewhere" : window.PublicKeyCredential ? null : "unknown";
  if (hindered) {
    told(hindered).hidden = false;
    continue;
  }
  form.querySelector("[data-asks]").hidden = false;
  let asking = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (asking) return;
    asking = true;
    told("refused").hidden = true;
    try {
      const asked = JSON.parse(form.dataset.options).publicKey;
      const answer = await (form.dataset.passkey === "make" ? make(asked) : sign(asked));
      for (const [name, value] of Object.entries(answer)) form.elements.namedItem(name).value = value;
      form.submit();
    } catch {
      told("refused").hidden = false;
      asking = false;
    }
  });
}

// Somebody who comes back by the browser's own button finds the page as it was left: asking must work again.
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

"use strict";
const token = location.hash.slice(1);
const ids = ["form", "account", "username", "password", "confirmation", "said"];
const [form, account, username, password, confirmation, said] = ids.map((id) => document.getElementById(id));
const main = document.querySelector("main");
const signIn = main.dataset.signIn;

function say(sentences, kind) {
  said.replaceChildren(...[sentences].flat().map((sentence) => made("p", { className: kind, textContent: sentence })));
}

async function call(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return { ok: answer.ok, status: answer.status, ...(await answer.json()) };
}

function onSubmit(which, act) {
  which.addEventListener("submit", async (event) => {
    event.preventDefault();
    const pressed = which.querySelector("button");
    pressed.disabled = true;
    try {
      await act();
    } catch {
      say("The server could not be reached. Please try again in a moment.", "bad");
    } finally {
      pressed.disabled = false;
    }
  });
}

function made(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function makeForm(title, fields) {
  const made_form = made("form", { method: "post" });
  for (const [id, label, properties] of fields) {
    made_form.append(made("label", { htmlFor: id, textContent: label }), made("input", { id, required: true, ...properties }));
  }
  made_form.append(made("button", { type: "submit", textContent: title }));
  main.append(made_form);
  made_form.querySelector("input").focus();
  return made_form;
}

function finish(message, ...forms) {
  history.replaceState(null, "", location.pathname);
  forms.forEach((each) => (each.hidden = true));
  say(message.replace(/\.?$/, "."), "good");
  if (signIn) {
    const last = made("p", { className: "good" });
    last.append(made("a", { href: signIn, textContent: "Sign in" }));
    said.append(last);
  }
}

function askForCode(reason) {
  form.hidden = true;
  say(reason, "bad");
  said.append(made("p", { textContent: "Get a code by mail instead, and choose your password here with it." }));
  const asking = makeForm("Send me a code", [["address", "E-mail address", { type: "email", autocomplete: "username" }]]);
  onSubmit(asking, async () => {
    const email = asking.querySelector("input").value;
    const answer = await call("forgot-password", { email });
    if (!answer.ok) {
      return say(answer.message, "bad");
    }
    asking.hidden = true;
    say(answer.message + ".", "good");
    enterCode(email);
  });
}

function enterCode(email) {
  const entering = makeForm("Set password", [
    ["code", "Code from the mail", { inputMode: "numeric", autocomplete: "one-time-code" }],
    ["chosen", "New password", { type: "password", autocomplete: "new-password", minLength: 8, maxLength: 1024 }],
    ["again", "The same again", { type: "password", autocomplete: "new-password", maxLength: 1024 }],
  ]);
  const label = made("label", { htmlFor: "addressee", textContent: "E-mail address" });
  entering.prepend(label, made("input", { id: "addressee", type: "email", autocomplete: "username", value: email, readOnly: true }));
  onSubmit(entering, async () => {
    const [otp, newPassword, confirmPassword] = ["code", "chosen", "again"].map((id) => document.getElementById(id).value);
    const answer = await call("reset-password", { email, otp, newPassword, confirmPassword });
    return answer.ok ? finish(answer.message, entering) : say(answer.message, "bad");
  });
}

onSubmit(form, async () => {
  if (password.value !== confirmation.value) {
    return say("The two passwords are not the same.", "bad");
  }
  const answer = await call(location.pathname, { token, newPassword: password.value, confirmPassword: confirmation.value });
  if (answer.ok) {
    return finish(answer.message, form);
  }
  return typeof answer.message === "string" && answer.status === 400 ? askForCode(answer.message) : say(answer.message, "bad");
});

async function open() {
  form.hidden = false;
  password.focus();
  try {
    const answer = await call(location.pathname + "/user", { token });
    if (answer.ok) {
      username.value = answer.email;
      account.hidden = false;
    } else if (answer.status === 400) {
      askForCode(answer.message);
    }
  } catch {
    say("The server could not be reached. Please try again in a moment.", "bad");
  }
}

addEventListener("hashchange", () => location.reload());
if (token) {
  open();
} else {
  askForCode("This link is incomplete. Please open it from the mail once more, or copy the whole of it.");
}

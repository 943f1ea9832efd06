"use strict";
const token = location.hash.slice(1);
const ids = ["form", "username", "password", "confirmation", "said"];
const [form, username, password, confirmation, said] = ids.map((id) => document.getElementById(id));
const signIn = document.querySelector("main").dataset.signIn;

function say(sentences, kind) {
  said.replaceChildren(
    ...[sentences].flat().map((sentence) => {
      const paragraph = document.createElement("p");
      paragraph.className = kind;
      paragraph.textContent = sentence;
      return paragraph;
    }),
  );
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
  said.before(made_form);
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
  say([reason, "Enter your e-mail address to get a code by mail, with which you choose your password here."].flat(), "bad");
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
  entering.prepend(made("input", { type: "email", autocomplete: "username", value: email, readOnly: true, ariaLabel: "Your e-mail address" }));
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
      username.hidden = false;
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

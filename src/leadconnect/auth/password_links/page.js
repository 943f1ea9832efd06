"use strict";
const token = location.hash.slice(1);
const [form, password, confirmation, button, said] = ["form", "password", "confirmation", "button", "said"].map(
  (id) => document.getElementById(id),
);

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

async function send() {
  const answer = await fetch(location.pathname, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token, newPassword: password.value, confirmPassword: confirmation.value }),
  });
  const told = await answer.json();
  if (!answer.ok) {
    return say(told.message, "bad");
  }
  history.replaceState(null, "", location.pathname);
  form.hidden = true;
  say(told.message + ".", "good");
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (password.value !== confirmation.value) {
    return say("The two passwords are not the same.", "bad");
  }
  button.disabled = true;
  try {
    await send();
  } catch {
    say("The server could not be reached. Please try again in a moment.", "bad");
  } finally {
    button.disabled = false;
  }
});

addEventListener("hashchange", () => location.reload());
if (token) {
  form.hidden = false;
  password.focus();
} else {
  say("This link is incomplete. Please open it from the mail once more, or copy the whole of it.", "bad");
}

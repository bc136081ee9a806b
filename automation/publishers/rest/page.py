"""The page that shows the document; its script is a file of its own, because the policy forbids script in pages."""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Automation Runtime REST interface</title>
<link rel="stylesheet" href="/swaggerui/swagger-ui.css">
<link rel="icon" type="image/png" href="/swaggerui/favicon-32x32.png">
<style>
body { margin: 0; font-family: sans-serif; color: #1f2933; }
form { max-width: 20rem; margin: 12vh auto 0; padding: 1.5rem; border: 1px solid #cbd2d9; border-radius: 4px; }
h1 { margin: 0 0 0.5rem; font-size: 1.25rem; }
form p { margin: 0 0 1rem; font-size: 0.875rem; line-height: 1.4; }
label { display: block; margin-bottom: 0.75rem; font-size: 0.875rem; }
input { display: block; box-sizing: border-box; width: 100%; margin-top: 0.25rem; padding: 0.5rem; font-size: 1rem; }
button { padding: 0.5rem 1rem; font-size: 0.875rem; cursor: pointer; }
form [role="alert"] { margin: 1rem 0 0; color: #b00020; }
form [role="alert"]:empty { display: none; }
#caller { display: flex; gap: 1rem; align-items: center; justify-content: flex-end; padding: 0.5rem 1.5rem; }
#caller { border-bottom: 1px solid #cbd2d9; font-size: 0.875rem; }
[hidden] { display: none !important; }
</style>
</head>
<body>
<noscript>This page needs JavaScript. The document is at /api/swagger.json for callers with a token.</noscript>
<form id="login" hidden>
<h1>REST interface</h1>
<p>Log in to read the document and to try its operations.</p>
<label>User name <input name="username" autocomplete="username" maxlength="128" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" maxlength="1024" required></label>
<button type="submit">Log in</button>
<p role="alert"></p>
</form>
<div id="caller" hidden><span></span> <button type="button">Log out</button></div>
<div id="swagger-ui"></div>
<script src="/swaggerui/swagger-ui-bundle.js"></script>
<script src="/swaggerui/swagger-ui-standalone-preset.js"></script>
<script src="/api/docs.js"></script>
</body>
</html>
"""

# The token stays in the script's memory: who leaves or reloads the page logs in again.
SCRIPT = """window.addEventListener("load", function () {
  var form = document.getElementById("login");
  var told = form.querySelector("[role=alert]");
  var button = form.querySelector("button");
  var caller = document.getElementById("caller");

  function ask(path, token, options) {
    var headers = { "Content-Type": "application/json" };
    if (token) {
      headers.Authorization = "Bearer " + token;
    }
    return fetch(path, Object.assign({ headers: headers }, options)).then(
      function (response) {
        return response.json().then(
          function (body) {
            if (!response.ok) {
              throw new Error(body.error.message);
            }
            return body;
          },
          function () {
            throw new Error("the answer makes no sense (" + response.status + ")");
          }
        );
      },
      function () {
        throw new Error("the runtime does not answer");
      }
    );
  }

  function show(spec, session) {
    var authorization = "Bearer " + session.token;
    form.remove();
    caller.hidden = false;
    caller.querySelector("span").textContent = session.user.name + " (" + session.user.role + ")";
    caller.querySelector("button").addEventListener("click", function () {
      function leave() {
        window.location.reload();
      }
      ask("/api/auth/logout", session.token, { method: "POST" }).then(leave, leave);
    });
    var ui = SwaggerUIBundle({
      spec: spec,
      dom_id: "#swagger-ui",
      validatorUrl: null,
      docExpansion: "list",
      persistAuthorization: false,
      requestInterceptor: function (request) {
        var value = request.headers.Authorization;
        if (value && value.indexOf("Bearer ") !== 0) {
          request.headers.Authorization = "Bearer " + value;
        }
        return request;
      },
      presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset.slice(1)],
      onComplete: function () {
        ui.preauthorizeApiKey("Bearer", authorization);
      },
    });
    window.ui = ui;
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var fields = form.elements;
    var body = JSON.stringify({ username: fields.username.value, password: fields.password.value });
    told.textContent = "";
    button.disabled = true;
    ask("/api/auth/login", null, { method: "POST", body: body })
      .then(function (session) {
        return ask("/api/swagger.json", session.token).then(function (spec) {
          show(spec, session);
        });
      })
      .catch(function (error) {
        told.textContent = error.message;
        fields.password.value = "";
        fields.password.focus();
      })
      .finally(function () {
        button.disabled = false;
      });
  });

  form.hidden = false;
  form.elements.username.focus();
});
"""

"""The page that shows the document; its script is a file of its own, because the policy forbids script in pages."""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Automation Runtime REST interface</title>
<link rel="stylesheet" href="/swaggerui/swagger-ui.css">
<link rel="icon" type="image/png" href="/swaggerui/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui">This page needs JavaScript. The document is <a href="/api/swagger.json">/api/swagger.json</a>.</div>
<script src="/swaggerui/swagger-ui-bundle.js"></script>
<script src="/swaggerui/swagger-ui-standalone-preset.js"></script>
<script src="/api/docs.js"></script>
</body>
</html>
"""

SCRIPT = """window.addEventListener("load", function () {
  window.ui = SwaggerUIBundle({
    url: "/api/swagger.json",
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
  });
});
"""

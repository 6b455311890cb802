// Shows the API's own description in the element made for it.
window.SwaggerUIBundle({ url: "/openapi.json", dom_id: "#reference", deepLinking: true });

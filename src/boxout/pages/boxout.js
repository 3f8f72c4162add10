/* What the server cannot do: say whether the page is live, keep what was opened open, go by keys. */
(function () {
  "use strict";
  var live = function (is) {
    var mark = document.getElementById("live");
    if (mark) {
      mark.dataset.live = is ? "yes" : "no";
      mark.textContent = is ? "live" : "reconnecting";
    }
  };
  document.addEventListener("htmx:sseOpen", function () { live(true); });
  document.addEventListener("htmx:sseError", function () { live(false); });
  document.addEventListener("htmx:sseClose", function () { live(false); });

  var opened = {};
  document.addEventListener("toggle", function (event) {
    if (event.target.id) { opened[event.target.id] = event.target.open; }
  }, true);
  document.addEventListener("htmx:afterSwap", function () {
    Object.keys(opened).forEach(function (id) {
      var found = document.getElementById(id);
      if (found) { found.open = opened[id]; }
    });
  });

  document.addEventListener("keydown", function (event) {
    var is_typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (is_typing || event.ctrlKey || event.metaKey || event.altKey) { return; }
    var link = document.querySelector('a[data-key="' + CSS.escape(event.key) + '"]');
    if (link) { link.click(); }
  });
})();

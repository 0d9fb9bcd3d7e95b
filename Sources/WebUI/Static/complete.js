/* Completion in the editor of scripts: what can be called, datasets, and the columns of those that the script names. */
(function () {
  "use strict";
  var known = {}, asked = {};
  function columns(area, dataset) {
    var form = area.closest("form"), space = form && form.elements.namespace ? form.elements.namespace.value : "default", source = form && form.elements.data_source ? form.elements.data_source.value : "", key = source + "/" + space + "/" + dataset;
    if (known[key] || asked[key]) return known[key] || [];
    asked[key] = true;
    fetch("/checkers/columns?ns=" + encodeURIComponent(space) + "&dataset=" + encodeURIComponent(dataset) + "&source=" + encodeURIComponent(source), { credentials: "same-origin" })
      .then(function (r) { return r.ok ? r.json() : []; }).then(function (names) { known[key] = names; asked[key] = false; if (!names.length) delete known[key]; }, function () { asked[key] = false; });
    return [];
  }
  function mentioned(text) {
    var found = {}, m, of = /(?:\bdatasets\s*\[|\b(?:dataset|count|metric|assertFresh|assertUnique|assertNoNulls|assertColumns?)\s*\()\s*(["'])([^"'\n]+)\1/g, dot = /\bdatasets\.([A-Za-z_$][\w$]*)/g;
    while ((m = of.exec(text))) found[m[2]] = 1;
    while ((m = dot.exec(text))) found[m[1]] = 1;
    return Object.keys(found);
  }
  function complete(cm) {
    var area = cm.getTextArea(), cursor = cm.getCursor(), line = cm.getLine(cursor.line).slice(0, cursor.ch), words = JSON.parse(area.dataset.words || "{}"), list, typed, m;
    var of = mentioned(cm.getValue()).filter(function (n) { return words.datasets.indexOf(n) >= 0; }), all = [];
    of.forEach(function (n) { all = all.concat(columns(area, n)); });
    if ((m = /(?:\bdatasets\s*\[|\b(?:dataset|count|metric|assertFresh|assertUnique|assertNoNulls|assertColumns?)\s*\()\s*["']([^"']*)$/.exec(line))) { typed = m[1]; list = words.datasets; }
    else if ((m = /\bdatasets\.([\w$]*)$/.exec(line))) { typed = m[1]; list = words.datasets.filter(function (n) { return /^[A-Za-z_$][\w$]*$/.test(n); }); }
    else if ((m = /(?:\)|\bcase|\bcheck|\bchecker)\.(\w*)$/.exec(line))) { typed = m[1]; list = words.assertions.concat(all); }
    else if ((m = /(?:\.|\[\s*["'])([\w$]*)$/.exec(line))) { typed = m[1]; list = all; }
    else if ((m = /,\s*["']([^"']*)$/.exec(line))) { typed = m[1]; list = all; }
    else { typed = /[\w$]*$/.exec(line)[0]; list = typed ? words.calls : []; }
    var start = typed.toLowerCase(), seen = {};
    list = list.filter(function (n) { return !seen[n] && (seen[n] = 1) && n.toLowerCase().indexOf(start) === 0 && n !== typed; });
    return { list: list, from: CodeMirror.Pos(cursor.line, cursor.ch - typed.length), to: cursor };
  }
  window.scriptCompletion = {
    hint: complete,
    /* columns are on their way before they are asked for; the list opens by itself where a name must follow */
    attach: function (cm) {
      var area = cm.getTextArea(), look = function () {
        var words = JSON.parse(area.dataset.words || "{}");
        mentioned(cm.getValue()).forEach(function (n) { if (words.datasets.indexOf(n) >= 0) columns(area, n); });
      };
      look();
      cm.on("inputRead", function (c, change) {
        look();
        if (c.state.completionActive || !/^[\w$."']$/.test(change.text[0] || "")) return;
        var line = c.getLine(c.getCursor().line).slice(0, c.getCursor().ch);
        if (/(?:\.|\[["']|\(["'])$/.test(line) || /[A-Za-z_$]\w{2,}$/.test(line)) c.showHint({ hint: complete, completeSingle: false });
      });
    }
  };
})();

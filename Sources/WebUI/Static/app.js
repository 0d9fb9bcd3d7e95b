/* Small enhancements. Every page works without this file. */
(function () {
  "use strict";
  var d = document, root = d.documentElement, $ = function (s, e) { return (e || d).querySelector(s); }, $$ = function (s, e) { return [].slice.call((e || d).querySelectorAll(s)); };

  /* theme: follows the system until a person chooses; the server renders the choice, so nothing flashes */
  d.addEventListener("click", function (e) {
    var b = e.target.closest("[data-act]"); if (!b) return;
    var a = b.dataset.act;
    if (a === "theme") {
      var dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      d.cookie = "theme=" + root.dataset.theme + ";path=/;max-age=31536000;samesite=lax";
    }
    if (a === "open") { e.preventDefault(); open(b.dataset.target); }
    if (a === "close") b.closest("dialog").close();
    if (a === "reload") location.reload();
    if (a === "notify") askToNotify();
    if (a === "copy") { navigator.clipboard && navigator.clipboard.writeText($(b.dataset.target).textContent); b.textContent = "Copied"; }
  });
  function open(sel) { var x = $(sel); if (x && !x.open) { x.showModal(); var q = $("input", x); q && q.focus(); } }

  /* show the modifier key of this machine */
  if (/Mac|iPhone|iPad/.test(navigator.platform)) $$("kbd[data-mod]").forEach(function (k) { k.textContent = k.textContent.replace(/Ctrl ?/, "\u2318"); });

  /* keyboard */
  var pending = null, go = { o: "overview", c: "checkers", a: "alarms", d: "datasets", s: "sources", r: "runs", x: "actions", n: "namespaces" };
  d.addEventListener("keydown", function (e) {
    if ((e.metaKey || e.ctrlKey) && e.key === "k") { e.preventDefault(); return open("#palette"); }
    var run = $("[data-key='mod+Enter']");
    if ((e.metaKey || e.ctrlKey) && e.key === "Enter" && run) { e.preventDefault(); return run.click(); }
    if (e.metaKey || e.ctrlKey || e.altKey || e.target.closest && e.target.closest("input,textarea,select,.CodeMirror,dialog")) return;
    if (pending === "g") { pending = null; var l = $("[data-go='" + go[e.key] + "']"); if (l) { e.preventDefault(); l.click(); } return; }
    if (e.key === "g") { pending = "g"; setTimeout(function () { pending = null; }, 900); return; }
    if (e.key === "/") { e.preventDefault(); var f = $("[data-filter]"); f ? f.focus() : open("#palette"); return; }
    if (e.key === "?") return open("#keys");
    if (e.key === "j" || e.key === "k") return step(e.key === "j" ? 1 : -1);
    if (e.key === "Enter") { var c = $(".row.cursor .t a, .alarm.cursor a.strong"); if (c && c !== e.target) c.click(); return; }
    /* where alarms stand in a list, keys are for the one under the cursor */
    if ($(".alarm") && /^[asru]$/.test(e.key) && !$(".alarm.cursor")) step(1);
    var b = $("[data-key='" + e.key + "']", $(".alarm") ? $(".alarm.cursor") : d);
    if (b) { e.preventDefault(); b.click(); var m = b.closest("details.menu"), f = m && m.open && $("button[name=for]", m); if (f) f.focus(); }
  });
  function step(n) {
    var rows = $$(".row:not([hidden]), .alarm"), i = rows.indexOf($(".cursor"));
    if (!rows.length) return;
    if (i >= 0) rows[i].classList.remove("cursor");
    var r = rows[Math.max(0, Math.min(rows.length - 1, i + n))];
    r.classList.add("cursor"); r.scrollIntoView({ block: "nearest" }); $(".t a, a.strong", r).focus({ preventScroll: true });
  }

  /* what cannot be undone is asked about */
  d.addEventListener("submit", function (e) {
    var q = e.target.dataset.confirm;
    if (q && !confirm(q)) { e.preventDefault(); e.stopImmediatePropagation(); }
  }, true);

  /* a form that the service cannot take stays as it is: the browser's page of errors would take its place */
  function away(on) {
    var b = $("#away");
    if (!on) { if (b) b.remove(); return; }
    if (b) return;
    b = d.createElement("div"); b.id = "away"; b.className = "banner err"; b.setAttribute("role", "alert");
    b.appendChild(d.createElement("p")).textContent = "The service does not answer. Nothing was sent, and nothing on this page is lost: try again once it runs.";
    $("#main .wrap").prepend(b);
  }
  d.addEventListener("submit", function (e) {
    var f = e.target, by = e.submitter;
    if (!f.matches("form[data-guard]") || f.dataset.reached) { delete f.dataset.reached; return; }
    e.preventDefault(); e.stopImmediatePropagation();
    if (f.dataset.asking) return;
    f.dataset.asking = 1;
    fetch("/api/v1/health", { method: "HEAD", cache: "no-store" }).then(function () {
      delete f.dataset.asking; away(false); f.dataset.reached = 1; f.requestSubmit(by);
    }, function () { delete f.dataset.asking; away(true); });
  }, true);
  d.addEventListener("htmx:sendError", function () { away(true); });
  d.addEventListener("htmx:afterOnLoad", function () { away(false); });

  /* what somebody does about an alarm loads the page anew: the cursor stays on that alarm, or where it stood */
  function named(x) { var t = $("p > .tag", x); return $("a.strong", x).getAttribute("href") + (t ? " " + t.textContent : ""); }
  d.addEventListener("submit", function (e) {
    var x = e.target.closest(".alarm.cursor"); if (!x) return;
    try { sessionStorage.setItem("cursor", JSON.stringify({ at: location.pathname, name: named(x), index: $$(".alarm").indexOf(x) })); } catch (y) { /* private windows keep nothing */ }
  });
  (function () {
    var l = $$(".alarm"), c = null;
    try { c = JSON.parse(sessionStorage.getItem("cursor")); sessionStorage.removeItem("cursor"); } catch (y) { /* as above */ }
    if (!c || c.at !== location.pathname || !l.length) return;
    var x = l.find(function (y) { return named(y) === c.name; }) || l[Math.min(c.index, l.length - 1)];
    x.classList.add("cursor"); x.scrollIntoView({ block: "nearest" });
  })();

  /* menus close on Escape and on a click elsewhere */
  d.addEventListener("click", function (e) { $$("details.menu[open]").forEach(function (m) { if (!m.contains(e.target)) m.open = false; }); });
  d.addEventListener("keydown", function (e) { if (e.key === "Escape") $$("details.menu[open]").forEach(function (m) { m.open = false; $("summary", m).focus(); }); });

  /* palette: arrows move, Enter opens */
  d.addEventListener("keydown", function (e) {
    var p = e.target.closest && e.target.closest(".palette"); if (!p || !/^(ArrowDown|ArrowUp|Enter)$/.test(e.key)) return;
    var l = $$("a[role=option]", p), i = l.findIndex(function (x) { return x.getAttribute("aria-selected") === "true"; });
    e.preventDefault();
    if (e.key === "Enter") return l[i] && l[i].click();
    if (i >= 0) l[i].setAttribute("aria-selected", "false");
    i = (i + (e.key === "ArrowDown" ? 1 : -1) + l.length) % l.length;
    if (l[i]) { l[i].setAttribute("aria-selected", "true"); l[i].scrollIntoView({ block: "nearest" }); }
    point();
  });
  /* the focus stays in the field: it says which of the hits is chosen */
  function point() {
    var x = $(".palette a[aria-selected=true]"), q = $(".palette .q");
    if (x) q.setAttribute("aria-activedescendant", x.id); else q.removeAttribute("aria-activedescendant");
  }
  d.addEventListener("htmx:afterSettle", point);

  /* live pages: when something happened, the page is fetched again and what changed in [data-live] is replaced.
     Nothing moves under the pointer or the focus; it is replaced as soon as they leave. */
  var live = $("[data-live-state]"), source = null, timer = null, stale = false, quiet = 1500;
  function busy(x) { return x.matches(":hover") && matchMedia("(hover: hover)").matches && x.querySelector(".row") || x.contains(d.activeElement) || $("details[open]", x); }
  function replace(html) {
    var next = new DOMParser().parseFromString(html, "text/html"), left = false;
    $$("[data-live][id]").forEach(function (x) {
      var y = next.getElementById(x.id);
      if (!y || y.innerHTML === x.innerHTML) return;
      if (busy(x)) { left = true; return; }
      var k = $(".alarm.cursor", x), at = k && named(k);
      x.innerHTML = y.innerHTML; x.className = y.className;
      $$(".alarm", x).forEach(function (c) { if (at && named(c) === at) c.classList.add("cursor"); });
      window.htmx && htmx.process(x);
      boot(x);
    });
    stale = left;
  }
  function refresh() {
    timer = null;
    fetch(location.href, { credentials: "same-origin" }).then(function (r) { return r.ok ? r.text() : Promise.reject(); }).then(replace, function () { say(false); });
  }
  function later() { if (!timer) timer = setTimeout(refresh, quiet); }
  function say(on) { if (live) { live.classList.toggle("off", !on); live.textContent = on ? "Live" : "Not live, reload"; } }
  function listen() {
    if (!live || source || !window.EventSource) return;
    source = new EventSource("/events");
    ["run", "state", "alarm"].forEach(function (n) { source.addEventListener(n, later); });
    source.addEventListener("alarm", function (e) { if (notifies()) tell(e.data); });
    source.onopen = function () { say(true); };
    source.onerror = function () { say(false); };
  }
  /* browsers keep few connections per server, so hidden pages give theirs back */
  d.addEventListener("visibilitychange", function () {
    if (d.hidden) { if (source && !notifies()) { source.close(); source = null; } } else if (live) { listen(); later(); }
  });
  ["pointerout", "focusout"].forEach(function (n) { d.addEventListener(n, function () { if (stale) { stale = false; later(); } }); });
  if (!d.hidden || notifies()) listen();

  /* notifications on this machine, once somebody asked for them: a page with the button hears of every alarm */
  var known = {};
  function bell() { return $("[data-act=notify]"); }
  function wanted() { try { return localStorage.getItem("notify") === "1"; } catch (x) { return false; } }
  function notifies() { return !!bell() && !!window.Notification && Notification.permission === "granted" && wanted(); }
  function showBell() {
    var b = bell(); if (!b || !window.Notification) return;
    var denied = Notification.permission === "denied", on = notifies();
    b.hidden = false; b.disabled = denied; b.setAttribute("aria-pressed", on ? "true" : "false");
    $("span", b).textContent = denied ? "Notifications are blocked in this browser" : on ? "Notifying you here" : "Notify me here";
  }
  function askToNotify() {
    var on = !notifies();
    Promise.resolve(on ? Notification.requestPermission() : "").then(function (answer) {
      try { localStorage.setItem("notify", on && answer === "granted" ? "1" : "0"); } catch (x) { /* private windows keep nothing */ }
      showBell();
    });
  }
  function tell(path) {
    fetch("/api/v1" + path, { credentials: "same-origin" }).then(function (r) { return r.ok ? r.json() : null; }).then(function (c) {
      if (!c) return;
      var bad = /^(red|erroring|stale)$/.test(c.state), was = known[path];
      if (!bad && !(c.state === "green" && was)) return;
      known[path] = bad;
      var n = new Notification(c.namespace + "/" + c.name + (bad ? " is " + c.state : " is green again"), { body: (c.last_run || {}).summary || c.description, tag: path });
      n.onclick = function () { window.focus(); location.href = path; };
    });
  }
  $$(".alarm a.strong").forEach(function (a) { known[a.getAttribute("href")] = true; });
  showBell();

  /* a query that takes long: how long already, and a name by which it can be stopped */
  var clock = null;
  function unclock() { clearInterval(clock); clock = null; var r = $(".running"); if (r) r.hidden = true; }
  d.addEventListener("htmx:configRequest", function (e) {
    if (!e.detail.elt.matches("[data-timed]")) return;
    var name = Array.from(crypto.getRandomValues(new Uint32Array(4))).join("-"), begun = Date.now(), r = $(".running");
    e.detail.parameters.run = $("input[name=run]").value = name;
    unclock();
    clock = setInterval(function () {
      var s = Math.floor((Date.now() - begun) / 1000);
      r.hidden = false; $("[data-elapsed]", r).textContent = "Running, " + s + " s";
    }, 1000);
  });
  d.addEventListener("htmx:afterRequest", function (e) {
    if (e.detail.elt.matches("[data-timed]")) unclock();
  });
  // A button that its answer takes the place of tells of nothing after that.
  d.addEventListener("htmx:beforeSwap", function (e) {
    if (e.detail.requestConfig.elt.matches("[data-timed]")) unclock();
  });

  /* what was typed and not sent is not left by a slip */
  var typed = !!$("main[data-unsaved] form[data-guard]");
  d.addEventListener("input", function (e) { if (e.target.closest("form[data-guard]")) typed = true; });
  d.addEventListener("submit", function (e) { if (e.target.closest("form[data-guard]")) typed = false; });
  d.addEventListener("click", function (e) { if (e.target.closest("[data-discard]")) typed = false; });
  addEventListener("beforeunload", function (e) { if (typed) e.preventDefault(); });

  /* a text that was changed can be reverted */
  d.addEventListener("input", function (e) {
    var box = e.target.closest("[data-revertible]");
    if (box) { $("[data-if-default]", box).hidden = true; $("[data-if-changed]", box).hidden = false; }
  });

  /* a field that only asks does not send the form that it stands in */
  d.addEventListener("keydown", function (e) {
    if (e.key === "Enter" && e.target.matches("[data-asks]")) e.preventDefault();
  });

  /* a chosen file fills a text field, and its editor */
  d.addEventListener("change", function (e) {
    var f = e.target.dataset && e.target.dataset.fill && e.target.files[0], t = f && $(e.target.dataset.fill);
    if (t) f.text().then(function (s) { t.value = s; if (t.cm) t.cm.setValue(s); });
  });

  /* rules move with Alt and an arrow; the focus goes with them */
  var moved = null;
  d.addEventListener("keydown", function (e) {
    if (!e.altKey || !/^Arrow(Up|Down)$/.test(e.key)) return;
    var r = e.target.closest(".rule"), up = e.key === "ArrowUp", b = r && $("[data-move=" + (up ? "up" : "down") + "]", r);
    if (!b || b.disabled) return;
    e.preventDefault();
    moved = { rule: "rule-" + (+r.id.slice(5) + (up ? -1 : 1)), field: (e.target.id || "").replace(/^rule-\d+/, "") };
    b.click();
  });
  d.addEventListener("htmx:afterSettle", function () {
    var f = moved && moved.field && d.getElementById(moved.rule + moved.field); moved = null;
    if (f) f.focus();
  });

  /* editors and highlighted code */
  var ways = 0, modes = { sql: "text/x-sql", python: "text/x-python", javascript: "text/javascript", yaml: "text/x-yaml" };
  /* a swapped fragment can itself be the editor, so look at the root as well as inside it */
  function all(sel, scope) { return (scope.matches && scope.matches(sel) ? [scope] : []).concat($$(sel, scope)); }
  function boot(scope) {
    /* times are UTC; behind them stands what the clock here said */
    all("time[datetime]", scope).forEach(function (t) {
      var at = new Date(t.dateTime);
      if (t.here || isNaN(at)) return;
      t.here = 1;
      t.title = at.toLocaleString([], { dateStyle: "medium", timeStyle: "long" }) + (t.title ? "\n" + t.title : "");
    });
    if (!window.CodeMirror) return;
    all("textarea[data-editor]", scope).forEach(function (t) {
      if (t.cm) return;
      var m = modes[t.dataset.editor];
      var cm = t.cm = CodeMirror.fromTextArea(t, { mode: m, lineNumbers: true, indentUnit: t.dataset.editor === "python" ? 4 : 2, matchBrackets: true, autoCloseBrackets: true, styleActiveLine: { nonEmpty: false }, viewportMargin: Infinity, lineWrapping: innerWidth < 760,
        hintOptions: { tables: JSON.parse(t.dataset.tables || "{}"), completeSingle: false, hint: t.dataset.words && window.scriptCompletion ? scriptCompletion.hint : CodeMirror.hint && CodeMirror.hint.auto },
        extraKeys: { Tab: function (c) { c.somethingSelected() ? c.indentSelection("add") : c.replaceSelection(Array(c.getOption("indentUnit") + 1).join(" ")); }, "Ctrl-Space": "autocomplete", "Ctrl-/": "toggleComment", "Cmd-/": "toggleComment", Esc: function (c) { c.getInputField().blur(); } } });
      if (t.dataset.words && window.scriptCompletion) scriptCompletion.attach(cm);
      cm.getInputField().setAttribute("aria-label", t.getAttribute("aria-label") || "Code");
      var way = d.createElement("p"); way.className = "ed-way"; way.id = "way-" + ++ways; way.textContent = "Tab indents. Esc, then Tab, leaves the editor.";
      cm.getWrapperElement().after(way); cm.getInputField().setAttribute("aria-describedby", way.id);
      cm.on("change", function () { cm.save(); t.dispatchEvent(new Event("input", { bubbles: true })); });
      if (t.dataset.errLine) {
        var ln = +t.dataset.errLine - 1, a = +t.dataset.errFrom - 1, b = +t.dataset.errTo - 1;
        cm.addLineClass(ln, "background", "cm-badline");
        if (b > a) cm.markText({ line: ln, ch: a }, { line: ln, ch: b }, { className: "cm-badword" });
        var w = d.createElement("div"); w.className = "cm-widget"; w.setAttribute("role", "alert"); w.textContent = t.dataset.errText; cm.addLineWidget(ln, w);
      }
    });
    all("[data-lang]", scope).forEach(function (p) { if (!p.done && CodeMirror.runMode) { p.done = 1; CodeMirror.runMode(p.textContent, modes[p.dataset.lang], p); } });
  }
  boot(d);
  d.addEventListener("htmx:load", function (e) { boot(e.detail.elt); });
})();
